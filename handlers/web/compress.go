package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// minCompressed is the size in bytes below which compression does not pay.
const minCompressed = 1 << 10

var compressors = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// compressible reports whether the page that answers r may be sent compressed.
//
// The length of a compressed response reveals how much of it repeats (BREACH, breachattack.com): an attacker who chooses a text that the
// page repeats, and sees the lengths of responses, can guess the rest of the page. So a page is compressed only if no other site can have
// chosen a part of its text: a GET without a query, or one that the browser marks as not coming from a foreign site. Answers to a
// POST are never compressed: they repeat a form, and the tab of a deal shows the secret link of a question there. Pages contain no CSRF
// tokens (http.CrossOriginProtection needs none), and the secret of a visit is only in cookies, in a request header
// and in the JSON answer of POST /placement/return, which is not compressed either.
func compressible(r *http.Request) bool {
	if r.Method != http.MethodGet || !AcceptsGzip(r) {
		return false
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return r.URL.RawQuery == "" || site == "same-origin" || site == "none"
}

// AcceptsGzip reports whether the client reads gzip.
func AcceptsGzip(r *http.Request) bool {
	for _, coding := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, params, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		weight, weighed := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !weighed || err == nil && q > 0
	}
	return false
}

// WriteBody sends a complete body, compressed where the caller allows it and the body is large enough.
func WriteBody(w http.ResponseWriter, status int, body []byte, compress bool) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if compress && len(body) >= minCompressed {
		buf := buffers.Get().(*bytes.Buffer)
		buf.Reset()
		defer buffers.Put(buf)
		z := compressors.Get().(*gzip.Writer)
		defer compressors.Put(z)
		z.Reset(buf)
		_, _ = z.Write(body) // a buffer returns no errors
		_ = z.Close()
		h.Set("Content-Encoding", "gzip")
		body = buf.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error means that the client is gone
}
