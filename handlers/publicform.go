package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"

	"acts24/acts"
	"acts24/views"
	"acts24/workflow"
)

// formPolicy lets the public form load its own stylesheet and script and post to itself, nothing more.
const formPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// link is a request with a secret link that works.
type link struct {
	token    string
	question workflow.PublicQuestion
}

func (l link) path() string { return "/f/" + l.token }

// byToken runs a page behind a secret link. Links that do not work have one answer, whatever is wrong with them.
func (s *Server) byToken(do func(http.ResponseWriter, *http.Request, link) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		from := s.strangers.address(r)
		leave, err := s.strangers.enter(r.Context(), from)
		if err != nil {
			return err
		}
		l := link{token: r.PathValue("token")}
		l.question, err = s.service.Question(r.Context(), l.token)
		leave()
		if errors.Is(err, acts.NotFound) {
			return errors.Join(s.strangers.missed(from), err)
		}
		if err != nil {
			return err
		}
		if r.Method == http.MethodPost {
			hash := sha256.Sum256([]byte(l.token))
			if err := s.strangers.posted(string(hash[:])); err != nil {
				return err
			}
		}
		return do(w, r, l)
	}
}

// publicForm asks the counterparty; looking changes nothing, for mail scanners open links too.
func (s *Server) publicForm(w http.ResponseWriter, r *http.Request, l link) error {
	m := publicView(l, typedForm{Channel: string(l.question.Channel), Kind: string(l.question.Kind)}, nil)
	if l.question.Answered {
		m.Done = "Ответ уже получен"
		if ok := r.URL.Query().Get("ok"); ok != "" {
			m.Done, m.Mended = "Спасибо, ответ получен", ok == "mended" && m.Participant != ""
		}
	}
	return render(w, r, http.StatusOK, views.PublicFormPage(m))
}

// answerForm keeps the answer, or looks for the ids of who asks.
func (s *Server) answerForm(w http.ResponseWriter, r *http.Request, l link) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	typed := readForm(r.PostForm)
	if err := s.service.QuestionOpened(r.Context(), l.token); err != nil {
		return err
	}
	if r.PostForm.Get("find") != "" {
		typed.Channel = string(acts.ByEDO)
		m := publicView(l, typed, nil)
		s.find(r, l, &m, typed)
		return render(w, r, http.StatusOK, views.PublicFormPage(m))
	}
	err := s.service.Answer(r.Context(), l.token, typed.answer())
	if errors.Is(err, acts.Invalid) {
		m := publicView(l, typed, err)
		if _, shown := r.PostForm["box"]; shown {
			s.find(r, l, &m, typed)
		}
		return render(w, r, http.StatusUnprocessableEntity, views.PublicFormPage(m))
	}
	if err != nil {
		return err
	}
	done := "?ok=1"
	if typed.mended() {
		done = "?ok=mended"
	}
	http.Redirect(w, r, l.path()+done, http.StatusSeeOther)
	return nil
}

// find shows under which ids SBIS knows who asks.
func (s *Server) find(r *http.Request, l link, m *views.PublicForm, typed typedForm) {
	seen, err := s.service.FindBoxes(r.Context(), l.token)
	switch {
	case err != nil:
		s.log.WarnContext(r.Context(), "ids were not found", "route", r.Pattern, "err", err)
		m.FindNote = "СБИС сейчас не отвечает. Попробуйте через минуту или впишите идентификатор сами."
	case len(seen.Boxes) == 0:
		m.FindNote = "По вашему ИНН в СБИС ничего не нашлось. Идентификатор подскажет бухгалтерия; без него можно выбрать обмен на бумаге."
	default:
		m.Found = foundChoices(seen.Boxes, typed)
	}
}

// formOpened keeps that a person works with the form: its script tells so.
func (s *Server) formOpened(w http.ResponseWriter, r *http.Request, l link) error {
	if err := s.service.QuestionOpened(r.Context(), l.token); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// failLink turns an error of a page behind a link into an answer that tells nothing of a portal.
func (s *Server) failLink(w http.ResponseWriter, r *http.Request, err error) {
	m := views.PublicMessage{Heading: "Не получилось", Text: sentenceOf(err)}
	status := statusOf(err)
	var many tooMany
	switch {
	case errors.As(err, &many):
		status, m.Text = http.StatusTooManyRequests, "Слишком много запросов подряд. Подождите минуту и повторите."
		w.Header().Set("Retry-After", many.seconds())
	case status == http.StatusNotFound:
		status, m.Heading, m.Text = http.StatusGone, "Ссылка больше не действует", "Попросите прислать новую того, от кого пришло письмо."
	case status == http.StatusRequestEntityTooLarge:
		m.Text = "Слишком длинный ответ. Вернитесь назад и сократите его."
	case status == http.StatusInternalServerError:
		m.Code, m.Text = rand.Text()[:8], "Что-то сломалось у нас. Введённое не потеряно: вернитесь назад и повторите."
		s.log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "code", m.Code, "err", err)
	}
	if err := render(w, r, status, views.PublicMessagePage(m)); err != nil {
		http.Error(w, "", status)
	}
}
