package handlers

import (
	"net/http"

	"acts24/acts"
	"acts24/store"
)

// proof is how a route knows who asks.
type proof string

const (
	byNobody proof = "nobody" // nothing of a portal is shown
	byPortal proof = "portal" // a cross-site POST of a portal, verified by its content; cookies are ignored
	byLink   proof = "link"   // a secret link that a counterparty got
	byVisit  proof = "visit"  // a visit of the portal in the address, of somebody who may see acts
	byWorker proof = "worker" // a visit of somebody who works with acts
	byAdmin  proof = "admin"  // a visit of an administrator
)

// rights are what the proofs of a visit ask of the visitor.
var rights = map[proof]acts.Right{byVisit: acts.See, byWorker: acts.Work, byAdmin: acts.Administer}

// route is one line of the table: what it matches, who may come, and how much may be sent.
type route struct {
	pattern string
	proof   proof
	size    int64 // bytes of the body at most
	early   bool  // also while the installation is not over
	open    func(http.ResponseWriter, *http.Request) error
	visit   func(http.ResponseWriter, *http.Request, Visit) error
}

const (
	tiny  = 16 << 10
	small = 64 << 10
	large = 1 << 20
)

// routes is every address of the program; there is no other.
func (s *Server) routes() []route {
	return []route{
		{pattern: "GET /healthz", proof: byNobody, open: s.healthy},
		{pattern: "GET /readyz", proof: byNobody, open: s.isReady},
		{pattern: "GET /static/{version}/{name}", proof: byNobody, open: s.static},
		{pattern: "GET /{$}", proof: byNobody, open: s.outside},

		{pattern: "GET /f/{token}", proof: byLink, open: s.byToken(s.publicForm)},
		{pattern: "POST /f/{token}", proof: byLink, size: tiny, open: s.byToken(s.answerForm)},
		{pattern: "POST /f/{token}/opened", proof: byLink, size: tiny, open: s.byToken(s.formOpened)},
		{pattern: "GET /f/{malformed...}", proof: byLink, open: s.byToken(s.publicForm)},

		{pattern: "POST /install", proof: byPortal, size: small, open: s.install},
		{pattern: "POST /placement/deal", proof: byPortal, size: small, open: s.enter("deal")},
		{pattern: "POST /placement/company", proof: byPortal, size: small, open: s.enter("company")},
		{pattern: "POST /placement/contact", proof: byPortal, size: small, open: s.enter("contact")},
		{pattern: "POST /placement/act", proof: byPortal, size: small, open: s.enter("act")},
		{pattern: "POST /placement/menu", proof: byPortal, size: small, open: s.enter("menu")},
		{pattern: "POST /placement/link", proof: byPortal, size: small, open: s.enter("link")},
		{pattern: "POST /placement/return", proof: byPortal, size: small, open: s.comeBack},
		{pattern: "POST /events", proof: byPortal, size: small, open: s.event},

		{pattern: "GET /p/{portal}/deals", proof: byVisit, visit: s.lacking},
		{pattern: "POST /p/{portal}/deals/acts", proof: byWorker, size: small, visit: s.formActs},
		{pattern: "POST /p/{portal}/deals/close", proof: byWorker, size: small, visit: s.closeDeals},
		{pattern: "GET /p/{portal}/deals/{deal}", proof: byVisit, visit: s.dealTab},
		{pattern: "POST /p/{portal}/deals/{deal}/acts", proof: byWorker, size: large, visit: s.formAct},
		{pattern: "POST /p/{portal}/deals/{deal}/acts/mark", proof: byWorker, size: large, visit: s.markRow},
		{pattern: "GET /p/{portal}/companies/{company}", proof: byVisit, visit: s.list(ofCompany)},
		{pattern: "GET /p/{portal}/companies/{company}/conditions", proof: byVisit, visit: s.conditions(ofCompany)},
		{pattern: "GET /p/{portal}/companies/{company}/columns", proof: byVisit, visit: s.columns(ofCompany)},
		{pattern: "POST /p/{portal}/companies/{company}/columns", proof: byVisit, size: tiny, visit: s.saveColumns(ofCompany)},
		{pattern: "GET /p/{portal}/companies/{company}/export", proof: byVisit, visit: s.export(ofCompany)},
		{pattern: "GET /p/{portal}/contacts/{contact}", proof: byVisit, visit: s.list(ofContact)},
		{pattern: "GET /p/{portal}/contacts/{contact}/conditions", proof: byVisit, visit: s.conditions(ofContact)},
		{pattern: "GET /p/{portal}/contacts/{contact}/columns", proof: byVisit, visit: s.columns(ofContact)},
		{pattern: "POST /p/{portal}/contacts/{contact}/columns", proof: byVisit, size: tiny, visit: s.saveColumns(ofContact)},
		{pattern: "GET /p/{portal}/contacts/{contact}/export", proof: byVisit, visit: s.export(ofContact)},
		{pattern: "GET /p/{portal}/acts", proof: byVisit, visit: s.list(allActs)},
		{pattern: "GET /p/{portal}/acts/conditions", proof: byVisit, visit: s.conditions(allActs)},
		{pattern: "GET /p/{portal}/acts/columns", proof: byVisit, visit: s.columns(allActs)},
		{pattern: "POST /p/{portal}/acts/columns", proof: byVisit, size: tiny, visit: s.saveColumns(allActs)},
		{pattern: "GET /p/{portal}/acts/export", proof: byVisit, visit: s.export(allActs)},
		{pattern: "GET /p/{portal}/d/{id}", proof: byVisit, visit: s.card("deal")},
		{pattern: "GET /p/{portal}/c/{id}", proof: byVisit, visit: s.card("company")},
		{pattern: "GET /p/{portal}/k/{id}", proof: byVisit, visit: s.card("contact")},
		{pattern: "POST /p/{portal}/acts/bulk", proof: byVisit, size: small, visit: s.startBulk},
		{pattern: "GET /p/{portal}/bulks", proof: byVisit, visit: s.bulks},
		{pattern: "GET /p/{portal}/bulks/{bulk}", proof: byVisit, visit: s.bulk},
		{pattern: "POST /p/{portal}/bulks/{bulk}/target", proof: byWorker, size: tiny, visit: s.chooseTarget},
		{pattern: "POST /p/{portal}/bulks/{bulk}/run", proof: byWorker, size: tiny, visit: s.runBulk},
		{pattern: "POST /p/{portal}/bulks/{bulk}/cancel", proof: byVisit, size: tiny, visit: s.cancelBulk},
		{pattern: "GET /p/{portal}/bulks/{bulk}/file", proof: byVisit, visit: s.bulkFile},
		{pattern: "GET /p/{portal}/me", proof: byVisit, visit: s.me},
		{pattern: "POST /p/{portal}/me", proof: byVisit, size: tiny, visit: s.saveMe},
		{pattern: "GET /p/{portal}/report", proof: byVisit, visit: s.report},
		{pattern: "GET /p/{portal}/acts/{act}", proof: byVisit, visit: s.act},
		{pattern: "POST /p/{portal}/acts/{act}/send", proof: byWorker, size: small, visit: s.send},
		{pattern: "POST /p/{portal}/acts/{act}/take-back", proof: byWorker, size: small, visit: s.takeBack},
		{pattern: "POST /p/{portal}/acts/{act}/mark", proof: byWorker, size: small, visit: s.mark},
		{pattern: "POST /p/{portal}/acts/{act}/check", proof: byWorker, size: small, visit: s.checkNow},
		{pattern: "GET /p/{portal}/acts/{act}/xml", proof: byVisit, visit: s.xml},
		{pattern: "GET /p/{portal}/acts/{act}/print", proof: byVisit, visit: s.print},
		{pattern: "POST /p/{portal}/acts/{act}/number", proof: byWorker, size: small, visit: s.number},
		{pattern: "POST /p/{portal}/acts/{act}/files/{side}", proof: byWorker, size: uploadSize, visit: s.upload},
		{pattern: "GET /p/{portal}/acts/{act}/files/{file}", proof: byVisit, visit: s.copyFile},
		{pattern: "POST /p/{portal}/acts/{act}/paper", proof: byWorker, size: small, visit: s.sendPaper},
		{pattern: "POST /p/{portal}/acts/{act}/undo", proof: byWorker, size: small, visit: s.undo},
		{pattern: "POST /p/{portal}/acts/{act}/original", proof: byWorker, size: small, visit: s.original},
		{pattern: "POST /p/{portal}/acts/{act}/relink", proof: byWorker, size: small, visit: s.relink},
		{pattern: "POST /p/{portal}/acts/{act}/item", proof: byWorker, size: small, visit: s.restoreItem},
		{pattern: "POST /p/{portal}/acts/{act}/correct", proof: byWorker, size: small, visit: s.successor(s.service.Correct)},
		{pattern: "POST /p/{portal}/acts/{act}/copy", proof: byWorker, size: small, visit: s.successor(s.service.Copy)},
		{pattern: "GET /p/{portal}/acts/{act}/edit", proof: byWorker, visit: s.edit},
		{pattern: "POST /p/{portal}/acts/{act}/edit", proof: byWorker, size: large, visit: s.saveEdit},
		{pattern: "POST /p/{portal}/deals/{deal}/question", proof: byWorker, size: small, visit: s.ask},
		{pattern: "POST /p/{portal}/deals/{deal}/question/link", proof: byWorker, size: small, visit: s.questionLink},
		{pattern: "POST /p/{portal}/deals/{deal}/question/withdraw", proof: byWorker, size: small, visit: s.withdraw},
		{pattern: "POST /p/{portal}/deals/{deal}/answer", proof: byWorker, size: small, visit: s.answerFor},
		{pattern: "POST /p/{portal}/deals/{deal}/invite", proof: byWorker, size: small, visit: s.inviteAgain},
		{pattern: "POST /p/{portal}/deals/{deal}/move", proof: byWorker, size: small, visit: s.moveDeal},
		{pattern: "POST /p/{portal}/deals/{deal}/reopen", proof: byWorker, size: small, visit: s.reopenDeal},
		{pattern: "POST /p/{portal}/deals/{deal}/annul-drafts", proof: byWorker, size: small, visit: s.annulDrafts},

		{pattern: "GET /p/{portal}/install", proof: byAdmin, early: true, visit: s.installing},
		{pattern: "POST /p/{portal}/install", proof: byAdmin, early: true, size: small, visit: s.startInstall},
		{pattern: "GET /p/{portal}/state", proof: byAdmin, visit: s.state},
		{pattern: "POST /p/{portal}/state/check", proof: byAdmin, size: tiny, visit: s.checkState},
		{pattern: "POST /p/{portal}/state/tasks/{task}/repeat", proof: byAdmin, size: tiny, visit: s.repeatAtState},
		{pattern: "POST /p/{portal}/state/tasks/{task}/postpone", proof: byAdmin, size: tiny, visit: s.postponeTask},
		{pattern: "GET /p/{portal}/settings", proof: byAdmin, visit: s.settings},
		{pattern: "GET /p/{portal}/settings/accounts", proof: byAdmin, visit: s.accounts},
		{pattern: "GET /p/{portal}/settings/companies", proof: byAdmin, visit: s.ownCompanies},
		{pattern: "GET /p/{portal}/settings/stages", proof: byAdmin, visit: s.stages},
		{pattern: "GET /p/{portal}/settings/question", proof: byAdmin, visit: s.question},
		{pattern: "GET /p/{portal}/settings/days", proof: byAdmin, visit: s.days},
		{pattern: "GET /p/{portal}/settings/people", proof: byAdmin, visit: s.people},
		{pattern: "POST /p/{portal}/settings/people", proof: byAdmin, size: large, visit: s.savePeople},
		{pattern: "POST /p/{portal}/settings/people/add", proof: byAdmin, size: small, visit: s.addPeople},
		{pattern: "POST /p/{portal}/settings/people/group", proof: byAdmin, size: tiny, visit: s.createWorkGroup},
		{pattern: "POST /p/{portal}/settings/people/refresh", proof: byAdmin, size: tiny, visit: s.refreshPeople},
		{pattern: "GET /p/{portal}/settings/storage", proof: byAdmin, visit: s.storage},
		{pattern: "POST /p/{portal}/settings/storage", proof: byAdmin, size: tiny, visit: s.saveStorage},
		{pattern: "POST /p/{portal}/settings/todo/{item}", proof: byAdmin, size: tiny, visit: s.markDone},
		{pattern: "POST /p/{portal}/settings/stages/refresh", proof: byAdmin, size: tiny, visit: s.refreshStages},
		{pattern: "POST /p/{portal}/settings/stages/{pipeline}/create", proof: byAdmin, size: tiny, visit: s.createStages},
		{pattern: "POST /p/{portal}/settings/stages", proof: byAdmin, size: large, visit: s.savePipelines},
		{pattern: "POST /p/{portal}/settings/companies/{company}", proof: byAdmin, size: small, visit: s.saveCompany},
		{pattern: "POST /p/{portal}/settings/companies/{company}/logo", proof: byAdmin, size: large + small, visit: s.saveLogo},
		{pattern: "POST /p/{portal}/settings/question", proof: byAdmin, size: small, visit: s.saveQuestion},
		{pattern: "POST /p/{portal}/settings/days", proof: byAdmin, size: small, visit: s.saveDays},
		{pattern: "POST /p/{portal}/settings/accounts/{account}", proof: byAdmin, size: small, visit: s.saveAccount},
		{pattern: "POST /p/{portal}/settings/accounts/{account}/check", proof: byAdmin, size: small, visit: s.checkAccount},
		{pattern: "POST /p/{portal}/settings/accounts/{account}/signing", proof: byAdmin, size: small, visit: s.setSigning},
		{pattern: "POST /p/{portal}/settings/accounts/{account}/drop", proof: byAdmin, size: small, visit: s.dropAccount},
		{pattern: "POST /p/{portal}/settings/accounts/{account}/code", proof: byAdmin, size: small, visit: s.askCode},
		{pattern: "POST /p/{portal}/settings/accounts/{account}/activate", proof: byAdmin, size: small, visit: s.activate},
	}
}

// serve puts the proof and the size limit of a route before its handler.
func (s *Server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, rt.size)
		}
		if rt.proof == byLink {
			w.Header().Set("Content-Security-Policy", formPolicy)
			if err := rt.open(w, r); err != nil {
				s.failLink(w, r, err)
			}
			return
		}
		if rt.open != nil {
			s.fail(w, r, rt.open(w, r))
			return
		}
		v, err := s.visitOf(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		allowFrame(w, v.Origin)
		if v.State == store.Installing && !rt.early {
			s.failIn(w, r, v, s.tooEarly(w, r, v))
			return
		}
		if err := s.allow(r, v, rt); err != nil {
			s.failIn(w, r, v, err)
			return
		}
		if v, err = s.withNews(r, v); err != nil {
			s.failIn(w, r, v, err)
			return
		}
		s.failIn(w, r, v, rt.visit(w, r, v))
	})
}
