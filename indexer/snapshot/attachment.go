package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"navigator/indexer"
)

// Attachment is a file that a snapshot carries beside its packs: something that
// was made of all its files together, and that their contents alone do not say.
type Attachment struct {
	Name string // of the file; no pack and no other attachment has it
	// Make returns the bytes of the file, nil for none. It is called when the
	// text of all files is there. old is what the current snapshot carries under
	// that name, nil when it carries nothing; to return it costs nothing. Nothing
	// of old, or of what text returns, may be kept.
	Make func(files []indexer.File, text func(file int) []byte, old []byte) ([]byte, error)
}

// attached is an attachment as the manifest names it.
type attached struct {
	name string
	size int
	crc  uint32
}

// Attach has the draft carry an attachment.
func (d *Draft) Attach(a Attachment) { d.attachments = append(d.attachments, a) }

// attach makes the attachments: what the manifest says of them, and the bytes
// of each.
func (d *Draft) attach(files []indexer.File, packs []*pack, places []place) (list []attached, contents [][]byte, err error) {
	text := func(file int) []byte { return packs[places[file].pack].textOf(places[file].blob) }
	slices.SortFunc(d.attachments, func(a, b Attachment) int { return strings.Compare(a.Name, b.Name) })
	for _, a := range d.attachments {
		b, err := a.Make(files, text, d.carried[a.Name])
		if err != nil {
			return nil, nil, fmt.Errorf("making %s: %w", a.Name, err)
		}
		if len(b) == 0 {
			continue
		}
		list = append(list, attached{a.Name, len(b), checksum(b)})
		contents = append(contents, b)
	}
	return list, contents, nil
}

// writeAttachments puts the attachments into the snapshot's folder. What the
// current snapshot carries already is linked.
func (d *Draft) writeAttachments(list []attached, contents [][]byte) error {
	for i, a := range list {
		to := filepath.Join(d.dir, a.name)
		old := d.carried[a.name]
		if len(old) == len(contents[i]) && &old[0] == &contents[i][0] {
			if err := link(filepath.Join(d.currentDir, a.name), to); err != nil {
				return fmt.Errorf("linking %s: %w", a.name, err)
			}
			continue
		}
		if err := writeFile(to, contents[i]); err != nil {
			return err
		}
	}
	return nil
}

// openCarried opens the attachments of the current snapshot. One that is
// damaged is as good as absent.
func (d *Draft) openCarried(m *manifest) error {
	d.carried = make(map[string][]byte)
	for _, a := range m.attached {
		b, err := a.open(d.currentDir)
		if unusable(err) {
			d.current = nil // to be published again
			continue
		}
		if err != nil {
			return err
		}
		d.carried[a.name] = b
	}
	return nil
}

// open maps the file of an attachment into memory and checks it.
func (a *attached) open(dir string) ([]byte, error) {
	path := filepath.Join(dir, a.name)
	b, err := mapFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &DamageError{path, err}
	}
	if err != nil {
		return nil, err
	}
	switch {
	case len(b) != a.size:
		err = errTruncated
	case checksum(b) != a.crc:
		err = errChecksum
	}
	if err != nil {
		unmap(b)
		return nil, &DamageError{path, err}
	}
	return b, nil
}

// Attachments returns the names of the attachments, sorted.
func (s *Snapshot) Attachments() []string {
	var names []string
	for _, a := range s.attached {
		names = append(names, a.name)
	}
	return names
}

// Attachment returns the bytes of an attachment, which must not be changed;
// nil when there is none of that name. They are there until the last Release.
func (s *Snapshot) Attachment(name string) []byte {
	for i, a := range s.attached {
		if a.name == name && i < len(s.carried) {
			return s.carried[i]
		}
	}
	return nil
}

// openAttachments maps the attachments into memory.
func (s *Snapshot) openAttachments() error {
	for i := range s.attached {
		b, err := s.attached[i].open(s.dir)
		if err != nil {
			return err
		}
		s.carried = append(s.carried, b)
	}
	return nil
}

// isFileName reports whether a name that was read can name a file of a
// snapshot's folder.
func isFileName(name string) bool {
	return filepath.IsLocal(name) && filepath.Base(name) == name && name != manifestFile
}
