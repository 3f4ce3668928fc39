// Package act serves the page of an act: its buttons, files and signed copies.
package act

import (
	"context"

	"acts24/acts"
	"acts24/handlers/web"
)

// Handler serves the pages of acts.
type Handler struct{ web.Site }

// New returns the handlers of the page of an act.
func New(site web.Site) *Handler { return &Handler{site} }

// Routes returns the addresses of this package.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /p/{portal}/acts/{act}", Proof: web.ByVisit, Visit: h.page},
		{Pattern: "GET /p/{portal}/acts/{act}/do", Proof: web.ByVisit, Visit: h.menu},
		{Pattern: "POST /p/{portal}/acts/{act}/send", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.send},
		{Pattern: "POST /p/{portal}/acts/{act}/take-back", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.takeBack},
		{Pattern: "POST /p/{portal}/acts/{act}/annulment", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.annul},
		{Pattern: "POST /p/{portal}/acts/{act}/mark", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.mark},
		{Pattern: "POST /p/{portal}/acts/{act}/check", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.checkNow},
		{Pattern: "POST /p/{portal}/acts/{act}/repeat", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.repeat},
		{Pattern: "GET /p/{portal}/acts/{act}/xml", Proof: web.ByVisit, Audit: web.AuditFile, Visit: h.xml},
		{Pattern: "GET /p/{portal}/acts/{act}/package", Proof: web.ByVisit, Deadline: web.SlowTransfer, Audit: web.AuditFile, Visit: h.signedPackage},
		{Pattern: "POST /p/{portal}/acts/{act}/package", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.repeatPackage},
		{Pattern: "GET /p/{portal}/acts/{act}/print", Proof: web.ByVisit, Heavy: true, Audit: web.AuditFile, Visit: h.print},
		{Pattern: "GET /p/{portal}/acts/{act}/upd", Proof: web.ByVisit, Heavy: true, Audit: web.AuditFile, Visit: h.printUPD},
		{Pattern: "POST /p/{portal}/acts/{act}/number", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.number},
		{Pattern: "POST /p/{portal}/acts/{act}/files/{side}", Proof: web.ByWorker, MaxBody: uploadSize, Deadline: web.SlowTransfer, Visit: h.upload},
		{Pattern: "GET /p/{portal}/acts/{act}/files/{file}", Proof: web.ByVisit, Audit: web.AuditFile, Visit: h.copyFile},
		{Pattern: "POST /p/{portal}/acts/{act}/paper", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.sendPaper},
		{Pattern: "POST /p/{portal}/acts/{act}/undo", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.undo},
		{Pattern: "POST /p/{portal}/acts/{act}/remind-counterparty", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.remindCounterparty},
		{Pattern: "POST /p/{portal}/acts/{act}/original", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.original},
		{Pattern: "POST /p/{portal}/acts/{act}/relink", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.relink},
		{Pattern: "POST /p/{portal}/acts/{act}/item", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.restoreItem},
		{Pattern: "POST /p/{portal}/acts/{act}/correct", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.correct},
		{Pattern: "POST /p/{portal}/acts/{act}/copy", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.createSuccessor(func(ctx context.Context, v web.Visit, act acts.ActID, key string) (acts.ActID, error) {
			return h.Service.Acts.Copy(ctx, v, act, key)
		})},
		{Pattern: "POST /p/{portal}/acts/{act}/keep", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.keepAct},
	}
}
