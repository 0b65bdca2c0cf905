package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"navigator/cmd/navigator/demo"
)

// TestReadmeCommandsRun runs every command of README.md's sh blocks, in order
// and in one folder, in a home that has what the README speaks of.
func TestReadmeCommandsRun(t *testing.T) {
	if testing.Short() {
		t.Skip("scripts run the same commands")
	}
	commands := readmeCommands(t)
	if len(commands) < 10 {
		t.Fatalf("README.md shows only %q", commands)
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	home := layHome(t)
	env := append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+filepath.Join(home, ".cache"), "DISPLAY=", "WAYLAND_DISPLAY=")
	for _, line := range commands {
		t.Run(line, func(t *testing.T) {
			words := strings.Fields(line)
			cmd := exec.Command("bash", "-c", line)
			cmd.Dir, cmd.Env = home, env
			switch {
			case words[0] == "make":
				// Making would test the tests: that make knows how to is enough.
				cmd = exec.Command("make", append([]string{"--dry-run", "--directory", top}, words[1:]...)...)
			case words[0] == "go":
				cmd = exec.Command("go", append([]string{"vet"}, words[2:]...)...)
				cmd.Dir = top
			case words[0] == "navigator" && words[1] == "serve":
				cmd = exec.Command(words[0], words[1:]...)
				cmd.Dir, cmd.Env = home, env
				address, _ := startProcess(t, cmd)
				get(t, address)
				return
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestReadmeNamesEveryFlag holds README.md's table of subcommands against the
// commands that there are.
func TestReadmeNamesEveryFlag(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{} // by the command's path: "navigator drift"
	for _, m := range regexp.MustCompile("(?m)^\\| `(navigator(?: [a-z]+)*).*$").FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = m[0]
	}
	flag := regexp.MustCompile(`--[a-z]+(?:-[a-z]+)*`)
	var visit func(c *cobra.Command, row string)
	visit = func(c *cobra.Command, row string) {
		if c.IsAdditionalHelpTopicCommand() {
			if !strings.Contains(string(text), "\nnavigator help "+c.Name()+"\n") {
				t.Errorf("README.md does not name navigator help %s", c.Name())
			}
			return
		}
		if own := rows[c.CommandPath()]; own != "" {
			row = own
		}
		if row == "" && !c.HasSubCommands() {
			t.Errorf("README.md does not name %s", c.CommandPath())
		}
		for usage := range strings.Lines(c.LocalNonPersistentFlags().FlagUsages()) {
			if name := flag.FindString(usage); !strings.Contains(row, name) {
				t.Errorf("README.md does not name %s of %s", name, c.CommandPath())
			}
		}
		for _, sub := range c.Commands() {
			if c.HasParent() {
				visit(sub, row)
			} else {
				visit(sub, "")
			}
		}
	}
	visit(rootCommand(), "")
}

// readmeCommands returns the lines of README.md's sh blocks.
func readmeCommands(t *testing.T) (commands []string) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := bytes.Cut(text, []byte("\n```sh\n"))
	for found {
		var block []byte
		block, rest, _ = bytes.Cut(rest, []byte("\n```\n"))
		commands = append(commands, strings.Split(string(block), "\n")...)
		_, rest, found = bytes.Cut(rest, []byte("\n```sh\n"))
	}
	return commands
}

// layHome makes a home folder that has what the README speaks of: a course and
// checkouts of both proxies, the demo's in their place.
func layHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	if err := demo.Lay(filepath.Join(home, "demo")); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"course": "proxy-training", "sources/envoylet": "envoy", "sources/tunnelet": "ztunnel"} {
		if err := os.Rename(filepath.Join(home, "demo", from), filepath.Join(home, to)); err != nil {
			t.Fatal(err)
		}
	}
	return home
}
