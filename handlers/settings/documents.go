package settings

import (
	"net/http"
	"slices"
	"strings"

	"acts24/handlers/web"
	"acts24/views"
	"acts24/workflow"
	"acts24/workflow/setup"
)

// documents handles GET /p/{portal}/settings/documents: the fields of the deal that hold the basis of acts.
func (h *Handler) documents(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderDocuments(w, r, v, http.StatusOK, nil, nil)
}

// renderDocuments renders the rules as stored or as typed.
func (h *Handler) renderDocuments(w http.ResponseWriter, r *http.Request, v web.Visit, status int, typed *setup.BasisForm, tried error) error {
	form, fields, stale, err := h.Service.Setup.BasisRules(r.Context(), v)
	if err != nil {
		return err
	}
	if typed != nil {
		form = *typed
	}
	m := views.Documents{SettingsFrame: settingsFrame(r, v, "/documents", tried), Stale: stale, Name: form.Name,
		Sources: web.Options(form.Source, "", "Не брать из сделки", "text", "Из одного текстового поля", "parts", "Из двух полей: номер и дата"),
		Text:    dealFields(fields, form.Text, "string"), Number: dealFields(fields, form.Number, "string"), Date: dealFields(fields, form.Date, "date", "datetime")}
	return web.Render(w, r, status, views.DocumentsPage(m))
}

// dealFields returns the fields of some types, and the chosen one in any case.
func dealFields(fields []workflow.DealField, chosen string, types ...string) []views.Option {
	list := []views.Option{{Label: "Не выбрано", Chosen: chosen == ""}}
	found := chosen == ""
	for _, f := range fields {
		if slices.Contains(types, f.Type) {
			list = append(list, views.Option{Value: f.Code, Label: f.Title + " (" + f.Code + ")", Chosen: f.Code == chosen})
			found = found || f.Code == chosen
		}
	}
	if !found {
		list = append(list, views.Option{Value: chosen, Label: chosen, Chosen: true})
	}
	return list
}

// saveDocuments handles POST /p/{portal}/settings/documents: stores which fields of the deal hold the basis of acts.
func (h *Handler) saveDocuments(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	form := setup.BasisForm{Source: get("source"), Text: get("text"), Number: get("number"), Date: get("date"), Name: get("name")}
	err := h.Service.Setup.SaveBasisRules(r.Context(), v, form)
	return redirectOrRetry(w, r, v, "/documents?done=saved", err, func(status int) error { return h.renderDocuments(w, r, v, status, &form, err) })
}
