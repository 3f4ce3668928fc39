package handlers

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"acts24/handlers/limits"
	"acts24/handlers/web"
	"acts24/views"
	"acts24/workflow"
	"acts24/workflow/setup"
)

// fail writes the answer to an error outside a visit.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.answer(w, r, views.Frame{Title: "Акты"}, err)
	}
}

// failIn writes the answer to an error inside a visit.
func (s *Server) failIn(w http.ResponseWriter, r *http.Request, v web.Visit, err error) {
	if errors.Is(err, workflow.ErrTokenRefused) {
		if ended := s.Service.People.EndVisit(r.Context(), v); ended != nil {
			s.Log.ErrorContext(r.Context(), "visit not ended", "portal", v.Portal, "user", v.User, "err", ended)
		}
		s.Log.InfoContext(r.Context(), "visit ended: the portal refuses the visitor", "portal", v.Portal, "user", v.User)
		err = web.ErrNoVisit
	}
	if errors.Is(err, workflow.ErrTokenExpired) {
		err = web.ErrNoVisit
	}
	if err != nil {
		f := web.Frame(v, "Акты")
		f.ReadOnly, f.OwnOnly = false, false // the page only shows an error
		s.answer(w, r, f, err)
	}
}

// answer turns an error into a page and a log line, for all pages except the public form.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, f views.Frame, err error) {
	if r.Context().Err() != nil {
		s.Log.InfoContext(r.Context(), "the visitor has gone", "route", r.Pattern, "err", err)
		return
	}
	status := web.Status(err)
	var many limits.Exceeded
	m := views.Message{Frame: f, Heading: "Не получилось", Text: web.Message(err)}
	switch status {
	case http.StatusUnauthorized:
		s.renderReenter(w, r)
		return
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "30")
		m.Heading, m.Button, m.Return = "Нет связи", "Повторить", ownPath(r)
		if errors.Is(err, setup.ErrNotReady) {
			m.Heading = "Приложение ещё настраивается"
		}
		s.Log.WarnContext(r.Context(), "unavailable", "route", r.Pattern, "err", err)
	case http.StatusRequestEntityTooLarge:
		m.Text = "Слишком большой запрос."
	case http.StatusTooManyRequests:
		errors.As(err, &many)
		s.refuseMany(w, r, &m, many)
	case http.StatusForbidden:
		m.Heading = "Нет доступа"
		s.Log.InfoContext(r.Context(), "forbidden", "route", r.Pattern, "err", err)
	case http.StatusInternalServerError:
		m.Code = rand.Text()[:8]
		s.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "code", m.Code, "err", err)
		m.Text = "Что-то сломалось у нас. Введённое не потеряно: вернитесь назад и повторите."
	}
	s.renderMessage(w, r, status, m)
}

// refuseMany fills the message about a limit that a request exceeded. Outside a visit the page is the same for every portal and shows no
// data, so every site may frame it.
func (s *Server) refuseMany(w http.ResponseWriter, r *http.Request, m *views.Message, many limits.Exceeded) {
	w.Header().Set("Retry-After", many.Seconds())
	if m.Base == "" {
		web.AllowAnyFrame(w)
	}
	m.Heading, m.Text = "Слишком много запросов", "Запросы приходят слишком часто, этот не выполнен. Подождите несколько секунд и нажмите «Повторить»."
	if r.Method != http.MethodGet {
		m.Text = "Запросы приходят слишком часто, этот не выполнен. Введённое не потеряно: подождите несколько секунд, вернитесь назад и отправьте ещё раз."
	}
	if many.Text != "" {
		m.Text = many.Text
	} else if ownPath(r) != "" {
		m.Again = r.URL.RequestURI()
	}
	s.Log.WarnContext(r.Context(), "too many requests", "route", r.Pattern, "wait", many.Wait)
}

// answerPanic answers a request whose handler panicked.
func (s *Server) answerPanic(w http.ResponseWriter, r *http.Request) {
	s.renderMessage(w, r, http.StatusInternalServerError, views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Не получилось",
		Text: "Что-то сломалось у нас. Повторите через минуту."})
}

// renderMessage answers with a message, as JSON where the client accepts it.
func (s *Server) renderMessage(w http.ResponseWriter, r *http.Request, status int, m views.Message) {
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		web.WriteJSON(w, status, map[string]string{"text": m.Text})
		return
	}
	if err := web.Render(w, r, status, views.MessagePage(m)); err != nil {
		http.Error(w, "", status)
	}
}

// renderReenter answers a page whose script requests the identity of the user from the parent window. It is the same for every portal key and shows no data, so every
// site may frame it.
func (s *Server) renderReenter(w http.ResponseWriter, r *http.Request) {
	web.AllowAnyFrame(w)
	s.renderMessage(w, r, http.StatusUnauthorized, views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Акты",
		Text: "Восстанавливаем вход…", Return: ownPath(r), Reenter: r.Method == http.MethodGet, Button: "Войти заново"})
}

// ownPath returns the path of a requested page of a portal, to which the visitor can return, "" for other requests.
func ownPath(r *http.Request) string {
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/p/") {
		return r.URL.Path
	}
	return ""
}

// crossOrigin answers a request that http.CrossOriginProtection refused.
func (s *Server) crossOrigin(w http.ResponseWriter, r *http.Request) {
	s.renderMessage(w, r, http.StatusForbidden, views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Нет доступа",
		Text: "Запрос пришёл не с нашей страницы."})
}
