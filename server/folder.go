package server

import (
	"net/http"
	"path"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// folderPage is the page of a folder.
type folderPage struct {
	page
	Source   indexer.Source
	Name     string // last element of the path, or the source's name
	Crumbs   []link
	Entries  []entry
	Files    int    // below the folder, at any depth
	Upstream string // address of the folder at the revision, "" when unknown
	Groups   []group
}

// entry is a file or folder in a folder.
type entry struct {
	Name      string // a folder's ends in "/"
	Address   string
	Files     int // below a folder, 0 for a file
	Language  indexer.Language
	Size      int                 // of a file, bytes
	Notes     int                 // annotations on a file, or on a folder and all below it
	Explained *annotations.Extent // how much the course explains of it, nil for nothing
	Modified  bool
	Directory bool
}

func (s *site) folder(w http.ResponseWriter, r *http.Request, v View, source indexer.Source, folder string) error {
	p, err := s.newFolderPage(r, v, source, folder)
	if err != nil {
		return err
	}
	return render(w, p.Lang, "folder.html", p)
}

func (s *site) newFolderPage(r *http.Request, v View, source indexer.Source, folder string) (folderPage, error) {
	files := filesUnder(v, source.Name, folder)
	p := folderPage{
		page:     s.newPage(r, "folder", source.Name+"/"+folder),
		Source:   source,
		Name:     path.Base(source.Name + "/" + folder),
		Crumbs:   crumbs(source.Name, folder),
		Entries:  entries(v, source.Name, folder, files),
		Files:    len(files),
		Upstream: upstreamAddress(source, folder),
	}
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/card/card.css")
	if folder == "" {
		p.Crumbs = nil
	}
	var err error
	p.Groups, err = groupAnnotations(v, p.Lang, v.Annotations(source.Name, folder), indexer.Lines{})
	return p, err
}

// entries returns the folders and then the files right in a folder. files is
// all that lie below it.
func entries(v View, source, folder string, files []indexer.File) []entry {
	var folders, plain []entry
	for i := 0; i < len(files); {
		f := files[i]
		name, _, deeper := strings.Cut(f.Path[len(folder):], "/")
		if !deeper {
			plain = append(plain, entry{
				Name: name, Address: placeAddress(source, f.Path, indexer.Lines{}), Language: f.Language,
				Size: f.Size, Modified: f.Modified, Notes: len(v.Annotations(source, f.Path)),
				Explained: explainedOf(v, source, f.Path),
			})
			i++
			continue
		}
		below := folder + name + "/"
		inside := filesUnder(v, source, below)
		notes := len(v.Annotations(source, below))
		for _, f := range inside {
			notes += len(v.Annotations(source, f.Path))
		}
		folders = append(folders, entry{
			Name: name + "/", Address: placeAddress(source, below, indexer.Lines{}),
			Files: len(inside), Notes: notes, Directory: true,
			Explained: explainedOf(v, source, below),
		})
		i += len(inside)
	}
	return append(folders, plain...)
}
