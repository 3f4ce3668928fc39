package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/views"
	"acts24/workflow"
)

// ownCompanies shows what is set of our companies.
func (s *Server) ownCompanies(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderCompanies(w, r, v, http.StatusOK, workflow.CompanyForm{}, nil)
}

// renderCompanies draws our companies; typed is the form of one of them that was not taken, and why.
func (s *Server) renderCompanies(w http.ResponseWriter, r *http.Request, v Visit, status int, typed workflow.CompanyForm, tried error) error {
	scope, ctx := s.db.Scope(v.Portal), r.Context()
	own, err := scope.OwnCompanies(ctx)
	if err != nil {
		return err
	}
	p := companyPage{zone: zoneOf(v), today: s.now().In(zoneOf(v))}
	if p.accounts, err = scope.EDOAccounts(ctx); err != nil {
		return err
	}
	if p.certificates, err = scope.Certificates(ctx); err != nil {
		return err
	}
	if p.feeds, err = scope.Feeds(ctx); err != nil {
		return err
	}
	if p.tries, err = scope.ClosedTries(ctx); err != nil {
		return err
	}
	m := views.Companies{SettingsFrame: settingsFrame(r, v, "/companies", tried)}
	for _, c := range own {
		form := formOfCompany(c)
		if c.ID == typed.ID && typed.Function != "" { // not the form of the logo
			form = typed
		}
		view := p.view(v, c, form)
		if c.ID == typed.ID {
			view.Faults = m.Faults
		}
		m.Companies = append(m.Companies, view)
	}
	return render(w, r, status, views.CompaniesPage(m))
}

func (s *Server) saveCompany(w http.ResponseWriter, r *http.Request, v Visit) error {
	company, err := pathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	account, _ := strconv.ParseInt(get("account"), 10, 64)
	form := workflow.CompanyForm{ID: company, Account: account, Participant: get("participant"), Signer: get("signer"), Position: get("position"), Ground: get("ground"),
		Certificate: get("certificate"), Power: get("power"), PowerFrom: get("power-from"), PowerTo: get("power-to"), Function: get("function"),
		Numbers: get("numbers"), Manual: get("manual") != "", Form: get("form"), VAT: get("vat"), VATGround: get("vat-ground"),
		ActType: get("act-type"), ActChannel: get("act-channel"), Closed: get("closed")}
	return s.companySaved(w, r, v, form, s.service.SaveCompany(r.Context(), v, form))
}

// saveLogo keeps the logo of our company for print forms.
func (s *Server) saveLogo(w http.ResponseWriter, r *http.Request, v Visit) error {
	company, err := pathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	files, _, drop, err := readUploads(r, "logo")
	defer drop()
	if err == nil {
		err = s.service.SaveLogo(r.Context(), v, company, files)
	}
	return s.companySaved(w, r, v, workflow.CompanyForm{ID: company}, err)
}

func (s *Server) companySaved(w http.ResponseWriter, r *http.Request, v Visit, form workflow.CompanyForm, err error) error {
	return settled(w, r, v, "/companies?done=saved", err, func(status int) error { return s.renderCompanies(w, r, v, status, form, err) })
}
