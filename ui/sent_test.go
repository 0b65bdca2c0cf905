package ui_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"navigator/ui"
)

// What is sent of each module is still one, as Node reads it.
func TestModulesAreSentWhole(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is missing")
	}
	dir := t.TempDir()
	args := []string{"-e", `for (const f of process.argv.slice(1)) { new (require('vm').SourceTextModule)(require('fs').readFileSync(f, 'utf8'), {identifier: f}) }`}
	for _, name := range glob(t, "base/*.js", "component/*/*.js", "page/*/*.js") {
		w := httptest.NewRecorder()
		ui.ServeAsset(w, httptest.NewRequest("GET", ui.Asset(name), nil))
		file := filepath.Join(dir, filepath.Base(filepath.Dir(name))+"-"+filepath.Base(name))
		if err := os.WriteFile(file, w.Body.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if out, err := exec.Command(node, append([]string{"--experimental-vm-modules"}, args...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
