// Navigator is a source navigator over Envoy's C++ and ztunnel's Rust, with a
// course laid over the code. This command makes its index and serves it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes, which scripts may rely on.
const (
	exitDone      = 0
	exitFailed    = 1 // something went wrong, someone stopped it, or search found nothing
	exitUsage     = 2 // unknown command or flag, wrong arguments
	exitFaults    = 3 // a check found what a person must look at
	exitWorkspace = 4 // navigator.toml is missing or wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := Main(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Main runs the command with args, its own name left out, and returns the exit
// code. It ends early, and cleanly, when ctx does.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFaults):
		return exitFaults // what they are has been said
	case errors.Is(err, context.Canceled):
		err = errors.New("stopped")
	}
	fmt.Fprintf(stderr, "navigator: %v\n", err)
	return exitCode(err)
}

// usageError is a wrong use of the command line.
type usageError struct{ error }

func exitCode(err error) int {
	var usage usageError
	var workspace workspaceError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &workspace):
		return exitWorkspace
	}
	return exitFailed
}

// globals are the flags that every subcommand has.
type globals struct {
	workspace string // path of a navigator.toml, "" to look for one
}

func rootCommand() *cobra.Command {
	var global globals
	root := &cobra.Command{
		Use:   "navigator",
		Short: "Navigate Envoy's and ztunnel's sources with a course laid over them",
		Long: `Navigate Envoy's and ztunnel's sources with a course laid over them.

Without a subcommand it serves the workspace of this folder, or the demo when
there is none. A workspace is a navigator.toml, looked for from here upwards.

Exit codes: 0 done; 1 failed or stopped, or nothing found; 2 wrong use; 4
navigator.toml is missing or wrong. A subcommand says when it has others.`,
		Args:          wrongUse(cobra.NoArgs),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, _ []string) error {
			ws, err := openWorkspace(&global)
			switch {
			case errors.Is(err, errNoWorkspace):
				return serveDemo(c, serveFlags{address: defaultAddress})
			case err != nil:
				return err
			}
			return serve(c, ws, serveFlags{address: defaultAddress})
		},
	}
	root.PersistentFlags().StringVar(&global.workspace, "workspace", "", "the navigator.toml to use, instead of looking for one")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w\nTry: %s --help", err, c.CommandPath())}
	})
	root.AddCommand(
		initCommand(&global), reindexCommand(&global), serveCommand(&global), statusCommand(&global),
		searchCommand(&global), defCommand(&global), refsCommand(&global), showCommand(&global), outlineCommand(&global),
		checkCommand(&global), driftCommand(&global), relocateCommand(&global), newCommand(&global), progressCommand(&global),
		exportCommand(&global), importCommand(&global), demoCommand(), versionCommand(),
	)
	root.AddCommand(helpTopics()...)
	return root
}

// wrongUse makes what check finds an error of usage.
func wrongUse(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{fmt.Errorf("%w\nTry: %s --help", err, c.CommandPath())}
		}
		return nil
	}
}
