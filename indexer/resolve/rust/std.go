package rust

import "strings"

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// preludeNames are in scope everywhere.
var preludeNames = map[string]string{
	"Option": "std::option::Option", "Some": "std::option::Option::Some", "None": "std::option::Option::None",
	"Result": "std::result::Result", "Ok": "std::result::Result::Ok", "Err": "std::result::Result::Err",
	"Box": "std::boxed::Box", "String": "std::string::String", "Vec": "std::vec::Vec", "ToString": "std::string::ToString",
	"ToOwned": "std::borrow::ToOwned", "Clone": "std::clone::Clone", "Copy": "std::marker::Copy", "Send": "std::marker::Send",
	"Sync": "std::marker::Sync", "Sized": "std::marker::Sized", "Unpin": "std::marker::Unpin", "Drop": "std::ops::Drop",
	"Fn": "std::ops::Fn", "FnMut": "std::ops::FnMut", "FnOnce": "std::ops::FnOnce", "AsyncFn": "std::ops::AsyncFn",
	"drop": "std::mem::drop", "From": "std::convert::From", "Into": "std::convert::Into", "TryFrom": "std::convert::TryFrom",
	"TryInto": "std::convert::TryInto", "AsRef": "std::convert::AsRef", "AsMut": "std::convert::AsMut",
	"Default": "std::default::Default", "Iterator": "std::iter::Iterator", "IntoIterator": "std::iter::IntoIterator",
	"Extend": "std::iter::Extend", "ExactSizeIterator": "std::iter::ExactSizeIterator", "FromIterator": "std::iter::FromIterator",
	"DoubleEndedIterator": "std::iter::DoubleEndedIterator", "PartialEq": "std::cmp::PartialEq", "Eq": "std::cmp::Eq",
	"PartialOrd": "std::cmp::PartialOrd", "Ord": "std::cmp::Ord", "Debug": "std::fmt::Debug", "Hash": "std::hash::Hash",
	"size_of": "std::mem::size_of", "align_of": "std::mem::align_of",
}

var stdMacros = set("println", "print", "eprintln", "eprint", "format", "vec", "panic", "assert", "assert_eq", "assert_ne",
	"debug_assert", "debug_assert_eq", "debug_assert_ne", "write", "writeln", "todo", "unimplemented", "unreachable",
	"matches", "include_str", "include_bytes", "include", "env", "option_env", "concat", "stringify", "line", "file",
	"column", "module_path", "cfg", "compile_error", "dbg", "thread_local", "format_args")

// stdMethods are names so usual in the standard library that an unknown
// receiver is taken to be of there.
var stdMethods = set("clone", "into", "to_string", "unwrap", "expect", "iter", "iter_mut", "into_iter", "map", "map_err",
	"and_then", "or_else", "ok_or", "ok_or_else", "unwrap_or", "unwrap_or_else", "unwrap_or_default", "as_ref", "as_mut",
	"as_str", "as_bytes", "as_slice", "collect", "filter", "filter_map", "flat_map", "flatten", "for_each", "fold", "any", "all",
	"find", "position", "count", "sum", "min", "max", "rev", "zip", "enumerate", "skip", "chain", "cloned", "copied",
	"next", "len", "is_empty", "push", "pop", "insert", "remove", "get", "get_mut", "contains", "contains_key", "entry",
	"keys", "values", "values_mut", "extend", "drain", "clear", "sort", "sort_by", "sort_by_key", "retain", "split", "trim",
	"starts_with", "ends_with", "to_owned", "to_vec", "borrow", "borrow_mut", "lock", "is_some", "is_none", "is_ok",
	"is_err", "ok", "err", "cmp", "partial_cmp", "eq", "ne", "hash", "fmt", "try_into", "send", "recv", "await", "join",
	"to_lowercase", "to_uppercase", "parse", "load", "store", "fetch_add", "fetch_sub", "elapsed", "is_some_and", "replace",
	"last", "first", "or_insert_with", "or_default", "or_insert", "with_context", "context", "as_deref", "boxed", "deref",
	"poll", "poll_next", "strip_prefix", "strip_suffix", "splitn", "chars", "bytes", "as_ptr", "to_vec", "take", "downgrade", "upgrade", "instrument")

// wrapperMethods are those of Arc, Box and the like themselves.
var wrapperMethods = set("clone", "as_ref", "as_mut", "borrow")

// traitOf says where what types have by derive, or by a trait outside, comes
// from.
var traitOf = map[string]string{
	"clone": "std::clone::Clone", "default": "std::default::Default", "eq": "std::cmp::PartialEq", "ne": "std::cmp::PartialEq",
	"cmp": "std::cmp::Ord", "partial_cmp": "std::cmp::PartialOrd", "hash": "std::hash::Hash", "fmt": "std::fmt::Debug",
	"into": "std::convert::Into", "try_into": "std::convert::TryInto", "from": "std::convert::From", "try_from": "std::convert::TryFrom",
	"to_string": "std::string::ToString", "to_owned": "std::borrow::ToOwned", "borrow": "std::borrow::Borrow",
	"serialize": "serde::Serialize", "deserialize": "serde::Deserialize", "await": "std::future::Future",
	"instrument": "tracing::Instrument", "encode_to_vec": "prost::Message", "encode": "prost::Message",
}

func externalTrait(name string) string {
	if t := traitOf[name]; t != "" {
		return t + "::" + name
	}
	if stdMethods[name] {
		return "std::" + name
	}
	return "?"
}

func isMap(t *typ) bool {
	switch t.short() {
	case "HashMap", "BTreeMap", "IndexMap":
		return true
	}
	return false
}

// elem returns what a collection, or a slice, holds.
func elem(t *typ) *typ {
	t = t.strip()
	switch {
	case t == nil:
		return nil
	case t.isOpaque():
		return t
	case t.form == formSlice:
		return t.arg(0)
	case isMap(t):
		return &typ{form: formTuple, args: []*typ{t.arg(0), t.arg(1)}}
	}
	switch t.short() {
	case "Vec", "VecDeque", "HashSet", "BTreeSet", "Iterator", "Option", "Range", "IntoIter", "Iter", "LinkedList", "BinaryHeap",
		"Stream", "ReceiverStream", "IntoIterator", "BoxStream", "IndexSet", "Result":
		return t.arg(0)
	}
	return nil
}

// iterated returns what a for loop over t gives.
func (r *Resolver) iterated(t *typ) *typ {
	for range 6 {
		if t == nil {
			return nil
		}
		if e := elem(t); e != nil {
			return e
		}
		if t.form == formOwn {
			for _, im := range r.implsOf(t) {
				if n := lastName(im.item.Trait); n == "Iterator" || n == "IntoIterator" {
					for _, it := range im.item.Items {
						if it.Kind == TypeAlias && it.Name.Text == "Item" {
							return subst(r.implContext(im).typ(it.Type), r.bindImpl(im, t))
						}
					}
				}
			}
		}
		t = r.unwrapped(t)
	}
	return nil
}

func option(t *typ) *typ   { return extern("std::option::Option", t) }
func iterator(t *typ) *typ { return extern("std::iter::Iterator", t) }
func future(t *typ) *typ   { return extern("std::future::Future", t) }

// externCall walks the call of a function outside.
func (c *context) externCall(e *Expr, tg target, want *typ) *typ {
	name := ""
	if n := len(e.X.Path.Segs); n > 0 {
		name = e.X.Path.Segs[n-1].Name.Text
	}
	owner := tg.owner
	var params []*typ
	switch {
	case name == "Some" && want.short() == "Option", name == "Ok" && want.short() == "Result":
		params = []*typ{want.arg(0)}
	case name == "Err" && want.short() == "Result":
		params = []*typ{want.arg(1)}
	case owner != nil && want != nil && owner.form == formExt && owner.short() == want.short():
		params = []*typ{want.arg(0)}
	}
	args := c.args(e.List, params, nil)
	var first *typ
	if len(args) > 0 {
		first = args[0]
	}
	switch name {
	case "Some":
		return option(first)
	case "Ok":
		return extern("std::result::Result", first, want.arg(1))
	case "Err":
		return extern("std::result::Result", want.arg(0), first)
	case "take", "replace":
		if owner == nil {
			return first.strip()
		}
	case "spawn", "spawn_blocking":
		if t := c.awaited(first); t != nil {
			return extern("tokio::task::JoinHandle", t)
		}
		if first != nil && first.form == formFn {
			return extern("tokio::task::JoinHandle", first.ret)
		}
		return nil
	case "timeout":
		if len(args) > 1 {
			return future(extern("std::result::Result", c.awaited(args[1])))
		}
	case "channel", "unbounded_channel", "sync_channel":
		var t *typ = first
		if len(tg.args) > 0 {
			t = tg.args[0]
		} else if len(args) > 0 && !hasWatch(tg.ext) {
			t = nil
		}
		return &typ{form: formTuple, args: []*typ{extern("tokio::sync::mpsc::Sender", t), extern("tokio::sync::mpsc::"+receiverOf(tg.ext), t)}}
	case "clone":
		return first.strip()
	case "default":
		if owner == nil || owner.short() == "Default" {
			return want
		}
	case "once", "repeat":
		return iterator(first)
	case "ready":
		return future(first)
	}
	if owner == nil || owner.form == formParam || owner.form == formBound {
		if owner != nil && owner.form == formParam {
			return owner
		}
		return nil
	}
	if owner.form == formOwn {
		switch name {
		case "default", "from", "new", "clone":
			return owner
		case "decode", "try_from", "from_str", "parse", "deserialize":
			return extern("std::result::Result", owner)
		}
		return nil
	}
	if owner.form == formExt {
		switch owner.short() {
		case "Arc", "Box", "Rc", "Mutex", "RwLock", "RefCell", "Cell", "OnceCell", "Pin", "Reverse", "Lazy", "LazyLock", "AssertUnwindSafe":
			if len(owner.args) > 0 && owner.args[0] != nil {
				return owner
			}
			if name == "pin" {
				return extern("std::pin::Pin", extern("std::boxed::Box", first))
			}
			if (name == "new" || name == "from") && first != nil {
				if first.form == formFn && (owner.short() == "Lazy" || owner.short() == "LazyLock") {
					return extern(owner.ext, first.ret)
				}
				return extern(owner.ext, first)
			}
			if want.short() == owner.short() {
				return want
			}
			return extern(owner.ext)
		}
		if want.short() == owner.short() {
			return want
		}
		switch name {
		case "new", "default", "with_capacity", "from", "from_iter", "now", "builder", "new_v4":
			if len(owner.args) == 0 && name == "from" && elem(first) != nil {
				if t := elem(first); isMap(owner) && t.form == formTuple {
					return extern(owner.ext, t.args...)
				} else if owner.short() == "Vec" || owner.short() == "HashSet" {
					return extern(owner.ext, t)
				}
			}
			return owner
		}
		if len(owner.args) == 0 && elem(owner) == nil && !isMap(owner) && owner.short() != "Option" && owner.short() != "Result" {
			lib, _, _ := strings.Cut(owner.ext, "::")
			return opaque(lib)
		}
	}
	return nil
}

func hasWatch(ext string) bool { return len(ext) > 14 && contains(ext, "watch") }

func receiverOf(ext string) string {
	if contains(ext, "oneshot") || !contains(ext, "channel") {
		return "Receiver"
	}
	if contains(ext, "mpsc") {
		return "MpscReceiver"
	}
	return "Receiver"
}

// stdCall walks the arguments of a method outside, and returns what it gives
// where that is known. recv is nil when nothing is known of the receiver.
func (c *context) stdCall(e *Expr, recv, want *typ, turbofish []*typ) *typ {
	name := e.Name.Text
	t := c.stdReceiver(recv, name)
	first, second := t.arg(0), t.arg(1)
	var params []*typ
	if len(e.List) > 0 {
		params = closureParams(name, t, len(e.List))
	}
	args := c.args(e.List, params, nil)
	var ret *typ // of the closure
	if n := len(args); n > 0 && args[n-1] != nil && args[n-1].form == formFn {
		ret = args[n-1].ret
	}
	var arg *typ
	if len(args) > 0 {
		arg = args[0]
	}
	short := t.short()
	same := t
	switch name {
	case "clone", "to_owned":
		return recv.strip()
	case "into", "try_into", "parse":
		if name != "into" {
			if len(turbofish) > 0 {
				return extern("std::result::Result", turbofish[0])
			}
			return extern("std::result::Result", nil)
		}
		return want
	case "to_string", "to_lowercase", "to_uppercase", "into_string":
		return extern("std::string::String")
	case "len", "count", "capacity":
		return primitiveType("usize")
	case "is_some", "is_none", "is_ok", "is_err", "is_empty", "contains", "contains_key", "any", "all", "starts_with", "ends_with", "eq", "ne", "is_some_and":
		return primitiveType("bool")
	case "boxed", "boxed_local", "fuse", "instrument", "in_current_span", "right_future", "left_future", "shared", "with_subscriber":
		return recv
	}
	if t == nil {
		return nil
	}
	switch name {
	case "unwrap", "expect", "unwrap_or", "unwrap_or_default", "unwrap_or_else", "expect_err", "unwrap_err":
		switch short {
		case "Option", "Result", "Poll":
			if name == "expect_err" || name == "unwrap_err" {
				return second
			}
			return better(first, arg)
		}
		return recv
	case "lock", "read", "write", "lock_owned", "blocking_lock":
		switch short {
		case "Mutex", "RwLock":
			return extern("std::sync::MutexGuard", first)
		}
	case "borrow", "borrow_mut":
		switch short {
		case "RefCell", "Receiver", "MpscReceiver", "Sender":
			return extern("std::cell::Ref", first)
		}
		return recv
	case "load", "load_full":
		return extern("std::sync::Arc", first)
	case "upgrade":
		return option(extern("std::sync::Arc", first))
	case "subscribe":
		return extern("tokio::sync::watch::Receiver", first)
	case "ok":
		return option(first)
	case "err":
		return option(second)
	case "ok_or", "ok_or_else":
		return extern("std::result::Result", first, better(ret, arg))
	case "map_err":
		return extern("std::result::Result", first, ret)
	case "context", "with_context":
		return extern("std::result::Result", first)
	case "as_ref", "as_mut", "as_deref", "as_deref_mut", "cloned", "copied", "or", "or_else", "inspect", "inspect_err", "as_pin_mut":
		if short == "Option" && (name == "as_deref" || name == "as_deref_mut") && first != nil {
			if u := c.r.unwrapped(first.strip()); u != nil {
				return option(refTo(u))
			}
		}
		if short == "Option" || short == "Result" || short == "Iterator" {
			return extern(t.ext, first.refless(name), second)
		}
		if wrappers[short] {
			return refTo(first)
		}
		return same
	case "map":
		switch short {
		case "Option", "Iterator", "Poll", "Stream", "Receiver":
			return extern(t.ext, ret)
		case "Result":
			return extern(t.ext, ret, second)
		case "Future":
			return future(ret)
		}
		if e := elem(t); e != nil {
			return iterator(ret)
		}
		return nil
	case "and_then", "then":
		if short == "Future" {
			return future(ret)
		}
		if t.form == formPrim {
			return option(ret)
		}
		return ret
	case "then_some":
		return option(arg)
	case "map_or", "map_or_else":
		return better(arg, ret)
	case "flatten":
		if short == "Option" {
			return first
		}
		return iterator(elem(first))
	case "replace", "take", "insert":
		if short == "Option" || short == "Cell" || short == "RefCell" {
			if name == "insert" {
				return refTo(first)
			}
			return same
		}
		if isMap(t) {
			return option(second)
		}
		if name == "take" && short == "Iterator" {
			return same
		}
	case "get_or_insert_with", "get_or_insert", "get_or_init":
		return refTo(first)
	case "entry":
		if isMap(t) {
			return extern("std::collections::Entry", first, second)
		}
	case "or_insert", "or_insert_with", "or_default", "or_insert_with_key":
		if short == "Entry" {
			return refTo(second)
		}
	case "and_modify":
		return same
	case "values", "values_mut", "into_values":
		return iterator(second)
	case "keys", "into_keys":
		return iterator(first)
	case "get", "get_mut", "remove", "remove_entry":
		if isMap(t) {
			return option(second)
		}
		if name == "remove" {
			return first
		}
		return option(elem(t))
	case "recv", "changed", "closed", "next", "try_next":
		switch short {
		case "MpscReceiver", "UnboundedReceiver":
			return future(option(first))
		case "Receiver":
			return future(better(option(first), nil))
		case "Stream", "ReceiverStream":
			return future(option(first))
		}
		return option(elem(t))
	case "iter", "iter_mut", "into_iter", "drain", "by_ref", "rev", "skip", "filter", "chain", "peekable", "step_by", "skip_while",
		"take_while", "sorted", "sorted_by", "sorted_by_key", "unique", "cycle", "difference", "intersection", "union", "into_stream", "dedup":
		return iterator(elem(t))
	case "enumerate":
		return iterator(&typ{form: formTuple, args: []*typ{primitiveType("usize"), elem(t)}})
	case "zip":
		return iterator(&typ{form: formTuple, args: []*typ{elem(t), elem(arg)}})
	case "flat_map":
		return iterator(elem(ret))
	case "filter_map", "map_while":
		return iterator(elem(ret))
	case "last", "first", "peek", "pop", "pop_front", "pop_back", "find", "nth", "min", "max", "min_by_key", "max_by_key", "front",
		"back", "first_mut", "last_mut", "front_mut", "back_mut", "min_by", "max_by", "choose", "reduce", "peek_mut", "exactly_one", "at_most_one":
		return option(elem(t))
	case "find_map":
		return ret
	case "fold":
		return arg
	case "collect", "collect_vec", "try_collect":
		if len(turbofish) > 0 {
			want = turbofish[0]
		}
		if name == "collect_vec" {
			return extern("std::vec::Vec", elem(t))
		}
		if want != nil && want.form == formExt && (len(want.args) == 0 || hole(want)) {
			item := elem(t)
			switch {
			case isMap(want) && item != nil && item.form == formTuple:
				return extern(want.ext, item.args...)
			case want.short() == "Result":
				return want
			}
			return extern(want.ext, item)
		}
		return want
	case "as_slice", "as_mut_slice", "to_vec", "clone_from", "split_off":
		return recv
	case "lines", "split", "split_whitespace", "splitn", "args":
		return iterator(refTo(primitiveType("str")))
	case "as_str", "trim", "trim_end", "trim_start":
		return refTo(primitiveType("str"))
	case "send", "try_send":
		return extern("std::result::Result")
	case "saturating_sub", "saturating_add", "min_value", "max_value", "abs", "pow", "wrapping_add", "checked_sub":
		return recv
	case "into_inner", "get_ref":
		return first
	}
	if t.form == formExt && len(t.args) == 0 && short != "Option" && short != "Result" {
		lib, _, _ := strings.Cut(t.ext, "::")
		return opaque(lib)
	}
	return nil
}

// opaque returns the type of something outside that is not known, but is
// nothing of the corpus.
func opaque(lib string) *typ { return extern(lib + "::_") }

func (t *typ) isOpaque() bool { return t.short() == "_" }

func (t *typ) refless(name string) *typ {
	if name == "cloned" || name == "copied" {
		return t.strip()
	}
	return t
}

// stdReceiver takes off what a method of that name is not called on.
func (c *context) stdReceiver(t *typ, name string) *typ {
	for range 6 {
		if t == nil {
			return nil
		}
		if t.form == formExt && !wrappers[t.short()] || t.form == formSlice {
			return t
		}
		if t.form == formExt && (wrapperMethods[name] || t.short() == "MutexGuard" && (name == "unwrap" || name == "expect")) {
			return t
		}
		if t.form == formOwn {
			if item := c.r.iterated(t); item != nil {
				return iterator(item)
			}
		}
		next := c.r.unwrapped(t)
		if next == nil {
			return t
		}
		t = next
	}
	return t
}

// closureParams returns the parameters of a method outside, as far as it takes
// closures: what they are called with.
func closureParams(name string, t *typ, n int) []*typ {
	if t == nil {
		return nil
	}
	item := elem(t)
	fn := func(args ...*typ) *typ { return &typ{form: formFn, args: args} }
	switch name {
	case "map_err", "or_else", "unwrap_or_else", "inspect_err":
		return []*typ{fn(t.arg(1))}
	case "map", "and_then", "for_each", "filter", "filter_map", "flat_map", "any", "all", "find", "find_map", "position",
		"inspect", "is_some_and", "is_none_or", "take_while", "skip_while", "map_while", "partition", "max_by_key", "min_by_key",
		"sort_by_key", "sort_unstable_by_key", "sorted_by_key", "group_by", "then", "is_ok_and", "rposition", "for_each_concurrent":
		if t.short() == "Result" || t.short() == "Future" {
			item = t.arg(0)
		}
		if n == 2 {
			return []*typ{nil, fn(item)}
		}
		return []*typ{fn(item)}
	case "retain", "retain_mut":
		if isMap(t) {
			return []*typ{fn(t.arg(0), t.arg(1))}
		}
		return []*typ{fn(item)}
	case "and_modify":
		return []*typ{fn(t.arg(1))}
	case "fold":
		return []*typ{nil, fn(nil, item)}
	case "map_or", "map_or_else":
		if t.short() == "Result" {
			item = t.arg(0)
		}
		return []*typ{nil, fn(item)}
	case "sort_by", "sort_unstable_by", "max_by", "min_by", "reduce", "sorted_by":
		return []*typ{fn(item, item)}
	case "send_modify", "send_if_modified", "with":
		return []*typ{fn(t.arg(0))}
	case "push", "push_back", "push_front", "send", "set", "replace", "unwrap_or", "or":
		return []*typ{t.arg(0)}
	case "insert", "or_insert":
		if isMap(t) {
			return []*typ{t.arg(0), t.arg(1)}
		}
		return []*typ{t.arg(0)}
	}
	return nil
}
