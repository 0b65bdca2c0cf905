package rust

import (
	"strings"

	"navigator/indexer"
)

// protoSymbol is a symbol of a .proto, from which prost and tonic generate
// Rust: messages become structs, their nested types a module, oneofs enums,
// services a client and a server.
type protoSymbol struct {
	file   int
	index  int32
	pkg    string
	symbol *indexer.Symbol
}

// loadProto lists the symbols of each package.
func (r *Resolver) loadProto() {
	files := r.corpus.Files()
	for i := range files {
		if files[i].Language != indexer.Proto {
			continue
		}
		for k := range r.corpus.Symbols(i) {
			s := &r.corpus.Symbols(i)[k]
			if s.Kind == indexer.KindPackage {
				continue
			}
			container := strings.ReplaceAll(s.Container, "::", ".")
			r.protos[container] = append(r.protos[container], &protoSymbol{file: i, index: int32(k), pkg: container, symbol: s})
		}
	}
}

func (r *Resolver) protoDef(p *protoSymbol) *def {
	if d := r.protoDefs[p]; d != nil {
		return d
	}
	d := &def{name: p.symbol.Name, kind: p.symbol.Kind, proto: p}
	r.protoDefs[p] = d
	return d
}

func (p *protoSymbol) path() string {
	if p.pkg == "" {
		return p.symbol.Name
	}
	return p.pkg + "." + p.symbol.Name
}

// protoMember returns what the module of a package has by a Rust name.
func (r *Resolver) protoMember(pkg, name string, ns namespace) entity {
	for _, p := range r.protos[pkg] {
		switch p.symbol.Kind {
		case indexer.KindMessage, indexer.KindEnum:
			if upperCamel(p.symbol.Name) == name || p.symbol.Name == name {
				return entity{def: r.protoDef(p)}
			}
		case indexer.KindOneof:
			if upperCamel(p.symbol.Name) == name && p.symbol.Parent >= 0 && false {
				return entity{def: r.protoDef(p)}
			}
		}
	}
	for _, p := range r.protos[pkg] {
		switch p.symbol.Kind {
		case indexer.KindMessage:
			if snake(p.symbol.Name) == name {
				return entity{def: r.protoModule(p)}
			}
		case indexer.KindService:
			if s := snake(p.symbol.Name); name == s+"_client" || name == s+"_server" {
				return entity{def: r.protoModule(p)}
			}
		}
	}
	return entity{}
}

// protoModule returns the module that is generated for what a message holds,
// or for a service.
func (r *Resolver) protoModule(p *protoSymbol) *def {
	if d := r.protoModules[p]; d != nil {
		return d
	}
	d := &def{name: snake(p.symbol.Name), kind: indexer.KindModule, proto: p}
	r.protoModules[p] = d
	return d
}

// protoChild returns what stands below a generated name.
func (r *Resolver) protoChild(p *protoSymbol, name string, ns namespace) entity {
	switch p.symbol.Kind {
	case indexer.KindMessage:
		for _, sub := range r.protos[p.path()] {
			switch k := sub.symbol.Kind; {
			case k == indexer.KindOneof && upperCamel(sub.symbol.Name) == name:
				return entity{def: r.protoDef(sub)}
			}
		}
		return r.protoMember(p.path(), name, ns)
	case indexer.KindService:
		if name == p.symbol.Name || name == p.symbol.Name+"Client" || name == p.symbol.Name+"Server" {
			return entity{def: r.protoDef(p)}
		}
		if ns == values {
			return entity{}
		}
	case indexer.KindEnum:
		for _, sub := range r.protos[p.path()] {
			if variantName(p.symbol.Name, sub.symbol.Name) == name {
				return entity{def: r.protoDef(sub)}
			}
		}
	case indexer.KindOneof:
		for _, f := range r.oneofFields(p) {
			if upperCamel(f.symbol.Name) == name {
				return entity{def: r.protoDef(f)}
			}
		}
	}
	return entity{}
}

// oneofFields returns the fields of a oneof, which stand in its span.
func (r *Resolver) oneofFields(p *protoSymbol) []*protoSymbol {
	var out []*protoSymbol
	for _, f := range r.protos[p.pkg] {
		if f.file == p.file && f.symbol.Kind == indexer.KindField && within(p.symbol.Span, f.symbol.NameSpan.Start) {
			out = append(out, f)
		}
	}
	return out
}

func within(s indexer.Span, p indexer.Position) bool {
	return !less(p, s.Start) && !less(s.End, p)
}

func less(a, b indexer.Position) bool { return a.Line < b.Line || a.Line == b.Line && a.Col < b.Col }

// protoField returns the field of a message by its Rust name, and its type.
func (r *Resolver) protoField(p *protoSymbol, name string) (*def, *typ) {
	if p.symbol.Kind != indexer.KindMessage {
		return nil, nil
	}
	for _, f := range r.protos[p.path()] {
		switch {
		case f.symbol.Kind == indexer.KindField && snake(f.symbol.Name) == name && !r.inOneof(f):
			return r.protoDef(f), r.protoFieldType(f)
		case f.symbol.Kind == indexer.KindOneof && snake(f.symbol.Name) == name:
			return r.protoDef(f), r.outsideType("std::option::Option", &typ{form: formOwn, def: r.protoDef(f)})
		}
	}
	return nil, nil
}

func (r *Resolver) inOneof(f *protoSymbol) bool {
	for _, o := range r.protos[f.pkg] {
		if o.symbol.Kind == indexer.KindOneof && o.file == f.file && within(o.symbol.Span, f.symbol.NameSpan.Start) {
			return true
		}
	}
	return false
}

// protoFieldType returns the Rust type of a field, an enum's i32 included.
func (r *Resolver) protoFieldType(f *protoSymbol) *typ {
	words := strings.FieldsFunc(r.protoText(f), func(c rune) bool { return c == ' ' || c == '\t' || c == '\n' })
	if len(words) == 0 {
		return nil
	}
	label := words[0]
	if (label == "repeated" || label == "optional" || label == "required") && len(words) > 1 {
		words = words[1:]
	}
	if strings.HasPrefix(words[0], "map<") || words[0] == "map" {
		inner := strings.Join(words, "")
		inner = inner[strings.IndexByte(inner, '<')+1:]
		inner, _, _ = strings.Cut(inner, ">")
		key, value, _ := strings.Cut(inner, ",")
		v, _ := r.protoType(f, value)
		k, _ := r.protoType(f, key)
		return r.outsideType("std::collections::HashMap", k, v)
	}
	t, message := r.protoType(f, words[0])
	switch {
	case label == "repeated":
		return r.outsideType("std::vec::Vec", t)
	case label == "optional" || message && !r.inOneof(f):
		return r.outsideType("std::option::Option", t)
	}
	return t
}

// protoText returns a field's declaration.
func (r *Resolver) protoText(f *protoSymbol) string {
	text := r.corpus.Text(f.file)
	line := int32(1)
	start := -1
	for i := 0; i < len(text); i++ {
		if line == f.symbol.Span.Start.Line {
			start = i + int(f.symbol.Span.Start.Col) - 1
			break
		}
		if text[i] == '\n' {
			line++
		}
	}
	if start < 0 || start >= len(text) {
		return ""
	}
	s := string(text[start:])
	s, _, _ = strings.Cut(s, ";")
	return s
}

var protoScalars = map[string]string{
	"double": "f64", "float": "f32", "int32": "i32", "int64": "i64", "uint32": "u32", "uint64": "u64", "sint32": "i32",
	"sint64": "i64", "fixed32": "u32", "fixed64": "u64", "sfixed32": "i32", "sfixed64": "i64", "bool": "bool",
}

// protoType returns the Rust type of a proto type as written at f.
func (r *Resolver) protoType(f *protoSymbol, name string) (t *typ, message bool) {
	switch name {
	case "string":
		return r.outsideType("std::string::String"), false
	case "bytes":
		return r.outsideType("bytes::Bytes"), false
	}
	if s := protoScalars[name]; s != "" {
		return primitiveType(s), false
	}
	if p := r.protoNamed(f.pkg, name); p != nil {
		if p.symbol.Kind == indexer.KindEnum {
			return primitiveType("i32"), false
		}
		return &typ{form: formOwn, def: r.protoDef(p)}, true
	}
	return r.outsideType("prost_types::" + name[strings.LastIndexByte(name, '.')+1:]), true
}

// protoNamed finds a type by its proto name, from a scope on outwards.
func (r *Resolver) protoNamed(scope, name string) *protoSymbol {
	name = strings.TrimPrefix(name, ".")
	if strings.HasPrefix(name, "google.protobuf.") {
		return nil
	}
	for {
		full := name
		if scope != "" {
			full = scope + "." + name
		}
		cut := strings.LastIndexByte(full, '.')
		for _, p := range r.protos[full[:max(cut, 0)]] {
			if p.symbol.Name == full[cut+1:] && (p.symbol.Kind == indexer.KindMessage || p.symbol.Kind == indexer.KindEnum) {
				return p
			}
		}
		if scope == "" {
			return nil
		}
		scope = scope[:max(strings.LastIndexByte(scope, '.'), 0)]
	}
}

// protoPayload returns what a variant of a oneof holds.
func (r *Resolver) protoPayload(p *protoSymbol) *typ {
	if p.symbol.Kind != indexer.KindField {
		return nil
	}
	return r.protoFieldType(p)
}

// protoOwner returns the enum of a value, or of a oneof's variant.
func (r *Resolver) protoOwner(d *def) *typ {
	cut := strings.LastIndexByte(d.proto.pkg, '.')
	for _, p := range r.protos[d.proto.pkg[:max(cut, 0)]] {
		if p.symbol.Name == d.proto.pkg[cut+1:] && p.symbol.Kind == indexer.KindEnum {
			return &typ{form: formOwn, def: r.protoDef(p)}
		}
	}
	return nil
}

// protoMethod returns the field that an accessor of a message is for, or the
// rpc that a method of a client calls.
func (r *Resolver) protoMethod(p *protoSymbol, name string) *def {
	for _, s := range r.protos[p.path()] {
		switch {
		case p.symbol.Kind == indexer.KindService && snake(s.symbol.Name) == name:
			return r.protoDef(s)
		case p.symbol.Kind == indexer.KindMessage && s.symbol.Kind == indexer.KindField &&
			(snake(s.symbol.Name) == name || "set_"+snake(s.symbol.Name) == name):
			return r.protoDef(s)
		}
	}
	return nil
}

// protoResult returns what the accessor of a field gives: its enum.
func (r *Resolver) protoResult(p *protoSymbol, name string) *typ {
	if p.symbol.Kind != indexer.KindField {
		return nil
	}
	words := strings.Fields(r.protoText(p))
	for len(words) > 0 && (words[0] == "repeated" || words[0] == "optional") {
		words = words[1:]
	}
	if len(words) > 0 {
		if e := r.protoNamed(p.pkg, words[0]); e != nil && e.symbol.Kind == indexer.KindEnum {
			return &typ{form: formOwn, def: r.protoDef(e)}
		}
	}
	return nil
}

// snake writes a name as prost writes those of fields and modules.
func snake(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isUpper(c) {
			if i > 0 && s[i-1] != '_' && (!isUpper(s[i-1]) || i+1 < len(s) && !isUpper(s[i+1]) && s[i+1] != '_' && (s[i+1] < '0' || s[i+1] > '9')) {
				b.WriteByte('_')
			}
			c |= 0x20
		}
		b.WriteByte(c)
	}
	return b.String()
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// upperCamel writes a name as prost writes those of types and variants.
func upperCamel(s string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(snake(s), "_") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// variantName writes the name of an enum's value, without the enum's own name
// before it.
func variantName(enum, value string) string {
	camel := upperCamel(strings.ToLower(value))
	prefix := upperCamel(enum)
	if rest, ok := strings.CutPrefix(camel, prefix); ok && rest != "" && (rest[0] < '0' || rest[0] > '9') && isUpper(rest[0]) {
		return rest
	}
	return camel
}
