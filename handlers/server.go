// Package handlers is HTTP: it reads the request, calls workflow, and renders.
package handlers

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"acts24/store"
	"acts24/workflow"
)

// Config is what the pages need to know of the installation.
type Config struct {
	SessionKeys [][]byte       // pairs of hash and block keys, the newest first
	Visit       time.Duration  // how long a visit lives
	Proxies     []netip.Prefix // ours, whose word about a visitor's address is taken
}

// Server answers HTTP.
type Server struct {
	db        *store.DB
	exports   *store.DB     // has time for long reads
	turns     chan struct{} // one for each export that is being made
	service   *workflow.Service
	cookies   *cookies
	strangers *strangers
	now       func() time.Time // business time
	log       *slog.Logger
	ready     func() error
}

// New makes a server over the pool for pages and another one for what reads long. ready tells whether the program takes requests.
func New(cfg Config, db, exports *store.DB, service *workflow.Service, now func() time.Time, ready func() error, log *slog.Logger) *Server {
	return &Server{db: db, exports: exports, turns: make(chan struct{}, mostExports), service: service, cookies: newCookies(cfg), strangers: newStrangers(cfg.Proxies, now), now: now, ready: ready, log: log}
}

// Handler is the whole site: every route of the table behind the guards that all of them share.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	guard := http.NewCrossOriginProtection()
	for _, r := range s.routes() {
		mux.Handle(r.pattern, s.serve(r))
		if r.proof == byPortal {
			guard.AddInsecureBypassPattern(r.pattern)
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(s.crossOrigin))
	return s.shield(guard.Handler(mux))
}
