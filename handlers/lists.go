package handlers

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"acts24/acts"
	"acts24/static"
	"acts24/views"
)

// registry lists the latest acts of the portal.
func (s *Server) registry(w http.ResponseWriter, r *http.Request, v Visit) error {
	list, err := s.db.Scope(v.Portal).LatestActs(r.Context())
	if err != nil {
		return err
	}
	m := views.ActList{Frame: frameOf(v, "Реестр актов"), Heading: "Реестр актов", Acts: actRows(v, list, nil, s.now()),
		Empty: "Актов ещё нет. Акт формируется на вкладке «Акты» в карточке сделки."}
	m.Menu, m.Here = true, "/acts"
	return render(w, r, http.StatusOK, views.ActListPage(m))
}

// companyTab lists the acts of the company whose card is open.
func (s *Server) companyTab(w http.ResponseWriter, r *http.Request, v Visit) error {
	company, err := pathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	list, err := s.db.Scope(v.Portal).ActsOfCompany(r.Context(), company)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, views.ActListPage(views.ActList{Frame: frameOf(v, "Акты компании"), Heading: "Акты компании",
		Acts: actRows(v, list, nil, s.now()), Empty: "С этой компанией актов ещё нет. Акт формируется в карточке сделки."}))
}

// contactTab lists the acts of a contact that stands for itself.
func (s *Server) contactTab(w http.ResponseWriter, r *http.Request, v Visit) error {
	contact, err := pathID[acts.ContactID](r, "contact")
	if err != nil {
		return err
	}
	list, err := s.db.Scope(v.Portal).ActsOfContact(r.Context(), contact)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, views.ActListPage(views.ActList{Frame: frameOf(v, "Акты контакта"), Heading: "Акты контакта",
		Acts: actRows(v, list, nil, s.now()), Empty: "С этим контактом актов ещё нет. Акт формируется в карточке сделки."}))
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
