package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// ownCompanies shows what is set of our companies.
func (s *Server) ownCompanies(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderCompanies(w, r, v, http.StatusOK, 0, nil)
}

// renderCompanies draws our companies; tried is what was wrong in the form of one of them.
func (s *Server) renderCompanies(w http.ResponseWriter, r *http.Request, v Visit, status int, company acts.CompanyID, tried error) error {
	scope := s.db.Scope(v.Portal)
	own, err := scope.OwnCompanies(r.Context())
	if err != nil {
		return err
	}
	accounts, err := scope.EDOAccounts(r.Context())
	if err != nil {
		return err
	}
	feeds, err := scope.Feeds(r.Context())
	if err != nil {
		return err
	}
	m := views.Companies{SettingsFrame: settingsFrame(r, v, "/companies", tried)}
	for _, c := range own {
		view := companyView(c, accounts, feeds)
		if c.ID == company {
			view.Faults = m.Faults
		}
		m.Companies = append(m.Companies, view)
	}
	return render(w, r, status, views.CompaniesPage(m))
}

func companyView(c store.OwnCompany, accounts []store.EDOAccount, feeds []store.Feed) views.Company {
	m := views.Company{ID: id(c.ID), Name: c.Party.Name, Details: partyDetails(c.Party), Participant: c.Party.Participant,
		Signer: c.Signer.FullName(), Position: c.Signer.Position, Ground: c.Signer.Ground, Numbers: c.Numbers,
		VATGround: c.VATGround, Logo: c.Logo != 0,
		Forms:     options(c.Form, store.FormUPD, "УПД 5.03 (формализованный)", store.FormPDF, "PDF акта (неформализованный)"),
		Functions: options(string(c.Function), string(acts.ActOnly), "Только акт (ДОП)", string(acts.ActAndInvoice), "Акт и счёт-фактура (СЧФДОП)"),
		Accounts:  []views.Option{{Value: "0", Label: "Не подключён", Chosen: c.AccountID == 0}},
		State:     views.Chip{Text: "СБИС не подключён", Tone: "attention"}}
	for _, a := range accounts {
		m.Accounts = append(m.Accounts, views.Option{Value: id(a.ID), Label: a.Name, Chosen: a.ID == c.AccountID})
	}
	for _, f := range feeds {
		if f.Company != c.ID || c.AccountID == 0 {
			continue
		}
		m.State = views.Chip{Text: "СБИС подключён", Tone: "success"}
		if f.Problem != "" {
			m.State = views.Chip{Text: f.Problem, Tone: "problem"}
		}
	}
	return m
}

func (s *Server) saveCompany(w http.ResponseWriter, r *http.Request, v Visit) error {
	company, err := pathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	var account int64
	fmt.Sscan(r.PostForm.Get("account"), &account)
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	err = s.service.SaveCompany(r.Context(), v, workflow.CompanyForm{ID: company, Account: account, Participant: get("participant"),
		Signer: get("signer"), Position: get("position"), Ground: get("ground"), Function: get("function"), Numbers: get("numbers"), Form: get("form"), VATGround: get("vat-ground")})
	return s.companySaved(w, r, v, company, err)
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
	return s.companySaved(w, r, v, company, err)
}

func (s *Server) companySaved(w http.ResponseWriter, r *http.Request, v Visit, company acts.CompanyID, err error) error {
	return settled(w, r, v, "/companies?done=saved", err, func(status int) error { return s.renderCompanies(w, r, v, status, company, err) })
}
