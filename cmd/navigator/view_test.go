package main

import (
	"os"
	"path/filepath"
	"testing"

	"navigator/annotations"
)

// TestPictureStaysInTheCourse asks for pictures in and around a course.
func TestPictureStaysInTheCourse(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "course")
	if err := os.MkdirAll(filepath.Join(root, "recursos", "vacio.png"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"recursos/flujo.png": "flujo", "../fuera.png": "fuera"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../../fuera.png", filepath.Join(root, "recursos", "enlace.png")); err != nil {
		t.Fatal(err)
	}
	v := &view{course: &annotations.Course{Root: root}}
	if got, err := v.Picture("recursos/flujo.png"); string(got) != "flujo" || err != nil {
		t.Errorf("the picture is %q, %v", got, err)
	}
	for _, path := range []string{"../fuera.png", "recursos/../../fuera.png", "recursos/enlace.png", "recursos/vacio.png", "no.png", dir + "/fuera.png"} {
		if got, err := v.Picture(path); err == nil {
			t.Errorf("%s is shown: %q", path, got)
		}
	}
}
