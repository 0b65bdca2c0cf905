package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
	"time"
)

var printedAddress = regexp.MustCompile(`http://[0-9.]+:\d+`)

// startNavigator runs the command as a process of its own, which serves until
// the test ends, and returns the address that it prints.
func startNavigator(t testing.TB, args ...string) string {
	t.Helper()
	address, _ := startProcess(t, exec.Command("navigator", args...))
	return address
}

// startProcess starts a command that serves, and returns the address that it
// prints and its process id. When the test ends, so does the command, which
// must then exit with 0.
func startProcess(t testing.TB, cmd *exec.Cmd) (address string, pid int) {
	t.Helper()
	if cmd.Env == nil {
		cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir(), "XDG_STATE_HOME="+t.TempDir())
	}
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		timer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v ended badly: %v", cmd.Args, err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address := printedAddress.FindString(lines.Text()); address != "" {
			go io.Copy(io.Discard, out) // or the process would block on what it prints
			return address, cmd.Process.Pid
		}
	}
	t.Fatalf("%v printed no address", cmd.Args)
	return "", 0
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
