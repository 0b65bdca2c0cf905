//go:build !linux

package main

import "errors"

// exchange gives two files or folders each other's name, in one step.
func exchange(a, b string) error { return errors.ErrUnsupported }
