package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"
	"go.yaml.in/yaml/v3"

	"navigator/annotations"
	"navigator/server"
)

// description is what the tests need of openapi.yaml.
type description struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name, In string
			Required bool
			Schema   schema
		}
		Responses map[string]struct {
			Content map[string]struct{ Schema *schema }
		}
	}
	Components struct{ Schemas map[string]*schema }
}

// schema is the part of JSON Schema that the description uses.
type schema struct {
	Ref                  string `yaml:"$ref"`
	Type                 string
	Enum                 []string
	Required             []string
	Properties           map[string]*schema
	AdditionalProperties *schema `yaml:"additionalProperties"`
	Items                *schema
	OneOf                []*schema `yaml:"oneOf"`
}

func describe(t *testing.T, s site) description {
	t.Helper()
	var d description
	if err := yaml.Unmarshal(s.ask("/api/v1/openapi.yaml").Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Paths) == 0 || len(d.Components.Schemas) == 0 {
		t.Fatal("the description is empty")
	}
	return d
}

// check returns what is wrong with a value, "" for nothing.
func (d description) check(s *schema, value any, at string) string {
	switch {
	case s.Ref != "":
		name := strings.TrimPrefix(s.Ref, "#/components/schemas/")
		to, ok := d.Components.Schemas[name]
		if !ok {
			return at + ": no schema " + name
		}
		return d.check(to, value, at)
	case s.OneOf != nil:
		var wrong []string
		for _, one := range s.OneOf {
			if w := d.check(one, value, at); w != "" {
				wrong = append(wrong, w)
			}
		}
		if len(s.OneOf)-len(wrong) != 1 {
			return fmt.Sprintf("%s: %d of the schemas fit: %q", at, len(s.OneOf)-len(wrong), wrong)
		}
		return ""
	}
	switch v := value.(type) {
	case nil:
		if s.Type != "null" {
			return fmt.Sprintf("%s: null is not a %s", at, s.Type)
		}
	case string:
		if s.Type != "string" || s.Enum != nil && !slices.Contains(s.Enum, v) {
			return fmt.Sprintf("%s: %q is not a %s of %q", at, v, s.Type, s.Enum)
		}
	case float64:
		if s.Type != "number" && (s.Type != "integer" || v != math.Trunc(v)) {
			return fmt.Sprintf("%s: %v is not a %s", at, v, s.Type)
		}
	case bool:
		if s.Type != "boolean" {
			return fmt.Sprintf("%s: %v is not a %s", at, v, s.Type)
		}
	case []any:
		if s.Type != "array" {
			return fmt.Sprintf("%s: a list is not a %s", at, s.Type)
		}
		for i, item := range v {
			if wrong := d.check(s.Items, item, fmt.Sprintf("%s[%d]", at, i)); wrong != "" {
				return wrong
			}
		}
	case map[string]any:
		if s.Type != "object" {
			return fmt.Sprintf("%s: an object is not a %s", at, s.Type)
		}
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				return at + " lacks " + name
			}
		}
		for name, item := range v {
			property := s.Properties[name]
			if property == nil {
				property = s.AdditionalProperties
			}
			if property == nil {
				return at + " has an undescribed " + name
			}
			if wrong := d.check(property, item, at+"."+name); wrong != "" {
				return wrong
			}
		}
	default:
		return fmt.Sprintf("%s: %v", at, value)
	}
	return ""
}

// Every route of the API is described, and every path described is routed.
func TestOpenAPIRoutes(t *testing.T) {
	s := newSite(t, newFake())
	d := describe(t, s)
	routed := map[string]bool{}
	err := server.Routes(newFake()).Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		template, err := route.GetPathTemplate()
		path, isAPI := strings.CutPrefix(template, "/api/v1")
		if err != nil || !isAPI || path == "" {
			return nil
		}
		for {
			from := strings.IndexByte(path, ':')
			if from < 0 {
				break
			}
			path = path[:from] + path[from+strings.IndexByte(path[from:], '}'):]
		}
		routed[path] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(routed) == 0 {
		t.Fatal("no routes of the API were found")
	}
	for path := range routed {
		if _, ok := d.Paths[path]["get"]; !ok {
			t.Errorf("%s is not described", path)
		}
	}
	for path := range d.Paths {
		if !routed[path] {
			t.Errorf("%s is described and does not exist", path)
		}
	}
}

// What the API answers is as described, of every path and of every kind.
func TestOpenAPIAnswers(t *testing.T) {
	v := newFake()
	v.course.Noted = []*annotations.Lesson{noteLesson(noteText)}
	s := site{t, server.New(v, server.Options{Keeper: v.keeper, Writing: true, Notebook: &notebook{text: noteText}}), nil}
	d := describe(t, s)
	seen := map[string]bool{}
	for _, c := range []struct {
		path, address string
		status        int
	}{
		{"/sources", "/sources", 200},
		{"/search", "/search?q=add", 200},
		{"/search", "/search?q=add&kind=symbol&symbol_kind=method&source=shop&lang=cpp&path=source&limit=5", 200},
		{"/search", "/search?q=main&kind=file", 200},
		{"/search", "/search?q=contar&kind=lesson", 200},
		{"/search", "/search?q=int&kind=text&regexp=1&case=true", 200},
		{"/search", "/search?q=zzz", 200},
		{"/search", "/search?q=", 400},
		{"/search", "/search?q=x&kind=poem", 400},
		{"/search", "/search?q=x&lang=cobol", 400},
		{"/search", "/search?q=x&symbol_kind=verb", 400},
		{"/search", "/search?q=x&limit=0", 400},
		{"/search", "/search?q=x&regexp=maybe", 400},
		{"/search", "/search?q=%28&kind=text&regexp=1", 400},
		{"/files/{source}/{path}", "/files/shop/source/main.cc", 200},
		{"/files/{source}/{path}", "/files/shop/source/", 200},
		{"/files/{source}/{path}", "/files/shop/", 200},
		{"/files/{source}/{path}", "/files/shop/main.c", 404},
		{"/files/{source}/{path}", "/files/shops/main.cc", 404},
		{"/symbols", "/symbols?source=shop&path=source/books/bookkeeper.h", 200},
		{"/symbols", "/symbols?source=shop&path=nothing", 404},
		{"/annotations", "/annotations?source=shop&path=source/books/bookkeeper.h", 200},
		{"/annotations", "/annotations?source=shop&path=source/books/", 200},
		{"/annotations", "/annotations?source=shop&path=source/nothing/", 404},
		{"/annotations", "/annotations?source=shop", 404},
		{"/definition", "/definition" + addPlace, 200},
		{"/definition", "/definition?source=shop&path=source/books/bookkeeper.h&line=9&col=1", 200},
		{"/definition", "/definition?source=shop&path=source/books/bookkeeper.h&line=0&col=1", 400},
		{"/definition", "/definition?source=shop&path=source/books/bookkeeper.h&line=1&col=x", 400},
		{"/definition", "/definition?source=shop&path=nothing&line=1&col=1", 404},
		{"/references", "/references" + addPlace, 200},
		{"/references", "/references" + stdPlace, 200},
		{"/hover", "/hover" + addPlace, 200},
		{"/hover", "/hover" + stdPlace, 200},
		{"/hierarchy", "/hierarchy" + addPlace, 200},
		{"/hierarchy", "/hierarchy" + addPlace + "&kind=types", 200},
		{"/hierarchy", "/hierarchy" + addPlace + "&kind=calls", 200},
		{"/hierarchy", "/hierarchy" + stdPlace, 200},
		{"/hierarchy", "/hierarchy" + addPlace + "&kind=friends", 400},
		{"/progress", "/progress", 200},
		{"/glossary", "/glossary", 200},
		{"/drift", "/drift", 200},
		{"/notes", "/notes", 200},
		{"/notes", "/notes?source=shop&path=source/books/bookkeeper.h&lesson=01_libros/01_contar", 200},
		{"/coverage", "/coverage", 200},
		{"/lessons", "/lessons", 200},
		{"/lessons/{id}", "/lessons/01_libros/01_contar", 200},
		{"/lessons/{id}", "/lessons/nada", 404},
	} {
		w := s.ask("/api/v1" + c.address)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d: %s", c.address, w.Code, c.status, w.Body)
			continue
		}
		seen[c.path] = true
		contents := d.Paths[c.path]["get"].Responses["200"].Content
		media := w.Header().Get("Content-Type")
		want := &schema{Ref: "#/components/schemas/Error"}
		if c.status == 200 {
			want = contents[media].Schema
		}
		if want == nil {
			t.Errorf("%s: answers of type %q are not described", c.address, media)
			continue
		}
		lines := bufio.NewScanner(w.Body)
		for lines.Scan() {
			var value any
			if err := json.Unmarshal(lines.Bytes(), &value); err != nil {
				t.Fatalf("%s: %v", c.address, err)
			}
			if wrong := d.check(want, value, "answer"); wrong != "" {
				t.Errorf("%s: %s", c.address, wrong)
			}
		}
		address, _ := url.Parse(c.address)
		for name := range address.Query() {
			if !slices.ContainsFunc(d.Paths[c.path]["get"].Parameters, func(p struct {
				Name, In string
				Required bool
				Schema   schema
			}) bool {
				return p.Name == name && p.In == "query"
			}) {
				t.Errorf("%s: the parameter %s is not described", c.path, name)
			}
		}
	}
	for path := range d.Paths {
		if !seen[path] && path != "/openapi.yaml" {
			t.Errorf("no answer of %s was checked", path)
		}
	}
}

// Every parameter that is described makes a difference when it is wrong or
// missing, or when it filters.
func TestOpenAPIParameters(t *testing.T) {
	s := newSite(t, newFake())
	for path, methods := range describe(t, s).Paths {
		for _, p := range methods["get"].Parameters {
			if p.In != "query" || !p.Required {
				continue
			}
			values := url.Values{"q": {"x"}, "source": {"shop"}, "path": {"source/main.cc"}}
			values.Del(p.Name)
			if w := s.ask("/api/v1" + path + "?" + values.Encode()); w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s without %s: status %d", path, p.Name, w.Code)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	var answer struct {
		Error struct {
			Kind    string
			Nearest []struct{ Text, URL string }
		}
	}
	w := newSite(t, newFake()).ask("/api/v1/files/shop/bookkeeper.h")
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Error.Kind != "not_found" || len(answer.Error.Nearest) != 1 || answer.Error.Nearest[0].URL != "/src/shop/source/books/bookkeeper.h" {
		t.Errorf("answer %+v", answer.Error)
	}
}

func TestLimit(t *testing.T) {
	for address, want := range map[string]string{"limit=1": `"limited":true`, "limit=200": `"limited":false`, "limit=100000": `"limited":false`} {
		w := newSite(t, newFake()).ask("/api/v1/search?q=s&kind=file&" + address)
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s", address, w.Body)
		}
	}
}

// A text search that breaks off says so after what it found.
func TestBrokenTextSearch(t *testing.T) {
	v := newFake()
	v.textError = errors.New("disk on fire")
	w := newSite(t, v).ask("/api/v1/search?q=int&kind=text")
	lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[1], `{"error":`) || strings.Contains(lines[1], "fire") {
		t.Errorf("answer %q", lines)
	}
	newSite(t, v).page(200, "/search?q=int&kind=text").count(1, ".failure")
	for _, address := range []string{"/search?q=int&kind=text", "/search?q=int", "/api/v1/search?q=int&kind=text"} {
		if h := newSite(t, v).ask(address).Header(); h.Get("ETag") != "" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: what may have been broken off is cached: %v", address, h)
		}
	}
}

// The matches of a text search come as they are found, and the search stops
// when its reader leaves.
func TestTextSearchStreams(t *testing.T) {
	for _, address := range []string{"/api/v1/search?q=int&kind=text&limit=200", "/search?q=int&kind=text"} {
		v := newFake()
		v.endless = true
		v.textDone = make(chan struct{})
		web := httptest.NewServer(newSite(t, v).handler)
		ctx, leave := context.WithCancel(context.Background())
		r, _ := http.NewRequestWithContext(ctx, "GET", web.URL+address, nil)
		answer, err := web.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := answer.Body.Read(make([]byte, 64)); err != nil {
			t.Fatalf("%s: nothing came while the search ran: %v", address, err)
		}
		leave()
		select {
		case <-v.textDone:
		case <-time.After(time.Minute):
			t.Errorf("%s: the search went on after its reader had left", address)
		}
		web.Close()
	}
}
