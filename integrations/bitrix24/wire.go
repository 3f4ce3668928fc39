package bitrix24

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// maxAnswer bounds what is read of one answer, after decompression.
	maxAnswer = 16 << 20
	userAgent = "acts24"

	typeJSON = "application/json"
	typeForm = "application/x-www-form-urlencoded"
)

// wire sends one request and reads one bounded answer; Client and AuthServer share it. It uses the transport alone:
// there are no cookies and no redirects, for a portal that was renamed answers 302, and a request that followed it
// would lose its body or carry a token to a foreign host (docs/contracts/bitrix24.md, "Verifying a request").
type wire struct {
	transport http.RoundTripper
	timeout   time.Duration
}

// reply is an answer that has been read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// newWire takes the transport and the time-out of base, which may be nil.
func newWire(base *http.Client, timeout time.Duration) wire {
	w := wire{transport: http.DefaultTransport, timeout: timeout}
	if base != nil && base.Transport != nil {
		w.transport = base.Transport
	}
	if w.timeout <= 0 {
		w.timeout = defaultTimeout
	}
	if base != nil && base.Timeout > 0 {
		w.timeout = min(w.timeout, base.Timeout)
	}
	return w
}

// post sends body to address and returns the whole answer, whatever its status except a redirect.
func (w wire) post(ctx context.Context, method, address, kind string, body payload) (*reply, error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	var link connWatch
	var broken fileError
	req, err := http.NewRequestWithContext(link.watch(ctx), http.MethodPost, address, body.open(&broken))
	if err != nil {
		return nil, notSent(method, ErrBadAddress)
	}
	req.ContentLength = body.size
	req.GetBody = func() (io.ReadCloser, error) { return body.open(&broken), nil }
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept", typeJSON)
	req.Header.Set("User-Agent", userAgent)
	resp, err := w.transport.RoundTrip(req)
	if err != nil {
		return nil, sendError(method, &link, &broken, err)
	}
	defer resp.Body.Close()
	return readReply(method, resp)
}

// sendError is a request that brought no answer. One whose file could not be read to its end was cut inside its JSON, so
// it cannot have been executed.
func sendError(method string, link *connWatch, broken *fileError, err error) *Error {
	if cause := broken.Load(); cause != nil {
		return notSent(method, *cause)
	}
	return &Error{Method: method, refused: link.neverConnected(err), lost: true, cause: withoutAnswer(err)}
}

func readReply(method string, resp *http.Response) (*reply, error) {
	if resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.Header.Get("Location") != "" {
		return nil, redirected(method, resp)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, &Error{Method: method, Status: resp.StatusCode, lost: true, cause: withoutAnswer(err)}
	}
	if len(body) > maxAnswer {
		return nil, &Error{Method: method, Status: resp.StatusCode, cause: ErrTooLarge}
	}
	return &reply{status: resp.StatusCode, header: resp.Header, body: body}, nil
}

// redirected names the new host of a portal; nothing was executed at the old one.
func redirected(method string, resp *http.Response) *Error {
	e := &Error{Method: method, Status: resp.StatusCode, refused: true}
	if to, err := resp.Location(); err == nil && ValidHost(to.Host) {
		e.Host = strings.ToLower(to.Host)
	}
	return e
}

// connWatch watches whether a connection was ever given to the request.
type connWatch struct {
	requested, connected atomic.Bool
}

func (l *connWatch) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { l.requested.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { l.connected.Store(true) },
	})
}

// neverConnected tells that not one byte of the request can have left: no connection was made.
func (l *connWatch) neverConnected(err error) bool {
	if l.connected.Load() {
		return false
	}
	var op *net.OpError
	return l.requested.Load() || errors.As(err, &op) && op.Op == "dial"
}

// withoutAnswer keeps the message of an error that speaks of the network, and hides one that may quote the answer.
func withoutAnswer(err error) error {
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &network), errors.As(err, &certificate), errors.Is(err, context.Canceled),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	return hiddenError{err}
}

// hiddenError is an error whose message is not to be repeated.
type hiddenError struct{ hidden error }

// Error tells nothing that the remote system has said.
func (hiddenError) Error() string { return "broken connection" }

// Unwrap keeps the kind of the error.
func (o hiddenError) Unwrap() error { return o.hidden }
