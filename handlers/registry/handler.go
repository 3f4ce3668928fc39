// Package registry serves the lists: acts of the portal and of one counterparty, their export, actions on many acts, deals without
// acts, and the report.
package registry

import (
	"acts24/handlers/limits"
	"acts24/handlers/web"
	"acts24/store"
)

// Handler serves the lists.
type Handler struct {
	web.Site
	exports *store.DB // a pool whose statements may run longer than those of pages
	// The slots of exports that are being written: of all portals together, and of each portal.
	allExports, portalExports *limits.Slots
}

// New returns the handlers of the lists. Exports read from a database whose statements may run long.
func New(site web.Site, exports *store.DB) *Handler {
	return &Handler{Site: site, exports: exports, allExports: limits.NewSlots(maxExports), portalExports: limits.NewSlots(1)}
}

// Routes returns the addresses of this package.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /p/{portal}/deals", Proof: web.ByVisit, Visit: h.dealsWithoutActs},
		{Pattern: "POST /p/{portal}/deals/acts", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.formActs},
		{Pattern: "POST /p/{portal}/deals/close", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.closeDeals},
		{Pattern: "GET /p/{portal}/companies/{company}", Proof: web.ByVisit, Visit: h.list(ofCompany)},
		{Pattern: "GET /p/{portal}/companies/{company}/conditions", Proof: web.ByVisit, Visit: h.conditions(ofCompany)},
		{Pattern: "GET /p/{portal}/companies/{company}/field", Proof: web.ByVisit, Visit: h.field(ofCompany)},
		{Pattern: "GET /p/{portal}/companies/{company}/columns", Proof: web.ByVisit, Visit: h.columns(ofCompany)},
		{Pattern: "POST /p/{portal}/companies/{company}/columns", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.saveColumns(ofCompany)},
		{Pattern: "GET /p/{portal}/companies/{company}/export", Proof: web.ByVisit, Deadline: web.SlowTransfer, Audit: web.AuditExport, Visit: h.export(ofCompany)},
		{Pattern: "GET /p/{portal}/contacts/{contact}", Proof: web.ByVisit, Visit: h.list(ofContact)},
		{Pattern: "GET /p/{portal}/contacts/{contact}/conditions", Proof: web.ByVisit, Visit: h.conditions(ofContact)},
		{Pattern: "GET /p/{portal}/contacts/{contact}/field", Proof: web.ByVisit, Visit: h.field(ofContact)},
		{Pattern: "GET /p/{portal}/contacts/{contact}/columns", Proof: web.ByVisit, Visit: h.columns(ofContact)},
		{Pattern: "POST /p/{portal}/contacts/{contact}/columns", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.saveColumns(ofContact)},
		{Pattern: "GET /p/{portal}/contacts/{contact}/export", Proof: web.ByVisit, Deadline: web.SlowTransfer, Audit: web.AuditExport, Visit: h.export(ofContact)},
		{Pattern: "GET /p/{portal}/acts", Proof: web.ByVisit, Visit: h.list(allActs)},
		{Pattern: "GET /p/{portal}/acts/conditions", Proof: web.ByVisit, Visit: h.conditions(allActs)},
		{Pattern: "GET /p/{portal}/acts/field", Proof: web.ByVisit, Visit: h.field(allActs)},
		{Pattern: "GET /p/{portal}/acts/columns", Proof: web.ByVisit, Visit: h.columns(allActs)},
		{Pattern: "POST /p/{portal}/acts/columns", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.saveColumns(allActs)},
		{Pattern: "GET /p/{portal}/acts/export", Proof: web.ByVisit, Deadline: web.SlowTransfer, Audit: web.AuditExport, Visit: h.export(allActs)},
		{Pattern: "GET /p/{portal}/acts/originals", Proof: web.ByWorker, Visit: h.originals},
		{Pattern: "POST /p/{portal}/acts/originals", Proof: web.ByWorker, MaxBody: web.SmallBody, Visit: h.saveOriginals},
		{Pattern: "POST /p/{portal}/acts/bulk", Proof: web.ByVisit, MaxBody: web.SmallBody, Heavy: true, Visit: h.startBulk},
		{Pattern: "GET /p/{portal}/bulks", Proof: web.ByVisit, Visit: h.bulks},
		{Pattern: "GET /p/{portal}/bulks/{bulk}", Proof: web.ByVisit, Visit: h.bulk},
		{Pattern: "POST /p/{portal}/bulks/{bulk}/target", Proof: web.ByWorker, MaxBody: web.TinyBody, Visit: h.chooseTarget},
		{Pattern: "POST /p/{portal}/bulks/{bulk}/run", Proof: web.ByWorker, MaxBody: web.TinyBody, Visit: h.runBulk},
		{Pattern: "POST /p/{portal}/bulks/{bulk}/cancel", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.cancelBulk},
		{Pattern: "GET /p/{portal}/bulks/{bulk}/file", Proof: web.ByVisit, Deadline: web.LongTransfer, Audit: web.AuditFile, Visit: h.bulkFile},
		{Pattern: "GET /p/{portal}/filters", Proof: web.ByVisit, Visit: h.savedFilters},
		{Pattern: "POST /p/{portal}/filters", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.saveFilter},
		{Pattern: "POST /p/{portal}/filters/{filter}", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.changeFilter},
		{Pattern: "POST /p/{portal}/filters/{filter}/delete", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.dropFilter},
		{Pattern: "POST /p/{portal}/filters/{filter}/take", Proof: web.ByVisit, MaxBody: web.TinyBody, Visit: h.takeFilter},
		{Pattern: "GET /p/{portal}/report", Proof: web.ByVisit, Heavy: true, Visit: h.report},
		{Pattern: "GET /p/{portal}/report/export", Proof: web.ByVisit, Deadline: web.SlowTransfer, Audit: web.AuditExport, Visit: h.exportReport},
	}
}
