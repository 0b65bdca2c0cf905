package resolve

import (
	"slices"
	"strings"

	"navigator/indexer"
)

// wordsFor returns the words under which a symbol may be used: its own names,
// as it was written where it was asked for among them, and those that are
// generated from them.
func (r *Resolver) wordsFor(written string, of []indexer.Answer) (own, generated []string) {
	own = []string{strings.TrimPrefix(written, "~")}
	for i := range of {
		a := &of[i]
		if a.Symbol < 0 {
			continue
		}
		s := r.symbol(refOf(a))
		own = append(own, strings.TrimPrefix(s.Name, "~"))
		if entry := r.entryOf(a.File, s); entry != "" {
			own = append(own, entry)
			generated = append(generated, r.pastedNames(entry)...)
		}
		if r.files[a.File].Language == indexer.Proto {
			generated = append(generated, generatedNames(s)...)
		}
	}
	own, generated = distinct(own), distinct(generated)
	return own, slices.DeleteFunc(generated, func(w string) bool { return slices.Contains(own, w) })
}

// distinct returns the words of a list, each once.
func distinct(words []string) []string {
	slices.Sort(words)
	return slices.DeleteFunc(slices.Compact(words), func(w string) bool { return w == "" || strings.Contains(w, " ") })
}

// generatedNames returns the names that protobuf's compiler for C++ and prost,
// for Rust, make of a symbol of a .proto.
func generatedNames(s *indexer.Symbol) []string {
	name := s.Name
	snake, camel := snakeCase(name), camelCase(name)
	var names []string
	switch s.Kind {
	case indexer.KindField:
		lower := strings.ToLower(name)
		for _, prefix := range []string{"has_", "set_", "mutable_", "add_", "clear_", "release_", "set_allocated_", "unsafe_arena_set_allocated_"} {
			names = append(names, prefix+lower)
		}
		names = append(names, lower, lower+"_size", "k"+camel, "k"+camel+"FieldNumber", snake, "set_"+snake, camel, lower+"_")
	case indexer.KindOneof:
		lower := strings.ToLower(name)
		names = append(names, lower+"_case", "clear_"+lower, "has_"+lower, camel+"Case", strings.ToUpper(name)+"_NOT_SET", snake, camel)
	case indexer.KindMessage, indexer.KindEnum:
		names = append(names, camel, snake)
		for outer := s.Container; outer != ""; {
			i := strings.LastIndex(outer, "::")
			last := outer[i+1:]
			last = strings.TrimPrefix(last, ":")
			if last == "" || last[0] < 'A' || last[0] > 'Z' {
				break
			}
			name = last + "_" + name
			names = append(names, name)
			if s.Kind == indexer.KindEnum {
				names = append(names, name+"_Name", name+"_Parse", name+"_IsValid", name+"_descriptor")
			}
			outer = outer[:max(i, 0)]
		}
		if s.Kind == indexer.KindEnum {
			names = append(names, s.Name+"_Name", s.Name+"_Parse", s.Name+"_IsValid")
		}
	case indexer.KindEnumerator:
		value := camelCase(strings.ToLower(name))
		names = append(names, value)
		for i := 1; i < len(value); i++ { // without the enum's name
			if value[i] >= 'A' && value[i] <= 'Z' {
				names = append(names, value[i:])
			}
		}
		var path []string
		for _, part := range strings.Split(s.Container, "::") {
			if part != "" && part[0] >= 'A' && part[0] <= 'Z' {
				path = append(path, part)
			}
		}
		for i := range path {
			names = append(names, strings.Join(path[i:], "_")+"_"+name)
			names = append(names, strings.Join(path[i:max(i, len(path)-1)], "_")+"_"+name)
		}
	case indexer.KindService:
		names = append(names, snake+"_client", snake+"_server", name+"Client", name+"Server")
	case indexer.KindRPC:
		names = append(names, snake, name+"Stream", "Async"+name, "Request"+name)
	}
	return names
}

// snakeCase writes a name as prost writes those of fields and modules.
func snakeCase(name string) string {
	upper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if upper(i) {
			lowerNext := i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
			if i > 0 && name[i-1] != '_' && (!upper(i-1) || lowerNext) {
				b.WriteByte('_')
			}
			c |= 0x20
		}
		b.WriteByte(c)
	}
	return b.String()
}

// camelCase writes a name as both write those of types and cases.
func camelCase(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(snakeCase(name), "_") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}
