package settings

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow/setup"
)

// nativeFields are the parts of an answer that fields of a deal may hold.
var nativeFields = []views.NativeField{{Name: "field-exchange", Label: "Поле «Способ обмена»"}, {Name: "field-operator", Label: "Поле «Оператор ЭДО»"},
	{Name: "field-participant", Label: "Поле «Идентификатор ЭДО»"}}

// questionRules formats the rules of the question with a preview of the letter.
func questionRules(kept store.Settings, own []store.OwnCompany, typed *setup.QuestionForm, now time.Time) views.QuestionRules {
	q := kept.Question
	m := views.QuestionRules{Off: q.Off, Once: q.Once, HandOver: q.HandOver, Days: strconv.Itoa(cmp.Or(q.Days, store.DefaultQuestionDays)),
		Valid: strconv.Itoa(cmp.Or(q.Valid, store.DefaultLinkDays)), Subject: cmp.Or(q.Subject, letters.DefaultSubject), Body: cmp.Or(q.Body, letters.DefaultBody),
		NativeForm: q.Native, Placeholders: letters.Placeholders}
	fields := q.Fields
	if typed != nil {
		m.Off, m.Once, m.HandOver, m.Days, m.Valid = !typed.Automatic, typed.Once, typed.HandOver, typed.Days, typed.Valid
		m.Subject, m.Body, m.NativeForm, fields = typed.Subject, typed.Body, typed.Native, typed.Fields
	}
	for _, f := range nativeFields {
		f.Value = fields[strings.TrimPrefix(f.Name, "field-")]
		m.NativeFields = append(m.NativeFields, f)
	}
	text := letters.Question{Template: letters.Template{Subject: m.Subject, Body: m.Body}, Deal: "Участие в выставке", Buyer: "ООО «Ромашка»",
		Own: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Наша организация»"}, Until: now.AddDate(0, 0, cmp.Or(q.Valid, store.DefaultLinkDays))}
	if len(own) > 0 {
		text.Own = own[0].Party
	}
	m.PreviewSubject, m.Preview = text.Subject(), text.Preview()
	return m
}

// question handles GET /p/{portal}/settings/question: the rules of the question.
func (h *Handler) question(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderQuestion(w, r, v, http.StatusOK, nil, nil)
}

// renderQuestion renders the rules as stored or as typed.
func (h *Handler) renderQuestion(w http.ResponseWriter, r *http.Request, v web.Visit, status int, typed *setup.QuestionForm, tried error) error {
	scope := h.DB.Scope(v.Portal)
	kept, err := scope.Portals().Settings(r.Context())
	if err != nil {
		return err
	}
	own, err := scope.Companies().List(r.Context())
	if err != nil {
		return err
	}
	m := questionRules(kept, own, typed, h.Now().In(web.Zone(v)))
	m.SettingsFrame = settingsFrame(r, v, "/question", tried)
	return web.Render(w, r, status, views.QuestionPage(m))
}

// saveQuestion handles POST /p/{portal}/settings/question: stores the rules of the question.
func (h *Handler) saveQuestion(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	form := setup.QuestionForm{Automatic: get("automatic") != "", Once: get("once") != "", HandOver: get("hand-over") != "", Days: get("days"),
		Valid: get("valid"), Subject: get("subject"), Body: r.PostForm.Get("body"), Native: get("native"), Fields: map[string]string{}}
	for _, f := range nativeFields {
		form.Fields[strings.TrimPrefix(f.Name, "field-")] = get(f.Name)
	}
	err := h.Service.Setup.SaveQuestionRules(r.Context(), v, form)
	return redirectOrRetry(w, r, v, "/question?done=saved", err, func(status int) error { return h.renderQuestion(w, r, v, status, &form, err) })
}
