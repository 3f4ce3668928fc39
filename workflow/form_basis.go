package workflow

import (
	"time"

	"acts24/acts"
	"acts24/store"
)

// The choices of the form about the basis of an act.
const (
	BasisDocument = "document" // the document in the fields; empty fields mean no document
	BasisNone     = "none"
)

// BasisFrom is where the form's basis was taken from.
type BasisFrom struct {
	Field bool                // the field of the deal that the administrator chose
	Act   *store.EarlierBasis // the last act with the same counterparty
}

// Label returns the earlier act in the genitive: «акта № 3 от 12.11.2026».
func (f BasisFrom) Label() string {
	if f.Act == nil {
		return ""
	}
	text := "акта"
	if f.Act.Number != "" {
		text += " № " + f.Act.Number
	}
	return text + " от " + f.Act.Date.Format("02.01.2006")
}

// suggestBasis fills in the document of a new act: that of the last act of the deal unless the deal's field was changed
// after it, otherwise that of the deal's field, otherwise that of the last act with the same counterparty and our same
// company, otherwise none.
func (f *ActForm) suggestBasis(details store.DealDetails, own acts.CompanyID) {
	f.BasisKind, f.BasisName, f.BasisNumber, f.BasisDate, f.BasisFrom = BasisDocument, "", "", "", BasisFrom{}
	field := details.Deal.Basis.Label()
	if a, ok := lastAct(details.Acts); ok && a.OwnCompany == own && a.Buyer.INN == details.Deal.Buyer.INN && (field == "" || field == a.DealState.Basis) {
		f.fillBasis(a.Basis)
		f.BasisFrom.Act = &store.EarlierBasis{Act: a.ID, Own: own, Number: a.Number, Date: a.Date, Basis: a.Basis}
		return
	}
	if b := details.Deal.Basis.Basis(details.Settings.Basis.Name); b.Label() != "" {
		f.fillBasis(b)
		f.BasisFrom.Field = true
		return
	}
	for i, e := range details.Bases {
		if e.Own == own {
			f.fillBasis(e.Basis)
			f.BasisFrom.Act = &details.Bases[i]
			return
		}
	}
}

func (f *ActForm) fillBasis(b acts.Basis) {
	f.BasisKind, f.BasisName, f.BasisNumber, f.BasisDate = BasisDocument, b.Name, b.Number, formDate(b.Date)
	if b.None {
		f.BasisKind = BasisNone
	}
}

// formDate formats a day for the inputs of the form, "" for none.
func formDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// basis reads the document on which the act is based. Empty fields mean the same as «Без документа-основания».
func (p *parser) basis(a *acts.Act) {
	a.Basis = acts.Basis{None: true}
	if p.form.BasisKind == BasisNone {
		return
	}
	b := acts.Basis{Name: p.text("basis", p.form.BasisName, 255), Number: p.text("basis-number", p.form.BasisNumber, 255),
		Date: p.date("basis-date", p.form.BasisDate, false)}
	if b == (acts.Basis{}) && p.faults.At("basis-date") == "" {
		return
	}
	if a.Basis = b; p.faults.At("basis-date") == "" {
		p.faults = append(p.faults, b.Faults(a.Date)...)
	}
	if from := p.form.BasisFrom.Label(); from != "" {
		a.Basis.Taken = from
	}
}
