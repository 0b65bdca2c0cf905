package cpp

import (
	"slices"
	"strings"

	"navigator/indexer"
)

// finding is what a lookup found.
type finding struct {
	refs   []indexer.SymbolRef
	sure   bool // the rules led there, and the files are included
	reason indexer.Reason
	bind   map[string]typ // of the class that the symbols are members of
}

func (f finding) ok() bool { return len(f.refs) > 0 }

func reason(k indexer.ReasonKind, arg string) indexer.Reason {
	return indexer.Reason{Kind: k, Arg: arg}
}

// visible returns those of refs that a file sees, and the definitions
// elsewhere of what it sees; or all of them, and false, when it sees none.
func (r *Resolver) visible(refs []indexer.SymbolRef, file int) ([]indexer.SymbolRef, bool) {
	if len(refs) == 0 {
		return nil, false
	}
	seen := r.closure(file)
	var near []indexer.SymbolRef
	for _, ref := range refs {
		if seen.has(int(ref.File)) {
			near = append(near, ref)
		}
	}
	if len(near) == 0 {
		source := r.files[file].Source
		for _, ref := range refs {
			if r.files[ref.File].Source == source {
				near = append(near, ref)
			}
		}
		return near, false
	}
	if len(near) == len(refs) {
		return near, true
	}
	if s := r.symbol(near[0]); isType(s.Kind) && !r.anyDefinition(near) {
		// It is declared here and defined in a file that need not be seen.
		return slices.Concat(r.definitionsOf(refs, file), near), true
	}
	// Definitions in other files, which must see a declaration among near.
	for _, ref := range refs {
		s := r.symbol(ref)
		if seen.has(int(ref.File)) || !s.Definition || strings.Contains(s.Container, anonymous) || !isDefinedElsewhere(s.Kind) {
			continue
		}
		if strings.HasSuffix(r.files[ref.File].Path, ".h") && isClass(s.Kind) && len(near) > 0 && r.anyDefinition(near) {
			continue
		}
		sees := r.closure(int(ref.File))
		if slices.ContainsFunc(near, func(n indexer.SymbolRef) bool {
			return !r.symbol(n).Definition && (sees.has(int(n.File)) || r.areTwins(n.File, ref.File))
		}) {
			near = append(near, ref)
		}
	}
	return near, true
}

// definitionsOf returns the definitions among refs that a file may mean, those
// whose folders are the most like its own first.
func (r *Resolver) definitionsOf(refs []indexer.SymbolRef, file int) []indexer.SymbolRef {
	var found []indexer.SymbolRef
	from := &r.files[file]
	for _, ref := range refs {
		if s := r.symbol(ref); s.Definition && r.files[ref.File].Source == from.Source && !strings.Contains(s.Container, anonymous) {
			found = append(found, ref)
		}
	}
	slices.SortStableFunc(found, func(a, b indexer.SymbolRef) int {
		return common(from.Path, r.files[b.File].Path) - common(from.Path, r.files[a.File].Path)
	})
	return found
}

func (r *Resolver) anyDefinition(refs []indexer.SymbolRef) bool {
	return slices.ContainsFunc(refs, func(ref indexer.SymbolRef) bool { return r.symbol(ref).Definition })
}

// isDefinedElsewhere reports whether a symbol of the kind k may be declared in
// one file and defined in another.
func isDefinedElsewhere(k indexer.Kind) bool {
	return isFunction(k) || isClass(k) || k == indexer.KindEnum || k == indexer.KindVariable || k == indexer.KindField || k == indexer.KindConstant
}

// typesNamed returns the types that a qualified name means, the best first.
func (r *Resolver) typesNamed(path []string, e *env, steps int) []indexer.SymbolRef {
	if steps <= 0 {
		return nil
	}
	f := r.qualifiedName(path, e, steps, func(k indexer.Kind) bool { return isType(k) })
	return r.bestType(f.refs, e.file)
}

// bestType sorts types: definitions first, then those that file sees, then
// messages last, as what they generate is named by their alias.
func (r *Resolver) bestType(refs []indexer.SymbolRef, file int) []indexer.SymbolRef {
	if len(refs) < 2 {
		return refs
	}
	seen := r.closure(file)
	rank := func(ref indexer.SymbolRef) int {
		n := 0
		if !r.symbol(ref).Definition {
			n += 4
		}
		if !seen.has(int(ref.File)) {
			n += 2
		}
		if int(ref.File) != file {
			n++
		}
		if r.symbol(ref).Kind == indexer.KindNamespace { // an alias says what it stands for
			n += 8
		}
		if r.isOff(ref) {
			n += 3
		}
		return n
	}
	refs = slices.Clone(refs)
	slices.SortStableFunc(refs, func(a, b indexer.SymbolRef) int {
		return rank(a) - rank(b)
	})
	return refs
}

// qualifiedName looks up a name as it is written, of a kind that is wanted.
func (r *Resolver) qualifiedName(path []string, e *env, steps int, wanted func(indexer.Kind) bool) finding {
	n := len(path)
	if steps <= 0 || n == 0 {
		return finding{}
	}
	found, unseen := r.aroundName(path, e, steps-1, wanted)
	if found.ok() {
		return found
	}
	if f := r.throughUses(path, e, steps-1, wanted); f.ok() {
		return f
	}
	if unseen.ok() {
		return unseen
	}
	if strings.IndexByte(path[n-1], '_') > 0 {
		if f := r.flattened(path, e, steps-1); f.ok() {
			return f
		}
	}
	if n == 1 {
		return finding{}
	}
	return r.throughQualifier(path, e, steps-1, wanted)
}

// aroundName looks a name up in the scopes around it, the innermost first. What
// it finds in no file that is included is unseen, and the last resort.
func (r *Resolver) aroundName(path []string, e *env, steps int, wanted func(indexer.Kind) bool) (found, unseen finding) {
	n := len(path)
	name, qualifier := path[n-1], strings.Join(path[:n-1], "::")
	set := r.named(name)
	for _, scope := range e.scopes {
		refs := filter(r, set.scopes[join(scope, qualifier)], wanted)
		if refs, sure := r.visible(refs, e.file); len(refs) > 0 {
			f := finding{refs: refs, sure: sure, reason: scopeReason(scope, qualifier)}
			if sure {
				return f, unseen
			}
			if !unseen.ok() && (n > 1 || scope != "") {
				unseen = f
			}
		}
		if n > 1 || scope == "" {
			continue
		}
		class := r.classAt(scope, e.file)
		if !class.found() {
			continue
		}
		if last(scope) == name && wanted(class.sym.Kind) { // a class knows itself by its name
			return finding{refs: []indexer.SymbolRef{class.ref}, sure: true, reason: scopeReason(parent(scope), "")}, unseen
		}
		if f := r.member(class, name, steps, wanted); f.ok() {
			return f, unseen
		}
	}
	return finding{}, unseen
}

// throughQualifier looks a qualified name up by what its qualifier means: an
// alias, a class that is inherited, or one whose base has the name.
func (r *Resolver) throughQualifier(path []string, e *env, steps int, wanted func(indexer.Kind) bool) finding {
	n := len(path)
	name, qualified := path[n-1], reason(indexer.ReasonQualified, strings.Join(path[:n-1], "::"))
	if target, ok := r.namespaceAlias(path[0], e); ok {
		if isExternalRoot(target.path[0]) {
			return finding{}
		}
		if f := r.qualifiedName(slices.Concat(target.path, path[1:]), target.env, steps, wanted); f.ok() {
			f.reason = qualified
			return f
		}
	}
	if n > 2 && strings.HasSuffix(path[n-2], "Case") { // Message::OneofCase::kField
		if message := r.entityOf(typ{path: path[:n-2], env: e}, steps); message.found() && message.sym.Kind == indexer.KindMessage {
			return r.accessor(message, name)
		}
	}
	class := r.entityOf(typ{path: path[:n-1], env: e}, steps)
	if !class.found() {
		return finding{}
	}
	f := r.member(class, name, steps, wanted)
	f.reason = qualified
	return f
}

func scopeReason(scope, qualifier string) indexer.Reason {
	switch {
	case qualifier != "":
		return reason(indexer.ReasonQualified, qualifier)
	case scope == "":
		return reason(indexer.ReasonUnique, "")
	}
	return reason(indexer.ReasonScope, scope)
}

func filter(r *Resolver, refs []indexer.SymbolRef, wanted func(indexer.Kind) bool) []indexer.SymbolRef {
	var kept []indexer.SymbolRef
	for _, ref := range refs {
		if wanted(r.symbol(ref).Kind) {
			kept = append(kept, ref)
		}
	}
	return kept
}

// anything tells what a name may mean that is neither a macro's nor follows a ~.
// A constructor goes by the name of its class.
func anything(k indexer.Kind) bool {
	return k != indexer.KindMacro && k != indexer.KindConstructor && k != indexer.KindDestructor && k != indexer.KindTest
}

// isScope tells what a name may mean that stands before ::, variables and
// functions of that name apart.
func isScope(k indexer.Kind) bool {
	return isType(k) || k == indexer.KindNamespace || k == indexer.KindPackage
}

// throughUses looks a name up through the using declarations and directives
// of its file.
func (r *Resolver) throughUses(path []string, e *env, steps int, wanted func(indexer.Kind) bool) finding {
	if steps <= 0 {
		return finding{}
	}
	if f := r.throughUsesOf(e.file, path, e, steps, wanted); f.ok() {
		return f
	}
	for _, file := range r.included(e.file) {
		if f := r.throughUsesOf(file, path, e, steps, wanted); f.ok() {
			return f
		}
	}
	return finding{}
}

// throughUsesOf looks a name up through what a file uses: that of e, or one that
// it includes, where only what is used in the namespaces around counts.
func (r *Resolver) throughUsesOf(file int, path []string, e *env, steps int, wanted func(indexer.Kind) bool) finding {
	for _, u := range r.usesOf(file) {
		var full []string
		switch {
		case u.directive:
			full = slices.Concat(u.path, path)
		case u.path[len(u.path)-1] == path[0] && len(u.path) > 1:
			full = slices.Concat(u.path, path[1:])
		default:
			continue
		}
		if isExternalRoot(full[0]) {
			continue
		}
		if file != e.file {
			if scope := r.spaceAt(file, u.offset); scope == "" || !slices.Contains(e.scopes, scope) {
				continue
			}
		}
		if f := r.inScopes(full, e, wanted); f.ok() {
			f.reason = reason(indexer.ReasonImported, strings.Join(u.path, "::"))
			return f
		}
		if !u.directive && strings.IndexByte(full[len(full)-1], '_') > 0 {
			if f := r.flattened(full, e, steps-1); f.ok() {
				return f
			}
		}
	}
	return finding{}
}

// spaceAt returns the plain name of the namespace that an offset of a file
// stands in, "" in none or in anything else.
func (r *Resolver) spaceAt(file int, offset int32) string {
	at := (&indexer.Code{Lines: r.linesOf(file)}).Position(offset)
	space := ""
	for i := range r.corpus.Symbols(file) {
		s := &r.corpus.Symbols(file)[i]
		if after(s.Span.Start, at) {
			break
		}
		if after(at, s.Span.End) {
			continue
		}
		if s.Kind != indexer.KindNamespace {
			return ""
		}
		space = qualified(s)
	}
	return plain(space)
}

// inScopes looks a qualified name up in the scopes of e alone.
func (r *Resolver) inScopes(path []string, e *env, wanted func(indexer.Kind) bool) finding {
	n := len(path)
	set, qualifier := r.named(path[n-1]), strings.Join(path[:n-1], "::")
	for _, scope := range e.scopes {
		refs := filter(r, set.scopes[join(scope, qualifier)], wanted)
		if refs, sure := r.visible(refs, e.file); len(refs) > 0 {
			return finding{refs: refs, sure: sure}
		}
	}
	return finding{}
}

// namespaceAlias returns what namespace F = A::B; makes F stand for.
func (r *Resolver) namespaceAlias(name string, e *env) (typ, bool) {
	set := r.named(name)
	for _, scope := range e.scopes {
		refs, _ := r.visible(filter(r, set.scopes[scope], func(k indexer.Kind) bool { return k == indexer.KindAlias }), e.file)
		for _, ref := range refs {
			if head := r.head(ref); head.Is(0, "namespace") {
				return r.aliasTarget(ref), true
			}
		}
	}
	return typ{}, false
}

// classAt returns the class of that plain qualified name that a file sees.
func (r *Resolver) classAt(name string, file int) entity {
	set := r.named(last(name))
	if set.isSpace {
		return entity{}
	}
	refs, _ := r.visible(set.classes[parent(name)], file)
	if len(refs) == 0 {
		return entity{}
	}
	best := r.bestType(refs, file)[0]
	return entity{ref: best, name: name, sym: r.symbol(best)}
}

// member looks a name up in a class and its bases.
func (r *Resolver) member(class entity, name string, steps int, wanted func(indexer.Kind) bool) finding {
	if steps <= 0 || !class.found() {
		return finding{}
	}
	if class.sym.Kind == indexer.KindMessage {
		return r.accessor(class, name)
	}
	bind := r.bindingOf(class.ref, class.args)
	var refs []indexer.SymbolRef
	for _, ref := range r.named(name).scopes[class.name] {
		if s := r.symbol(ref); wanted(s.Kind) && s.Kind != indexer.KindEnumerator || s.Kind == indexer.KindEnumerator && wanted(s.Kind) {
			refs = append(refs, ref)
		}
	}
	if len(refs) > 0 {
		return finding{refs: r.ofClass(refs, class), sure: true, reason: reason(indexer.ReasonMember, last(class.name)), bind: bind}
	}
	var best finding
	var owner string
	for _, base := range r.bases(class.ref) {
		b := r.entityOf(base.bound(bind), steps-1)
		if b.found() && b.sym.Name == name && wanted(b.sym.Kind) { // a class knows its bases by their names
			return finding{refs: []indexer.SymbolRef{b.ref}, sure: true, reason: reason(indexer.ReasonInherited, name), bind: bind}
		}
		f := r.member(b, name, steps-1, wanted)
		if !f.ok() {
			continue
		}
		f.reason.Kind = indexer.ReasonInherited
		// What a base overrides is hidden, though another base has it, too.
		other := plain(r.symbol(f.refs[0]).Container)
		if !best.ok() || other != owner && r.derives(r.classAt(other, class.refFile()), owner, steps-1) {
			best, owner = f, other
		}
	}
	return best
}

// derives reports whether a class is derived from the one of that name.
func (r *Resolver) derives(class entity, base string, steps int) bool {
	if steps <= 0 || !class.found() {
		return false
	}
	for _, t := range r.bases(class.ref) {
		if b := r.entityOf(t, steps-1); b.found() && (b.name == base || r.derives(b, base, steps-1)) {
			return true
		}
	}
	return false
}

// ofClass leaves out the members of classes elsewhere that have the same
// qualified name.
func (r *Resolver) ofClass(refs []indexer.SymbolRef, class entity) []indexer.SymbolRef {
	var kept []indexer.SymbolRef
	for _, ref := range refs {
		if ref.File == class.ref.File {
			// A file may define a class several times, in anonymous namespaces or under #if.
			kept = append(kept, ref)
			continue
		}
		if s := r.symbol(ref); s.Definition && s.Kind != indexer.KindEnumerator && r.closure(int(ref.File)).has(int(class.ref.File)) {
			kept = append(kept, ref)
		}
	}
	if len(kept) == 0 {
		return refs
	}
	return kept
}

// accessor returns the field of a message that a generated member leads to.
func (r *Resolver) accessor(message entity, name string) finding {
	try := func(field string) (finding, bool) {
		refs := filter(r, r.named(field).scopes[message.name], anything)
		if len(refs) == 0 {
			return finding{}, false
		}
		return finding{refs: refs[:1], sure: true, reason: reason(indexer.ReasonGenerated, last(message.name))}, true
	}
	names := []string{name}
	for _, prefix := range []string{"has_", "mutable_", "set_", "add_", "clear_", "release_", "set_allocated_", "unsafe_arena_set_allocated_"} {
		if field, ok := strings.CutPrefix(name, prefix); ok {
			names = append(names, field)
		}
	}
	for _, suffix := range []string{"_size", "_case", "_Name", "_Parse", "_IsValid", "_descriptor", "_MIN", "_MAX", "_ARRAYSIZE"} {
		if field, ok := strings.CutSuffix(name, suffix); ok {
			names = append(names, field)
		}
	}
	if field, ok := strings.CutPrefix(name, "k"); ok && field != "" {
		names = append(names, snake(field))
		if f, ok := strings.CutSuffix(name, "FieldNumber"); ok {
			names = append(names, snake(f[1:]))
		}
	}
	if oneof, ok := strings.CutSuffix(name, "Case"); ok {
		names = append(names, snake(oneof))
	}
	if oneof, ok := strings.CutSuffix(name, "_NOT_SET"); ok {
		names = append(names, strings.ToLower(oneof))
	}
	for _, n := range names {
		if f, ok := try(n); ok {
			return f
		}
	}
	if isOfEveryMessage(name) {
		return finding{refs: []indexer.SymbolRef{message.ref}, sure: true, reason: reason(indexer.ReasonGenerated, last(message.name))}
	}
	return finding{}
}

// isOfEveryMessage tells the members that protoc generates in every class.
func isOfEveryMessage(name string) bool {
	switch name {
	case "default_instance", "descriptor", "GetDescriptor", "GetReflection", "New", "CopyFrom", "MergeFrom", "Swap", "Clear",
		"IsInitialized", "ByteSizeLong":
		return true
	}
	return false
}

// flattened looks up what protoc names Outer_Inner, for what is nested in a
// message.
func (r *Resolver) flattened(path []string, e *env, steps int) finding {
	name := path[len(path)-1]
	if steps <= 0 || name[0] < 'A' || name[0] > 'Z' || !strings.ContainsFunc(name, func(c rune) bool { return c >= 'a' && c <= 'z' }) {
		return finding{}
	}
	for i := len(name) - 1; i > 0; i-- {
		if name[i] != '_' || i+1 == len(name) {
			continue
		}
		outer := append(slices.Clone(path[:len(path)-1]), name[:i])
		if message := r.entityOf(typ{path: outer, env: e}, steps-1); message.found() && message.sym.Kind == indexer.KindMessage {
			return r.accessor(message, name[i+1:])
		}
	}
	return finding{}
}

// snake returns the words of a CamelCase name joined by underscores.
func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}
