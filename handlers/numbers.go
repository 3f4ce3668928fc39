package handlers

import (
	"net/http"
	"strconv"

	"acts24/acts"
	"acts24/views"
	"acts24/workflow"
)

// number gives an act its number and leads to its print form.
func (s *Server) number(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	if err := s.takeNumber(r, v, act); err != nil {
		return s.done(w, r, v, act, trying("give-number", err))
	}
	if err := s.service.Print(r.Context(), v, act); err != nil {
		return s.done(w, r, v, act, err)
	}
	http.Redirect(w, r, base(v)+"/acts/"+id(act)+"?print=1#print", http.StatusSeeOther)
	return nil
}

// askNumber has the number of an act typed where it is needed: its document is about to be made and our company numbers by hand.
func (s *Server) askNumber(r *http.Request, v Visit, m *views.ActPage, a acts.Act) error {
	number := a.Wanted
	if number == "" {
		var err error
		if number, err = workflow.SuggestNumber(r.Context(), s.db.Scope(v.Portal), a.OwnCompany, a.Date); err != nil {
			return err
		}
	}
	field := views.Field{Name: "number", Label: "Номер акта", Type: "text", Value: number, Most: strconv.Itoa(acts.MostNumber), Required: true}
	for i, action := range m.Actions {
		if action.TestID == "send-act" {
			m.Actions[i].Fields, m.Actions[i].Explain = []views.Field{field}, "Номера этой организации даются вручную. После передачи номер не меняется."
		}
	}
	if m.Print.Number != "" {
		give := views.Action{Href: m.Print.Number, Label: "Присвоить номер и распечатать", TestID: "give-number", Primary: m.Print.First,
			Fields: []views.Field{field}, Explain: "Номера этой организации даются вручную. После этого номер и реквизиты акта не меняются."}
		m.Actions, m.Print.Number = append([]views.Action{give}, m.Actions...), ""
	}
	return nil
}

// takeNumber keeps the number that was typed for an act, if one was asked for.
func (s *Server) takeNumber(r *http.Request, v Visit, act acts.ActID) error {
	if !r.PostForm.Has("number") {
		return nil
	}
	return s.service.WantNumber(r.Context(), v, act, r.PostForm.Get("number"))
}
