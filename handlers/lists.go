package handlers

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"acts24/acts"
	"acts24/static"
	"acts24/store"
	"acts24/views"
)

// listOf is a list of acts: its page and what it narrows the filter to.
type listOf func(*http.Request, Visit) (views.Registry, store.ActFilter, error)

// allActs are the acts of the portal.
func allActs(_ *http.Request, v Visit) (views.Registry, store.ActFilter, error) {
	m := views.Registry{Frame: frameOf(v, "Реестр актов"), Heading: "Реестр актов", Action: base(v) + "/acts", Export: "Акты",
		Empty: "Актов ещё нет. Акт формируется на вкладке «Акты» в карточке сделки."}
	m.Menu, m.Here = true, "/acts"
	return m, store.ActFilter{Sees: v.Sees, Zone: zoneOf(v)}, nil
}

// ofCompany are the acts of the company whose card is open.
func ofCompany(r *http.Request, v Visit) (views.Registry, store.ActFilter, error) {
	company, err := pathID[acts.CompanyID](r, "company")
	m := views.Registry{Frame: frameOf(v, "Акты компании"), Heading: "Акты компании", Action: base(v) + "/companies/" + id(company), Export: "Акты компании", One: true,
		Empty: "С этой компанией актов ещё нет. Акт формируется в карточке сделки."}
	return m, store.ActFilter{Sees: v.Sees, Zone: zoneOf(v), Company: company}, err
}

// ofContact are the acts of a contact that stands for itself.
func ofContact(r *http.Request, v Visit) (views.Registry, store.ActFilter, error) {
	contact, err := pathID[acts.ContactID](r, "contact")
	m := views.Registry{Frame: frameOf(v, "Акты контакта"), Heading: "Акты контакта", Action: base(v) + "/contacts/" + id(contact), Export: "Акты контакта", One: true,
		Empty: "С этим контактом актов ещё нет. Акт формируется в карточке сделки."}
	return m, store.ActFilter{Sees: v.Sees, Zone: zoneOf(v), Contact: contact}, err
}

// list draws the acts that a filter of the address asks for, among those of the page.
func (s *Server) list(of listOf) func(http.ResponseWriter, *http.Request, Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v Visit) error {
		m, filter, err := of(r, v)
		if err != nil {
			return err
		}
		a := askedFor(r.URL.Query(), v, filter)
		if len(a.faults) > 0 {
			m.Empty = "Список не построен: исправьте отмеченное в фильтре."
			return s.renderConditions(w, r, http.StatusUnprocessableEntity, v, m, a)
		}
		today := dayOf(s.now().In(zoneOf(v)))
		found, err := s.db.Scope(v.Portal).Registry(r.Context(), a.filter, a.after, v.User, today)
		if err != nil {
			return err
		}
		fillRegistry(&m, v, a, found, today)
		return render(w, r, http.StatusOK, views.RegistryPage(m))
	}
}

// conditions draws all fields of the filter. A list has only a link to them: they weigh as much as a dozen acts.
func (s *Server) conditions(of listOf) func(http.ResponseWriter, *http.Request, Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v Visit) error {
		m, filter, err := of(r, v)
		if err != nil {
			return err
		}
		m.Empty = "Выберите условия и нажмите «Найти»."
		return s.renderConditions(w, r, http.StatusOK, v, m, askedFor(r.URL.Query(), v, filter))
	}
}

func (s *Server) renderConditions(w http.ResponseWriter, r *http.Request, status int, v Visit, m views.Registry, a asked) error {
	choices, err := s.db.Scope(v.Portal).Choices(r.Context())
	if err != nil {
		return err
	}
	m.Filter = filterView(a)
	m.Fields = fieldsView(v, a, choices)
	return render(w, r, status, views.RegistryPage(m))
}

func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusOK)
	return nil
}

func (s *Server) isReady(w http.ResponseWriter, _ *http.Request) error {
	if err := s.ready(); err != nil {
		return acts.Errorf(acts.Unavailable, "Сервис ещё не готов.")
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// outside is what a person sees who opens our address by hand.
func (s *Server) outside(w http.ResponseWriter, r *http.Request) error {
	return render(w, r, http.StatusOK, views.MessagePage(views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Акты для Битрикс24",
		Text: "Приложение открывается из портала Битрикс24: вкладка «Акты» в сделке или пункт «Реестр актов» в левом меню."}))
}

// static gives the files of the pages; their addresses change with them.
func (s *Server) static(w http.ResponseWriter, r *http.Request) error {
	name := path.Base(r.PathValue("name"))
	body, err := fs.ReadFile(static.FS, name)
	if err != nil || !strings.Contains(static.Path(name), "/"+r.PathValue("version")+"/") {
		return acts.Errorf(acts.NotFound, "Такого файла нет.")
	}
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err = w.Write(body)
	return err
}
