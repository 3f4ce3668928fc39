package web

import (
	"context"
	"crypto/rand"
	"log/slog"

	"acts24/acts"
)

// Request is what the log lines of a request carry.
type Request struct {
	ID     string // random
	Portal acts.PortalID
	User   acts.UserID
}

type requestKey struct{}

// WithRequest returns a context with a new request.
func WithRequest(ctx context.Context) (context.Context, *Request) {
	r := &Request{ID: rand.Text()[:12]}
	return context.WithValue(ctx, requestKey{}, r), r
}

// RequestOf returns the request of a context, outside a request an empty one.
func RequestOf(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey{}).(*Request); ok {
		return r
	}
	return &Request{}
}

// LogHandler adds the ids of the request, its portal and its user to the lines of another handler.
func LogHandler(next slog.Handler) slog.Handler { return logHandler{next} }

type logHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h logHandler) Handle(ctx context.Context, line slog.Record) error {
	if r := RequestOf(ctx); r.ID != "" {
		line.AddAttrs(slog.String("request", r.ID))
		if r.Portal != 0 {
			line.AddAttrs(slog.Int64("portal", int64(r.Portal)), slog.Int64("user", int64(r.User)))
		}
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs implements slog.Handler.
func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h logHandler) WithGroup(name string) slog.Handler { return logHandler{h.Handler.WithGroup(name)} }
