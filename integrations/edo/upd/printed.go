package upd

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/acts/printform"
)

// Printed returns what the printed УПД of an act shows, taken from the tree from which SellerTitle writes the XML, and
// what the builder refuses. Participant ids are not needed on paper; an act without a number gives a preview.
func Printed(act acts.Act) (printform.UPD, []acts.DocumentFault) {
	number, correction := cmp.Or(act.Number, act.Correction.Number), act.Correction
	act.Number = cmp.Or(number, "1")
	if correction.IsSet() {
		act.Correction.N = max(correction.N, 1)
	}
	act.Function = act.PrintedFunction()
	b := builder{act: act, line: acts.CheckTitleUPD}
	d := b.document(act.Date)
	if len(b.faults) == 0 {
		b.checkParties(&d)
		b.checkRows(&d)
		b.checkTotal(&d)
	}
	if number == "" {
		d.Invoice.Number = ""
		for i := range d.Invoice.Shipments {
			d.Invoice.Shipments[i].Number = ""
		}
	}
	out := d.printed()
	if correction.IsSet() && correction.N == 0 { // the correction gets its number with the first print
		out.Correction = " "
	}
	return out, b.faults
}

// PrintedTitle returns what the printed УПД of a seller's title shows.
func PrintedTitle(body []byte) (printform.UPD, error) {
	var f file
	if err := decode(body, &f); err != nil {
		return printform.UPD{}, fmt.Errorf("print seller's title: %w", err)
	}
	if f.Document.KND != sellerKND {
		return printform.UPD{}, fmt.Errorf("print seller's title: КНД %q", f.Document.KND)
	}
	return f.Document.printed(), nil
}

func (d *document) printed() printform.UPD {
	head := d.Invoice
	out := printform.UPD{Invoice: d.isInvoice(), Number: head.Number, Date: head.Date, Seller: printedParty(head.Sellers), Buyer: printedParty(head.Buyers),
		Currency: head.Currency.Name + ", " + head.Currency.Code, Author: d.Author}
	if c := head.Correction; c != nil {
		out.Correction, out.CorrectionDate = strconv.Itoa(c.N), c.Date
	}
	for _, p := range head.Payments {
		out.Payments = append(out.Payments, p.Number+" от "+p.Date)
	}
	for _, s := range head.Shipments {
		out.Shipments = append(out.Shipments, s.label(", № "))
	}
	if head.Case != nil {
		out.StateContract = head.Case.Contract
	}
	if d.Handover != nil {
		out.Operation, out.Handed, out.Basis = d.Handover.Fact.printed()
	}
	if len(d.Signers) > 0 {
		s := d.Signers[0]
		out.Signer = printform.UPDSigner{Position: s.Position, Name: s.Name.text()}
	}
	if d.Table != nil {
		for _, r := range d.Table.Rows {
			out.Rows = append(out.Rows, r.printed())
		}
		out.Total = printform.UPDSums{Net: d.Table.Total.Net, Tax: d.Table.Total.Tax.text(), Gross: d.Table.Total.Gross}
	}
	return out
}

// label returns the name, number and date of a document.
func (p docReference) label(before string) string {
	text := p.Name
	switch {
	case p.Number == noNumber:
		text += " без номера"
	case p.Number != "":
		text += before + p.Number
	}
	return text + " от " + p.Date
}

func (f fact) printed() (operation, handed, basis string) {
	handed = f.Date
	if handed == "" {
		handed = "с " + f.From + " по " + f.To
	}
	var bases []string
	for _, b := range f.Bases {
		bases = append(bases, b.label(" № "))
	}
	if len(bases) == 0 {
		bases = []string{"Без документа-основания"}
	}
	return f.Operation, handed, strings.Join(bases, "; ")
}

func (r row) printed() printform.UPDRow {
	out := printform.UPDRow{N: strconv.Itoa(r.N), Name: r.Name, UnitCode: r.UnitCode, Unit: r.Unit, Quantity: r.Quantity, Price: r.Price,
		Rate: r.Rate, UPDSums: printform.UPDSums{Net: r.Net, Tax: r.Tax.text(), Gross: r.Gross}}
	if r.Excise != nil {
		out.Excise = r.Excise.None
	}
	return out
}

// text returns the sum, or the words in its place.
func (t tax) text() string {
	if t.Sum == "" {
		return t.None
	}
	return t.Sum
}

func (n fullName) text() string {
	return strings.TrimSpace(n.Last + " " + n.First + " " + n.Middle)
}

func printedParty(list []party) printform.UPDParty {
	if len(list) == 0 {
		return printform.UPDParty{}
	}
	p := list[0]
	out := printform.UPDParty{}
	if p.Address != nil && p.Address.Text != nil {
		out.Address = p.Address.Text.Text
	}
	switch {
	case p.ID.Company != nil:
		out.Name, out.Codes = p.ID.Company.Name, p.ID.Company.INN
		if p.ID.Company.KPP != "" {
			out.Codes += " / " + p.ID.Company.KPP
		}
	case p.ID.Person != nil:
		one := p.ID.Person
		out.Person, out.Name, out.Codes = true, "Индивидуальный предприниматель "+one.Name.text(), one.INN
		if one.OGRN != "" {
			out.Registration = "ОГРНИП " + one.OGRN
		}
		if one.Day != "" {
			out.Registration += " от " + one.Day
		}
	}
	return out
}
