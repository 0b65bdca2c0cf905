package source

import (
	"context"
	"net/url"
	"strings"

	"navigator/indexer"
)

// Description is what a checkout tells about itself.
type Description struct {
	URL       string                   // of the upstream repository as a browser opens it, "" when unknown
	Revision  string                   // full commit id of HEAD
	Languages map[indexer.Language]int // number of tracked files by language
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
	root := strings.TrimSpace(string(top))
	d := &Description{URL: upstream(ctx, root), Revision: revision, Languages: make(map[indexer.Language]int)}
	out, err := git(ctx, root, "ls-files", "-z")
	if err != nil {
		return nil, err
	}
	for path := range records(out) {
		d.Languages[indexer.LanguageOf(path)]++
	}
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
