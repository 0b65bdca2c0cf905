package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var printedAddress = regexp.MustCompile(`http://([0-9.]+|\[::\]):\d+`)

// demoSite returns the address of a demo that all tests share. It is for those
// that change nothing of it.
func demoSite(t testing.TB) string {
	t.Helper()
	site, err := sharedDemo()
	if err != nil {
		t.Fatal(err)
	}
	return site
}

var sharedDemo = sync.OnceValues(func() (site string, err error) {
	home, err := sharedHome()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("navigator", "demo", "--addr", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+home, "XDG_STATE_HOME="+home)
	if site, err = launch(cmd); err == nil {
		atEnd(func() error { return stop(cmd) })
	}
	return site, err
})

// sharedHome makes the folder of what the tests share.
var sharedHome = sync.OnceValues(func() (dir string, err error) {
	dir, err = os.MkdirTemp("", "navigator-shared")
	atEnd(func() error { return os.RemoveAll(dir) })
	return dir, err
})

// exportedDemo returns the folder of an export of the demo as HTML that all
// tests share.
func exportedDemo(t testing.TB) string {
	t.Helper()
	demoSite(t)
	dir, err := sharedExport()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var sharedExport = sync.OnceValues(func() (dir string, err error) {
	home, err := sharedHome()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(home, "export")
	cmd := exec.Command("navigator", "export", "html", dir, "--workspace", filepath.Join(home, "navigator", "demo", workspaceName))
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+home, "XDG_STATE_HOME="+home)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return dir, nil
})

// startProcess starts a command that serves, and returns the address that it
// prints and its process id. When the test ends, so does the command, which
// must then exit with 0.
func startProcess(t testing.TB, cmd *exec.Cmd) (address string, pid int) {
	t.Helper()
	if cmd.Env == nil {
		cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir(), "XDG_STATE_HOME="+t.TempDir())
	}
	cmd.Stderr = t.Output()
	address, err := launch(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(cmd); err != nil {
			t.Error(err)
		}
	})
	return address, cmd.Process.Pid
}

// launch starts a command that serves, and returns the address that it prints.
func launch(cmd *exec.Cmd) (address string, err error) {
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address := printedAddress.FindString(lines.Text()); address != "" {
			go io.Copy(io.Discard, out) // or the process would block on what it prints
			return address, nil
		}
	}
	return "", fmt.Errorf("%v printed no address: %w", cmd.Args, cmp.Or(stop(cmd), io.ErrUnexpectedEOF))
}

// stop ends a command that serves, which must exit with 0.
func stop(cmd *exec.Cmd) error {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%v ended badly: %w", cmd.Args, err)
	}
	return nil
}

// TestWritingIsForThisMachine serves on a loopback address and on all of them:
// there, nothing is written unless the command was told so.
func TestWritingIsForThisMachine(t *testing.T) {
	const lesson = "01_fundamentos/01_que_es_un_proxy"
	for name, want := range map[string]int{"127.0.0.1:0": http.StatusOK, "0.0.0.0:0": http.StatusForbidden, "0.0.0.0:0 --write": http.StatusOK} {
		t.Run(name, func(t *testing.T) {
			site, _ := startProcess(t, exec.Command("navigator", append([]string{"demo", "--addr"}, strings.Fields(name)...)...))
			site = strings.Replace(site, "[::]", "127.0.0.1", 1)
			tick := regexp.MustCompile(`id="tick-(question-[^"]+)"`).FindSubmatch(get(t, site+"/lessons/"+lesson))
			if (tick != nil) != (want == http.StatusOK) {
				t.Errorf("its questions can be ticked: %v", tick != nil)
			}
			note, err := http.PostForm(site+"/notes", url.Values{"source": {"envoylet"}, "about": {"README.md"}, "note": {"-1"}, "lines": {"1"}, "text": {"Mine."}, "version": {""}})
			if err != nil {
				t.Fatal(err)
			}
			note.Body.Close()
			if note.StatusCode != want {
				t.Errorf("a note: %s, want %d", note.Status, want)
			}
		})
	}
}

// get returns the body of a page, which must be there.
func get(t testing.TB, address string) []byte {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("GET %s: %v", address, err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s\n%.500s", address, response.Status, body)
	}
	return body
}

// apiGet decodes what an address of the JSON API answers.
func apiGet[T any](t testing.TB, site, address string) (value T) {
	t.Helper()
	if err := json.Unmarshal(get(t, site+address), &value); err != nil {
		t.Fatalf("GET %s: %v", address, err)
	}
	return value
}
