package main

import (
	_ "embed"

	"github.com/spf13/cobra"
)

// The texts of reference, which "navigator help NAME" shows.
var (
	//go:embed help/json.txt
	jsonHelp string
	//go:embed help/names.txt
	namesHelp string
	//go:embed help/workspace.txt
	workspaceHelp string
)

// helpTopics returns the texts of reference as what cobra takes for them:
// commands that do nothing.
func helpTopics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "json", Short: "What is printed as JSON", Long: jsonHelp},
		{Use: "names", Short: "How what a name means is found, and how sure that is", Long: namesHelp},
		{Use: "workspace", Short: "What navigator.toml may say", Long: workspaceHelp},
	}
}
