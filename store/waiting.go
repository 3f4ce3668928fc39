package store

import (
	"reflect"
	"time"

	"acts24/acts"
)

// waitingToo are the conditions of the report's cells. They stay out of the way of other lists: what is not asked for is no condition.
const waitingToo = `
	AND (NOT CAST(:waiting AS boolean) OR ` + unsigned + ` AND a.sent_at >= CAST(:sent_from AS timestamptz) AND a.sent_at < CAST(:sent_before AS timestamptz))` + nobodys

// nobodys are acts that nobody is responsible for, or whose counterparty is no company and no contact.
const nobodys = `
	AND (NOT CAST(:unassigned AS boolean) OR a.responsible_id = 0) AND (NOT CAST(:unknown AS boolean) OR a.company_id = 0 AND a.contact_id = 0)`

// inSpan says the same for the planner, whose index acts_unsigned answers it without looking at the acts.
const inSpan = ` AND ` + unsigned + ` AND a.sent_at >= CAST(:sent_from AS timestamptz) AND a.sent_at < CAST(:sent_before AS timestamptz)`

// Ways to unsigned acts; the same index has them all.
var (
	byWaiting            = foundAct + inSpan
	byWaitingResponsible = foundAct + inSpan + ` AND a.responsible_id = :responsible`
	byWaitingCompany     = foundAct + inSpan + ` AND a.company_id = :company`
	byWaitingContact     = foundAct + inSpan + ` AND a.company_id = 0 AND a.contact_id = :contact`
	byWaitingSight       = newestOf(eachOf(`CAST(:sees AS bigint[])`, `a.responsible_id = v.x`+inSpan))
)

func (f ActFilter) wayWaiting() string {
	switch {
	case f.Company != 0:
		return byWaitingCompany
	case f.Contact != 0:
		return byWaitingContact
	case f.Responsible != 0:
		return byWaitingResponsible
	case !f.Sees.All():
		return byWaitingSight
	}
	return byWaiting
}

// waitingArgs are the values of these conditions.
func (f ActFilter) waitingArgs(a args, today time.Time) {
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	from, before := f.Waiting.Sent(today, zone)
	a["waiting"], a["sent_from"], a["sent_before"] = f.Waiting != acts.Span{} && f.Text != "", from, before // else inSpan says it
	a["unassigned"], a["unknown"] = f.Unassigned, f.Unknown
}

// Found is how much a filter finds on all its pages.
type Found struct {
	Number int          `db:"found_number"`
	Sum    acts.Kopecks `db:"found_sum"`
}

// ofCell is what a cell of the report asks for; the index acts_unsigned has every column of it, so that no act is looked at.
var ofCell = ` a.portal_id = :portal AND ` + seen("a.responsible_id") + inSpan + `
	AND (CAST(:responsible AS bigint) = 0 OR a.responsible_id = :responsible) AND (CAST(:company AS bigint) = 0 OR a.company_id = :company)
	AND (CAST(:contact AS bigint) = 0 OR a.company_id = 0 AND a.contact_id = :contact)` + nobodys

// cell is the part of the filter that a cell of the report asks for.
func (f ActFilter) cell() ActFilter {
	return ActFilter{Sees: f.Sees, Waiting: f.Waiting, Zone: f.Zone, Responsible: f.Responsible, Company: f.Company, Contact: f.Contact,
		Unassigned: f.Unassigned, Unknown: f.Unknown}
}

// withFound adds to a statement of what stands above a list how much is in the list. Only what waits is counted: it is few enough.
func (f ActFilter) withFound(above string) string {
	condition := narrowed + inSpan
	switch {
	case f.Waiting == acts.Span{}:
		return above
	case reflect.DeepEqual(f, f.cell()):
		condition = ofCell
	case f.Text != "":
		condition += ` AND (` + numbered + ` OR ` + anyNames + `)`
	}
	return `SELECT * FROM (` + above + `) o CROSS JOIN (
		SELECT count(*) AS found_number, CAST(coalesce(sum(a.gross), 0) AS bigint) AS found_sum FROM acts a WHERE ` + condition + `) f`
}
