package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"navigator/annotations"
)

// realCheck lays a course over the real trees and checks it. The test is
// skipped where there are none.
type realCheck struct {
	t      *testing.T
	roots  map[string]string // by source
	lesson strings.Builder
	line   int
	wants  []func(r *checkReport)
}

func newRealCheck(t *testing.T) *realCheck {
	roots := map[string]string{"envoy": os.Getenv("NAVIGATOR_ENVOY"), "ztunnel": os.Getenv("NAVIGATOR_ZTUNNEL")}
	if roots["envoy"] == "" || roots["ztunnel"] == "" {
		t.Skip("NAVIGATOR_ENVOY and NAVIGATOR_ZTUNNEL name no checkouts")
	}
	c := &realCheck{t: t, roots: roots}
	c.write("# Sobre los fuentes de verdad", "")
	return c
}

// write adds lines to the lesson and returns the number of the first.
func (c *realCheck) write(lines ...string) int {
	first := c.line + 1
	for _, l := range lines {
		c.lesson.WriteString(l + "\n")
		c.line++
	}
	return first
}

// body returns the lines of what begins with a line that matches head, up to
// the first line that closes it at the same column, and the number of its first.
func (c *realCheck) body(source, path, head string) (first int, lines []string) {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.roots[source], filepath.FromSlash(path)))
	if err != nil {
		c.t.Fatal(err)
	}
	begins := regexp.MustCompile(head)
	for i, line := range strings.Split(string(text), "\n") {
		if first == 0 && !begins.MatchString(line) {
			continue
		}
		if first == 0 {
			first = i + 1
		}
		lines = append(lines, line)
		indent := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], " "))]
		if strings.HasPrefix(line, indent+"}") {
			return first, lines
		}
	}
	c.t.Fatalf("%s has no %s", path, head)
	return 0, nil
}

// cites writes a sentence with one citation, and wants of it a verdict and,
// unless path is "", a target there that holds the line at.
func (c *realCheck) cites(sentence string, verdict annotations.Verdict, path string, at int) {
	n := c.write(sentence, "")
	c.wants = append(c.wants, func(r *checkReport) {
		for _, got := range r.Citations {
			if got.Line != n {
				continue
			}
			right := got.Verdict == verdict && (path == "") == (got.Target == nil)
			if right && path != "" {
				right = got.Target.Path == path && (at == 0 || got.Target.Start <= at && at <= got.Target.End)
			}
			if !right {
				c.t.Errorf("%s: %s %s, target %+v; want %s %s:%d", sentence, got.Verdict, got.Reason, got.Target, verdict, path, at)
			}
			return
		}
		c.t.Errorf("%s: no citation was found", sentence)
	})
}

// shows writes an excerpt and wants a verdict of it.
func (c *realCheck) shows(language string, verdict annotations.Verdict, lines ...string) (first int) {
	n := c.write("```" + language)
	first = c.write(lines...)
	c.write("```", "")
	c.wants = append(c.wants, func(r *checkReport) {
		for _, got := range r.Excerpts {
			if got.Start == n {
				if got.Verdict != verdict {
					c.t.Errorf("%s: %s %.2f, want %s", lines[0], got.Verdict, got.Similarity, verdict)
				}
				return
			}
		}
		c.t.Errorf("%s: no verdict", lines[0])
	})
	return first
}

// lays wants the explanation at a line of the lesson on a line of a file.
func (c *realCheck) lays(at int, path string, line int) {
	c.wants = append(c.wants, func(r *checkReport) {
		for _, got := range r.Annotations {
			if got.Origin == annotations.FromComment && got.Line == at {
				if got.Path != path || got.Start != line || got.Certainty != annotations.Sure {
					c.t.Errorf("the explanation at %d lies %s on %s:%d, want sure on %s:%d", at, got.Certainty, got.Path, got.Start, path, line)
				}
				return
			}
		}
		c.t.Errorf("the explanation at %d is not laid", at)
	})
}

// TestCheckReal checks lessons over the real trees, whose truth it reads from
// the trees.
func TestCheckReal(t *testing.T) {
	if testing.Short() {
		t.Skip("it indexes the real trees")
	}
	c := newRealCheck(t)
	manager := "source/common/http/conn_manager_impl"
	class, _ := c.body("envoy", manager+".h", `^class ConnectionManagerImpl `)
	onData, data := c.body("envoy", manager+".cc", `ConnectionManagerImpl::onData\(`)
	random, pick := c.body("envoy", "source/extensions/load_balancing_policies/random/random_lb.cc", `RandomLoadBalancer::peekOrChoose\(`)
	state, _ := c.body("ztunnel", "src/identity/manager.rs", `enum CertState \{`)
	_, orig := c.body("ztunnel", "src/socket.rs", `fn orig_dst_addr_or_default\(`)

	c.cites(fmt.Sprintf("`ConnectionManagerImpl` está en `%s.h:%d`.", manager, class), annotations.Sound, "", 0)
	c.cites(fmt.Sprintf("`ConnectionManagerImpl::onData()` (`%s.cc:1-9`) recibe los bytes.", manager), annotations.PositionOff, manager+".cc", onData)
	c.cites(fmt.Sprintf("`ConnectionManagerImpl::onData()` (`%s.cc:90000`) recibe los bytes.", manager), annotations.PositionOff, manager+".cc", onData)
	c.cites("`CertState` se define en `src/identity/manager.rs:1-3`.", annotations.PositionOff, "src/identity/manager.rs", state)
	c.cites("La interfaz es `include/envoy/http/filter.h`.", annotations.Moved, "envoy/http/filter.h", 0)
	c.cites("EDS vive en `source/common/upstream/eds.cc`.", annotations.Moved, "source/extensions/clusters/eds/eds.cc", 0)
	c.cites("El binario es `bazel-bin/source/exe/envoy-static`.", annotations.NotUpstream, "", 0)
	c.cites("Un motor que no hay: `source/common/http/quantum_engine.cc`.", annotations.NotUpstream, "", 0)

	c.shows("rust", annotations.Verbatim, orig...)
	c.shows("cpp", annotations.Abridged, data[0], data[1], "  // ...", data[len(data)-2], data[len(data)-1])
	explained := append([]string{pick[0], pick[1], "  // Con esto se elige el host"}, pick[2:]...)
	at := c.shows("cpp", annotations.Verbatim, explained...)
	c.lays(at+2, "source/extensions/load_balancing_policies/random/random_lb.cc", random+2)
	renamed := strings.NewReplacer("random_hash", "azar", "hosts_to_use", "candidatos", "hosts_source", "origen")
	var other []string
	for _, line := range pick {
		other = append(other, renamed.Replace(line))
	}
	c.shows("cpp", annotations.Paraphrase, other...)
	c.shows("cpp", annotations.Invented, "class AdaptiveThrottler : public Throttler {", "public:", "  void observe(int latency) { history_.insert(latency); }", "};")

	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, ".cache"))
	course := filepath.Join(dir, "course")
	if err := os.Mkdir(course, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(course, "01_real.md"), []byte(c.lesson.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, workspaceName)
	settings := fmt.Sprintf("course = 'course'\n\n[[source]]\nname = 'envoy'\nroot = '%s'\ninclude = ['source', 'envoy']\n\n[[source]]\nname = 'ztunnel'\nroot = '%s'\ninclude = ['src']\n",
		c.roots["envoy"], c.roots["ztunnel"])
	if err := os.WriteFile(file, []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := navigate(t, "reindex", "--workspace", file); code != exitDone {
		t.Fatal(stderr)
	}
	_, out, stderr := navigate(t, "check", "--workspace", file, "--format", "json")
	var report checkReport
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	for _, want := range c.wants {
		want(&report)
	}
}
