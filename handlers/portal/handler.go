// Package portal serves the requests of Bitrix24: openings of our placements, the installation, events and robots.
package portal

import (
	"net/http"
	"net/netip"
	"time"

	"acts24/handlers/web"
	"acts24/views"
)

// Handler serves the requests of portals.
type Handler struct {
	web.Site
	cookies   *web.Cookies
	installs  *tokenCheckLimiter
	returns   *tokenCheckLimiter
	robots    *tokenCheckLimiter // calls without an application token
	checklist func(r *http.Request, v web.Visit) ([]views.ToDo, error)
	linked    func(params map[string]string) string
}

// Config holds the cookies and the functions of other page groups that this package uses.
type Config struct {
	Cookies   *web.Cookies
	Proxies   []netip.Prefix                                           // our proxies, whose X-Forwarded-For is trusted
	Machine   func() time.Time                                         // machine time
	Checklist func(r *http.Request, v web.Visit) ([]views.ToDo, error) // what is left to set up
	Linked    func(params map[string]string) string                    // the page below the base that a notification links to, "" for an unknown one
}

// New returns the handlers of a portal's requests.
func New(site web.Site, cfg Config) *Handler {
	return &Handler{Site: site, cookies: cfg.Cookies, installs: newTokenCheckLimiter(cfg.Proxies, cfg.Machine, maxRefusals, maxRefusalsOfAll),
		returns: newTokenCheckLimiter(cfg.Proxies, cfg.Machine, maxReturns, maxReturnsOfAll), robots: newTokenCheckLimiter(cfg.Proxies, cfg.Machine, maxRefusals, maxRefusalsOfAll),
		checklist: cfg.Checklist, linked: cfg.Linked}
}

// Routes returns the addresses of this package.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "POST /install", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.install},
		{Pattern: "POST /placement/deal", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("deal")},
		{Pattern: "POST /placement/company", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("company")},
		{Pattern: "POST /placement/contact", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("contact")},
		{Pattern: "POST /placement/act", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("act")},
		{Pattern: "POST /placement/menu", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("menu")},
		{Pattern: "POST /placement/deals", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("deals")},
		{Pattern: "POST /placement/report", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("report")},
		{Pattern: "POST /placement/link", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.openPlacement("link")},
		{Pattern: "POST /placement/return", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.restoreVisit},
		{Pattern: "POST /events", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.event},
		{Pattern: "POST /robots", Proof: web.ByPortal, MaxBody: web.SmallBody, Open: h.robot},
		{Pattern: "GET /p/{portal}/install", Proof: web.ByAdmin, Early: true, Visit: h.installPage},
		{Pattern: "POST /p/{portal}/install", Proof: web.ByAdmin, Early: true, MaxBody: web.SmallBody, Audit: web.AuditSettings, Visit: h.startInstall},
	}
}
