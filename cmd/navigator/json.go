package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// writeJSON writes a value for people to read, too.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// plainJSON words an error of decoding without the types of Go.
func plainJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("unexpected %s at %s", wrong.Value, cmp.Or(strings.ToLower(wrong.Field), "its beginning"))
	}
	return err
}
