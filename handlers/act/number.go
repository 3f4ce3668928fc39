package act

import (
	"context"
	"net/http"
	"strconv"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/views"
	"acts24/workflow"
)

// number handles POST /p/{portal}/acts/{act}/number: assigns the number of the act and redirects to its print form.
func (h *Handler) number(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	if err := h.takeNumber(r, v, act); err != nil {
		return h.done(w, r, v, act, withAction("give-number", err))
	}
	if err := h.Service.Acts.Print(r.Context(), v, act); err != nil {
		return h.done(w, r, v, act, err)
	}
	http.Redirect(w, r, web.Base(v)+"/acts/"+web.ID(act)+"?print=1#print", http.StatusSeeOther)
	return nil
}

// suggestNumber returns the number typed for an act, or the next free one.
func (h *Handler) suggestNumber(ctx context.Context, v web.Visit, a acts.Act) (string, error) {
	if a.Wanted != "" {
		return a.Wanted, nil
	}
	return workflow.SuggestNumber(ctx, h.DB.Scope(v.Portal), a.OwnCompany, a.Date)
}

// askNumber adds the number field to the actions that create a document, where numbers are typed by hand.
func askNumber(m *views.ActPage, number string) {
	field := views.Field{Name: "number", Label: "Номер акта", Type: "text", Value: number, MaxLength: strconv.Itoa(acts.MaxNumberLength), Required: true}
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
}

// takeNumber stores the number of the form, if the form has one.
func (h *Handler) takeNumber(r *http.Request, v web.Visit, act acts.ActID) error {
	if !r.PostForm.Has("number") {
		return nil
	}
	return h.Service.Acts.SetWantedNumber(r.Context(), v, act, r.PostForm.Get("number"))
}
