package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"
)

const (
	defaultAddress = "127.0.0.1:7070"
	portsTried     = 100              // above the default, when it is taken
	drainTime      = 10 * time.Second // for requests under way when the server is told to stop
)

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
func answer(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err := server.Shutdown(drain)
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
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
