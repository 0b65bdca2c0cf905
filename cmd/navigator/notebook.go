package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/annotations/review/drift"
	"navigator/server"
)

// notebook keeps the notes of a served course. It is a [server.Notebook].
type notebook struct {
	course.Folder
	cache string
	live  *live

	mu sync.Mutex // of writing
}

// FileFor implements [server.Notebook].
func (b *notebook) FileFor(source, path string) string { return b.NotePath(source, path) }

// ReadOnly implements [server.Notebook].
func (b *notebook) ReadOnly() bool { return readOnly(b.Root) }

// Notes implements [server.Notebook].
func (b *notebook) Notes(file string) (server.NoteFile, error) {
	text, err := b.read(file)
	if err != nil {
		return server.NoteFile{}, err
	}
	return server.NoteFile{Version: server.NoteVersion(text), Lesson: course.ParseNotes(file, text)}, nil
}

// read returns the text of a file of notes, nil when there is none.
func (b *notebook) read(file string) ([]byte, error) {
	if !filepath.IsLocal(filepath.FromSlash(file)) || !b.HasNotes(file) {
		return nil, fmt.Errorf("%q: %w", file, server.NoteGone)
	}
	text, err := os.ReadFile(filepath.Join(b.Root, filepath.FromSlash(file)))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	if err == nil && text == nil {
		text = []byte{}
	}
	return text, err
}

// Save implements [server.Notebook].
func (b *notebook) Save(n server.NoteEdit) (note int, err error) {
	err = b.write(n.File, n.Version, func(v *view, text []byte) ([]byte, error) {
		draft := course.NoteDraft{Path: n.Path, Lines: n.Lines, Text: n.Text}
		if n.Lesson != "" {
			draft.Lesson = v.course.Lesson(n.Lesson)
		}
		if note = n.Note; note >= 0 {
			return course.ReplaceNote(n.File, text, note, draft)
		}
		out, at, err := course.AddNote(n.File, text, draft)
		note = at
		return out, err
	})
	return note, err
}

// Delete implements [server.Notebook].
func (b *notebook) Delete(file string, note int, version string) (server.RemovedNote, error) {
	r := server.RemovedNote{File: file}
	now, err := b.read(file)
	if err != nil {
		return r, err
	}
	l := course.ParseNotes(file, now)
	is := func(n annotations.Note) bool { return server.NoteVersion(course.NoteLines(l, n)) == version }
	if note < 0 || note >= len(l.Notes) || !is(l.Notes[note]) {
		if note = slices.IndexFunc(l.Notes, is); note < 0 {
			return r, server.ErrChanged
		}
	}
	err = b.write(file, server.NoteVersion(now), func(_ *view, text []byte) (out []byte, err error) {
		out, r.Text, r.Line, err = course.RemoveNote(file, text, note)
		r.Version = server.NoteVersion(out)
		return out, err
	})
	return r, err
}

// Restore implements [server.Notebook].
func (b *notebook) Restore(r server.RemovedNote) (note int, err error) {
	now, err := b.read(r.File)
	if err != nil {
		return 0, err
	}
	if server.NoteVersion(now) != r.Version {
		r.Line = 0 // where that was, nobody knows any more
	}
	err = b.write(r.File, server.NoteVersion(now), func(_ *view, text []byte) (out []byte, err error) {
		out, note, err = course.RestoreNote(r.File, text, r.Text, r.Line)
		return out, err
	})
	return note, err
}

// Preview implements [server.Notebook].
func (b *notebook) Preview(n server.NoteEdit, links func(server.View, *annotations.Lesson) server.Links) (string, error) {
	v, release, err := b.view()
	if err != nil {
		return "", err
	}
	defer release()
	text, err := b.read(n.File)
	if err != nil {
		return "", err
	}
	text, lines := course.Draft(text, course.NoteDraft{Path: n.Path, Lines: n.Lines, Text: n.Text})
	l := course.ParseNotes(n.File, text)
	return string(v.renderer.Preview(l, lines, lessonLinks{links(b.live.draft(v, l), l)})), nil
}

// view returns the newest view, which the caller releases.
func (b *notebook) view() (*view, func(), error) {
	b.live.mu.Lock()
	defer b.live.mu.Unlock()
	v := b.live.view
	if v == nil {
		return nil, nil, server.ErrNotIndexed
	}
	v.use()
	return v, v.unuse, nil
}

// write replaces the text of a file of notes that is still of a version by what
// change makes of it, and has the pages show it.
func (b *notebook) write(file, version string, change func(*view, []byte) ([]byte, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, release, err := b.view()
	if err != nil {
		return err
	}
	defer release()
	before, err := b.read(file)
	if err != nil {
		return err
	}
	if server.NoteVersion(before) != version {
		return server.ErrChanged
	}
	if b.ReadOnly() {
		return server.ErrReadOnly
	}
	after, err := change(v, before)
	if err != nil {
		return noteFault(err)
	}
	err = drift.WriteNotes(b.Folder, file, before, after, v.Snapshot, readHeld(b.cache))
	b.live.look()
	var changed *drift.ChangedError
	switch {
	case errors.As(err, &changed):
		return fmt.Errorf("%w: %w", server.ErrChanged, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", server.ErrReadOnly, err)
	}
	return err
}

// noteFault tells the server what is wrong with a note.
func noteFault(err error) error {
	for cause, fault := range map[error]server.NoteFault{
		course.ErrNoteEmpty: server.NoteEmpty, course.ErrNoteOpen: server.NoteOpen,
		course.ErrNotePlace: server.NotePlace, course.ErrNoNote: server.NoteGone,
	} {
		if errors.Is(err, cause) {
			return fault
		}
	}
	return err
}
