package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the goldens")

func TestMain(m *testing.M) {
	testscript.Main(suite{m}, map[string]func(){"navigator": main})
}

// suite is the tests of the package, with what they share.
type suite struct{ *testing.M }

// Run runs the tests and ends what they shared.
func (s suite) Run() int {
	code := s.M.Run()
	for _, end := range slices.Backward(shared.ends) {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	return code
}

// shared is what is to be done once all tests have run, last things first.
var shared struct {
	sync.Mutex
	ends []func() error
}

// atEnd has something done once all tests have run.
func atEnd(end func() error) {
	shared.Lock()
	defer shared.Unlock()
	shared.ends = append(shared.ends, end)
}

func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Files:         scripts,
		Setup:         scriptSetup,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "scip": writeSCIP},
		UpdateScripts: *update,
	})
}

// scriptSetup gives a script a cache folder of its own and a git that works
// without the user's configuration.
func scriptSetup(env *testscript.Env) error {
	env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/.cache")
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("GIT_CONFIG_GLOBAL", "/dev/null")
	env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		env.Setenv("GIT_"+who+"_NAME", "A Person")
		env.Setenv("GIT_"+who+"_EMAIL", "person@example.com")
	}
	return nil
}

// exits is the script command "exits CODE PROGRAM ARG…": it runs the program
// as exec does and wants that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}
