package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// kind is a kind of failure, as the API names it.
type kind string

const (
	notFound    kind = "not_found"
	badRequest  kind = "bad_request"
	tooLong     kind = "too_long"
	notAllowed  kind = "method_not_allowed"
	misdirected kind = "misdirected"
	forbidden   kind = "forbidden"
	conflict    kind = "conflict"
	notIndexed  kind = "not_indexed"
	timedOut    kind = "timeout"
	internal    kind = "internal"
)

// statuses is the one table from kinds of failure to HTTP.
var statuses = map[kind]int{
	notFound:    http.StatusNotFound,
	badRequest:  http.StatusBadRequest,
	tooLong:     http.StatusRequestURITooLong,
	notAllowed:  http.StatusMethodNotAllowed,
	misdirected: http.StatusMisdirectedRequest,
	forbidden:   http.StatusForbidden,
	conflict:    http.StatusConflict,
	notIndexed:  http.StatusServiceUnavailable,
	timedOut:    http.StatusGatewayTimeout,
	internal:    http.StatusInternalServerError,
}

// failure is why a request is not answered.
type failure struct {
	kind    kind
	key     string // of the message that says so
	args    []any  // of the message
	nearest []link // what may have been meant
	cause   error  // for the log, nil when there is nothing to log
}

func (f *failure) Error() string {
	if f.cause != nil {
		return f.key + ": " + f.cause.Error()
	}
	return f.key
}

func (f *failure) Unwrap() error { return f.cause }

// missing says that something was not found, and what is nearest to it.
func missing(key, name string, nearest []link) *failure {
	return &failure{kind: notFound, key: key, args: []any{name}, nearest: nearest}
}

// refused says that a parameter of the request cannot be used.
func refused(key string, args ...any) *failure {
	return &failure{kind: badRequest, key: key, args: args}
}

// asFailure returns what to answer for any error of a handler.
func asFailure(err error) *failure {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, ErrNotIndexed):
		return &failure{kind: notIndexed, key: "error.not_indexed"}
	case errors.Is(err, ErrQuery):
		return &failure{kind: badRequest, key: "error.query", args: []any{strings.TrimPrefix(err.Error(), ErrQuery.Error()+": ")}}
	case errors.Is(err, context.DeadlineExceeded):
		return &failure{kind: timedOut, key: "error.timeout", cause: err}
	}
	return &failure{kind: internal, key: "error.internal", cause: err}
}
