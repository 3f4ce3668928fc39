package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// Params are the parameters of a method: strings, numbers, bools, nil, Amount, Bool, Body, lists and maps of these.
type Params map[string]any

// request is one HTTP request: the method asked, the methods it runs, and what its answer tells of limits.
type request struct {
	method string
	runs   []string
	params Params
	usage  func(*answer) []Usage
}

var errMethodName = errors.New("not a name of a method")

// call runs one method and decodes its result into out.
func (c *Client) call(ctx context.Context, method string, params Params, out any) error {
	a, err := c.ask(ctx, method, params)
	if err != nil {
		return err
	}
	return a.decode(method, out)
}

// ask runs one method and returns its envelope.
func (c *Client) ask(ctx context.Context, method string, params Params) (*answer, error) {
	return c.exchange(ctx, request{
		method: method, runs: []string{method}, params: params,
		usage: func(a *answer) []Usage {
			if a.Time == (span{}) {
				return nil
			}
			return []Usage{{Method: method, Operating: a.Time.Operating, ResetAt: a.Time.ResetAt}}
		},
	})
}

// exchange sends a request through the gate.
func (c *Client) exchange(ctx context.Context, r request) (*answer, error) {
	if !methodName(r.method) {
		return nil, notSent("call", errMethodName)
	}
	left, err := c.gate.Enter(ctx)
	if err != nil {
		return nil, notSent(r.method, err)
	}
	a, err := c.renewing(ctx, r)
	return a, left(err)
}

// renewing sends a request with the present token, and once more with a new one if that has expired (section 1.5).
func (c *Client) renewing(ctx context.Context, r request) (*answer, error) {
	token, err := c.tokens.Access(ctx)
	if err != nil {
		return nil, notSent(r.method, err)
	}
	a, err := c.attempt(ctx, r, token)
	if IsBadToken(err) || RedirectHost(err) != "" {
		c.tokens.Doubt(ctx, token, err)
	}
	if !IsExpired(err) {
		return a, err
	}
	fresh, failure := c.tokens.Renew(ctx, token)
	if failure != nil {
		return nil, &Error{Method: r.method, Status: http.StatusUnauthorized, Code: "expired_token", refused: true, cause: failure}
	}
	return c.attempt(ctx, r, fresh)
}

// attempt is one HTTP request: a place in the budget, the request, the report.
func (c *Client) attempt(ctx context.Context, r request, token string) (*answer, error) {
	body, err := r.body(token)
	if err != nil {
		return nil, notSent(r.method, err)
	}
	if err := c.budget.Take(ctx, r.runs...); err != nil {
		return nil, notSent(r.method, err)
	}
	a, err := c.send(ctx, r.method, body, token)
	if usage := r.report(a, err); len(usage) > 0 {
		c.budget.Report(ctx, usage)
	}
	return a, err
}

func (c *Client) send(ctx context.Context, method string, body payload, token string) (*answer, error) {
	reply, err := c.wire.post(ctx, method, c.endpoint+method+".json", typeJSON, body)
	if err != nil {
		return nil, err
	}
	a, err := readAnswer(method, reply)
	if a != nil {
		a.secret = token
	}
	var e *Error
	if errors.As(err, &e) {
		e.hide(token)
		e.resetAt = max(e.resetAt, retryAfter(reply.header))
	}
	return a, err
}

// body writes the parameters and the token as JSON, which keeps nested values exact (section 10.1).
func (r request) body(token string) (payload, error) {
	all := make(Params, len(r.params)+1)
	for name, value := range r.params {
		all[name] = value
	}
	all["auth"] = token
	return newPayload(all)
}

// plainJSON writes JSON without turning <, > and & into escapes.
func plainJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, errParameter
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// methodName keeps the address inside the portal: letters, digits, underscores, dots between them.
func methodName(name string) bool {
	dot := true
	for _, r := range name {
		if r == '.' && dot || r != '.' && !isWordRune(r) {
			return false
		}
		dot = r == '.'
	}
	return name != "" && !dot && len(name) <= 100
}
