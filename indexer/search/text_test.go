package search_test

import (
	"context"
	"testing"

	"navigator/indexer/search"
)

func BenchmarkText(b *testing.B) {
	for _, q := range []struct {
		name  string
		query search.TextQuery
	}{
		{"literal", search.TextQuery{Pattern: "ConnectionManagerImpl"}},
		{"literal-none", search.TextQuery{Pattern: "zxcvbnmasdf"}},
		{"literal-common", search.TextQuery{Pattern: "return nothing"}},
		{"literal-spaces", search.TextQuery{Pattern: "      e_x_"}},
		{"anycase", search.TextQuery{Pattern: "CONNECTIONMANAGERIMPLX", IgnoreCase: true}},
		{"anycase-common", search.TextQuery{Pattern: "tests_tset", IgnoreCase: true}},
		{"regexp-literal", search.TextQuery{Pattern: `void\s+ConnectionManagerImpl::on\w+`, Regexp: true}},
		{"regexp-assign", search.TextQuery{Pattern: `\w+\s*=\s*\d+qq`, Regexp: true}},
		{"regexp-include", search.TextQuery{Pattern: `^#includx`, Regexp: true}},
		{"regexp-capitals", search.TextQuery{Pattern: `[A-Z]{32,}`, Regexp: true}},
		{"regexp-alternatives", search.TextQuery{Pattern: `\b(foo|bar|baz)qqq\b`, Regexp: true}},
		{"regexp-states", search.TextQuery{Pattern: `(a|b|c)\w{12}z\dQ`, Regexp: true}},
		{"regexp-anycase", search.TextQuery{Pattern: `conn\w*manag\w*xyz`, Regexp: true, IgnoreCase: true}},
	} {
		b.Run(q.name, func(b *testing.B) {
			c := realTrees(b)
			e := c.open(b, 1)
			size := 0
			for _, text := range c.texts {
				size += len(text)
			}
			b.SetBytes(int64(size))
			q.query.MaxFiles = 1 << 30
			for b.Loop() {
				if _, err := e.Text(context.Background(), q.query, func(search.FileMatches) bool { return true }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
