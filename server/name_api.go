package server

import (
	"net/http"
	"strings"

	"navigator/indexer"
	"navigator/ui"
)

// apiName is the place that was asked about, and the name there.
type apiName struct {
	Source string `json:"source"`
	Path   string `json:"path"`
	Line   int32  `json:"line"` // of the name
	Col    int32  `json:"col"`  // of the name
	Name   string `json:"name"` // "" when no name stands there
}

// apiAnswer is a definition or declaration that a name may mean.
type apiAnswer struct {
	Source     string `json:"source"`
	Path       string `json:"path"`
	Line       int32  `json:"line"`
	Col        int32  `json:"col"`
	EndLine    int32  `json:"end_line"`
	Symbol     string `json:"symbol"`
	Kind       string `json:"kind"`
	Definition bool   `json:"definition"`
	Confidence string `json:"confidence"`
	Reason     string `json:"reason"`
	Words      string `json:"reason_words"` // the reason in the reader's language
	Address    string `json:"url"`
}

type apiExternal struct {
	Library string `json:"library"`
	Docs    string `json:"url"`
}

func newAPIName(v View, p namePlace, m *indexer.Meaning) apiName {
	f := &v.Files()[p.file]
	n := apiName{f.Source, f.Path, p.at.Line, p.at.Col, m.Name}
	if m.Name != "" {
		n.Line, n.Col = m.Span.Start.Line, m.Span.Start.Col
	}
	return n
}

func newAPIAnswer(v View, l ui.Language, a *indexer.Answer) apiAnswer {
	f := &v.Files()[a.File]
	return apiAnswer{
		Source: f.Source, Path: f.Path, Line: a.Span.Start.Line, Col: a.Span.Start.Col, EndLine: a.EndLine,
		Symbol: answerName(v, a), Kind: a.KindName(), Definition: a.Definition, Confidence: a.Confidence.String(),
		Reason: strings.TrimSpace(string(a.Reason.Kind) + " " + a.Reason.Arg), Words: reasonWords(l, a.Reason), Address: answerAddress(v, a),
	}
}

func newAPIAnswers(v View, l ui.Language, answers []indexer.Answer) []apiAnswer {
	all := make([]apiAnswer, len(answers))
	for i := range answers {
		all[i] = newAPIAnswer(v, l, &answers[i])
	}
	return all
}

func newAPIExternal(e *indexer.External) *apiExternal {
	if e == nil {
		return nil
	}
	return &apiExternal{e.Library, e.URL}
}

type apiMeaning struct {
	apiName
	Answers  []apiAnswer  `json:"answers"`
	External *apiExternal `json:"external,omitempty"`
	Follow   string       `json:"follow"` // where a click goes, "" when the reader has to choose
}

func apiDefinition(w http.ResponseWriter, r *http.Request, v View) error {
	p, err := placeAsked(r, v)
	if err != nil {
		return err
	}
	m := v.Meaning(p.file, p.at)
	answer := apiMeaning{apiName: newAPIName(v, p, &m), Answers: newAPIAnswers(v, preferencesOf(r).language, m.Answers), External: newAPIExternal(m.External)}
	if to := followed(&m); to != nil {
		answer.Follow = answerAddress(v, to)
	}
	return writeJSON(w, http.StatusOK, answer)
}

type apiUses struct {
	apiName
	Of        []apiAnswer  `json:"of"` // what all the uses mean
	Uses      []apiUse     `json:"uses"`
	Namesakes []apiUse     `json:"namesakes"`
	Cut       bool         `json:"cut"` // there are more namesakes than were looked at
	External  *apiExternal `json:"external,omitempty"`
}

type apiUse struct {
	Source     string `json:"source"`
	Path       string `json:"path"`
	Line       int32  `json:"line"`
	Col        int32  `json:"col"`
	Role       string `json:"role"`
	Test       bool   `json:"test"`
	Container  string `json:"container"`
	Confidence string `json:"confidence"`
	Text       string `json:"text"` // of the line
}

func apiReferences(w http.ResponseWriter, r *http.Request, v View) error {
	p, err := placeAsked(r, v)
	if err != nil {
		return err
	}
	m := v.Meaning(p.file, p.at)
	found := v.References(r.Context(), p.file, p.at)
	if err := r.Context().Err(); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, apiUses{
		apiName: newAPIName(v, p, &m), Of: newAPIAnswers(v, preferencesOf(r).language, found.Of),
		Uses: newAPIUses(v, found.Uses), Namesakes: newAPIUses(v, found.Namesakes), Cut: found.Cut, External: newAPIExternal(found.External),
	})
}

// newAPIUses returns uses with the text of their lines.
func newAPIUses(v View, uses []indexer.Use) []apiUse {
	all := make([]apiUse, len(uses))
	lines := lineReader{v: v, file: -1}
	for i := range uses {
		u := &uses[i]
		f, at := &v.Files()[u.File], u.Span.Start
		all[i] = apiUse{
			Source: f.Source, Path: f.Path, Line: at.Line, Col: at.Col, Role: u.Role.String(), Test: u.Test, Confidence: u.Confidence.String(),
			Text: shortLine(lines.at(u.File, at.Line)),
		}
		if symbols := v.Symbols(u.File); u.Container >= 0 && int(u.Container) < len(symbols) {
			all[i].Container = f.Qualified(&symbols[u.Container])
		}
	}
	return all
}

// shortLine returns the text of a line, without what is too long to be shown.
func shortLine(text []byte) string {
	return strings.ToValidUTF8(strings.TrimSpace(string(text[:min(len(text), maxSignature)])), "")
}

type apiHoverCard struct {
	apiName
	Answer    *apiAnswer   `json:"answer"` // the best, null when nothing is known
	Signature string       `json:"signature"`
	Doc       string       `json:"doc"` // sanitised HTML
	Uses      int          `json:"references"`
	All       bool         `json:"all_references"` // false when there may be more
	Lessons   []link       `json:"lessons"`
	External  *apiExternal `json:"external,omitempty"`
}

func apiHover(w http.ResponseWriter, r *http.Request, v View) error {
	p, err := placeAsked(r, v)
	if err != nil {
		return err
	}
	l := preferencesOf(r).language
	m := v.Meaning(p.file, p.at)
	answer := apiHoverCard{apiName: newAPIName(v, p, &m), Lessons: []link{}, External: newAPIExternal(m.External)}
	if len(m.Answers) > 0 {
		about, err := aboutSymbol(r.Context(), v, l, p, &m.Answers[0])
		if err != nil {
			return err
		}
		shown := newAPIAnswer(v, l, &about.shown)
		answer.Answer, answer.Doc, answer.Uses, answer.All = &shown, string(about.doc), about.uses, about.allUses
		answer.Lessons = append(answer.Lessons, about.lessons...)
		answer.Signature = shortSignature(v, &about.shown)
	}
	return writeJSON(w, http.StatusOK, answer)
}

// shortSignature returns the signature of an answer on one line.
func shortSignature(v View, a *indexer.Answer) string {
	if a.Symbol >= 0 {
		return signature(v.Text(a.File), v.Symbols(a.File)[a.Symbol])
	}
	return shortLine((&lineReader{v: v, file: -1}).at(a.File, a.Span.Start.Line))
}

type apiRelations struct {
	apiName
	Types *apiTypes `json:"types"` // null when only calls were asked for
	Calls *apiCalls `json:"calls"` // null when only types were asked for
}

type apiTypes struct {
	Of      *apiAnswer    `json:"of"` // null for what has no hierarchy
	Above   []apiRelative `json:"above"`
	Below   []apiRelative `json:"below"`
	Unknown []string      `json:"unknown"`
}

type apiRelative struct {
	apiAnswer
	Depth int `json:"depth"`
}

type apiCalls struct {
	Of      *apiAnswer     `json:"of"` // null for what is no function
	Callers []apiCallSites `json:"callers"`
	Callees []apiCallSites `json:"callees"`
}

type apiCallSites struct {
	apiAnswer
	Sites []apiUse `json:"sites"`
}

func apiHierarchy(w http.ResponseWriter, r *http.Request, v View) error {
	kind := r.URL.Query().Get("kind")
	if kind != "" && kind != "types" && kind != "calls" {
		return refused("error.parameter", "kind", kind)
	}
	p, err := placeAsked(r, v)
	if err != nil {
		return err
	}
	l := preferencesOf(r).language
	m := v.Meaning(p.file, p.at)
	answer := apiRelations{apiName: newAPIName(v, p, &m)}
	if kind != "calls" {
		answer.Types = newAPITypes(v, l, v.Types(r.Context(), p.file, p.at))
	}
	if kind != "types" {
		answer.Calls = newAPICalls(v, l, v.Calls(r.Context(), p.file, p.at))
	}
	if err := r.Context().Err(); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, answer)
}

// isZero reports whether an answer is none.
func isZero(a *indexer.Answer) bool { return a.Span.Start.Line == 0 }

func newAPITypes(v View, l ui.Language, found indexer.TypeHierarchy) *apiTypes {
	types := &apiTypes{Above: newAPIRelatives(v, l, found.Above), Below: newAPIRelatives(v, l, found.Below), Unknown: append([]string{}, found.Unknown...)}
	if !isZero(&found.Of) {
		of := newAPIAnswer(v, l, &found.Of)
		types.Of = &of
	}
	return types
}

func newAPIRelatives(v View, l ui.Language, relatives []indexer.Relative) []apiRelative {
	all := make([]apiRelative, len(relatives))
	for i := range relatives {
		all[i] = apiRelative{newAPIAnswer(v, l, &relatives[i].Answer), relatives[i].Depth}
	}
	return all
}

func newAPICalls(v View, l ui.Language, found indexer.Calls) *apiCalls {
	calls := &apiCalls{Callers: newAPICallSites(v, l, found.Callers), Callees: newAPICallSites(v, l, found.Callees)}
	if !isZero(&found.Of) {
		of := newAPIAnswer(v, l, &found.Of)
		calls.Of = &of
	}
	return calls
}

func newAPICallSites(v View, l ui.Language, calls []indexer.CallSites) []apiCallSites {
	all := make([]apiCallSites, len(calls))
	for i := range calls {
		all[i] = apiCallSites{newAPIAnswer(v, l, &calls[i].Answer), newAPIUses(v, calls[i].Sites)}
	}
	return all
}
