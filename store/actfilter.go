package store

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lib/pq"

	"acts24/acts"
)

// mostNames is how many matching names are looked up by themselves; with more of them the acts are read in turn.
const mostNames = 200

// ActFilter says which acts of a portal are wanted; its zero value is all of them.
type ActFilter struct {
	Sees        Sees          // what the visitor may see at all
	Statuses    []acts.Status // any of these
	Medium      acts.Medium
	From, To    time.Time // days of the act
	Responsible acts.UserID
	Overdue     bool // sent, and the day for the signature has passed
	Failed      bool // the operator did not take the document
	Company     acts.CompanyID
	Contact     acts.ContactID // one that stands for itself
	Waiting     acts.Span      // unsigned for so many days; the zero span asks for nothing
	Zone        *time.Location // whose days they are
	Unassigned  bool           // nobody is responsible
	Unknown     bool           // neither a company nor a contact is known
	Bulk        int64          // what a bulk has gathered, and nothing else is asked then
	Conditions
	Text string // beginning of a number, part of a counterparty's name or INN, or of a deal's title; a whole INN is its owner's
}

var (
	firstDay = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	lastDay  = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
)

// args are the values of the filter for the statements above.
func (f ActFilter) args(after PageKey, today time.Time) args {
	a := args{"day": after.Day, "id": int64(after.ID), "from": firstDay, "to": lastDay, "medium": string(f.Medium), "responsible": int64(f.Responsible),
		"overdue": f.Overdue, "failed": f.Failed, "company": int64(f.Company), "contact": int64(f.Contact), "today": today,
		"text": f.Text, "beyond": f.Text + "\U0010FFFF", "like": "%" + literal.Replace(f.Text) + "%", "most": mostNames + 1, "hits": mostHits,
		"few": fewNames, "few_times": fewTimes, "short": utf8.RuneCountInString(f.Text) < 3, "inn": wholeINN.MatchString(f.Text), "guess": false, "bulk": f.Bulk, "sees": f.Sees.value()}
	f.waitingArgs(a, today)
	f.Conditions.into(a)
	media, kinds := f.types()
	a["media"], a["kinds"], a["most_deals"] = pq.Array(media), pq.Array(kinds), mostDeals+1
	if after.ID == 0 {
		a["day"], a["id"] = lastDay, int64(1<<62)
	}
	if !f.From.IsZero() {
		a["from"] = f.From
	}
	if !f.To.IsZero() {
		a["to"] = f.To
	}
	if after.ID == 0 && !f.To.IsZero() {
		a["day"] = f.To // an index is entered at the key, not at the end of the period
	}
	statuses := f.Statuses
	switch {
	case len(statuses) == 0 && f.Overdue:
		statuses = []acts.Status{acts.Sent}
	case len(statuses) == 0:
		statuses = acts.Statuses
	}
	plain := make([]string, len(statuses))
	for i, s := range statuses {
		plain[i] = string(s)
	}
	a["statuses"] = pq.Array(plain)
	return a
}

// literal takes the meaning of a pattern from what a person typed.
var literal = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// wholeINN is an INN of a company or a person in full.
var wholeINN = regexp.MustCompile(`^(\d{10}|\d{12})$`)
