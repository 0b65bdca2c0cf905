package drift_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/course"
	"navigator/annotations/review/drift"
	"navigator/indexer"
)

// tree is a source of texts. It is a [drift.Tree].
type tree struct {
	revision string
	files    []indexer.File
	texts    map[string]string
}

func newTree(revision string, texts map[string]string) *tree {
	t := &tree{revision: revision, texts: texts}
	for path, text := range texts {
		t.files = append(t.files, indexer.File{Source: "up", Path: path, Language: indexer.LanguageOf(path), Hash: indexer.HashOf([]byte(text)), Size: len(text)})
	}
	slices.SortFunc(t.files, func(a, b indexer.File) int { return strings.Compare(a.Path, b.Path) })
	return t
}

func (t *tree) Sources() []indexer.Source {
	return []indexer.Source{{Name: "up", Revision: t.revision}}
}
func (t *tree) Files() []indexer.File { return t.files }
func (t *tree) FileIndex(_, path string) (int, bool) {
	i := slices.IndexFunc(t.files, func(f indexer.File) bool { return f.Path == path })
	return i, i >= 0
}
func (t *tree) Text(file int) []byte                    { return []byte(t.texts[t.files[file].Path]) }
func (t *tree) Symbols(int) []indexer.Symbol            { return nil }
func (t *tree) SymbolsNamed(string) []indexer.SymbolRef { return nil }

const (
	code = "int first() {\n  return one();\n}\nint second() {\n  return two() + three();\n}\n"
	head = "// A comment.\n// Another.\n"
)

// before and after are a bump: the code moves by two lines.
func before() *tree {
	return newTree("r1", map[string]string{"src/a.cc": code, "src/b.cc": "int b;\n"})
}
func after() *tree {
	return newTree("r2", map[string]string{"src/a.cc": head + code, "src/b.cc": "int b;\n"})
}

// lay writes a course and returns its folder.
func lay(t *testing.T, lessons map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range lessons {
		name := filepath.Join(root, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func three() map[string]string {
	lessons := map[string]string{}
	for i := range 3 {
		lessons[fmt.Sprintf("01_a/%02d.md", i)] = fmt.Sprintf("# Lección %d\n\nMira `src/a.cc:4-6`, y `src/b.cc:1`.\n", i)
	}
	return lessons
}

func open(t *testing.T, root string) *drift.Course {
	t.Helper()
	c, err := drift.Open(course.Folder{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// settle follows a course from before to after, and settles what is sure.
func settle(t *testing.T, root string, choice drift.Choice) *drift.Change {
	t.Helper()
	change, err := drift.Follow(drift.Pin(open(t, root), nil, before()), after(), nil, before()).Settle(choice)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

func read(t *testing.T, root, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

func TestMovedIsRenumberedAndLocked(t *testing.T) {
	root := lay(t, three())
	change := settle(t, root, drift.Choice{Sure: true})
	if err := change.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, root, "01_a/01.md"); got != "# Lección 1\n\nMira `src/a.cc:6-8`, y `src/b.cc:1`.\n" {
		t.Errorf("the lesson is\n%s", got)
	}
	c := open(t, root)
	if len(c.Lock.Entries) != 6 || c.Lock.Revision("up") != "r2" {
		t.Errorf("the lock has %d entries at %s", len(c.Lock.Entries), c.Lock.Revision("up"))
	}
	for _, e := range c.Lock.Entries {
		if want := map[string]string{"src/a.cc": "r2", "src/b.cc": "r1"}[e.Path]; e.Revision != want {
			t.Errorf("%s is locked at %s, want %s: what has not changed stays", e.Raw, e.Revision, want)
		}
	}
	again, err := drift.Follow(drift.Pin(c, nil, after()), after(), nil).Settle(drift.Choice{Sure: true})
	if err != nil || !again.Empty() {
		t.Errorf("there is more to write: %v, %v", again.Lessons(), err)
	}
}

// However far a process came, the next one completes what it had decided.
func TestInterruptedCommitIsCompleted(t *testing.T) {
	for placed := range 5 {
		root := lay(t, three())
		if err := settle(t, root, drift.Choice{Sure: true}).StageOnly(placed); err != nil {
			t.Fatal(err)
		}
		c := open(t, root)
		for i, l := range c.Lessons {
			if !bytes.Contains(l.Text, []byte("`src/a.cc:6-8`")) {
				t.Errorf("%d placed: lesson %d is\n%s", placed, i, l.Text)
			}
		}
		if len(c.Lock.Entries) != 6 {
			t.Errorf("%d placed: the lock has %d entries", placed, len(c.Lock.Entries))
		}
		if left, _ := filepath.Glob(filepath.Join(root, ".navigator-*")); left != nil {
			t.Errorf("%d placed: left behind: %v", placed, left)
		}
	}
}

// What a person does to a lesson before an interrupted commit is completed is
// kept, and the lock says of that lesson what is true.
func TestInterruptedCommitKeepsWhatAPersonWrote(t *testing.T) {
	const mine = "# Lección 1\n\nMira `src/a.cc:4-6`, y `src/b.cc:1`. Mío.\n"
	for placed := range 2 {
		root := lay(t, three())
		if err := settle(t, root, drift.Choice{Sure: true}).StageOnly(placed); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "01_a/01.md"), []byte(mine), 0o644); err != nil {
			t.Fatal(err)
		}
		c := open(t, root)
		if got := read(t, root, "01_a/01.md"); got != mine {
			t.Errorf("%d placed: the lesson is\n%s", placed, got)
		}
		// The other lessons lead to the new lines; this one, tied as it was, is renumbered next.
		change := settle(t, root, drift.Choice{Sure: true})
		if err := change.Commit(); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if got := read(t, root, fmt.Sprintf("01_a/%02d.md", i)); !strings.Contains(got, "`src/a.cc:6-8`") {
				t.Errorf("%d placed: lesson %d is\n%s", placed, i, got)
			}
		}
		if got := read(t, root, "01_a/01.md"); !strings.Contains(got, "Mío.") {
			t.Errorf("%d placed: what was written is lost:\n%s", placed, got)
		}
		if !c.HasLock() {
			t.Errorf("%d placed: there is no lock", placed)
		}
	}
}

func TestCommitRefusesWhatChangedMeanwhile(t *testing.T) {
	for name, path := range map[string]string{"lesson": "01_a/02.md", "lock": anchor.LockName} {
		t.Run(name, func(t *testing.T) {
			root := lay(t, three())
			change := settle(t, root, drift.Choice{Sure: true})
			if err := os.WriteFile(filepath.Join(root, path), []byte("Mío.\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			err := change.Commit()
			var changed *drift.ChangedError
			if !errors.As(err, &changed) || changed.Path != path {
				t.Errorf("got %v", err)
			}
			if read(t, root, path) != "Mío.\n" || read(t, root, "01_a/00.md") != three()["01_a/00.md"] {
				t.Error("something was written")
			}
		})
	}
}

// An entry stays with its citation wherever lesson and citation go.
func TestEntriesSurviveEdits(t *testing.T) {
	lesson := "# Una\n\nMira `src/a.cc:4-6`.\n\nY aquí `src/b.cc:1`, y otra vez `src/a.cc:4-6`.\n"
	root := lay(t, map[string]string{"01_a/01.md": lesson})
	// All is tied to the first revision by the lock.
	change, err := drift.Follow(drift.Pin(open(t, root), nil, before()), before(), nil).Settle(drift.Choice{Sure: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := change.Commit(); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(root string) error{
		"text around": func(root string) error {
			return os.WriteFile(filepath.Join(root, "01_a/01.md"), []byte(strings.Replace(lesson, "Mira", "Nuevo párrafo, con `src/new.cc`.\n\nMira", 1)), 0o644)
		},
		"another order": func(root string) error {
			return os.WriteFile(filepath.Join(root, "01_a/01.md"), []byte("# Una\n\nY aquí `src/b.cc:1`, y otra vez `src/a.cc:4-6`.\n\nMira `src/a.cc:4-6`.\n"), 0o644)
		},
		"a lesson renamed": func(root string) error {
			return os.Rename(filepath.Join(root, "01_a/01.md"), filepath.Join(root, "01_a/02_otra.md"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			copied := t.TempDir()
			if err := os.CopyFS(copied, os.DirFS(root)); err != nil {
				t.Fatal(err)
			}
			if err := edit(copied); err != nil {
				t.Fatal(err)
			}
			// Without the lock all would be tied to after, where nothing moves any more.
			d := drift.Follow(drift.Pin(open(t, copied), nil, after()), after(), nil, before())
			moved := 0
			for _, it := range d.Items {
				if it.Verdict == annotations.Moved && it.Place.Lines == (indexer.Lines{First: 6, Last: 8}) {
					moved++
				}
			}
			if moved != 2 {
				t.Errorf("%d of 2 citations were found moved", moved)
			}
		})
	}
}

func TestDamagedLockIsNamed(t *testing.T) {
	root := lay(t, three())
	if err := settle(t, root, drift.Choice{Sure: true}).Commit(); err != nil {
		t.Fatal(err)
	}
	text := read(t, root, anchor.LockName)
	if err := os.WriteFile(filepath.Join(root, anchor.LockName), []byte(strings.Replace(text, "src/b.cc 1 ", "src/b.cc 2 ", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := drift.Open(course.Folder{Root: root})
	var damage *anchor.LockError
	if !errors.As(err, &damage) || damage.Line < 4 {
		t.Errorf("got %v", err)
	}
}

func TestEditedIsWrittenWhenAskedFor(t *testing.T) {
	edited := newTree("r2", map[string]string{"src/a.cc": head + strings.Replace(code, "two() + three()", "two() * three()", 1), "src/b.cc": "int b;\n"})
	for _, accept := range []bool{false, true} {
		root := lay(t, map[string]string{"01.md": "# Una\n\nMira `src/a.cc:4-6`.\n"})
		d := drift.Follow(drift.Pin(open(t, root), nil, before()), edited, nil, before())
		if it := d.Items[0]; it.Verdict != annotations.Edited || !it.Open() || len(it.Old) != 3 {
			t.Fatalf("%+v", it.Outcome)
		}
		change, err := d.Settle(drift.Choice{Sure: true, Edited: accept})
		if err != nil {
			t.Fatal(err)
		}
		if err := change.Commit(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(read(t, root, "01.md"), "`src/a.cc:6-8`"); got != accept {
			t.Errorf("accepted: %v; written: %v", accept, got)
		}
	}
}

// Two citations that come to be written the same, with different anchors, keep
// each its own when they change places.
func TestEqualCitationsAreToldApart(t *testing.T) {
	const prose, block = "Mira `src/a.cc:2` con calma.\n\n", "```sh\nless src/a.cc:4\n```\n\n"
	root := lay(t, map[string]string{"01.md": "# Una\n\n" + prose + block})
	if err := settle(t, root, drift.Choice{Sure: true}).Commit(); err != nil {
		t.Fatal(err)
	}
	written := strings.Replace(prose, ":2", ":4", 1)
	if got := read(t, root, "01.md"); got != "# Una\n\n"+written+block {
		t.Fatalf("the lesson is\n%s", got)
	}
	for _, text := range []string{written + block, block + written} {
		if err := os.WriteFile(filepath.Join(root, "01.md"), []byte("# Una\n\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
		d := drift.Follow(drift.Pin(open(t, root), nil, after()), after(), nil, before())
		for _, it := range d.Items {
			want := annotations.Same
			if it.Held == drift.InCode {
				want = annotations.Moved
			}
			if it.Verdict != want {
				t.Errorf("line %d is %s, want %s, in\n%s", it.Line, it.Verdict, want, text)
			}
		}
	}
}

func TestRejectedIsNotProposedAgain(t *testing.T) {
	gone := newTree("r2", map[string]string{"src/a.cc": "int nothing;\n", "src/b.cc": "int b;\n"})
	root := lay(t, map[string]string{"01.md": "# Una\n\nMira `src/a.cc:4-6`, y `src/b.cc`.\n"})
	follow := func(now *tree) *drift.Drift {
		return drift.Follow(drift.Pin(open(t, root), nil, before()), now, nil, before())
	}
	d := follow(gone)
	if len(d.Open()) != 1 {
		t.Fatalf("%d open", len(d.Open()))
	}
	change, err := d.Settle(drift.Choice{Decisions: []drift.Decision{{ID: d.Open()[0].ID, Lost: true}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := change.Commit(); err != nil {
		t.Fatal(err)
	}
	if d = follow(gone); len(d.Open()) != 0 {
		t.Errorf("%d open once rejected", len(d.Open()))
	}
	// Should upstream put it back, it is there again.
	if d = follow(after()); d.Items[0].Verdict != annotations.Moved || !d.Items[0].Pending() {
		t.Errorf("%+v", d.Items[0].Outcome)
	}
}

func TestReadOnlyPartsStay(t *testing.T) {
	for _, part := range []string{".", "01_a", "01_a/01.md"} {
		t.Run(part, func(t *testing.T) {
			root := lay(t, three())
			change := settle(t, root, drift.Choice{Sure: true})
			name := filepath.Join(root, part)
			info, err := os.Stat(name)
			if err == nil {
				err = os.Chmod(name, info.Mode()&^0o222)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(name, info.Mode())
			if err := change.Commit(); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "nothing of it was changed") {
				t.Errorf("got %v", err)
			}
			for path, want := range three() {
				if read(t, root, path) != want {
					t.Errorf("%s was written", path)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(root, ".navigator*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
