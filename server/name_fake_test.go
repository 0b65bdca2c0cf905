package server_test

import (
	"context"

	"navigator/indexer"
)

// names is what a fake knows of names, by the place of each.
type names map[namePlace]named

// namePlace is a name's first byte.
type namePlace struct {
	file int
	at   indexer.Position
}

// named is what is known of a name.
type named struct {
	meaning    indexer.Meaning
	references indexer.References
	types      indexer.TypeHierarchy
	calls      indexer.Calls
}

// The parameters of some names of the fake.
const (
	inBooks    = "?source=shop&path=source/books/bookkeeper.h"
	addPlace   = inBooks + "&line=9&col=8"  // a method, where it is defined
	classPlace = inBooks + "&line=7&col=9"  // a class, where it is defined
	basePlace  = inBooks + "&line=7&col=27" // two candidates
	totalPlace = inBooks + "&line=9&col=34" // sure
	stdPlace   = inBooks + "&line=9&col=42" // external
	nonePlace  = inBooks + "&line=3&col=11" // nothing is known
)

// newNames returns what the fake knows of the names of bookkeeper.h.
func newNames() names {
	const books, empty, main, readme = 1, 2, 3, 0
	span := func(line, col, n int32) indexer.Span {
		return indexer.Span{Start: indexer.Position{Line: line, Col: col}, End: indexer.Position{Line: line, Col: col + n - 1}}
	}
	why := func(kind indexer.ReasonKind, arg string) indexer.Reason { return indexer.Reason{Kind: kind, Arg: arg} }
	class := indexer.Answer{File: books, Symbol: 1, Span: span(7, 7, 10), EndLine: 13, Name: "Shop::Books::Bookkeeper", Kind: indexer.KindClass, Definition: true, Confidence: indexer.Sure, Reason: why(indexer.ReasonItself, "")}
	add := indexer.Answer{File: books, Symbol: 2, Span: span(9, 7, 3), EndLine: 9, Name: "Shop::Books::Bookkeeper::add", Kind: indexer.KindMethod, Definition: true, Confidence: indexer.Sure, Reason: why(indexer.ReasonItself, "")}
	declared := indexer.Answer{File: main, Symbol: -1, Span: span(1, 5, 4), EndLine: 1, Name: "Shop::Ledger::add", Kind: indexer.KindMethod, Confidence: indexer.Sure, Reason: why(indexer.ReasonCounterpart, "source/main.cc")}
	ledger := func(file int, c indexer.Confidence, r indexer.Reason) indexer.Answer {
		return indexer.Answer{File: file, Symbol: -1, Span: span(1, 1, 6), EndLine: 1, Name: "Ledger", Kind: indexer.KindClass, Definition: file == main, Confidence: c, Reason: r}
	}
	total := indexer.Answer{File: books, Symbol: -1, Span: span(12, 7, 6), EndLine: 12, Name: "total_", Kind: indexer.KindField, Definition: true, Confidence: indexer.Sure, Reason: why(indexer.ReasonMember, "Bookkeeper")}
	use := func(file int, at indexer.Span, role indexer.Role, container int32) indexer.Use {
		return indexer.Use{File: file, Span: at, Role: role, Test: file == 4, Container: container, Confidence: indexer.Sure}
	}
	at := func(s indexer.Span) namePlace { return namePlace{books, s.Start} }
	return names{
		at(span(9, 7, 3)): {
			meaning: indexer.Meaning{Name: "add", Span: span(9, 7, 3), Answers: []indexer.Answer{declared, add}},
			references: indexer.References{
				Name: "add", Of: []indexer.Answer{add, declared},
				Uses: []indexer.Use{
					use(books, span(9, 7, 3), indexer.Definition, 1), use(main, span(1, 5, 4), indexer.Declaration, -1),
					use(books, span(9, 42, 6), indexer.Call, 2), use(books, span(12, 7, 6), indexer.Call, -1), use(4, span(1, 5, 1), indexer.Call, -1),
				},
				Namesakes: []indexer.Use{use(readme, span(1, 3, 4), indexer.Read, -1)}, Cut: true,
			},
			types: indexer.TypeHierarchy{Of: add, Above: []indexer.Relative{{Answer: declared, Depth: 1}}, Below: []indexer.Relative{{Answer: total, Depth: 1}, {Answer: class, Depth: 2}}},
			calls: indexer.Calls{Of: add,
				Callers: []indexer.CallSites{{Answer: declared, Sites: []indexer.Use{use(main, span(1, 5, 4), indexer.Call, -1)}}},
				Callees: []indexer.CallSites{},
			},
		},
		at(span(7, 7, 10)): {
			meaning: indexer.Meaning{Name: "Bookkeeper", Span: span(7, 7, 10), Answers: []indexer.Answer{class}},
			types:   indexer.TypeHierarchy{Of: class, Unknown: []string{"std::exception"}},
		},
		at(span(7, 27, 6)): {meaning: indexer.Meaning{Name: "Ledger", Span: span(7, 27, 6), Answers: []indexer.Answer{
			ledger(main, indexer.Likely, why(indexer.ReasonUnique, "")), ledger(empty, indexer.NameOnly, why(indexer.ReasonNamesake, "2")),
		}}},
		at(span(9, 32, 6)): {meaning: indexer.Meaning{Name: "total_", Span: span(9, 32, 6), Answers: []indexer.Answer{total}}},
		at(span(9, 42, 6)): {meaning: indexer.Meaning{Name: "amount", Span: span(9, 42, 6), External: &indexer.External{Library: "std", URL: "https://en.cppreference.com/w/cpp"}}},
		at(span(3, 11, 4)): {meaning: indexer.Meaning{Name: "Shop", Span: span(3, 11, 4)}},
	}
}

func (v *fake) nameAt(file int, at indexer.Position) named {
	for place, n := range v.names {
		if end := n.meaning.Span.End; place.file == file && place.at.Line == at.Line && place.at.Col <= at.Col && at.Col <= end.Col {
			return n
		}
	}
	return named{}
}

func (v *fake) Meaning(file int, at indexer.Position) indexer.Meaning {
	return v.nameAt(file, at).meaning
}
func (v *fake) References(_ context.Context, file int, at indexer.Position) indexer.References {
	return v.nameAt(file, at).references
}
func (v *fake) Types(_ context.Context, file int, at indexer.Position) indexer.TypeHierarchy {
	return v.nameAt(file, at).types
}
func (v *fake) Calls(_ context.Context, file int, at indexer.Position) indexer.Calls {
	return v.nameAt(file, at).calls
}
