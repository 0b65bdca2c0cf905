package server

import (
	"net/url"
	"strconv"
	"strings"

	"navigator/indexer"
)

// escapePath escapes a slash-separated path for an address.
func escapePath(path string) string {
	return (&url.URL{Path: path}).EscapedPath()
}

// placeAddress returns the address of a file, of a folder when path ends in
// "/" or is empty, or of lines in a file. The lines are said twice: in the
// query for the server, and as the fragment that a browser scrolls to.
func placeAddress(source, path string, lines indexer.Lines) string {
	address := "/src/" + url.PathEscape(source) + "/" + escapePath(path)
	if lines.IsZero() {
		return address
	}
	return address + "?lines=" + lines.String() + "#L" + strconv.Itoa(lines.First)
}

// lessonAddress returns the address of a lesson, or of a heading or citation
// in it.
func lessonAddress(id, anchor string) string {
	address := "/lessons/" + escapePath(id)
	if anchor != "" {
		address += "#" + url.PathEscape(anchor)
	}
	return address
}

// citationAnchor is the id of a lesson's citation i in its page.
func citationAnchor(i int) string { return "cite-" + strconv.Itoa(i) }

// maxLine bounds the line numbers that addresses may ask for.
const maxLine = 1e8

// parseLines reads a range of lines as citations and fragments write it: "60",
// "394-420", "L60", "L394-L420". A range that runs backwards is turned round.
func parseLines(s string) (indexer.Lines, bool) {
	first, last, isRange := strings.Cut(s, "-")
	from, ok := parseLine(first)
	if !ok {
		return indexer.Lines{}, false
	}
	to := from
	if isRange {
		if to, ok = parseLine(last); !ok {
			return indexer.Lines{}, false
		}
	}
	return indexer.Lines{First: min(from, to), Last: max(from, to)}, true
}

func parseLine(s string) (int, bool) {
	digits := strings.TrimPrefix(s, "L")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && 1 <= n && n <= maxLine
}

// upstreamAddress returns the address of a file at the revision that was
// indexed, on the site that hosts the source's repository, or "" when the
// source's URL names no such site. Lines are added as a fragment, "#L3-L5".
func upstreamAddress(s indexer.Source, path string) string {
	if s.URL == "" || s.Revision == "" {
		return ""
	}
	repository := s.URL
	if user, rest, ok := strings.Cut(repository, "@"); ok && !strings.Contains(user, "/") {
		repository = "https://" + strings.Replace(rest, ":", "/", 1) // git@host:owner/name
	}
	u, err := url.Parse(strings.TrimSuffix(strings.TrimSuffix(repository, "/"), ".git"))
	if err != nil || u.Host == "" {
		return ""
	}
	switch u.Scheme {
	case "https", "http":
	case "ssh", "git":
		u.Scheme, u.Host = "https", u.Hostname()
	default:
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	tree := "/blob/"
	if path == "" || strings.HasSuffix(path, "/") {
		tree = "/tree/"
	}
	if strings.HasPrefix(u.Host, "gitlab.") {
		tree = "/-" + tree
	}
	return u.String() + tree + url.PathEscape(s.Revision) + "/" + escapePath(path)
}

// editorAddress fills the template of an editor's URL, such as
// "vscode://file/{path}:{line}". {line} is left for 0, to be filled later. It
// returns "" for a template whose scheme could run code in the page. An absolute
// path brings its slash, so one before {path} is dropped.
func editorAddress(template, root, path string, line int) string {
	template = strings.ReplaceAll(template, "/{path}", "{path}")
	scheme, _, ok := strings.Cut(template, ":")
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "javascript", "data", "vbscript", "blob":
		return ""
	}
	if !ok {
		return ""
	}
	address := strings.ReplaceAll(template, "{path}", escapePath(strings.TrimSuffix(root, "/")+"/"+path))
	if line > 0 {
		address = strings.ReplaceAll(address, "{line}", strconv.Itoa(line))
	}
	return address
}
