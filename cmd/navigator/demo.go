package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"navigator/cmd/navigator/demo"
)

func demoCommand() *cobra.Command {
	var flags serveFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "Index and serve the embedded demo",
		Long: `Index and serve the embedded demo: a small proxy in C++, a small tunnel in Rust
and four lessons about them. It is laid out in your cache folder.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return serveDemo(c, flags) },
	}
	flags.add(c)
	return c
}

// serveDemo lays the demo out, indexes it and serves it.
func serveDemo(c *cobra.Command, flags serveFlags) error {
	cache, err := cacheFolder()
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "demo")
	if err := demo.Lay(dir); err != nil {
		return err
	}
	ws, err := readWorkspace(filepath.Join(dir, workspaceName))
	if err != nil {
		return err
	}
	if _, err := reindex(c.Context(), ws, c.ErrOrStderr(), bumpFlags{}); err != nil {
		return fmt.Errorf("indexing the demo: %w", err)
	}
	return serve(c, ws, flags)
}
