package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"navigator/indexer"
)

// version says which build this is.
type version struct {
	Version   string `json:"version"`  // of the module, "(devel)" when built from a checkout
	Revision  string `json:"revision"` // commit it was built from, "" when unknown
	Modified  bool   `json:"modified"` // the checkout differed from that commit
	Extractor int    `json:"extractor"`
	Go        string `json:"go"`
}

func versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "version",
		Short: "Say which build this is",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			v := buildVersion()
			if asJSON {
				return writeJSON(c.OutOrStdout(), v)
			}
			dirty := ""
			if v.Modified {
				dirty = ", modified"
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "navigator %s (%s%s), extractor %d, %s\n",
				v.Version, cmp.Or(v.Revision, "unknown revision"), dirty, v.Extractor, v.Go)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func buildVersion() version {
	v := version{Version: "(devel)", Extractor: indexer.ExtractorVersion, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Version = cmp.Or(info.Main.Version, v.Version)
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}
