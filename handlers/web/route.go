package web

import (
	"net/http"
	"time"

	"acts24/acts/roles"
)

// Proof is how a route verifies the sender of a request.
type Proof string

// The proofs.
const (
	ByNobody Proof = "nobody" // no data of a portal is shown
	ByPortal Proof = "portal" // a cross-site POST of a portal, verified by its content; cookies are ignored
	ByLink   Proof = "link"   // a secret link that a counterparty got
	ByVisit  Proof = "visit"  // a visit of the portal in the address, of somebody who may see acts
	ByWorker Proof = "worker" // a visit of somebody who works with acts
	ByAdmin  Proof = "admin"  // a visit of an administrator
)

// Rights are what the proofs of a visit require of the visitor.
var Rights = map[Proof]roles.Right{ByVisit: roles.RightView, ByWorker: roles.RightWork, ByAdmin: roles.RightAdminister}

// Rate is the request limit of a route.
type Rate string

// The rates. Package public counts them; the numbers are in its ratelimit.go.
const (
	RateLinks Rate = "links" // wrong links, by the address of the client
	RateForms Rate = "forms" // as RateLinks, and forms sent with one link
)

// Audit is what a request on a route means to the audit log.
type Audit string

// What the audit log records of visitors.
const (
	AuditFile     Audit = "file"     // a file is read: a scan, a PDF, a package, an archive
	AuditExport   Audit = "export"   // a table of acts or a report is read as a file
	AuditSettings Audit = "settings" // settings are changed
	AuditAccounts Audit = "accounts" // an account of SBIS is added, changed, used or removed
	AuditPeople   Audit = "people"   // rights of employees are changed
)

// Limits of request bodies, in bytes.
const (
	TinyBody  = 16 << 10
	SmallBody = 64 << 10
	LargeBody = 1 << 20
)

// Deadlines of routes that transfer more than a page.
const (
	SlowTransfer = 5 * time.Minute // files of a form, a table of acts
	LongTransfer = 9 * time.Minute // an archive of many documents
)

// Route is a row of the table of addresses: what it matches, who has access, how much may be sent, how often and for how long.
type Route struct {
	Pattern  string
	Proof    Proof
	MaxBody  int64         // bytes of the body of a POST
	Rate     Rate          // "" for none
	Deadline time.Duration // for reading the request; the answer has a minute more. 0 for the server's usual timeouts
	Early    bool          // also while the installation is not finished
	OfDeal   bool          // changes the act through its deal, which the CRM must show to the visitor
	Heavy    bool          // computes for tenths of a second: a PDF, a report, a bulk action
	Audit    Audit         // "" when the audit log does not record its requests
	Open     func(http.ResponseWriter, *http.Request) error
	Visit    func(http.ResponseWriter, *http.Request, Visit) error
}
