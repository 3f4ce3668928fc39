// Package handlers serves HTTP: a handler parses the request, calls workflow or reads the store, and renders a
// component of views. The sub-packages hold the handlers by group of pages; this package joins their routes, verifies
// visitors and turns errors into responses.
package handlers

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"acts24/handlers/web"
	"acts24/store"
	"acts24/workflow/usecases"
)

// Config is the configuration of the pages.
type Config struct {
	SessionKeys [][]byte         // pairs of hash and block keys, the newest first
	Visit       time.Duration    // lifetime of a visit
	Proxies     []netip.Prefix   // our proxies, whose X-Forwarded-For is trusted
	MachineNow  func() time.Time // machine time, for deadlines of connections and limits
	Limits      Limits

	Observe func(route string, status int, took time.Duration) // is called after every request; may be nil
}

// Databases are the pools of a Server. Each takes connections from none of the others.
type Databases struct {
	Pages   *store.DB
	Exports *store.DB // its statements may run long
	Forms   *store.DB // of the form behind a secret link, which answers whatever visitors of portals do
}

// Server answers HTTP.
type Server struct {
	web.Site
	cfg        Config
	exports    *store.DB
	publicSite web.Site // of the public form
	cookies    *web.Cookies
	limits     *visitLimits
	ready      func() error
}

// New makes a server. service works on the pool for pages and forms on that for the public form. ready reports why the program takes no
// requests.
func New(cfg Config, db Databases, service, forms *usecases.All, now func() time.Time, ready func() error, log *slog.Logger) *Server {
	return &Server{Site: web.Site{DB: db.Pages, Service: service, Now: now, Log: log}, cfg: cfg, exports: db.Exports,
		publicSite: web.Site{DB: db.Forms, Service: forms, Now: now, Log: log},
		cookies:    web.NewCookies(cfg.SessionKeys, cfg.Visit), limits: newVisitLimits(cfg.Limits, cfg.MachineNow), ready: ready}
}

// Handler serves every route of the table behind the middleware that all of them share.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	guard := http.NewCrossOriginProtection()
	for _, r := range s.routes() {
		mux.Handle(r.Pattern, s.serve(r))
		if r.Proof == web.ByPortal {
			guard.AddInsecureBypassPattern(r.Pattern)
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(s.crossOrigin))
	return s.observe(s.secureAndRecover(guard.Handler(mux)))
}
