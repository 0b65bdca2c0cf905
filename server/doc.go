// Package server answers HTTP: the pages of the interface and the JSON API
// under /api/v1. It shows what [Views] hands it and keeps no state of its own.
package server
