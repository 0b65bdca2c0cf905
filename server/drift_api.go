package server

import (
	"encoding/json"
	"net/http"
	"time"

	"navigator/annotations"
)

type apiDrift struct {
	Open      int                         `json:"open"`    // for a person
	Pending   int                         `json:"pending"` // that "renumber" renumbers
	ReadOnly  bool                        `json:"read_only"`
	Untied    int                         `json:"untied"` // citations that lead to no one place
	Sources   []apiBump                   `json:"sources"`
	Citations map[annotations.Verdict]int `json:"citations"`
	Excerpts  map[annotations.Verdict]int `json:"excerpts"`
	Items     []apiDriftItem              `json:"items"`
}

type apiBump struct {
	Name    string `json:"name"`
	From    string `json:"from"`
	To      string `json:"to"`
	Commits int    `json:"commits"`
}

type apiDriftItem struct {
	ID      string              `json:"id"`
	Version string              `json:"version"`
	Lesson  string              `json:"lesson"`
	Line    int                 `json:"line"`
	Raw     string              `json:"raw"`
	State   DriftState          `json:"state"`
	Verdict annotations.Verdict `json:"verdict"`
	Method  annotations.Method  `json:"method"`
	Score   float64             `json:"score"`
	Held    string              `json:"held"`
	Was     apiDriftPlace       `json:"was"`
	Now     *apiDriftPlace      `json:"now,omitempty"` // absent when lost
	Old     []string            `json:"old"`
	Commits []apiCommit         `json:"commits"`
	Address string              `json:"url"`
}

type apiDriftPlace struct {
	Source string `json:"source"`
	Path   string `json:"path"`
	First  int    `json:"first"` // 0 for a whole file
	Last   int    `json:"last"`
}

type apiCommit struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Author  string    `json:"author"`
	When    time.Time `json:"when"`
	Removed bool      `json:"removed"`
}

// apiDriftAll answers with what became of the course.
func (s *site) apiDriftAll(w http.ResponseWriter, r *http.Request, v View) error {
	forget(w)
	if s.keeper == nil {
		return missing("error.address", r.URL.Path, nil)
	}
	d, err := s.keeper.Drift(r.Context())
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, newAPIDrift(d))
}

func newAPIDrift(d *Drift) apiDrift {
	out := apiDrift{
		Open: len(d.Open()), Pending: len(d.of(DriftPending)), ReadOnly: d.ReadOnly, Untied: d.Untied,
		Citations: d.Citations, Excerpts: d.Excerpts, Sources: []apiBump{}, Items: []apiDriftItem{},
	}
	for _, b := range d.Sources {
		out.Sources = append(out.Sources, apiBump(b))
	}
	place := func(p annotations.Place) *apiDriftPlace {
		if p.Path == "" {
			return nil
		}
		return &apiDriftPlace{p.Source, p.Path, p.Lines.First, p.Lines.Last}
	}
	for i := range d.Items {
		it := &d.Items[i]
		item := apiDriftItem{
			ID: it.ID, Version: it.Version, Lesson: it.Lesson, Line: it.Line, Raw: it.Raw, State: it.State,
			Verdict: it.Verdict, Method: it.Method, Score: it.Score, Held: it.Held,
			Was: *place(it.Was), Now: place(it.Place), Old: append([]string{}, it.Old...), Commits: []apiCommit{}, Address: driftAddress(it.ID),
		}
		for _, c := range it.Touched {
			item.Commits = append(item.Commits, apiCommit(c))
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// apiDecisions is what is asked of a course that drifts.
type apiDecisions struct {
	Renumber  bool          `json:"renumber"` // what is pending, instead of decisions
	Decisions []apiDecision `json:"decisions"`
}

type apiDecision struct {
	ID      string `json:"id"`
	Version string `json:"version"` // of the item as it was seen; "" for any
	Action  string `json:"action"`  // "accept", "reject" or "move"
	To      string `json:"to"`      // with "move": PATH:START-END
}

// apiSettleDrift writes decisions, all of them or none, and answers with what
// became of the course.
func (s *site) apiSettleDrift(w http.ResponseWriter, r *http.Request, v View) error {
	if s.keeper == nil {
		return missing("error.address", r.URL.Path, nil)
	}
	var asked apiDecisions
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	if err := in.Decode(&asked); err != nil || asked.Renumber == (len(asked.Decisions) > 0) {
		return refused("error.form")
	}
	var decisions []Decision
	for _, d := range asked.Decisions {
		decision, err := parseDecision(d.Action, d.ID, d.To)
		if err != nil {
			return err
		}
		decision.Version = d.Version
		decisions = append(decisions, decision)
	}
	var err error
	if asked.Renumber {
		err = s.keeper.Renumber(r.Context())
	} else {
		err = s.keeper.Settle(r.Context(), decisions)
	}
	if f := keeperFailure(err); f != nil {
		return f
	}
	if err != nil {
		return err
	}
	return s.apiDriftAll(w, r, v)
}
