package app

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/knowledge"
	"gatehouse/internal/store"
	"gatehouse/internal/telemetry"
)

const (
	healthPath = ownPrefix + "health"
	// writableHealthPath answers 503 while nothing can be stored: for who sends writes. The other goes on with 200 as long as requests are served.
	writableHealthPath = healthPath + "/writable"
)

// What health calls the server.
const (
	healthOk       = "ok"
	healthDegraded = "degraded" // requests are served, writes refused
)

// health is the answer of both paths.
type health struct {
	Status  string      `json:"status"`
	Version string      `json:"version"`
	Store   storeHealth `json:"store"`
}

type storeHealth struct {
	Writable bool `json:"writable"`
	// Reason, since when, and the article are there while something is wrong or will be.
	Reason  string `json:"reason,omitempty"`
	Since   string `json:"since,omitempty"`
	Article string `json:"article,omitempty"`
	// FreeBytes and Low are of the data directory's disk, and missing where there is none.
	FreeBytes *uint64 `json:"freeBytes,omitempty"`
	Low       bool    `json:"low,omitempty"`
	Refused   uint64  `json:"refusedWrites"`
}

func (a *App) mountHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET "+healthPath, func(w http.ResponseWriter, _ *http.Request) { a.serveHealth(w, http.StatusOK) })
	mux.HandleFunc("GET "+writableHealthPath, func(w http.ResponseWriter, _ *http.Request) { a.serveHealth(w, http.StatusServiceUnavailable) })
}

// serveHealth answers 200, or another status while nothing can be stored.
func (a *App) serveHealth(w http.ResponseWriter, unwritable int) {
	condition := a.store.Condition()
	answer := health{Status: healthOk, Version: a.options.Version, Store: a.storeHealth(&condition)}
	status := http.StatusOK
	if condition.Unwritable != nil {
		answer.Status, status = healthDegraded, unwritable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}

func (a *App) storeHealth(c *store.Condition) storeHealth {
	h := storeHealth{Writable: c.Unwritable == nil, Low: c.Low, Refused: c.Refused}
	if c.Directory != "" && c.Free != store.UnknownBytes {
		h.FreeBytes = &c.Free
	}
	switch {
	case c.Unwritable != nil:
		h.Reason = reasonOf(c.Unwritable)
	case c.Low:
		h.Reason = "the disk of the data directory is filling up"
	default:
		return h
	}
	if !c.Since.IsZero() {
		h.Since = c.Since.UTC().Format(time.RFC3339)
	}
	h.Article = a.URL() + knowledge.Prefix + string(fault.StoreUnwritable)
	return h
}

// reasonOf is what everybody may know: no path of this machine.
func reasonOf(err error) string {
	var known *store.Unwritable
	if errors.As(err, &known) {
		return known.Reason()
	}
	return store.ErrUnavailable.Error() + ": NATS does not acknowledge writes"
}

// storing is the same for metrics.
func (a *App) storing() telemetry.Storing {
	c := a.store.Condition()
	return telemetry.Storing{Writable: c.Unwritable == nil, Free: c.Free, Local: c.Directory != "" && c.Free != store.UnknownBytes, Refused: c.Refused, Recoveries: c.Recoveries}
}
