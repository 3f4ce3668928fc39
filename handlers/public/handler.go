// Package public serves the form behind a secret link, where a counterparty answers how it exchanges documents.
package public

import (
	"net/http"
	"net/netip"

	"acts24/handlers/web"
)

// Handler serves the public form.
type Handler struct {
	web.Site
	limiter *anonLimiter
}

// New returns the handlers of the public form. The X-Forwarded-For header of proxies is trusted.
func New(site web.Site, proxies []netip.Prefix) *Handler {
	return &Handler{Site: site, limiter: newAnonLimiter(proxies, site.Now)}
}

// route is a row of the table for a page behind a secret link.
func (h *Handler) route(pattern string, maxBody int64, rate web.Rate, do func(http.ResponseWriter, *http.Request, formLink) error) web.Route {
	return web.Route{Pattern: pattern, Proof: web.ByLink, MaxBody: maxBody, Rate: rate, Open: h.withLink(rate, do)}
}

// Routes returns the addresses of this package.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		h.route("GET /f/{token}", 0, web.RateLinks, h.publicForm),
		h.route("POST /f/{token}", web.TinyBody, web.RateForms, h.answerForm),
		h.route("POST /f/{token}/opened", web.TinyBody, web.RateForms, h.formOpened),
		h.route("GET /f/{malformed...}", 0, web.RateLinks, h.publicForm),
	}
}
