package upd

import (
	"fmt"
	"time"

	"acts24/acts"
	"acts24/acts/signed"
)

// Content reads from a seller's title the details of its act besides number, date, parties and rows. A part of the title that an act has no
// field for, such as a second basis, is named in Unclear and stays empty.
func Content(body []byte) (signed.Content, error) {
	var f file
	if err := decode(body, &f); err != nil {
		return signed.Content{}, fmt.Errorf("content of a title: %w", err)
	}
	d := f.Document
	if d.KND != sellerKND || d.Handover == nil {
		return signed.Content{}, fmt.Errorf("content of a title: КНД %q", d.KND)
	}
	r := contentReader{}
	r.out.Function = acts.Function(d.Function)
	fact := d.Handover.Fact
	r.out.From, r.out.To = r.day(fact.From), r.day(fact.To)
	r.basis(fact)
	r.signer(d.Signers)
	for _, p := range d.Invoice.Payments {
		r.out.Payments = append(r.out.Payments, acts.Payment{Number: p.Number, Date: r.day(p.Date)})
	}
	if d.Invoice.Case != nil {
		r.out.StateContract = d.Invoice.Case.Contract
	}
	if r.err != nil {
		return signed.Content{}, fmt.Errorf("content of a title: %w", r.err)
	}
	return r.out, nil
}

// contentReader reads the content of a title and keeps the error of its first wrong date.
type contentReader struct {
	out signed.Content
	err error
}

// day reads a date; zero for an empty one.
func (r *contentReader) day(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(dateLayout, text)
	if err != nil && r.err == nil {
		r.err = err
	}
	return day
}

func (r *contentReader) basis(f fact) {
	switch {
	case len(f.Bases) == 1:
		b := f.Bases[0]
		if b.Number == noNumber {
			b.Number = ""
		}
		r.out.Basis = acts.Basis{Name: b.Name, Number: b.Number, Date: r.day(b.Date)}
	case len(f.Bases) == 0 && f.NoBasis == "1":
		r.out.Basis.None = true
	default:
		r.out.Unclear = append(r.out.Unclear, signed.ContentBasis)
	}
}

func (r *contentReader) signer(list []signer) {
	if len(list) != 1 || len(list[0].Power) > 1 || len(list[0].OnPaper) > 0 {
		r.out.Unclear = append(r.out.Unclear, signed.ContentSigner)
		return
	}
	s := list[0]
	r.out.Signer = acts.Signer{Last: s.Name.Last, First: s.Name.First, Middle: s.Name.Middle, Position: s.Position}
	for _, p := range s.Power {
		r.out.Signer.Power = acts.PowerOfAttorney{ID: p.Number, Issued: r.day(p.Issued)}
	}
}
