package registry

import (
	"net/http"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// listOf returns the page of a list without its acts, and the filter that limits the list.
type listOf func(*http.Request, web.Visit) (views.Registry, list.ActFilter, error)

// allActs is the list of all acts of the portal.
func allActs(_ *http.Request, v web.Visit) (views.Registry, list.ActFilter, error) {
	m := views.Registry{Frame: web.Frame(v, "Реестр актов"), Heading: "Реестр актов", Action: web.Base(v) + "/acts", Export: "Акты",
		Empty: "Актов ещё нет."}
	m.Menu, m.CurrentTab = true, "/acts"
	return m, list.ActFilter{Visibility: v.Visibility, Zone: web.Zone(v)}, nil
}

// ofCompany is the list on the tab of a company.
func ofCompany(r *http.Request, v web.Visit) (views.Registry, list.ActFilter, error) {
	company, err := web.PathID[acts.CompanyID](r, "company")
	m := views.Registry{Frame: web.Frame(v, "Акты компании"), Heading: "Акты компании", Action: web.Base(v) + "/companies/" + web.ID(company), Export: "Акты компании", SingleParty: true,
		Empty: "С этой компанией актов ещё нет. Акт формируется в карточке сделки."}
	return m, list.ActFilter{Visibility: v.Visibility, Zone: web.Zone(v), Company: company}, err
}

// ofContact is the list on the tab of a contact without a company.
func ofContact(r *http.Request, v web.Visit) (views.Registry, list.ActFilter, error) {
	contact, err := web.PathID[acts.ContactID](r, "contact")
	m := views.Registry{Frame: web.Frame(v, "Акты контакта"), Heading: "Акты контакта", Action: web.Base(v) + "/contacts/" + web.ID(contact), Export: "Акты контакта", SingleParty: true,
		Empty: "С этим контактом актов ещё нет. Акт формируется в карточке сделки."}
	return m, list.ActFilter{Visibility: v.Visibility, Zone: web.Zone(v), Contact: contact}, err
}

// list handles GET /p/{portal}/companies/{company}, GET /p/{portal}/contacts/{contact}, GET /p/{portal}/acts: the acts of a list that match
// the filter in the URL.
func (h *Handler) list(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		m, filter, err := of(r, v)
		if err != nil {
			return err
		}
		a := readListQuery(r.URL.Query(), v, filter)
		if len(a.faults) > 0 {
			m.Empty = "Список не построен: исправьте отмеченное в фильтре."
			return h.renderConditions(w, r, http.StatusUnprocessableEntity, v, m, a)
		}
		today := web.DayOf(h.Now().In(web.Zone(v)))
		found, err := list.Registry(r.Context(), h.DB.Scope(v.Portal), a.filter, a.page, v.User, today)
		if err != nil {
			return err
		}
		rows := registryRows(v, m.SingleParty, found.Acts)
		if err := h.markOverdue(r.Context(), v, rows, found.Acts, today); err != nil {
			return err
		}
		fillRegistry(&m, v, a, found, rows)
		if r.URL.Query().Get("done") == "filter" {
			m.Notice = "Фильтр сохранён."
		}
		return web.Render(w, r, http.StatusOK, views.RegistryPage(m))
	}
}

// conditions handles GET /p/{portal}/companies/{company}/conditions, GET /p/{portal}/contacts/{contact}/conditions, GET
// /p/{portal}/acts/conditions: all fields of the filter. A list only links to them, because it does not read their options.
func (h *Handler) conditions(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		m, filter, err := of(r, v)
		if err != nil {
			return err
		}
		m.Empty = "Выберите условия и нажмите «Найти»."
		return h.renderConditions(w, r, http.StatusOK, v, m, readListQuery(r.URL.Query(), v, filter))
	}
}

func (h *Handler) renderConditions(w http.ResponseWriter, r *http.Request, status int, v web.Visit, m views.Registry, a listQuery) error {
	choices, err := list.Options(r.Context(), h.DB.Scope(v.Portal))
	if err != nil {
		return err
	}
	m.Filter = filterView(a)
	m.Fields = fieldsView(v, a, choices)
	return web.Render(w, r, status, views.RegistryPage(m))
}
