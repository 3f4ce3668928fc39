package upd

import (
	"fmt"
	"strings"
	"time"

	"acts24/acts"
)

// Seller holds the values of a seller's title, of ours or of a sample.
type Seller struct {
	File      string // ИдФайл
	Function  acts.Function
	Number    string
	Date      time.Time
	SellerINN string
	BuyerINN  string
	Lines     []acts.Line
	Totals    acts.Totals
}

// ReadSeller reads a seller's title; sums may be written with or without kopecks.
func ReadSeller(body []byte) (Seller, error) {
	var f file
	if err := decode(body, &f); err != nil {
		return Seller{}, fmt.Errorf("seller's title: %w", err)
	}
	if f.Document.KND != sellerKND {
		return Seller{}, fmt.Errorf("seller's title: КНД %q", f.Document.KND)
	}
	s, err := f.seller()
	if err != nil {
		return Seller{}, fmt.Errorf("seller's title: %w", err)
	}
	return s, nil
}

func (f *file) seller() (Seller, error) {
	d := f.Document
	date, err := time.Parse(dateLayout, d.Invoice.Date)
	if err != nil {
		return Seller{}, fmt.Errorf("ДатаДок: %w", err)
	}
	out := Seller{File: f.ID, Function: acts.Function(d.Function), Number: d.Invoice.Number, Date: date,
		SellerINN: innOf(d.Invoice.Sellers), BuyerINN: innOf(d.Invoice.Buyers)}
	if d.Table == nil {
		return out, nil
	}
	for _, r := range d.Table.Rows {
		line, err := r.line()
		if err != nil {
			return Seller{}, fmt.Errorf("row %d: %w", r.N, err)
		}
		out.Lines = append(out.Lines, line)
	}
	t := d.Table.Total
	out.Totals, err = readTotals(t.Net, t.Tax, t.Gross)
	return out, err
}

// line is the row as a line of an act; the price with tax is calculated, the document has the net one.
func (r row) line() (acts.Line, error) {
	l := acts.Line{N: r.N, Name: r.Name, Unit: acts.Unit{Code: r.UnitCode, Name: r.Unit}, Rate: readRate(r.Rate)}
	var err error
	if l.Totals, err = readTotals(r.Net, r.Tax, r.Gross); err != nil || r.Quantity == "" {
		return l, err
	}
	if l.Quantity, err = acts.ParseDecimal(r.Quantity); err != nil {
		return l, fmt.Errorf("КолТов: %w", err)
	}
	if !l.Quantity.IsZero() {
		l.Price = l.Gross.Decimal().DivRound(l.Quantity, 11)
	}
	return l, nil
}

// readTotals fills in the one of net and gross that a document may leave out.
func readTotals(net string, t tax, gross string) (acts.Totals, error) {
	var out acts.Totals
	for _, part := range []struct {
		text string
		into *acts.Kopecks
	}{{net, &out.Net}, {t.Sum, &out.Tax}, {gross, &out.Gross}} {
		if part.text == "" {
			continue
		}
		sum, err := acts.ParseKopecks(part.text)
		if err != nil {
			return out, fmt.Errorf("sum: %w", err)
		}
		*part.into = sum
	}
	switch {
	case net == "":
		out.Net = out.Gross - out.Tax
	case gross == "":
		out.Gross = out.Net + out.Tax
	}
	return out, nil
}

func readRate(text string) acts.Rate {
	if text == withoutTax {
		return acts.NoVAT
	}
	return acts.Rate(strings.TrimSuffix(text, "%"))
}

func innOf(parties []party) string {
	for _, p := range parties {
		switch {
		case p.ID.Company != nil:
			return p.ID.Company.INN
		case p.ID.Person != nil:
			return p.ID.Person.INN
		}
	}
	return ""
}
