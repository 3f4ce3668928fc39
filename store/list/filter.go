package list

import (
	"regexp"
	"strings"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// ActFilter selects acts of a portal; its zero value selects all of them.
type ActFilter struct {
	Visibility  people.Visibility // what the visitor may see at all
	Statuses    []acts.Status     // any of these
	Medium      acts.Medium
	From, To    time.Time // days of the act
	Responsible acts.UserID
	Overdue     bool // sent, and the day for the signature has passed
	Failed      bool // the operator did not take the document
	Refused     bool // refused and not replaced by a corrected act
	AwaitsUs    bool // waits for one of us: acts.Act.AwaitsUs
	Company     acts.CompanyID
	Contact     acts.ContactID // of acts without a company
	Waiting     report.Span    // unsigned for so many days; the zero span is no condition
	Zone        *time.Location // whose days they are
	Unassigned  bool           // nobody is responsible
	Unknown     bool           // neither a company nor a contact is known
	Bulk        int64          // acts that wait in a bulk
	Conditions
	Text string // beginning of a number, part of a counterparty's name or INN, or of a deal's title; a whole INN finds only its owner
}

// NotHandedOver selects electronic acts that are not at the operator.
const NotHandedOver = "none"

// Conditions filter acts by the properties of their documents; their zero value is all acts.
type Conditions struct {
	PartyKind  acts.PartyKind
	Channel    acts.Channel
	Delivery   string // of an electronic act; NotHandedOver for the empty one
	Operator   string // prefix
	Own        acts.CompanyID
	Stage      string // of the deal
	NoOriginal bool   // signed on paper, and the original has not arrived
}

const (
	// overdue is an act whose counterparty is late with the signature.
	overdue = `a.due_on < CAST(:today AS date)`
	// unsigned is an act that the counterparty has and has not signed; the index acts_unsigned is of them.
	unsigned = `a.status IN ('sent', 'accepted_unsigned') AND a.replaced_by IS NULL`
	refused  = `a.status = 'refused' AND a.replaced_by IS NULL`
	awaitsUs = `(a.status IN ('draft', 'signed_by_us', 'refused') AND a.replaced_by IS NULL AND a.delivery NOT IN ('queued', 'withdrawing', 'waiting_connection')
		OR ` + annulmentAwaitsUs + `)`
	// annulmentAwaitsUs is acts.Annulment.AwaitsUs; its first condition is that of the index acts_being_annulled.
	annulmentAwaitsUs = `jsonb_exists_any(a.annulment, '{step,proposed}') AND (a.annulment ->> 'step' IS NULL OR a.annulment ->> 'manual' = 'true')
		AND (a.annulment ->> 'step' IS NOT NULL OR a.annulment ->> 'proposed' = 'theirs')`
	awaitsOurSignature = `a.medium = 'electronic' AND a.delivery = 'waiting_signature'`
	withoutOriginal    = `a.medium = 'paper' AND a.original_on IS NULL AND a.status <> 'annulled' AND (a.status = 'signed' OR a.scan_on IS NOT NULL)`
)

// where returns the conditions of the filter on the act a, without its text. today is a day of business time. Every list of acts uses them,
// so what a visitor may see is decided here.
func (f ActFilter) where(today time.Time) pg.Where {
	var w pg.Where
	w.And(`a.portal_id = :portal`, pg.Args{"today": today})
	if !f.Visibility.All() {
		w.And(`a.responsible_id = ANY (CAST(:visibility AS bigint[]))`, pg.Args{"visibility": f.Visibility.Arg()})
	}
	if len(f.Statuses) > 0 {
		w.And(`a.status = ANY (CAST(:statuses AS text[]))`, pg.Args{"statuses": pq.Array(f.Statuses)})
	}
	if !f.From.IsZero() {
		w.And(`a.act_date >= CAST(:from AS date)`, pg.Args{"from": f.From})
	}
	if !f.To.IsZero() {
		w.And(`a.act_date <= CAST(:to AS date)`, pg.Args{"to": f.To})
	}
	f.addParties(&w)
	if f.Overdue {
		w.And(overdue, nil)
	}
	if f.Failed {
		w.And(`a.delivery = 'error'`, nil)
	}
	if f.Refused {
		w.And(refused, nil)
	}
	if f.AwaitsUs {
		w.And(awaitsUs, nil)
	}
	if f.Waiting != (report.Span{}) {
		zone := f.Zone
		if zone == nil {
			zone = time.UTC
		}
		from, before := f.Waiting.Sent(today, zone)
		w.And(unsigned+` AND a.sent_at >= CAST(:sent_from AS timestamptz) AND a.sent_at < CAST(:sent_before AS timestamptz)`,
			pg.Args{"sent_from": from, "sent_before": before})
	}
	if f.Bulk != 0 {
		w.And(`a.id IN (SELECT b.act_id FROM bulk_rows b WHERE b.portal_id = :portal AND b.bulk_id = :bulk AND b.state = 'waiting')`, pg.Args{"bulk": f.Bulk})
	}
	if f.Medium != "" {
		w.And(`a.medium = :medium`, pg.Args{"medium": f.Medium})
	}
	f.Conditions.where(&w)
	return w
}

// addParties adds the conditions on the responsible and on the counterparty.
func (f ActFilter) addParties(w *pg.Where) {
	if f.Responsible != 0 {
		w.And(`a.responsible_id = :responsible`, pg.Args{"responsible": f.Responsible})
	}
	if f.Unassigned {
		w.And(`a.responsible_id = 0`, nil)
	}
	if f.Company != 0 {
		w.And(`a.company_id = :company`, pg.Args{"company": f.Company})
	}
	if f.Contact != 0 {
		w.And(`a.company_id = 0 AND a.contact_id = :contact`, pg.Args{"contact": f.Contact})
	}
	if f.Unknown {
		w.And(`a.company_id = 0 AND a.contact_id = 0`, nil)
	}
}

func (c Conditions) where(w *pg.Where) {
	if c.PartyKind != "" {
		w.And(`a.party_kind = :kind`, pg.Args{"kind": c.PartyKind})
	}
	if c.Channel != "" {
		w.And(`a.channel = :channel`, pg.Args{"channel": c.Channel})
	}
	if c.Delivery != "" {
		delivery := acts.Delivery(c.Delivery)
		if c.Delivery == NotHandedOver {
			delivery = acts.DeliveryNone
		}
		w.And(`a.medium = 'electronic' AND a.delivery = :delivery`, pg.Args{"delivery": delivery})
	}
	if c.Operator != "" {
		w.And(`a.operator = :operator`, pg.Args{"operator": c.Operator})
	}
	if c.Own != 0 {
		w.And(`a.own_company_id = :own`, pg.Args{"own": c.Own})
	}
	if c.Stage != "" {
		w.And(`a.deal_id IN (SELECT s.id FROM deals s WHERE s.portal_id = :portal AND s.stage_id = :stage)`, pg.Args{"stage": c.Stage})
	}
	if c.NoOriginal {
		w.And(withoutOriginal, nil)
	}
}

// likeEscaper escapes the special characters of a LIKE pattern.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// fullINN is an INN of a company or a person in full.
var fullINN = regexp.MustCompile(`^(\d{10}|\d{12})$`)
