// Package settings serves the settings and the state page for administrators, and the personal settings of a visitor.
package settings

import "acts24/handlers/web"

// Handler serves the settings and the state of the application.
type Handler struct{ web.Site }

// New returns the handlers of the settings.
func New(site web.Site) *Handler { return &Handler{site} }

// Routes returns the addresses of this package.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /p/{portal}/me", Proof: web.ByVisit, Visit: h.me},
		{Pattern: "POST /p/{portal}/me", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.saveMe},
		{Pattern: "GET /p/{portal}/state", Proof: web.ByAdmin, Visit: h.state},
		{Pattern: "POST /p/{portal}/state/check", Proof: web.ByAdmin, MaxBody: web.TinyBody, Visit: h.checkState},
		{Pattern: "POST /p/{portal}/state/tasks/{task}/repeat", Proof: web.ByAdmin, MaxBody: web.TinyBody, Visit: h.repeatTask},
		{Pattern: "POST /p/{portal}/state/tasks/{task}/postpone", Proof: web.ByAdmin, MaxBody: web.TinyBody, Visit: h.postponeTask},
		{Pattern: "GET /p/{portal}/settings", Proof: web.ByAdmin, Visit: h.settings},
		{Pattern: "GET /p/{portal}/settings/accounts", Proof: web.ByAdmin, Visit: h.accounts},
		{Pattern: "GET /p/{portal}/settings/companies", Proof: web.ByAdmin, Visit: h.ownCompanies},
		{Pattern: "GET /p/{portal}/settings/companies/{company}", Proof: web.ByAdmin, Visit: h.ownCompany},
		{Pattern: "GET /p/{portal}/settings/stages", Proof: web.ByAdmin, Visit: h.stages},
		{Pattern: "GET /p/{portal}/settings/documents", Proof: web.ByAdmin, Visit: h.documents},
		{Pattern: "GET /p/{portal}/settings/question", Proof: web.ByAdmin, Visit: h.question},
		{Pattern: "GET /p/{portal}/settings/days", Proof: web.ByAdmin, Visit: h.days},
		{Pattern: "GET /p/{portal}/settings/people", Proof: web.ByAdmin, Visit: h.people},
		{Pattern: "POST /p/{portal}/settings/people", Proof: web.ByAdmin, MaxBody: web.LargeBody, Audit: web.AuditPeople, Visit: h.savePeople},
		{Pattern: "POST /p/{portal}/settings/people/add", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditPeople, Visit: h.addPeople},
		{Pattern: "POST /p/{portal}/settings/people/group", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditPeople, Visit: h.createWorkGroup},
		{Pattern: "POST /p/{portal}/settings/people/refresh", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditPeople, Visit: h.refreshPeople},
		{Pattern: "GET /p/{portal}/settings/storage", Proof: web.ByAdmin, Visit: h.storage},
		{Pattern: "POST /p/{portal}/settings/storage", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditSettings, Visit: h.saveStorage},
		{Pattern: "POST /p/{portal}/settings/todo/{item}", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditSettings, Visit: h.markDone},
		{Pattern: "POST /p/{portal}/settings/stages/refresh", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditSettings, Visit: h.refreshStages},
		{Pattern: "POST /p/{portal}/settings/stages/{pipeline}/create", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditSettings, Visit: h.createStages},
		{Pattern: "POST /p/{portal}/settings/stages", Proof: web.ByAdmin, MaxBody: web.LargeBody, Audit: web.AuditSettings, Visit: h.savePipelines},
		{Pattern: "POST /p/{portal}/settings/companies/refresh", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditSettings, Visit: h.refreshCompanies},
		{Pattern: "POST /p/{portal}/settings/companies/{company}", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditSettings, Visit: h.saveCompany},
		{Pattern: "POST /p/{portal}/settings/companies/{company}/logo", Proof: web.ByAdmin, MaxBody: web.LargeBody + web.SmallBody, Audit: web.AuditSettings, Visit: h.saveLogo},
		{Pattern: "POST /p/{portal}/settings/documents", Proof: web.ByAdmin, MaxBody: web.TinyBody, Audit: web.AuditSettings, Visit: h.saveDocuments},
		{Pattern: "POST /p/{portal}/settings/question", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditSettings, Visit: h.saveQuestion},
		{Pattern: "POST /p/{portal}/settings/days", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditSettings, Visit: h.saveDays},
		{Pattern: "POST /p/{portal}/settings/accounts/{account}", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditAccounts, Visit: h.saveAccount},
		{Pattern: "POST /p/{portal}/settings/accounts/{account}/check", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditAccounts, Visit: h.checkAccount},
		{Pattern: "POST /p/{portal}/settings/accounts/{account}/signing", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditAccounts, Visit: h.setSigning},
		{Pattern: "POST /p/{portal}/settings/accounts/{account}/drop", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditAccounts, Visit: h.dropAccount},
		{Pattern: "POST /p/{portal}/settings/accounts/{account}/code", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditAccounts, Visit: h.askCode},
		{Pattern: "POST /p/{portal}/settings/accounts/{account}/activate", Proof: web.ByAdmin, MaxBody: web.SmallBody, Audit: web.AuditAccounts, Visit: h.activate},
	}
}
