package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// layWorkspace makes a workspace of the demo's course and sources, with a
// cache of its own, and returns its folder and the environment to run in.
func layWorkspace(t *testing.T) (dir string, env []string) {
	t.Helper()
	home := layHome(t)
	text := "course = \"proxy-training\"\n[[source]]\nname = \"envoy\"\nroot = \"envoy\"\n[[source]]\nname = \"ztunnel\"\nroot = \"ztunnel\"\n"
	if err := os.WriteFile(filepath.Join(home, workspaceName), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return home, append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(home, ".cache"))
}

// navigator runs the command to its end in a folder.
func navigator(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("navigator", args...)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("navigator %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// eventually waits for what a running server notices by itself.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("never happened: %s", what)
}

// TestServeShowsWhatIsNew starts with nothing indexed, and asks for pages all
// the while that the index and the course change: none may fail.
func TestServeShowsWhatIsNew(t *testing.T) {
	dir, env := layWorkspace(t)
	cmd := exec.Command("navigator", "serve", "--addr", "127.0.0.1:0")
	cmd.Dir, cmd.Env = dir, env
	site, _ := startProcess(t, cmd)

	response, err := http.Get(site + "/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("before the first reindex: %s", response.Status)
	}
	navigator(t, dir, env, "reindex")
	eventually(t, "the first snapshot is served", func() bool {
		response, err := http.Get(site + "/")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})

	stop := make(chan struct{})
	var askers sync.WaitGroup
	for _, address := range []string{"/", "/src/envoy/README.md", "/api/v1/search?kind=symbol&q=Connection", "/api/v1/search?kind=text&q=connection"} {
		askers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				response, err := http.Get(site + address)
				if err != nil {
					t.Errorf("GET %s: %v", address, err)
					return
				}
				response.Body.Close()
				if response.StatusCode != http.StatusOK {
					t.Errorf("GET %s: %s", address, response.Status)
					return
				}
			}
		})
	}
	defer askers.Wait()
	defer close(stop)

	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"FirstArrival", "SecondArrival", "ThirdArrival"} {
		write("envoy/source/arrival.cc", "class "+name+" {};\n")
		navigator(t, dir, env, "reindex")
		eventually(t, name+" is found", func() bool {
			return bytes.Contains(get(t, site+"/api/v1/search?kind=symbol&q="+name), []byte(`"`+name+`"`))
		})
		write("proxy-training/nueva.md", "# Lección "+name+"\n")
		eventually(t, "the lesson "+name+" is shown", func() bool {
			return bytes.Contains(get(t, site+"/"), []byte("Lección "+name))
		})
	}
}

func TestServeTakesTheNextFreePort(t *testing.T) {
	dir, env := layWorkspace(t)
	start := func() string {
		cmd := exec.Command("navigator", "serve")
		cmd.Dir, cmd.Env = dir, env
		site, _ := startProcess(t, cmd)
		return site
	}
	first, second := start(), start()
	if first == second || !strings.HasPrefix(second, "http://127.0.0.1:7") {
		t.Errorf("served at %s and at %s", first, second)
	}
	cmd := exec.Command("navigator", "serve", "--addr", strings.TrimPrefix(first, "http://"))
	cmd.Dir, cmd.Env = dir, env
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "address already in use") {
		t.Errorf("on a port that is taken: %v\n%s", err, out)
	}
}

// TestReindexWaitsForAnother runs several at once: each ends well.
func TestReindexWaitsForAnother(t *testing.T) {
	dir, env := layWorkspace(t)
	var runs sync.WaitGroup
	for range 4 {
		runs.Go(func() { navigator(t, dir, env, "reindex") })
	}
	runs.Wait()
	if out := navigator(t, dir, env, "status"); !strings.Contains(out, "0 files differ") {
		t.Error(out)
	}
}

// TestAnswerDrains ends a server while a request is under way.
func TestAnswerDrains(t *testing.T) {
	listener, err := listen("127.0.0.1:0", true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	begun, finish := make(chan struct{}), make(chan struct{})
	ended := make(chan error)
	go func() {
		ended <- answer(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(begun)
			<-finish
			w.Write([]byte("whole"))
		}), slog.New(slog.DiscardHandler))
	}()
	answers := make(chan string)
	go func() { answers <- string(get(t, "http://"+listener.Addr().String())) }()
	<-begun
	end()
	eventually(t, "new connections are refused", func() bool {
		_, err := http.Get("http://" + listener.Addr().String())
		return err != nil
	})
	close(finish)
	if got := <-answers; got != "whole" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
