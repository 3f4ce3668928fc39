package handlers

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"acts24/acts"
	"acts24/views"
	"acts24/workflow"
)

var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes a page; nothing is sent before all of it is drawn.
func render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	buf := pages.Get().(*bytes.Buffer)
	buf.Reset()
	defer pages.Put(buf)
	if err := page.Render(r.Context(), buf); err != nil {
		return err
	}
	body := lean(buf.Bytes())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader has gone, there is nobody to tell
	return nil
}

// spare are end tags that HTML lets out. No text of a page has them: its < is escaped.
var spare = [][]byte{[]byte("</td>"), []byte("</tr>"), []byte("</th>"), []byte("</option>")}

// lean takes them out of a page, in place: a long table weighs a tenth less.
func lean(page []byte) []byte {
	out := page[:0]
	for {
		at := bytes.Index(page, []byte("</"))
		if at < 0 {
			return append(out, page...)
		}
		out, page = append(out, page[:at]...), page[at:]
		skip := 0
		for _, tag := range spare {
			if bytes.HasPrefix(page, tag) {
				skip = len(tag)
			}
		}
		if skip == 0 {
			skip, out = 2, append(out, page[:2]...)
		}
		page = page[skip:]
	}
}

// statusOf is the HTTP status of an error.
func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, errNoVisit):
		return http.StatusUnauthorized
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, acts.Unavailable):
		return http.StatusServiceUnavailable
	case errors.Is(err, acts.Forbidden):
		return http.StatusForbidden
	case errors.Is(err, acts.NotFound):
		return http.StatusNotFound
	case errors.Is(err, acts.Conflict):
		return http.StatusConflict
	case errors.Is(err, acts.Invalid), errors.Is(err, acts.Refused):
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

// sentenceOf is what the person reads of an error.
func sentenceOf(err error) string {
	var faults acts.Faults
	if errors.As(err, &faults) {
		return faults.Error()
	}
	return acts.Sentence(err)
}

// fail turns an error of a page outside a visit into an answer.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.answer(w, r, views.Frame{Title: "Акты"}, err)
	}
}

// failIn turns an error of a page inside a visit into an answer.
func (s *Server) failIn(w http.ResponseWriter, r *http.Request, v Visit, err error) {
	if err != nil {
		f := frameOf(v, "Акты")
		f.ReadOnly = false // the page only says what went wrong
		s.answer(w, r, f, err)
	}
}

// answer alone turns errors into pages and log lines.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, f views.Frame, err error) {
	if r.Context().Err() != nil {
		s.log.InfoContext(r.Context(), "the visitor has gone", "route", r.Pattern, "err", err)
		return
	}
	status := statusOf(err)
	m := views.Message{Frame: f, Heading: "Не получилось", Text: sentenceOf(err)}
	switch status {
	case http.StatusUnauthorized:
		s.reenter(w, r)
		return
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "30")
		m.Heading, m.Button, m.Return = "Нет связи", "Повторить", ownPath(r)
		if errors.Is(err, workflow.ErrNotReady) {
			m.Heading = "Приложение ещё настраивается"
		}
		s.log.WarnContext(r.Context(), "unavailable", "route", r.Pattern, "err", err)
	case http.StatusRequestEntityTooLarge:
		m.Text = "Слишком большой запрос."
	case http.StatusForbidden:
		m.Heading = "Нет доступа"
		s.log.InfoContext(r.Context(), "forbidden", "route", r.Pattern, "err", err)
	case http.StatusInternalServerError:
		m.Code = rand.Text()[:8]
		s.log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "code", m.Code, "err", err)
		m.Text = "Что-то сломалось у нас. Введённое не потеряно: вернитесь назад и повторите."
	}
	s.say(w, r, status, m)
}

func (s *Server) apologize(w http.ResponseWriter, r *http.Request) {
	s.say(w, r, http.StatusInternalServerError, views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Не получилось",
		Text: "Что-то сломалось у нас. Повторите через минуту."})
}

func (s *Server) say(w http.ResponseWriter, r *http.Request, status int, m views.Message) {
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		writeJSON(w, status, map[string]string{"text": m.Text})
		return
	}
	if err := render(w, r, status, views.MessagePage(m)); err != nil {
		http.Error(w, "", status)
	}
}

// reenter answers a page whose script asks the parent window who the user is. It may be framed by the
// portal in the address, and tells nothing of it.
func (s *Server) reenter(w http.ResponseWriter, r *http.Request) {
	if portal, err := strconv.ParseInt(r.PathValue("portal"), 10, 64); err == nil {
		if p, err := s.db.Scope(acts.PortalID(portal)).PortalInfo(r.Context()); err == nil {
			allowFrame(w, p.Origin)
		}
	}
	s.say(w, r, http.StatusUnauthorized, views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Акты",
		Text: "Восстанавливаем вход…", Return: ownPath(r), Reenter: r.Method == http.MethodGet, Button: "Войти заново"})
}

// ownPath is the page to come back to: only GET pages of a portal.
func ownPath(r *http.Request) string {
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/p/") {
		return r.URL.Path
	}
	return ""
}

func (s *Server) crossOrigin(w http.ResponseWriter, r *http.Request) {
	s.say(w, r, http.StatusForbidden, views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Нет доступа",
		Text: "Запрос пришёл не с нашей страницы."})
}
