package sbis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// maxAnswer is the largest size of a JSON answer.
const maxAnswer = 16 << 20

// rpcType includes the charset. Without it SBIS reads the body as windows-1251 and fails with −32700 for Cyrillic method names
// (docs/contracts/sbis.md, "Envelope").
const rpcType = "application/json-rpc;charset=utf-8"

// request is the JSON-RPC envelope.
type request struct {
	Version  string `json:"jsonrpc"`
	Method   string `json:"method"`
	Params   any    `json:"params"`
	ID       int    `json:"id"`
	Protocol int    `json:"protocol,omitempty"`
}

// object is a set of named parameters.
type object = map[string]any

// rpc makes one JSON-RPC call and decodes the result into out, which may be nil.
func (c *Client) rpc(ctx context.Context, address string, s Session, method string, params, out any) error {
	body, err := encode(request{Version: "2.0", Method: method, Params: params, Protocol: c.protocol})
	if err != nil {
		return &Error{Method: method, kind: notSent, cause: err}
	}
	status, answer, err := c.post(ctx, address, rpcType, s, body)
	if err != nil {
		return c.redact(transportError(method, status, err), s)
	}
	return c.redact(readAnswer(method, status, answer, out), s)
}

// encode encodes JSON without escaping <, > and &.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	return bytes.TrimSpace(buf.Bytes()), nil
}

// post sends body and returns the status and the answer. An error without a connection is marked as never sent.
func (c *Client) post(ctx context.Context, address, contentType string, s Session, body []byte) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, neverSent{err}
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := c.send(req, s)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return resp.StatusCode, nil, fmt.Errorf("read answer: %w", err)
	}
	if len(answer) > maxAnswer {
		return resp.StatusCode, nil, errors.New("answer is too large")
	}
	return resp.StatusCode, answer, nil
}

// send sends one HTTP request with the header of the session.
func (c *Client) send(req *http.Request, s Session) (*http.Response, error) {
	req.Header.Set("User-Agent", c.userAgent)
	if s.Value != "" {
		req.Header.Set(s.Header, s.Value)
	}
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	resp, err := c.http.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err == nil {
		return resp, nil
	}
	err = withoutAddress(err)
	if !connected.Load() {
		return nil, neverSent{err}
	}
	return nil, err
}

// neverSent marks an error that occurred before anything was sent to SBIS.
type neverSent struct{ error }

func (n neverSent) Unwrap() error { return n.error }

// withoutAddress removes the address from an error of net/http, because file links are secrets.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
