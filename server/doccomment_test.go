package server

import (
	"strings"
	"testing"

	"navigator/ui"
)

func TestDocHTML(t *testing.T) {
	for comment, want := range map[string]string{
		"// Adds <one> entry & returns it.":                                              "<p>Adds &lt;one&gt; entry &amp; returns it.</p>",
		"/// Opens `Foo`.\n///\n/// # Errors\n/// When *closed*.":                        "<p>Opens <code>Foo</code>.</p>\n<p class=\"heading\">Errors</p>\n<p>When <em>closed</em>.</p>",
		"/**\n * Opens.\n * @param a_b the first\n *   of all\n * @return nothing.\n */": "<p>Opens.</p>\n<ul>\n<li><code>a_b</code> the first\nof all</li>\n<li><em>Returns</em> nothing.</li>\n</ul>",
		"/** One line. */": "<p>One line.</p>",
		"/**\n * \\brief Short.\n * See @c x or :ref:`the field <a.b.c>`.\n */": "<p>Short.\nSee <code>x</code> or <code>the field</code>.</p>",
		"/// ```\n/// let x = @param;\n/// ```":                                 "<pre><code>let x = @param;\n</code></pre>",
		"/// [link](https://a.example/?x=\"y\") [`Foo`](crate::Foo)":            `<p><a class="external" rel="noreferrer" href="https://a.example/?x=&#34;y&#34;">link</a> <code>Foo</code></p>`,
		"/// [link](https://a.example/) ![p](https://b.example/p.png)":          `<p><a class="external" rel="noreferrer" href="https://a.example/">link</a> p</p>`,
		"/// [x](javascript:alert(1)) <script>alert(1)</script>":                `<p>x &lt;script&gt;alert(1)&lt;/script&gt;</p>`,
		"//! - one\n//! - two [#not-implemented-hide:]":                         "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
		"// \xff": "<p>\uFFFD</p>",
	} {
		if got := strings.TrimSpace(string(docHTML(ui.English, []byte(comment)))); got != want {
			t.Errorf("%q:\n got %s\nwant %s", comment, got, want)
		}
	}
}

// Whatever a comment holds, its HTML is harmless.
func FuzzDocHTML(f *testing.F) {
	f.Add([]byte("/// <img src=x onerror=alert(1)> [a](JaVaScRiPt:x) <https://a.example> ```"))
	f.Add([]byte("/** @param \\code <b>"))
	f.Fuzz(func(t *testing.T, comment []byte) {
		html := strings.ToLower(string(docHTML(ui.Spanish, comment)))
		for _, tag := range strings.Split(html, "<")[1:] {
			name := strings.TrimLeft(tag, "/")
			name = name[:strings.IndexAny(name+" ", " >/")]
			switch name {
			case "p", "ul", "ol", "li", "em", "strong", "code", "pre", "a", "br", "hr", "blockquote":
			default:
				t.Fatalf("%q: <%s", comment, tag)
			}
			if name == "a" && !strings.HasPrefix(tag, "/") && !strings.HasPrefix(tag, `a class="external" rel="noreferrer" href="http`) {
				t.Fatalf("%q: <%s", comment, tag)
			}
		}
	})
}
