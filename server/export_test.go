package server

import "github.com/gorilla/mux"

// Routes returns the router of a server.
func Routes(v Views) *mux.Router { return (&site{views: v}).routes() }
