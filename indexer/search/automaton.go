package search

import (
	"context"
	"encoding/binary"
	"regexp/syntax"
	"unicode/utf8"
)

// automaton tells whether lines match a regular expression: a deterministic
// automaton over bytes that is built while it runs, as described by Russ Cox
// in "Regular Expression Matching in the Wild" (2010). Package regexp, which
// also tells what matches, reads some 50 MB/s where this reads 700.
//
// A state is a set of instructions of the program that a line's text so far
// may have led to. Assertions such as \b and $ depend on the next rune, so a
// state holds them unresolved, with the kind of rune that came last.
type automaton struct {
	program *syntax.Prog
	states  map[string]*state
	start   *state // at the beginning of a line
	matched *state // a match has been seen
	misses  int    // transitions that had to be computed

	set, resolved instructions // scratch
	key           []byte
}

type state struct {
	next    [256]*state // nil when not computed
	last    rune        // stands for all of its kind: -1 at the beginning of a line, 'a' in a word, ' ' elsewhere
	partial string      // bytes of a rune that is not complete
	insts   []uint32
}

// maxStates is how many states are kept, of 2 KB each, before starting over.
const maxStates = 2000

func newAutomaton(program *syntax.Prog) *automaton {
	a := &automaton{program: program, matched: new(state)}
	n := len(program.Inst)
	a.set.init(n)
	a.resolved.init(n)
	a.reset()
	return a
}

func (a *automaton) reset() {
	a.states = make(map[string]*state)
	a.set.clear()
	a.follow(&a.set, uint32(a.program.Start), 0)
	a.start = a.intern(-1, "", &a.set)
}

// find returns a position in the first line of text[start:end] that matches.
// Both bounds are those of lines. It gives up when the context ends.
func (a *automaton) find(ctx context.Context, text []byte, start, end int) (int, bool) {
	s := a.start
	for i, c := range text[start:end] {
		next := s.next[c]
		if next == nil {
			if a.misses++; a.misses%1024 == 0 && ctx.Err() != nil {
				return 0, false
			}
			next = a.step(s, c)
		}
		if next == a.matched {
			return start + i, true
		}
		s = next
	}
	// As if a newline followed, where none does.
	if end > start && text[end-1] != '\n' && a.step(s, '\n') == a.matched {
		return end - 1, true
	}
	return 0, false
}

// step computes the state that a byte leads to.
func (a *automaton) step(s *state, c byte) *state {
	if len(a.states) > maxStates {
		a.reset() // s stays valid, but what leads to it is forgotten
	}
	next := a.stepTo(s, c)
	s.next[c] = next
	return next
}

func (a *automaton) stepTo(s *state, c byte) *state {
	if c == '\n' {
		for s.partial != "" { // broken UTF-8 at the end of a line
			s = a.stepRune(s, utf8.RuneError, s.partial[1:])
			if s == a.matched {
				return s
			}
		}
		a.resolve(s, -1)
		if a.hasMatch(&a.resolved) {
			return a.matched
		}
		return a.start
	}
	if s.partial == "" && c < utf8.RuneSelf {
		return a.stepRune(s, rune(c), "")
	}
	partial := s.partial + string([]byte{c})
	for partial != "" && utf8.FullRuneInString(partial) {
		r, size := utf8.DecodeRuneInString(partial)
		partial = partial[size:]
		if s = a.stepRune(s, r, ""); s == a.matched {
			return s
		}
	}
	if partial == "" {
		return s
	}
	a.set.clear()
	for _, pc := range s.insts {
		a.set.add(pc)
	}
	return a.intern(s.last, partial, &a.set)
}

// stepRune returns the state after a rune, with partial left to be read.
func (a *automaton) stepRune(s *state, r rune, partial string) *state {
	a.resolve(s, r)
	if a.hasMatch(&a.resolved) {
		return a.matched
	}
	a.set.clear()
	for _, pc := range a.resolved.list {
		inst := &a.program.Inst[pc]
		switch inst.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if inst.MatchRune(r) {
				a.follow(&a.set, inst.Out, 0)
			}
		}
	}
	a.follow(&a.set, uint32(a.program.Start), 0) // a match may begin anywhere
	last := ' '
	if syntax.IsWordChar(r) {
		last = 'a'
	}
	return a.intern(last, partial, &a.set)
}

// resolve sets a.resolved to the instructions of s, and to those behind its
// assertions that hold before r; -1 is the end of the line.
func (a *automaton) resolve(s *state, r rune) {
	holds := syntax.EmptyOpContext(s.last, r)
	a.resolved.clear()
	for _, pc := range s.insts {
		a.follow(&a.resolved, pc, holds)
	}
}

// follow adds pc to a set, and what it leads to without reading a rune, given
// which assertions hold.
func (a *automaton) follow(set *instructions, pc uint32, holds syntax.EmptyOp) {
	if !set.add(pc) {
		return
	}
	inst := &a.program.Inst[pc]
	switch inst.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		a.follow(set, inst.Out, holds)
		a.follow(set, inst.Arg, holds)
	case syntax.InstCapture, syntax.InstNop:
		a.follow(set, inst.Out, holds)
	case syntax.InstEmptyWidth:
		if syntax.EmptyOp(inst.Arg)&^holds == 0 {
			a.follow(set, inst.Out, holds)
		}
	}
}

func (a *automaton) hasMatch(set *instructions) bool {
	for _, pc := range set.list {
		if a.program.Inst[pc].Op == syntax.InstMatch {
			return true
		}
	}
	return false
}

// intern returns the state of those instructions.
func (a *automaton) intern(last rune, partial string, set *instructions) *state {
	a.key = append(a.key[:0], byte(last), byte(len(partial)))
	a.key = append(a.key, partial...)
	insts := make([]uint32, 0, len(set.list))
	for _, pc := range set.list {
		switch a.program.Inst[pc].Op {
		case syntax.InstAlt, syntax.InstAltMatch, syntax.InstCapture, syntax.InstNop, syntax.InstFail:
			continue // what they lead to is in the set
		}
		insts = append(insts, pc)
		a.key = binary.AppendUvarint(a.key, uint64(pc))
	}
	if s, ok := a.states[string(a.key)]; ok {
		return s
	}
	s := &state{last: last, partial: partial, insts: insts}
	a.states[string(a.key)] = s
	return s
}

// instructions is a set of instructions that keeps the order of adding.
type instructions struct {
	list []uint32
	has  bitset
}

func (s *instructions) init(n int) { s.has = make(bitset, (n+63)/64) }

func (s *instructions) clear() {
	s.list = s.list[:0]
	clear(s.has)
}

func (s *instructions) add(pc uint32) bool {
	if s.has.has(int(pc)) {
		return false
	}
	s.has.add(int(pc))
	s.list = append(s.list, pc)
	return true
}
