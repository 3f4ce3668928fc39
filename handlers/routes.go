package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/act"
	"acts24/handlers/deal"
	"acts24/handlers/portal"
	"acts24/handlers/public"
	"acts24/handlers/registry"
	"acts24/handlers/settings"
	"acts24/handlers/web"
	"acts24/store/audit"
)

// routes returns every address of the program; nothing else is served.
func (s *Server) routes() []web.Route {
	page, options := act.New(s.Site), settings.New(s.Site)
	return slices.Concat(
		[]web.Route{
			{Pattern: "GET /healthz", Proof: web.ByNobody, Open: s.health},
			{Pattern: "GET /readyz", Proof: web.ByNobody, Open: s.readiness},
			{Pattern: "GET /static/{version}/{name}", Proof: web.ByNobody, Open: s.static},
			{Pattern: "GET /{$}", Proof: web.ByNobody, Open: s.landing},
		},
		public.New(s.publicSite, s.cfg.Proxies).Routes(),
		portal.New(s.Site, portal.Config{Cookies: s.cookies, Proxies: s.cfg.Proxies, Machine: s.cfg.MachineNow, Checklist: options.Checklist, Linked: registry.NotificationPath}).Routes(),
		deal.New(s.Site, page).Routes(),
		page.Routes(),
		registry.New(s.Site, s.exports).Routes(),
		options.Routes(),
	)
}

// serve applies the row of a route before its handler: limit of the body, limits of requests, proof, and then the deadline of a transfer.
func (s *Server) serve(rt web.Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, rt.MaxBody)
		}
		if isForeign(r, rt) {
			s.crossOrigin(w, r)
			return
		}
		if rt.Open != nil {
			s.fail(w, r, rt.Open(w, r))
			return
		}
		var t permit
		defer t.end()
		v, err := s.visitOf(r, rt, &t)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		request := web.RequestOf(r.Context())
		request.Portal, request.User = v.Portal, v.User
		web.AllowFrame(w, v.Origin)
		if err := s.limits.ofPortal(r, rt, v.Portal, &t); err != nil {
			s.failIn(w, r, v, err)
			return
		}
		if v.State == acts.PortalInstalling && !rt.Early {
			s.failIn(w, r, v, s.notInstalled(w, r, v))
			return
		}
		if v.State == acts.PortalHeld && r.Method != http.MethodGet {
			s.failIn(w, r, v, errHeld)
			return
		}
		if v, err = s.authorize(r, v, rt); err != nil {
			s.failIn(w, r, v, err)
			return
		}
		if v, err = s.withRestored(r, v); err != nil {
			s.failIn(w, r, v, err)
			return
		}
		if err := s.audit(r, v, rt); err != nil {
			s.failIn(w, r, v, err)
			return
		}
		s.extendDeadline(w, rt)
		s.failIn(w, r, v, rt.Visit(w, r, v))
	})
}

// errHeld refuses changes of data that come from a backup and were not reconciled yet.
var errHeld = acts.Errorf(acts.Unavailable, "Сервис восстановлен из резервной копии и сверяет акты с Битрикс24 и СБИС. Акты можно смотреть, изменения пока не принимаются. Повторите через час.")

// audit records a request in the audit log before it is executed: what cannot be recorded is not done. The object is the address without
// its query.
func (s *Server) audit(r *http.Request, v web.Visit, rt web.Route) error {
	if rt.Audit == "" {
		return nil
	}
	_, object, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/p/"), "/")
	return audit.Add(r.Context(), s.DB, v.Portal, audit.Record{
		User: v.User, Action: string(rt.Audit), Object: object, Request: web.RequestOf(r.Context()).ID,
	})
}

// isForeign reports whether a browser sends a form of a route that may not be sent this way. The cross-origin protection of net/http passes
// requests that carry neither Origin nor Sec-Fetch-Site: browsers of our portals send them, so for pages their absence means a program. A
// portal posts into its frames; a form of a foreign page that is the whole window would leave the visitor in the session of somebody else.
func isForeign(r *http.Request, rt web.Route) bool {
	switch {
	case r.Method != http.MethodPost:
		return false
	case rt.Proof == web.ByPortal:
		return r.Header.Get("Sec-Fetch-Dest") == "document"
	case rt.Visit != nil:
		return r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == ""
	}
	return false
}

// extendDeadline gives a transfer of a proven visitor more time than a page. Until then a slow body ends with the timeout of the server.
func (s *Server) extendDeadline(w http.ResponseWriter, rt web.Route) {
	if rt.Deadline == 0 {
		return
	}
	until, c := s.cfg.MachineNow().Add(rt.Deadline), http.NewResponseController(w)
	_ = c.SetReadDeadline(until) // a connection that supports no deadlines keeps the usual timeouts
	_ = c.SetWriteDeadline(until.Add(time.Minute))
}

// Route describes a row of the table to other packages: its pattern, its proof and the right that it requires.
type Route struct {
	Pattern string
	Proof   string
	Right   roles.Right // "" where no visit is needed
	Audit   string      // "" where the audit log records nothing
}

// Routes returns all addresses of the program.
func Routes() []Route {
	var list []Route
	for _, r := range new(Server).routes() {
		list = append(list, Route{Pattern: r.Pattern, Proof: string(r.Proof), Right: web.Rights[r.Proof], Audit: string(r.Audit)})
	}
	return list
}
