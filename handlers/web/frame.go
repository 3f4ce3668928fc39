package web

import (
	"net/http"
	"net/url"
)

// Policy is the content security policy of our pages; the origins that may frame the page follow.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors "

// AllowFrame allows only the stored portal and our own pages to frame this answer.
func AllowFrame(w http.ResponseWriter, origin string) {
	if o := OriginOf(origin); o != "" {
		w.Header().Set("Content-Security-Policy", Policy+"'self' "+o)
	}
}

// AllowAnyFrame allows every site to frame this answer, which must not depend on the portal in its address.
func AllowAnyFrame(w http.ResponseWriter) { w.Header().Set("Content-Security-Policy", Policy+"*") }

// OriginOf returns the origin of a stored address, "" for an invalid one.
func OriginOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
