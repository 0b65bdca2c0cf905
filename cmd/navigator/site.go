package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"reflect"
	"sync"

	"navigator/server"
)

// site answers for a workspace that is served. It follows its navigator.toml:
// what is changed there holds from the next page on.
type site struct {
	file    string         // the navigator.toml
	options server.Options // what it does not say
	demo    io.Writer      // of the demo's progress; nil for any other workspace

	mu      sync.Mutex // held to enter an edition, and to leave one for the next
	edition *edition

	ws   *workspace // that edition is of
	text []byte     // of file, when it was last read
}

// edition is a site with a workspace as its navigator.toml was once.
type edition struct {
	http.Handler
	live     *live
	requests sync.WaitGroup
	end      func()
}

// openSite returns the site of a workspace, which asks git until ctx ends. The
// caller calls close. That nothing is indexed yet is no error.
func openSite(ctx context.Context, ws *workspace, options server.Options, demo io.Writer) (*site, error) {
	s := &site{file: ws.File, options: options, demo: demo, ws: ws}
	var err error
	s.edition, err = s.open(ctx, ws)
	return s, err
}

// open begins an edition.
func (s *site) open(ctx context.Context, ws *workspace) (*edition, error) {
	shown, err := openLive(ws, s.options.Log)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	keeper, err := newKeeper(ctx, ws, shown)
	if err != nil {
		cancel()
		shown.close()
		return nil, err
	}
	var watching sync.WaitGroup
	watching.Go(func() { shown.watch(ctx) })
	watching.Go(func() { keeper.watch(ctx) })
	options := s.options
	options.Editor, options.Keeper = ws.Editor, keeper
	options.Notebook = &notebook{Folder: ws.folder(), cache: keeper.dir, live: shown}
	if s.demo != nil {
		options.Demo = &demoBump{ws: ws, live: shown, progress: s.demo}
	}
	return &edition{Handler: server.New(shown, options), live: shown, end: func() {
		cancel()
		watching.Wait()
		keeper.close()
		shown.close()
	}}, nil
}

// close ends the site, to which no requests come any more.
func (s *site) close() { s.edition.end() }

// ServeHTTP answers by the newest edition.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	now := s.edition
	now.requests.Add(1)
	s.mu.Unlock()
	defer now.requests.Done()
	now.ServeHTTP(w, r)
}

// watch follows the navigator.toml until ctx ends.
func (s *site) watch(ctx context.Context) {
	every(ctx, lookEvery, func() { s.look(ctx) })
}

// look begins a new edition if the navigator.toml says something new. While it
// is wrong what it said before holds, and the log tells once what is wrong.
func (s *site) look(ctx context.Context) {
	text, err := os.ReadFile(s.file)
	if err != nil || bytes.Equal(text, s.text) {
		return // a file that is not there may be about to be replaced
	}
	s.text = text
	ws, err := parseWorkspace(s.file, text)
	if err != nil {
		s.options.Log.Warn("what the workspace said before holds on", "error", err)
		return
	}
	if reflect.DeepEqual(ws, s.ws) {
		return
	}
	next, err := s.open(ctx, ws)
	if err != nil {
		s.options.Log.Warn("the workspace cannot be opened anew", "error", err)
		return
	}
	s.mu.Lock()
	last := s.edition
	s.edition, s.ws = next, ws
	s.mu.Unlock()
	go func() {
		last.requests.Wait() // a reader may be slow
		last.end()
	}()
	s.options.Log.Info("the workspace has been read again", "file", s.file)
}
