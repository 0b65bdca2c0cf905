package source

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"navigator/indexer"
)

// Description is what a checkout tells about itself.
type Description struct {
	Root      string                   // absolute folder of the whole checkout
	URL       string                   // of the upstream repository as a browser opens it, "" when unknown
	Revision  string                   // full commit id of HEAD
	Languages map[indexer.Language]int // number of tracked files by language
	Folders   []string                 // top-level folders that hold a parsed language, sorted
}

// Describe looks at the git checkout that dir is in. Any other folder gives a
// [*NotCheckoutError].
func Describe(ctx context.Context, dir string) (*Description, error) {
	revision, err := head(ctx, dir)
	if err != nil {
		return nil, err
	}
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	d := &Description{Root: strings.TrimSpace(string(top)), Revision: revision, Languages: make(map[indexer.Language]int)}
	d.URL = upstream(ctx, d.Root)
	out, err := git(ctx, d.Root, "ls-files", "-z")
	if err != nil {
		return nil, err
	}
	for path := range records(out) {
		lang := indexer.LanguageOf(path)
		d.Languages[lang]++
		if folder, _, ok := strings.Cut(path, "/"); ok && lang != indexer.Text && !slices.Contains(d.Folders, folder) {
			d.Folders = append(d.Folders, folder)
		}
	}
	slices.Sort(d.Folders)
	return d, nil
}

// upstream returns the web address of the remote called upstream, else of
// origin.
func upstream(ctx context.Context, root string) string {
	for _, remote := range []string{"upstream", "origin"} {
		if out, err := git(ctx, root, "remote", "get-url", remote); err == nil {
			if web := WebURL(strings.TrimSpace(string(out))); web != "" {
				return web
			}
		}
	}
	return ""
}

// WebURL turns the address of a git remote into that of the repository's web
// page: "git@github.com:envoyproxy/envoy.git" into
// "https://github.com/envoyproxy/envoy". It is "" for an address without one,
// such as a local path. Credentials are dropped.
func WebURL(remote string) string {
	if !strings.Contains(remote, "://") {
		host, path, ok := strings.Cut(remote, ":")
		if !ok || strings.Contains(host, "/") {
			return ""
		}
		remote = "ssh://" + host + "/" + path
	}
	u, err := url.Parse(remote)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	switch u.Scheme {
	case "http", "https", "ssh", "git", "git+ssh":
	default:
		return ""
	}
	return "https://" + u.Hostname() + "/" + strings.Trim(strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), ".git"), "/")
}
