// Package deal serves the tab of a deal: its acts, the form of an act and the exchange with the counterparty.
package deal

import (
	"net/http"

	"acts24/acts"
	"acts24/handlers/web"
)

// Handler serves the tab of a deal and the form of an act, also of one that is edited.
type Handler struct {
	web.Site
	acts ActPage
}

// ActPage renders the page of an act with what went wrong. Package act implements it.
type ActPage interface {
	Render(w http.ResponseWriter, r *http.Request, v web.Visit, act acts.ActID, status int, tried error) error
}

// New returns the handlers of the tab of a deal.
func New(site web.Site, page ActPage) *Handler { return &Handler{site, page} }

// Routes returns the addresses of this package.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /p/{portal}/deals/{deal}", Proof: web.ByVisit, Visit: h.dealTab},
		{Pattern: "POST /p/{portal}/deals/{deal}/acts", Proof: web.ByWorker, MaxBody: web.LargeBody, Visit: h.formAct},
		{Pattern: "POST /p/{portal}/deals/{deal}/acts/preview", Proof: web.ByWorker, MaxBody: web.LargeBody, Visit: h.preview},
		{Pattern: "POST /p/{portal}/deals/{deal}/acts/mark", Proof: web.ByWorker, MaxBody: web.LargeBody, Visit: h.markRow},
		{Pattern: "POST /p/{portal}/deals/{deal}/acts/rows", Proof: web.ByWorker, MaxBody: web.LargeBody, Visit: h.continueRow},
		{Pattern: "POST /p/{portal}/acts/{act}/renew", Proof: web.ByWorker, OfDeal: true, MaxBody: web.SmallBody, Visit: h.renewAct},
		{Pattern: "GET /p/{portal}/acts/{act}/edit", Proof: web.ByWorker, OfDeal: true, Visit: h.edit},
		{Pattern: "POST /p/{portal}/acts/{act}/edit", Proof: web.ByWorker, OfDeal: true, MaxBody: web.LargeBody, Visit: h.saveEdit},
		{Pattern: "POST /p/{portal}/acts/{act}/edit/preview", Proof: web.ByWorker, OfDeal: true, MaxBody: web.LargeBody, Visit: h.previewEdit},
		{Pattern: "POST /p/{portal}/deals/{deal}/question", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.ask},
		{Pattern: "POST /p/{portal}/deals/{deal}/question/link", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.questionLink},
		{Pattern: "POST /p/{portal}/deals/{deal}/question/withdraw", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.withdraw},
		{Pattern: "POST /p/{portal}/deals/{deal}/answer", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.answerFor},
		{Pattern: "POST /p/{portal}/deals/{deal}/invite", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.inviteAgain},
		{Pattern: "POST /p/{portal}/deals/{deal}/move", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.moveDeal},
		{Pattern: "POST /p/{portal}/deals/{deal}/close", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.closeRemainder},
		{Pattern: "POST /p/{portal}/deals/{deal}/reopen", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.reopenDeal},
		{Pattern: "POST /p/{portal}/deals/{deal}/monthly", Proof: web.ByWorker, MaxBody: web.LargeBody, Visit: h.saveMonthly},
		{Pattern: "POST /p/{portal}/deals/{deal}/monthly/stop", Proof: web.ByWorker, MaxBody: web.LargeBody, Visit: h.stopMonthly},
		{Pattern: "POST /p/{portal}/deals/{deal}/monthly/repeat", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.repeatMonth},
		{Pattern: "POST /p/{portal}/deals/{deal}/annul-drafts", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.annulDrafts},
	}
}
