// Package scip holds the messages of the SCIP protocol, made by protoc. Tests
// write indexes with it; what reads them is another implementation, in package
// precise.
package scip

//go:generate protoc --go_out=. --go_opt=paths=source_relative scip.proto
