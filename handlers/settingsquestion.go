package handlers

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// nativeFields are the parts of an answer that fields of deals may hold.
var nativeFields = []views.NativeField{{Name: "field-exchange", Label: "Поле «Способ обмена»"}, {Name: "field-operator", Label: "Поле «Оператор ЭДО»"},
	{Name: "field-participant", Label: "Поле «Идентификатор ЭДО»"}}

// questionRules words the rules of the question, with a preview of the letter.
func questionRules(kept store.Settings, own []store.OwnCompany, typed *workflow.QuestionForm, now time.Time) views.QuestionRules {
	q := kept.Question
	m := views.QuestionRules{Off: q.Off, Once: q.Once, HandOver: q.HandOver, Days: strconv.Itoa(cmp.Or(q.Days, store.DefaultDays)),
		Valid: strconv.Itoa(cmp.Or(q.Valid, store.DefaultValid)), Subject: cmp.Or(q.Subject, workflow.DefaultSubject), Body: cmp.Or(q.Body, workflow.DefaultBody),
		Native: q.Native, Placeholders: workflow.Placeholders}
	fields := q.Fields
	if typed != nil {
		m.Off, m.Once, m.HandOver, m.Days, m.Valid = !typed.Automatic, typed.Once, typed.HandOver, typed.Days, typed.Valid
		m.Subject, m.Body, m.Native, fields = typed.Subject, typed.Body, typed.Native, typed.Fields
	}
	for _, f := range nativeFields {
		f.Value = fields[strings.TrimPrefix(f.Name, "field-")]
		m.Fields = append(m.Fields, f)
	}
	text := workflow.LetterText{Rules: store.QuestionRules{Subject: m.Subject, Body: m.Body}, Deal: "Участие в выставке", Buyer: "ООО «Ромашка»",
		Own: acts.Party{Kind: acts.Company, Name: "ООО «Наша организация»"}, Until: now.AddDate(0, 0, cmp.Or(q.Valid, store.DefaultValid))}
	if len(own) > 0 {
		text.Own = own[0].Party
	}
	m.PreviewSubject, m.Preview = text.Subject(), text.Preview()
	return m
}

// question shows how counterparties are asked.
func (s *Server) question(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderQuestion(w, r, v, http.StatusOK, nil, nil)
}

// renderQuestion draws the rules of the question, as they are kept or as they were typed.
func (s *Server) renderQuestion(w http.ResponseWriter, r *http.Request, v Visit, status int, typed *workflow.QuestionForm, tried error) error {
	scope := s.db.Scope(v.Portal)
	kept, err := scope.Settings(r.Context())
	if err != nil {
		return err
	}
	own, err := scope.OwnCompanies(r.Context())
	if err != nil {
		return err
	}
	m := questionRules(kept, own, typed, s.now().In(zoneOf(v)))
	m.SettingsFrame = settingsFrame(r, v, "/question", tried)
	return render(w, r, status, views.QuestionPage(m))
}

// saveQuestion keeps how counterparties are asked.
func (s *Server) saveQuestion(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	form := workflow.QuestionForm{Automatic: get("automatic") != "", Once: get("once") != "", HandOver: get("hand-over") != "", Days: get("days"),
		Valid: get("valid"), Subject: get("subject"), Body: r.PostForm.Get("body"), Native: get("native"), Fields: map[string]string{}}
	for _, f := range nativeFields {
		form.Fields[strings.TrimPrefix(f.Name, "field-")] = get(f.Name)
	}
	err := s.service.SaveQuestionRules(r.Context(), v, form)
	return settled(w, r, v, "/question?done=saved", err, func(status int) error { return s.renderQuestion(w, r, v, status, &form, err) })
}
