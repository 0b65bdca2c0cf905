package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"navigator/server"
)

const (
	defaultAddress = "127.0.0.1:7070"
	portsTried     = 100              // above the default, when it is taken
	drainTime      = 10 * time.Second // for requests under way when the server is told to stop
)

// serveFlags are the flags of the subcommands that serve.
type serveFlags struct {
	address string
	chosen  bool // the address is the user's, not the default
	open    bool
	demo    bool // the workspace is the demo's, at its first revision
	write   bool // whoever may ask may change the course, not only on a loopback address
}

func (f *serveFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.address, "addr", defaultAddress, "the address to listen on, as HOST:PORT")
	c.Flags().BoolVar(&f.open, "open", false, "show it in the browser of the desktop, where there is one")
	c.Flags().BoolVar(&f.write, "write", false, "let others than this machine's change the course, too")
	c.PreRun = func(c *cobra.Command, _ []string) { f.chosen = c.Flags().Changed("addr") }
}

func serveCommand(global *globals) *cobra.Command {
	var flags serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the workspace to a browser",
		Long: `Serve the workspace to a browser, until it is told to end by an interrupt or by
SIGTERM. What a later reindex finds, and what is written in the lessons and in
navigator.toml, shows from the next page on. Unless --addr is given, the next
free port is taken when 7070 is not free. Requests that name another host than
the address, localhost or a loopback address are refused.

On a loopback address pages may change the course and keep your progress; on any
other they may with --write.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			return serve(c, ws, flags)
		},
	}
	flags.add(c)
	return c
}

// serve serves a workspace until the command's context ends.
func serve(c *cobra.Command, ws *workspace, flags serveFlags) error {
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	go boundMemory(ctx)
	listener, err := listen(flags.address, flags.chosen)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	defer listener.Close()
	progress, err := ws.progress()
	if err != nil {
		return err
	}
	options := server.Options{
		Hosts: []string{flags.address}, Writing: flags.write || isLoopback(listener.Addr()), Progress: progress,
		Version: buildVersion().Version, Log: slog.New(slog.NewTextHandler(c.ErrOrStderr(), nil)),
	}
	var demo io.Writer
	if flags.demo {
		demo = c.ErrOrStderr()
	}
	site, err := openSite(ctx, ws, options, demo)
	if err != nil {
		return err
	}
	defer site.close()
	address := "http://" + listener.Addr().String()
	fmt.Fprintf(c.OutOrStdout(), "serving %s at %s\n", ws.File, address)
	if _, err := site.edition.live.newest(); err != nil {
		fmt.Fprintln(c.OutOrStdout(), err)
	}
	if flags.open {
		openBrowser(address)
	}
	var watching sync.WaitGroup
	watching.Go(func() { site.watch(ctx) })
	err = answer(ctx, listener, site, options.Log)
	cancel()
	watching.Wait()
	return err
}

// listen opens address. Where the user did not choose it and it is taken, the
// next free port above serves as well.
func listen(address string, chosen bool) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err == nil || chosen {
		return listener, err
	}
	host, service, splitErr := net.SplitHostPort(address)
	first, parseErr := strconv.Atoi(service)
	if splitErr != nil || parseErr != nil {
		return nil, err
	}
	for port := first + 1; port <= first+portsTried; port++ {
		if listener, nextErr := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port))); nextErr == nil {
			return listener, nil
		}
	}
	return nil, fmt.Errorf("%w, and so are the next %d ports; choose another with --addr", err, portsTried)
}

// answer serves handler on listener until ctx ends, and then lets the requests
// under way finish.
func answer(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	httpServer := server.Server(handler, log)
	ended := make(chan error, 1)
	go func() { ended <- httpServer.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err := httpServer.Shutdown(drain)
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// isLoopback says whether only this machine reaches an address.
func isLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// openBrowser shows address in the browser of a desktop, where there is one.
func openBrowser(address string) {
	opener := "xdg-open"
	switch {
	case runtime.GOOS == "darwin":
		opener = "open"
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return
	}
	cmd := exec.Command(opener, address)
	if cmd.Start() == nil {
		go cmd.Wait()
	}
}
