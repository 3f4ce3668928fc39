package settings

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/queue"
	"acts24/views"
	"acts24/workflow/setup"
)

// ownCompanies handles GET /p/{portal}/settings/companies: the settings of our companies.
func (h *Handler) ownCompanies(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderCompanies(w, r, v, http.StatusOK, 0, setup.CompanyForm{}, nil)
}

// ownCompany handles GET /p/{portal}/settings/companies/{company}: the settings of one company, to which a check leads.
func (h *Handler) ownCompany(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	company, err := web.PathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	return h.renderCompanies(w, r, v, http.StatusOK, company, setup.CompanyForm{}, nil)
}

// renderCompanies renders our companies, or with an id one of them, with the refused form of one of them and its faults.
func (h *Handler) renderCompanies(w http.ResponseWriter, r *http.Request, v web.Visit, status int, one acts.CompanyID, typed setup.CompanyForm, tried error) error {
	scope, ctx := h.DB.Scope(v.Portal), r.Context()
	own, err := scope.Companies().List(ctx)
	if err != nil {
		return err
	}
	p := companyPage{own: own, zone: web.Zone(v), today: h.Now().In(web.Zone(v))}
	if p.accounts, err = scope.Accounts().List(ctx); err != nil {
		return err
	}
	if p.certificates, err = scope.Accounts().Certificates(ctx); err != nil {
		return err
	}
	if p.feeds, err = queue.Feeds(ctx, scope); err != nil {
		return err
	}
	if p.tries, err = scope.Portals().ClosedTries(ctx); err != nil {
		return err
	}
	if one != 0 {
		own = slices.DeleteFunc(slices.Clone(own), func(c store.OwnCompany) bool { return c.ID != one })
		if len(own) == 0 {
			return acts.Errorf(acts.NotFound, "Такой организации нет среди наших.")
		}
	}
	if p.next, err = h.Service.Setup.NextNumbers(ctx, v, own, p.today); err != nil {
		return err
	}
	m := views.Companies{SettingsFrame: settingsFrame(r, v, "/companies", tried)}
	if one != 0 {
		m.All = web.Base(v) + "/settings/companies"
	}
	for _, c := range own {
		form := formOfCompany(c)
		if c.ID == typed.ID && typed.Function != "" { // the form of the logo has no function
			form = typed
		}
		view := p.view(v, c, form)
		if c.ID == typed.ID {
			view.Faults = m.Faults
		}
		m.Companies = append(m.Companies, view)
	}
	return web.Render(w, r, status, views.CompaniesPage(m))
}

// refreshCompanies handles POST /p/{portal}/settings/companies/refresh: reads our companies and their requisites from the portal.
func (h *Handler) refreshCompanies(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	err := h.Service.Setup.RefreshCompanies(r.Context(), v)
	return h.redirectToCompanies(w, r, v, "own-refreshed", setup.CompanyForm{}, err)
}

// saveCompany handles POST /p/{portal}/settings/companies/{company}: stores the settings of a company.
func (h *Handler) saveCompany(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	company, err := web.PathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	account, _ := strconv.ParseInt(get("account"), 10, 64)
	form := setup.CompanyForm{ID: company, Account: account, Participant: get("participant"), Confirmed: r.PostForm["confirm"], Signer: get("signer"), Position: get("position"), Ground: get("ground"), Registered: get("registered"),
		Certificate: get("certificate"), PowerNumber: get("power"), PowerFrom: get("power-from"), PowerTo: get("power-to"), Function: get("function"),
		Numbers: get("numbers"), NextNumber: get("next-number"), Manual: get("manual") != "", Form: get("form"), Paper: get("paper"), VATGround: get("vat-ground"),
		LineKind: get("line-kind"), ActType: get("act-type"), ActChannel: get("act-channel"), ClosedBefore: get("closed")}
	for i := range setup.MaxVATPeriods {
		suffix := setup.RowSuffix(i)
		form.VAT = append(form.VAT, setup.VATRow{Regime: get("vat" + suffix), From: get("vat-from" + suffix)})
	}
	return h.companySaved(w, r, v, form, h.Service.Setup.SaveCompany(r.Context(), v, form))
}

// saveLogo handles POST /p/{portal}/settings/companies/{company}/logo: stores the logo for print forms.
func (h *Handler) saveLogo(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	company, err := web.PathID[acts.CompanyID](r, "company")
	if err != nil {
		return err
	}
	files, _, drop, err := web.ReadUploads(r, "logo")
	defer drop()
	if err == nil {
		err = h.Service.Setup.SaveLogo(r.Context(), v, company, files)
	}
	return h.companySaved(w, r, v, setup.CompanyForm{ID: company}, err)
}

func (h *Handler) companySaved(w http.ResponseWriter, r *http.Request, v web.Visit, form setup.CompanyForm, err error) error {
	return h.redirectToCompanies(w, r, v, "saved", form, err)
}

// redirectToCompanies redirects to the page of our companies, or renders it with the error.
func (h *Handler) redirectToCompanies(w http.ResponseWriter, r *http.Request, v web.Visit, done string, form setup.CompanyForm, err error) error {
	return redirectOrRetry(w, r, v, "/companies?done="+done, err, func(status int) error { return h.renderCompanies(w, r, v, status, 0, form, err) })
}
