package main

import (
	"context"
	"fmt"
	"io"
)

// againstFormats are what --format takes with --against.
var againstFormats = map[string]func(io.Writer, *driftReport) error{
	"text": writeAgainstText, "json": func(w io.Writer, r *driftReport) error { return writeJSON(w, r) }, "github": writeAgainstGitHub,
}

// checkAgainst says what a bump of the sources to a revision would do to the
// course: REV, or NAME=REV for one source. Neither snapshot nor checkout takes
// part. The error is errFaults when a person would have to look.
func checkAgainst(ctx context.Context, ws *workspace, w io.Writer, revisions []string, format string) error {
	write := againstFormats[format]
	if write == nil {
		return usageError{fmt.Errorf("--format %s: with --against, write text, json or github", format)}
	}
	report, err := replay(ctx, ws, bumpFlags{to: revisions})
	if err != nil {
		return err
	}
	if err := write(w, report); err != nil {
		return err
	}
	if report.Open > 0 {
		return errFaults
	}
	return nil
}

func writeAgainstText(w io.Writer, r *driftReport) error {
	r.printCounts(w)
	r.list(w)
	if r.Open == 0 {
		_, err := fmt.Fprintln(w, "nothing would need a person")
		return err
	}
	_, err := fmt.Fprintf(w, "a person would have to look at %d\n", r.Open)
	return err
}

// writeAgainstGitHub annotates a pull request with what is open.
func writeAgainstGitHub(w io.Writer, r *driftReport) error {
	for i := range r.Items {
		it := &r.Items[i]
		if it.State != driftOpen {
			continue
		}
		if _, err := fmt.Fprintf(w, "::warning file=%s,line=%d,title=%s::%s: %s\n", gitHubProperty.Replace(it.Doc), it.Line,
			gitHubProperty.Replace(string(it.Verdict)), gitHubMessage.Replace(it.written()), gitHubMessage.Replace(it.wording())); err != nil {
			return err
		}
	}
	return nil
}
