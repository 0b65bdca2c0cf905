package cpp

import (
	"slices"
	"strings"

	"navigator/indexer"
)

// asArgument returns what a name means that is all of a macro's argument, when
// the macro writes it behind a qualifier: LOG(info) of LOG(L) f(Levels::L).
func (p *place) asArgument(i int) finding {
	macro, n := callAround(p.Code, i)
	if macro < 0 || !isMacro(p.Bytes(macro)) {
		return finding{}
	}
	name := string(p.Bytes(i))
	if f := p.r.expanded(string(p.Bytes(macro)), n, name, p.file, 8); f.ok() {
		return f
	}
	receiver := p.r.receiverOf(string(p.Bytes(macro)), n, p.file)
	if receiver < 0 {
		return finding{}
	}
	close := p.Past(macro+1) - 1
	for from := macro + 2; from < close; receiver-- {
		end := argumentEnd(p.Code, from, close)
		if receiver == 0 {
			f := p.r.member(p.r.entityOf(p.valueType(from, end, maxSteps), maxSteps), name, maxSteps, anything)
			f.reason = reason(indexer.ReasonMacro, string(p.Bytes(macro)))
			return f
		}
		from = end + 1
	}
	return finding{}
}

// receiverOf returns which argument of a macro is the receiver of its n-th, as
// in GET(m, f) (m).f(), or -1.
func (r *Resolver) receiverOf(macro string, n, file int) int {
	refs, _ := r.visible(r.named(macro).macros, file)
	for _, ref := range refs {
		code := r.definition(ref)
		parameters := parametersOfMacro(code)
		if n >= len(parameters) {
			continue
		}
		for i := code.Past(2); i < len(code.Lexemes); i++ {
			if before := code.At(i - 1); before != '.' && before != indexer.LexArrow || !code.Is(i, parameters[n]) {
				continue
			}
			receiver := i - 2
			if code.At(receiver) == ')' && code.At(receiver-2) == '(' {
				receiver--
			}
			if k := slices.Index(parameters, string(code.Bytes(receiver))); k >= 0 && k != n {
				return k
			}
		}
	}
	return -1
}

// parametersOfMacro returns the names of a macro's parameters.
func parametersOfMacro(definition *indexer.Code) []string {
	var names []string
	if definition.At(2) != '(' {
		return nil
	}
	for i := 3; i < definition.Past(2)-1; i++ {
		if definition.At(i) == indexer.LexWord {
			names = append(names, string(definition.Bytes(i)))
		}
	}
	return names
}

// callAround returns the name of the call that the lexeme i is an argument of,
// and which one it is; -1 when it is none, or only a part of one.
func callAround(code *indexer.Code, i int) (name, argument int) {
	if k := code.At(i + 1); k != ',' && k != ')' {
		return -1, 0
	}
	if k := code.At(i - 1); k != ',' && k != '(' {
		return -1, 0
	}
	for j := i - 1; j >= 0 && j > i-200; j-- {
		switch code.At(j) {
		case ',':
			argument++
		case '(':
			if code.At(j-1) == indexer.LexWord {
				return j - 1, argument
			}
			return -1, 0
		case ')', ']', '}':
			m := int(code.Lexemes[j].Mate)
			if m < 0 {
				return -1, 0
			}
			j = m
		case '{', '[', ';':
			return -1, 0
		}
	}
	return -1, 0
}

// expanded looks a name up behind the qualifier that a macro, or one that it
// uses, writes before its n-th argument.
func (r *Resolver) expanded(macro string, n int, name string, file, steps int) finding {
	if steps <= 0 {
		return finding{}
	}
	refs, _ := r.visible(r.named(macro).macros, file)
	for _, ref := range refs {
		code := r.definition(ref)
		parameters := parametersOfMacro(code)
		if n >= len(parameters) {
			continue
		}
		parameter := parameters[n]
		for i := code.Past(2); i < len(code.Lexemes); i++ {
			if code.At(i) != indexer.LexWord || string(code.Bytes(i)) != parameter {
				continue
			}
			if code.At(i-1) == indexer.LexScope {
				path, _, _ := (&place{source: &source{Code: code}}).qualifier(i)
				if len(path) > 0 && path[0] != parameter && !isExternalRoot(path[0]) {
					if f := r.qualifiedName(append(path, name), envOf(int(ref.File), ""), maxSteps, anything); f.ok() {
						f.reason = reason(indexer.ReasonMacro, macro)
						return f
					}
				}
			}
			if inner, k := callAround(code, i); inner >= 0 {
				if f := r.expanded(string(code.Bytes(inner)), k, name, file, steps-1); f.ok() {
					return f
				}
			}
		}
	}
	return finding{}
}

// definition returns the lexemes of a macro's definition, its # left out.
func (r *Resolver) definition(ref indexer.SymbolRef) *indexer.Code {
	return r.macros.get(ref, func() *indexer.Code {
		text := r.corpus.Text(int(ref.File))
		whole := indexer.Code{Text: text, Lines: r.linesOf(int(ref.File))}
		body := whole.ExtentOf(r.symbol(ref).Span).Of(text)
		if len(body) > 0 {
			body = body[1:]
		}
		return r.lex(body)
	})
}

// protoPackages returns the packages of the .proto files, and those
// around them: namespaces that no file here opens, or not alone.
func (r *Resolver) protoPackages() map[string]bool {
	known := make(map[string]bool)
	for i := range r.files {
		if r.files[i].Language != indexer.Proto {
			continue
		}
		for _, s := range r.corpus.Symbols(i) {
			if s.Kind != indexer.KindPackage {
				continue
			}
			for name := s.Qualified(); name != "" && !known[name]; name = parent(name) {
				known[name] = true
			}
			break
		}
	}
	return known
}

// pasted returns the entry of an X-macro table whose name is a part of a
// member's: the table's macro pastes words to it, as in get##Host##Value. The
// index has the entry as the field Host_ of the class that uses the table.
func (r *Resolver) pasted(class entity, name string, steps int) finding {
	if steps <= 0 || !class.found() {
		return finding{}
	}
	for i := range len(name) {
		if i > 0 && (name[i] < 'A' || name[i] > 'Z') {
			continue
		}
		for _, entry := range []string{name[i:], strings.TrimSuffix(name[i:], "Value")} {
			for _, ref := range r.named(entry + "_").scopes[class.name] {
				s := r.symbol(ref)
				if s.Kind == indexer.KindField && int(s.NameSpan.End.Col-s.NameSpan.Start.Col)+1 == len(entry) {
					return finding{refs: []indexer.SymbolRef{ref}, reason: reason(indexer.ReasonMacro, last(class.name))}
				}
			}
		}
	}
	for _, base := range r.bases(class.ref) {
		if f := r.pasted(r.entityOf(base.bound(r.bindingOf(class.ref, class.args)), steps-1), name, steps-1); f.ok() {
			return f
		}
	}
	return finding{}
}
