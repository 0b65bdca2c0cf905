package server

import (
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/gorilla/mux"
)

// pictureTypes are the kinds of pictures that lessons may show, by the ending
// of the file.
var pictureTypes = map[string]string{
	".avif": "image/avif",
	".gif":  "image/gif",
	".jpeg": "image/jpeg",
	".jpg":  "image/jpeg",
	".png":  "image/png",
	".svg":  "image/svg+xml",
	".webp": "image/webp",
}

// picturePolicy lets a picture that is opened by itself load and run nothing.
const picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

func pictureType(name string) string { return pictureTypes[strings.ToLower(path.Ext(name))] }

// pictureAddress returns the address of a picture of the course, "" for a file
// that is none.
func pictureAddress(name string) string {
	if pictureType(name) == "" {
		return ""
	}
	return "/pictures/" + escapePath(name)
}

// picture shows a picture of the course.
func (s *site) picture(w http.ResponseWriter, r *http.Request, v View) error {
	name := mux.Vars(r)["path"]
	mime := pictureType(name)
	if mime == "" {
		return missing("error.address", r.URL.Path, nil)
	}
	picture, err := v.Picture(name)
	if errors.Is(err, fs.ErrNotExist) {
		return missing("error.address", r.URL.Path, nil)
	}
	if err != nil {
		return err
	}
	forget(w) // the course's fingerprint is of its lessons
	w.Header().Set("Content-Security-Policy", picturePolicy)
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Length", strconv.Itoa(len(picture)))
	_, err = w.Write(picture)
	return err
}
