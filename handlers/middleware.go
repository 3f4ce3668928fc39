package handlers

import (
	"log/slog"
	"net/http"
	"runtime/debug"

	"acts24/handlers/web"
)

// secureAndRecover sets the security headers of every answer and turns a panic into an error page.
func (s *Server) secureAndRecover(next http.Handler) http.Handler {
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
				s.Log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "panic", p, "stack", string(debug.Stack()))
				s.answerPanic(w, r)
			}
		}()
		if r.Method == http.MethodTrace {
			http.Error(w, "", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// recorder records the status and the size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	size   int64
}

// Unwrap gives http.ResponseController the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.size += int64(n)
	return n, err
}

// observe gives every request an id, which all its log lines carry, writes the access log, and calls the observer of the configuration.
// The log holds the pattern of a route and never its path or its query: these carry tokens.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, out := s.cfg.MachineNow(), &recorder{ResponseWriter: w}
		ctx, request := web.WithRequest(r.Context())
		r = r.WithContext(ctx)
		broken := true // by a panic that breaks the connection
		defer func() {
			took := s.cfg.MachineNow().Sub(start)
			if broken {
				out.status = statusBroken
			}
			if s.cfg.Observe != nil {
				s.cfg.Observe(r.Pattern, out.status, took)
			}
			level := slog.LevelInfo
			if request.Portal == 0 && out.status < http.StatusBadRequest { // assets and probes of health
				level = slog.LevelDebug
			}
			s.Log.Log(ctx, level, "request", "route", r.Pattern, "status", out.status, "bytes", out.size, "ms", took.Milliseconds(), "act", r.PathValue("act"))
		}()
		next.ServeHTTP(out, r)
		broken = false
	})
}

// statusBroken is the status in the log of an answer that was cut off.
const statusBroken = 499
