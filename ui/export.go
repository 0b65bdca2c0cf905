package ui

import (
	"embed"
	"path"
)

// What pages need that are read without a server: a script that is no module,
// as browsers load none from disk, and a style.
//
//go:embed export
var exported embed.FS

// The files of exported pages.
const (
	ExportScript = "export.js"
	ExportStyle  = "export.css"
)

// ExportFile returns a file of exported pages.
func ExportFile(name string) []byte {
	text, err := exported.ReadFile(path.Join("export", name))
	if err != nil {
		panic("ui: " + err.Error())
	}
	return text
}

// AssetContent returns the content of an asset, nil when there is none.
func AssetContent(name string) []byte {
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
