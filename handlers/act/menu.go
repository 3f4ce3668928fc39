package act

import (
	"net/http"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
)

// menu handles GET /p/{portal}/acts/{act}/do: the actions on an act of a list.
func (h *Handler) menu(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	details, err := h.DB.Scope(v.Portal).Acts().Details(r.Context(), act)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.ActMenuPage(menuView(v, details)))
}

// menuView formats the menu. An action that requires input is a link to the page of the act, where its form is.
func menuView(v web.Visit, details store.ActDetails) views.ActMenu {
	a := details.Act
	at := web.Base(v) + "/acts/" + web.ID(a.ID)
	m := views.ActMenu{Frame: web.Frame(v, a.Title()), Title: a.Title(), Links: []views.Link{{Text: "Открыть акт", Href: at},
		{Text: "Открыть поверх списка", Href: at, Act: web.ID(a.ID), About: a.Title()}}}
	var page views.ActPage
	if documentLinks(&page, v, details); page.SBISLink != "" {
		m.Links = append(m.Links, views.Link{Text: "Открыть в СБИС", Href: page.SBISLink, Out: true})
	}
	if v.May(roles.RightWork) {
		for _, action := range actActions(v, a, "") {
			switch {
			case action.Plain:
				m.Links = append(m.Links, views.Link{Text: action.Label, Href: action.Href})
			case len(action.Fields) > 0 || action.Explain != "" || action.Event != "" || action.Step != "":
				m.Links = append(m.Links, views.Link{Text: action.Label + "…", Href: at})
			default:
				m.Actions = append(m.Actions, action)
			}
		}
	}
	m.Links = append(m.Links, web.DealLink(v, a.Deal, "Карточка сделки"))
	if a.Company != 0 { // the links of the list itself are smaller than a finger
		m.Links = append(m.Links, web.CompanyLink(v, a.Company, "Карточка компании"))
	}
	return m
}
