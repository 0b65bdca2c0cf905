package ui

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"regexp"
)

// What pages need that are read without a server: scripts that are no modules,
// as browsers load none from disk, and a style.
//
//go:embed export
var exported embed.FS

// The files of exported pages.
const (
	ExportEarly  = "early.js" // before the first paint
	ExportScript = "export.js"
	ExportStyle  = "export.css"
	ExportStudy  = "study.js" // what the pages of lessons have besides
)

// ExportFile returns a file of exported pages.
func ExportFile(name string) []byte {
	if name == ExportStudy {
		return classic("component/study/zoom.js", "component/study/study.js")
	}
	text, err := exported.ReadFile(path.Join("export", name))
	if err != nil {
		panic("ui: " + err.Error())
	}
	if name == ExportScript {
		return append(classic("component/prose/prose.js"), text...)
	}
	return text
}

// exports matches where a module exports a function.
var exports = regexp.MustCompile(`(?m)^export ((?:async )?function (\w+))`)

// classic makes one script of modules, each after those that it imports. The
// functions that they export are the window's.
func classic(modules ...string) []byte {
	var out bytes.Buffer
	for _, name := range modules {
		text, err := files.ReadFile(name)
		if err != nil {
			panic("ui: " + err.Error())
		}
		text = exports.ReplaceAll(text, []byte("window.$2 = $1"))
		text = bytes.ReplaceAll(text, []byte("await import('./zoom.js')"), []byte("window"))
		fmt.Fprintf(&out, "(() => {\n'use strict';\n%s})();\n", text)
	}
	return out.Bytes()
}

// AssetContent returns the content of an asset, nil when there is none.
func AssetContent(name string) []byte {
	if names := stylesOf(name); names != nil {
		var all [][]byte
		for _, n := range names {
			all = append(all, AssetContent(n))
		}
		return bytes.Join(all, nil)
	}
	content, ok := assets().content[name]
	if !ok || content != nil {
		return content
	}
	content, err := files.ReadFile(name)
	if err != nil {
		panic("ui: reading an embedded file: " + err.Error())
	}
	return content
}
