package sbis

import (
	"context"
	"errors"
	"net/http"
	"reflect"
)

// Names of the headers for a session (docs/contracts/sbis.md, "Ways in").
const (
	HeaderSession = "X-SBISSessionID"
	HeaderToken   = "X-SBISAccessToken"
)

// Session is the result of a login: a secret and the name of its header.
type Session struct {
	Header string
	Value  string
}

// String hides the secret.
func (s Session) String() string { return s.Header + ": ***" }

// GoString hides the secret.
func (s Session) GoString() string { return s.String() }

// SessionSource stores the session of one account, with one login at a time shared by all callers
// (docs/contracts/sbis.md, "Session").
type SessionSource interface {
	// Session returns the stored session, or the zero value when there is none.
	Session(ctx context.Context) (Session, error)
	// Renew replaces the session whose value is stale. Concurrent callers share the result of
	// one login; a caller with an older value gets the newer session without a login.
	Renew(ctx context.Context, stale string, login func(context.Context) (Session, error)) (Session, error)
}

// Login holds the credentials of an account: keys of an application, or login and password.
type Login struct {
	AppClientID, AppSecret, SecretKey string

	Login, Password, AccountNumber string
}

// String hides the secrets.
func (Login) String() string { return "***" }

// GoString hides the secrets.
func (Login) GoString() string { return "***" }

func (l Login) secrets() []string { return []string{l.AppSecret, l.SecretKey, l.Password} }

// logIn opens a session. A refused login must not be repeated: failed logins lead to a captcha or a locked account
// (docs/contracts/sbis.md, "Second factor").
func (c *Client) logIn(ctx context.Context) (Session, error) {
	var s Session
	var err error
	if c.login.AppClientID != "" {
		s, err = c.logInByKeys(ctx)
	} else {
		s, err = c.logInByPassword(ctx)
	}
	var e *Error
	if errors.As(err, &e) && (e.kind == refused || e.kind == notFound || e.kind == session) {
		e.kind = credentials
	}
	return s, err
}

type passwordLogin struct {
	Login    string `json:"Логин"`
	Password string `json:"Пароль"`
	Account  string `json:"НомерАккаунта,omitempty"`
}

func (c *Client) logInByPassword(ctx context.Context) (Session, error) {
	const method = "СБИС.Аутентифицировать"
	p := passwordLogin{Login: c.login.Login, Password: c.login.Password, Account: c.login.AccountNumber}
	var id string
	if err := c.rpc(ctx, c.auth, Session{}, method, object{"Параметр": p}, &id); err != nil {
		return Session{}, err
	}
	if id == "" {
		return Session{}, &Error{Method: method, Status: http.StatusOK, cause: errors.New("empty session id")}
	}
	return Session{Header: HeaderSession, Value: id}, nil
}

type keysLogin struct {
	ID     string `json:"app_client_id"`
	Secret string `json:"app_secret"`
	Key    string `json:"secret_key"`
}

// tokens is the answer to a login by keys; the service uses both names of the token.
type tokens struct {
	AccessToken string `json:"access_token"`
	Token       string `json:"token"`
	SID         string `json:"sid"`
	Error       string `json:"error"`
}

func (c *Client) logInByKeys(ctx context.Context) (Session, error) {
	var t tokens
	err := c.tokenService(ctx, keysLogin{c.login.AppClientID, c.login.AppSecret, c.login.SecretKey}, &t)
	switch {
	case err != nil:
		return Session{}, err
	case nonEmpty(t.AccessToken, t.Token) != "":
		return Session{Header: HeaderToken, Value: nonEmpty(t.AccessToken, t.Token)}, nil
	case t.SID != "":
		return Session{Header: HeaderSession, Value: t.SID}, nil
	}
	return Session{}, &Error{Method: tokenMethod, Status: http.StatusOK, cause: errors.New("no token in the answer")}
}

const tokenMethod = "POST /oauth/service/"

// tokenService sends a request to the token service, in plain JSON and not JSON-RPC (docs/contracts/sbis.md, "Ways in").
func (c *Client) tokenService(ctx context.Context, in any, out *tokens) error {
	body, err := encode(in)
	if err != nil {
		return &Error{Method: tokenMethod, kind: notSent, cause: err}
	}
	status, answer, err := c.post(ctx, c.oauth, "application/json;charset=utf-8", Session{}, body)
	if err != nil {
		return transportError(tokenMethod, status, err)
	}
	if status == http.StatusTooManyRequests { // the keys were not checked, whatever the body of the answer is
		return unreadableError(tokenMethod, status)
	}
	if m, ok := anyValue(answer).(map[string]any); ok {
		fill(reflect.ValueOf(out).Elem(), m)
		if m["error"] != nil && status < 500 {
			return c.redact(&Error{Method: tokenMethod, Status: status, Message: tidy(out.Error), kind: refused}, Session{})
		}
		if status < 300 {
			return nil
		}
	}
	if status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden {
		return &Error{Method: tokenMethod, Status: status, kind: refused}
	}
	return unreadableError(tokenMethod, status)
}
