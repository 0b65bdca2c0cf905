package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"navigator/annotations/anchor"
	"navigator/cmd/navigator/demo"
)

func demoCommand() *cobra.Command {
	var flags serveFlags
	var bump bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Index and serve the embedded demo",
		Long: `Index and serve the embedded demo: a small proxy in C++, a small tunnel in Rust
and four lessons about them. It is laid out in your cache folder, as it was at
first. --bump moves its sources to their second revision, in which code that the
lessons cite moved, changed, left for another file, or is gone.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if !bump {
				return serveDemo(c, flags)
			}
			ws, err := layDemo(c.Context(), c.ErrOrStderr(), false)
			if err != nil {
				return err
			}
			report, err := bumpDemo(c.Context(), ws, c.ErrOrStderr())
			if err != nil {
				return err
			}
			report.Drift.print(c.OutOrStdout())
			return serve(c, ws, flags)
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&bump, "bump", false, "move its sources to their second revision")
	return c
}

// serveDemo lays the demo out, indexes it and serves it.
func serveDemo(c *cobra.Command, flags serveFlags) error {
	ws, err := layDemo(c.Context(), c.ErrOrStderr(), true)
	if err != nil {
		return err
	}
	flags.demo = true
	return serve(c, ws, flags)
}

// demoFolder returns where the demo is laid out.
func demoFolder() (string, error) {
	cache, err := cacheFolder()
	return filepath.Join(cache, "demo"), err
}

// layDemo lays the demo out and indexes it. Sources at their second revision go
// back to the first, and what was done with the course with them, when back is
// true; else they stay.
func layDemo(ctx context.Context, progress io.Writer, back bool) (*workspace, error) {
	dir, err := demoFolder()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, workspaceName)
	if demo.Bumped(dir) {
		ws, err := readWorkspace(file)
		if err == nil && !back {
			return ws, nil
		}
		if err := forgetDemo(dir, file); err != nil {
			return nil, err
		}
	}
	if err := demo.Lay(dir); err != nil {
		return nil, err
	}
	ws, err := readWorkspace(file)
	if err != nil {
		return nil, err
	}
	if _, err := reindex(ctx, ws, progress, bumpFlags{}); err != nil {
		return nil, fmt.Errorf("indexing the demo: %w", err)
	}
	return ws, nil
}

// forgetDemo removes what is known of a demo that goes back: its lessons are not
// of the revision that was indexed last.
func forgetDemo(dir, file string) error {
	cache, err := (&workspace{File: file}).cache()
	if err == nil {
		err = os.RemoveAll(cache)
	}
	if err == nil {
		if err = os.Remove(filepath.Join(dir, "course", anchor.LockName)); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("forgetting the demo: %w", err)
	}
	return nil
}

// bumpDemo moves the demo's sources to their second revision and follows its
// course there. What serves the demo shows it by itself.
func bumpDemo(ctx context.Context, ws *workspace, progress io.Writer) (*reindexReport, error) {
	if err := demo.Bump(filepath.Dir(ws.File)); err != nil {
		return nil, err
	}
	report, err := reindex(ctx, ws, progress, bumpFlags{})
	if err != nil {
		return nil, fmt.Errorf("indexing the demo: %w", err)
	}
	return report, nil
}

// demoBump moves the sources of a demo that is served. It is a [server.Demo].
type demoBump struct {
	ws       *workspace
	live     *live
	progress io.Writer

	mu     sync.Mutex
	bumped bool
}

// Bumped implements [server.Demo].
func (d *demoBump) Bumped() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bumped
}

// Bump implements [server.Demo].
func (d *demoBump) Bump(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, err := bumpDemo(ctx, d.ws, d.progress)
	d.bumped = err == nil
	d.live.look()
	return err
}
