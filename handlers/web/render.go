package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/a-h/templ"
)

// WriteJSON answers with JSON.
func WriteJSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page; nothing is sent before all of it is rendered.
func Render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer buffers.Put(buf)
	if err := page.Render(r.Context(), buf); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	WriteBody(w, status, buf.Bytes(), compressible(r))
	return nil
}
