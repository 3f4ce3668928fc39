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
	// maxAnswer is the largest size of an answer, after decompression.
	maxAnswer = 16 << 20
	userAgent = "acts24"

	typeJSON = "application/json"
	typeForm = "application/x-www-form-urlencoded"
)

// wire sends requests and reads answers of limited size for Client and AuthServer. It uses the transport directly, without cookies and
// redirects: a renamed portal answers 302, and following it would lose the body or send a token to another host (docs/contracts/bitrix24.md, "Verifying a request").
type wire struct {
	transport http.RoundTripper
	timeout   time.Duration
}

// reply is a completely read answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// errNoTransport is the error of a configuration without a transport. There is no default one: the transport decides where calls may go.
var errNoTransport = errors.New("bitrix24: HTTP needs a client with a transport")

// newWire uses the transport and the timeout of base.
func newWire(base *http.Client, timeout time.Duration) (wire, error) {
	if base == nil || base.Transport == nil {
		return wire{}, errNoTransport
	}
	w := wire{transport: base.Transport, timeout: timeout}
	if w.timeout <= 0 {
		w.timeout = defaultTimeout
	}
	if base.Timeout > 0 {
		w.timeout = min(w.timeout, base.Timeout)
	}
	return w, nil
}

// post sends body to address and returns the answer with any status; a redirect is an error.
func (w wire) post(ctx context.Context, method, address, kind string, body payload) (*reply, error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	var conn connWatch
	var broken fileError
	req, err := http.NewRequestWithContext(conn.watch(ctx), http.MethodPost, address, body.open(&broken))
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
		return nil, sendError(method, &conn, &broken, err)
	}
	defer resp.Body.Close()
	return readReply(method, resp)
}

// sendError returns the error of a request without an answer. When reading a file failed, the JSON was truncated and cannot have been
// executed.
func sendError(method string, conn *connWatch, broken *fileError, err error) *Error {
	if cause := broken.Load(); cause != nil {
		return notSent(method, *cause)
	}
	return &Error{Method: method, refused: conn.neverConnected(err), lost: true, cause: withoutAnswer(err)}
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

// redirected returns the error of a redirect with the new host of the portal; the old one executed nothing.
func redirected(method string, resp *http.Response) *Error {
	e := &Error{Method: method, Status: resp.StatusCode, refused: true}
	if to, err := resp.Location(); err == nil && ValidHost(to.Host) {
		e.Host = strings.ToLower(to.Host)
	}
	return e
}

// connWatch records whether the request got a connection.
type connWatch struct {
	requested, connected atomic.Bool
}

func (l *connWatch) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { l.requested.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { l.connected.Store(true) },
	})
}

// neverConnected reports whether no connection was made, so that nothing was sent.
func (l *connWatch) neverConnected(err error) bool {
	if l.connected.Load() {
		return false
	}
	var op *net.OpError
	return l.requested.Load() || errors.As(err, &op) && op.Op == "dial"
}

// withoutAnswer returns network errors unchanged and hides the message of others, which may quote the answer.
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

// hiddenError is an error whose message is not shown.
type hiddenError struct{ hidden error }

// Error returns a fixed message.
func (hiddenError) Error() string { return "broken connection" }

// Unwrap returns the hidden error, for errors.Is and errors.As.
func (o hiddenError) Unwrap() error { return o.hidden }
