package printform

import (
	"strconv"

	"acts24/acts"
)

// table holds the columns of the lines; columns of numbers are as wide as their contents.
type table struct {
	number, name, quantity, unit, price, rate, sum column
}

// column is the position and width of a column; the rate has one only when lines have different rates.
type column struct{ x, w float64 }

// pad is the space between neighbouring columns.
const pad = 2.5

// newTable gives columns of numbers the width they need, within limits, and the rest to the names.
func newTable(s *sheet, a acts.Act) (t table) {
	x := right
	place := func(low, high float64, text func(acts.Line) string) column {
		w := low
		for _, l := range a.Lines {
			w = max(w, widest(s, s.cell(0, full, figures, text(l)))+0.1)
		}
		w = min(w, high)
		x -= w + pad
		return column{x + pad, w}
	}
	t.sum = place(24, 36, func(l acts.Line) string { return l.Gross.Label() })
	if len(rates(a.Lines)) > 1 {
		t.rate = place(13, 13, func(l acts.Line) string { return shortRate(l.Rate) })
	}
	t.price = place(22, 30, func(l acts.Line) string { return price(l.UnitPrice()) })
	t.unit = place(9, 16, func(l acts.Line) string { return l.Unit.Name })
	t.quantity = place(13, 22, func(l acts.Line) string { return quantity(l.Quantity) })
	t.number = column{left, 7}
	t.name = column{left + 7 + pad, x - left - 7 - pad}
	return t
}

// header returns the row of column titles; prices include tax.
func (t table) header(s *sheet, taxed bool) row {
	price, sum := "Цена, руб.", "Сумма, руб."
	if taxed {
		price, sum = "Цена с НДС, руб.", "Сумма с НДС, руб."
	}
	cells := []cell{
		s.cell(t.number.x, t.number.w, columns, "№"),
		s.cell(t.name.x, t.name.w, columns, "Наименование работ, услуг"),
		s.rightCell(t.quantity.x, t.quantity.w, columns, "Кол-во"),
		s.cell(t.unit.x, t.unit.w, columns, "Ед."),
		s.rightCell(t.price.x, t.price.w, columns, price),
		s.rightCell(t.sum.x, t.sum.w, columns, sum),
	}
	if t.rate.w > 0 {
		cells = append(cells, s.cell(t.rate.x, t.rate.w, columns, "НДС"))
	}
	return row{cells: cells, lead: 3.6, before: 1.4, after: 1.4, rule: thin}
}

// lines returns the rows of the table.
func (t table) lines(s *sheet, a acts.Act) (rows []row) {
	for i, l := range a.Lines {
		rows = append(rows, t.line(s, i+1, l))
	}
	return rows
}

func (t table) line(s *sheet, n int, l acts.Line) row {
	cells := []cell{
		s.cell(t.number.x, t.number.w, figures, strconv.Itoa(n)),
		s.cell(t.name.x, t.name.w, figures, l.Name),
		s.rightCell(t.quantity.x, t.quantity.w, figures, quantity(l.Quantity)),
		s.cell(t.unit.x, t.unit.w, figures, l.Unit.Name),
		s.rightCell(t.price.x, t.price.w, figures, price(l.UnitPrice())),
		s.rightCell(t.sum.x, t.sum.w, figures, l.Gross.Label()),
	}
	if t.rate.w > 0 {
		cells = append(cells, s.cell(t.rate.x, t.rate.w, figures, shortRate(l.Rate)))
	}
	return row{cells: cells, lead: 4, before: 1.2, after: 1.2, rule: hairline}
}

// shortRate returns the rate for its column: «22 %», «без НДС».
func shortRate(r acts.Rate) string {
	if r == acts.NoVAT {
		return r.Label()
	}
	return string(r) + string(nbsp) + "%"
}
