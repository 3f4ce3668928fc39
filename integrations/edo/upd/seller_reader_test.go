package upd

import (
	"fmt"
	"strings"
	"time"

	"acts24/acts"
)

// sellerValues holds the values of a seller's title, of ours or of a sample.
type sellerValues struct {
	File     string // ИдФайл
	Function acts.Function
	Number   string
	Lines    []acts.Line
	Totals   acts.Totals
}

// readSeller reads a seller's title; sums may be written with or without kopecks.
func readSeller(body []byte) (sellerValues, error) {
	var f file
	if err := decode(body, &f); err != nil {
		return sellerValues{}, fmt.Errorf("seller's title: %w", err)
	}
	if f.Document.KND != sellerKND {
		return sellerValues{}, fmt.Errorf("seller's title: КНД %q", f.Document.KND)
	}
	s, err := f.seller()
	if err != nil {
		return sellerValues{}, fmt.Errorf("seller's title: %w", err)
	}
	return s, nil
}

// seller returns the values of a seller's title.
func (f *file) seller() (sellerValues, error) {
	d := f.Document
	if _, err := time.Parse(dateLayout, d.Invoice.Date); err != nil {
		return sellerValues{}, fmt.Errorf("ДатаДок: %w", err)
	}
	out := sellerValues{File: f.ID, Function: acts.Function(d.Function), Number: d.Invoice.Number}
	if d.Table == nil {
		return out, nil
	}
	for _, r := range d.Table.Rows {
		line, err := r.line()
		if err != nil {
			return sellerValues{}, fmt.Errorf("row %d: %w", r.N, err)
		}
		out.Lines = append(out.Lines, line)
	}
	t := d.Table.Total
	var err error
	out.Totals, err = readTotals(t.Net, t.Tax, t.Gross)
	return out, err
}

// line returns name, quantity, rate and sums of a row as a line of an act.
func (r row) line() (acts.Line, error) {
	l := acts.Line{Name: r.Name, Rate: readRate(r.Rate)}
	var err error
	if l.Totals, err = readTotals(r.Net, r.Tax, r.Gross); err != nil || r.Quantity == "" {
		return l, err
	}
	if l.Quantity, err = acts.ParseDecimal(r.Quantity); err != nil {
		return l, fmt.Errorf("КолТов: %w", err)
	}
	return l, nil
}

// readTotals reads sums, and calculates the one of net and gross that a document may leave out.
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

// readRate returns the rate of a row.
func readRate(text string) acts.Rate {
	if text == withoutTax {
		return acts.NoVAT
	}
	return acts.Rate(strings.TrimSuffix(text, "%"))
}
