package handlers

import (
	"net/http"
	"net/url"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors "

// shield gives every answer its headers and turns a panic into an apology.
func (s *Server) shield(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy+"'none'")
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex, nofollow")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		defer func() {
			if p := recover(); p == http.ErrAbortHandler {
				panic(p) // an answer that had begun is broken off, not ended as if it were whole
			} else if p != nil {
				s.log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "panic", p)
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

// allowFrame lets exactly the stored portal show this answer in a frame.
func allowFrame(w http.ResponseWriter, origin string) {
	if o := originOf(origin); o != "" {
		w.Header().Set("Content-Security-Policy", policy+"'self' "+o)
	}
}

// originOf is the origin of a stored address for a policy, "" when it is none.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
