package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/sessions"

	"acts24/workflow"
)

// Visit is a verified user of a portal with the session.
type Visit = workflow.Visit

// visitHeader carries the secret of a visit where the browser refuses our cookie.
const visitHeader = "X-Acts-Visit"

// Cookies keep the secret of a visit in the browser, encrypted and signed.
type Cookies struct{ store *sessions.CookieStore }

// NewCookies returns cookies that live as long as a visit. keys are pairs of hash and block keys, the newest first.
func NewCookies(keys [][]byte, ttl time.Duration) *Cookies {
	kept := sessions.NewCookieStore(keys...)
	kept.Options = &sessions.Options{Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true, MaxAge: int(ttl.Seconds())}
	kept.MaxAge(int(ttl.Seconds()))
	return &Cookies{kept}
}

// cookieName contains the key of the portal: all portals of one domain share a cookie partition.
func cookieName(key string) string { return "__Host-acts-" + key }

// Set gives the browser the cookie of a new visit of the portal with the key; a cookie of the request is not read.
func (c *Cookies) Set(w http.ResponseWriter, r *http.Request, key, secret string) error {
	session := sessions.NewSession(c.store, cookieName(key))
	options := *c.store.Options
	session.Options, session.IsNew = &options, true
	session.Values["visit"] = secret
	if err := session.Save(r, w); err != nil {
		return fmt.Errorf("set the cookie of a visit: %w", err)
	}
	return nil
}

// Secret returns the secret of the visit of the portal with the key that a request carries in its header or cookie, ErrNoVisit when there is none.
func (c *Cookies) Secret(r *http.Request, key string) (string, error) {
	secret := r.Header.Get(visitHeader)
	if secret == "" {
		session, err := c.store.Get(r, cookieName(key))
		if err != nil { // forged, or encrypted with a dropped key
			return "", ErrNoVisit
		}
		secret, _ = session.Values["visit"].(string)
	}
	if secret == "" || len(secret) > 64 {
		return "", ErrNoVisit
	}
	return secret, nil
}
