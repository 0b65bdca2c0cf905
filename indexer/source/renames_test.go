package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/indexer/source"
)

func TestRenames(t *testing.T) {
	r := newRepo(t)
	r.write("source/server/listener.cc", "one\ntwo\nthree\nfour\n")
	r.write("source/lb/ring.cc", "a\nb\nc\nd\n")
	r.write("source/lb/maglev.cc", "e\nf\ng\nh\n")
	r.write("source/gone.cc", "gone\n")
	r.write("source/con espacio y ñ.cc", "i\nj\nk\n")
	r.commit()
	r.git("mv", "source/server", "source/managers")
	r.commit()
	r.git("mv", "source/managers/listener.cc", "source/listener.cc")
	r.git("mv", "source/con espacio y ñ.cc", "source/sin.cc")
	r.git("mv", "source/lb", "extensions")
	r.git("rm", "-q", "source/gone.cc")
	head := r.commit()
	got, err := source.Renames(t.Context(), r.root, head, []string{
		"source/server/listener.cc", "source/lb/ring.cc", "source/lb/", "source/gone.cc", "source/never.cc", "source/listener.cc", "source/con espacio y ñ.cc", "../x/y.cc", "/etc/passwd",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"source/server/listener.cc": "source/listener.cc", "source/lb/ring.cc": "extensions/ring.cc", "source/lb/": "extensions/",
		"source/con espacio y ñ.cc": "source/sin.cc"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
