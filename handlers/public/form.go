package public

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"

	"acts24/acts"
	"acts24/handlers/limits"
	"acts24/handlers/web"
	"acts24/views"
	"acts24/workflow/question"
)

// formPolicy allows the public form its own stylesheet and script and posts to itself.
const formPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// formLink is a request with a valid secret link.
type formLink struct {
	token    string
	question question.PublicQuestion
}

func (l formLink) path() string { return "/f/" + l.token }

// withLink runs a page behind a secret link under its limits and answers its errors. All invalid links have one answer.
func (h *Handler) withLink(rate web.Rate, do func(http.ResponseWriter, *http.Request, formLink) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Security-Policy", formPolicy)
		l, err := h.findLink(r, rate)
		if err == nil {
			err = do(w, r, l)
		}
		if err != nil {
			h.fail(w, r, err)
		}
		return nil
	}
}

// findLink looks up the question of a link, within the limits of a rate.
func (h *Handler) findLink(r *http.Request, rate web.Rate) (formLink, error) {
	from := h.limiter.address(r)
	leave, err := h.limiter.enter(r.Context(), from)
	if err != nil {
		return formLink{}, err
	}
	l := formLink{token: r.PathValue("token")}
	l.question, err = h.Service.Question.Form(r.Context(), l.token)
	leave()
	if errors.Is(err, acts.NotFound) {
		return l, errors.Join(h.limiter.missed(from), err)
	}
	if err == nil && rate == web.RateForms {
		hash := sha256.Sum256([]byte(l.token))
		err = h.limiter.posted(string(hash[:]))
	}
	return l, err
}

// publicForm handles GET /f/{token} and GET /f/{malformed...}: the form for the counterparty. GET changes nothing, because mail scanners
// open links.
func (h *Handler) publicForm(w http.ResponseWriter, r *http.Request, l formLink) error {
	typed := typedForm{Channel: string(l.question.Channel), Kind: string(l.question.Kind), Participant: l.question.Participant}
	if o, ok := acts.OperatorByPrefix(acts.OperatorOf(typed.Participant)); ok {
		typed.Operator = o.Name
	}
	m := publicView(l, typed, nil)
	if l.question.Answered {
		m.Done = "Ответ уже получен"
		if r.URL.Query().Get("ok") != "" {
			m.Done = "Спасибо, ответ получен"
		}
	}
	return web.Render(w, r, http.StatusOK, views.PublicFormPage(m))
}

// answerForm handles POST /f/{token}: stores the answer, or looks up the participant ids of the counterparty.
func (h *Handler) answerForm(w http.ResponseWriter, r *http.Request, l formLink) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	typed := readForm(r.PostForm)
	if err := h.Service.Question.FormOpened(r.Context(), l.token); err != nil {
		return err
	}
	if r.PostForm.Get("find") != "" {
		typed.Channel = string(acts.ChannelEDO)
		m := publicView(l, typed, nil)
		h.findParticipants(r, l, &m, typed)
		return web.Render(w, r, http.StatusOK, views.PublicFormPage(m))
	}
	err := h.Service.Question.TakeAnswer(r.Context(), l.token, typed.answer(), typed.Confirmed)
	if errors.Is(err, acts.Invalid) {
		m := publicView(l, typed, err)
		if _, shown := r.PostForm["box"]; shown {
			h.findParticipants(r, l, &m, typed)
		}
		return web.Render(w, r, http.StatusUnprocessableEntity, views.PublicFormPage(m))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, l.path()+"?ok=1", http.StatusSeeOther)
	return nil
}

// findParticipants adds the participant ids of the counterparty from SBIS.
func (h *Handler) findParticipants(r *http.Request, l formLink, m *views.PublicForm, typed typedForm) {
	seen, err := h.Service.Question.FindBoxes(r.Context(), l.token)
	switch {
	case err != nil:
		h.Log.WarnContext(r.Context(), "ids were not found", "route", r.Pattern, "err", err)
		m.FindNote = "СБИС сейчас не отвечает. Попробуйте через минуту или впишите идентификатор сами."
	case len(seen.Boxes) == 0:
		m.FindNote = "По вашему ИНН в СБИС ничего не нашлось. Идентификатор подскажет бухгалтерия; без него можно выбрать обмен на бумаге."
	default:
		m.Found = foundChoices(seen.Boxes, typed)
	}
}

// formOpened handles POST /f/{token}/opened: records that a person works with the form; its script reports it.
func (h *Handler) formOpened(w http.ResponseWriter, r *http.Request, l formLink) error {
	if err := h.Service.Question.FormOpened(r.Context(), l.token); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// fail answers an error of a page behind a link without data of a portal.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	m := views.PublicMessage{Heading: "Не получилось", Text: web.Message(err)}
	status := web.Status(err)
	var many limits.Exceeded
	switch {
	case errors.As(err, &many):
		m.Text = "Слишком много запросов подряд. Подождите минуту и повторите."
		w.Header().Set("Retry-After", many.Seconds())
	case status == http.StatusNotFound:
		status, m.Heading, m.Text = http.StatusGone, "Ссылка больше не действует", "Попросите того, от кого пришло письмо, прислать новую."
	case status == http.StatusRequestEntityTooLarge:
		m.Text = "Слишком длинный ответ. Вернитесь назад и сократите его."
	case status == http.StatusInternalServerError:
		m.Code, m.Text = rand.Text()[:8], "Что-то сломалось у нас. Введённое не потеряно: вернитесь назад и повторите."
		h.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "code", m.Code, "err", err)
	}
	if err := web.Render(w, r, status, views.PublicMessagePage(m)); err != nil {
		http.Error(w, "", status)
	}
}
