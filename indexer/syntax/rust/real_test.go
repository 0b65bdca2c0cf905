package rust_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// realFiles returns the Rust files of the checkouts that NAVIGATOR_ENVOY and
// NAVIGATOR_ZTUNNEL name; without both, the test is skipped.
func realFiles(tb testing.TB) map[string][]byte {
	tb.Helper()
	envoy, ztunnel := os.Getenv("NAVIGATOR_ENVOY"), os.Getenv("NAVIGATOR_ZTUNNEL")
	if envoy == "" || ztunnel == "" {
		tb.Skip("NAVIGATOR_ENVOY and NAVIGATOR_ZTUNNEL do not name checkouts")
	}
	files := map[string][]byte{}
	for _, root := range []string{envoy, ztunnel} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".rs") {
				return err
			}
			files[path], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if len(files) == 0 {
		tb.Fatal("the checkouts hold no Rust file")
	}
	return files
}
