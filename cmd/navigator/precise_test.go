package main

import (
	"os"

	"github.com/rogpeppe/go-internal/testscript"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"navigator/indexer/precise/scip"
)

// writeSCIP is the script command "scip FROM TO": it writes as a SCIP index
// what a file says in JSON.
func writeSCIP(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: scip FROM TO")
	}
	index := new(scip.Index)
	ts.Check(protojson.Unmarshal([]byte(ts.ReadFile(args[0])), index))
	b, err := proto.Marshal(index)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o644))
}
