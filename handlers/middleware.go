package handlers

import (
	"net/http"

	"acts24/handlers/web"
)

// shield sets the security headers of every answer and turns a panic into an error page.
func (s *Server) shield(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", web.Policy+"'none'")
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex, nofollow")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if len(r.TransferEncoding) > 0 {
			h.Set("Connection", "close") // Content-Length may have come along, and a proxy may have read the body by it (RFC 9112, 6.3)
		}
		defer func() {
			if p := recover(); p == http.ErrAbortHandler {
				panic(p) // breaks the connection, so that the client notices the incomplete response
			} else if p != nil {
				s.Log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "panic", p)
				s.apologize(w, r)
			}
		}()
		if r.Method == http.MethodTrace {
			http.Error(w, "", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}
