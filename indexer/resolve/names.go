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
	name, lower := s.Name, strings.ToLower(s.Name)
	snake, camel := snakeCase(name), camelCase(name)
	switch s.Kind {
	case indexer.KindField:
		names := []string{lower, lower + "_size", "k" + camel, "k" + camel + "FieldNumber", snake, "set_" + snake, camel, lower + "_"}
		for _, prefix := range []string{"has_", "set_", "mutable_", "add_", "clear_", "release_", "set_allocated_", "unsafe_arena_set_allocated_"} {
			names = append(names, prefix+lower)
		}
		return names
	case indexer.KindOneof:
		return []string{lower + "_case", "clear_" + lower, "has_" + lower, camel + "Case", strings.ToUpper(name) + "_NOT_SET", snake, camel}
	case indexer.KindMessage:
		return append(nestedNames(s), camel, snake)
	case indexer.KindEnum:
		names := []string{camel, snake, name + "_Name", name + "_Parse", name + "_IsValid"}
		for _, nested := range nestedNames(s) {
			names = append(names, nested, nested+"_Name", nested+"_Parse", nested+"_IsValid", nested+"_descriptor")
		}
		return names
	case indexer.KindEnumerator:
		return enumeratorNames(s)
	case indexer.KindService:
		return []string{snake + "_client", snake + "_server", name + "Client", name + "Server"}
	case indexer.KindRPC:
		return []string{snake, name + "Stream", "Async" + name, "Request" + name}
	}
	return nil
}

// nestedNames returns the names that C++ has for a type in others: Outer_Type,
// and so on outwards.
func nestedNames(s *indexer.Symbol) []string {
	var names []string
	name := s.Name
	for outer := s.Container; outer != ""; {
		i := strings.LastIndex(outer, "::")
		last := strings.TrimPrefix(outer[i+1:], ":")
		if !startsUpper(last) {
			break
		}
		name = last + "_" + name
		names = append(names, name)
		outer = outer[:max(i, 0)]
	}
	return names
}

// enumeratorNames returns the names that prost has for an enumerator, with and
// without its enum's, and those that C++ has, with the types around it.
func enumeratorNames(s *indexer.Symbol) []string {
	value := camelCase(strings.ToLower(s.Name))
	names := []string{value}
	for i := 1; i < len(value); i++ {
		if startsUpper(value[i:]) {
			names = append(names, value[i:])
		}
	}
	types := slices.DeleteFunc(strings.Split(s.Container, "::"), func(part string) bool { return !startsUpper(part) })
	for i := range types {
		names = append(names, strings.Join(types[i:], "_")+"_"+s.Name)
		names = append(names, strings.Join(types[i:max(i, len(types)-1)], "_")+"_"+s.Name)
	}
	return names
}

// startsUpper reports whether a name starts as those of types do.
func startsUpper(name string) bool { return name != "" && name[0] >= 'A' && name[0] <= 'Z' }

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
