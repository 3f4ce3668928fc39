package upd

import "acts24/acts"

// needsQuantities reports whether rows of an invoice need quantities and net sums: СпОбстФСЧФ is given and is not 2.
func (d *document) needsQuantities() bool {
	c := d.Invoice.Case
	return d.isInvoice() && c != nil && c.OfInvoice != "" && c.OfInvoice != "2"
}

// isPlainAct reports whether the document is an act without special circumstances.
func (d *document) isPlainAct() bool {
	c := d.Invoice.Case
	return d.Function == string(acts.FunctionAct) && (c == nil || c.OfAct == "")
}

// checkRows checks rules 5, 6 and 7 for every row.
func (b *builder) checkRows(d *document) {
	if d.Table == nil {
		return
	}
	for _, r := range d.Table.Rows {
		b.check(r.UnitCode == "" || r.Unit != "", "Строка %d: есть код единицы измерения, но нет её названия.", r.N)
		if d.isInvoice() {
			b.checkInvoiceRow(d, r)
		}
		if d.isPlainAct() {
			b.check(r.Net != "" || r.Gross != "", "Строка %d: нет стоимости.", r.N)
		}
		if d.Function == string(acts.FunctionAct) {
			b.check(r.named(), "Строка %d: нет названия.", r.N)
		}
	}
}

func (b *builder) checkInvoiceRow(d *document, r row) {
	b.check(r.Name != "", "Строка %d: нет названия.", r.N)
	b.check(r.Gross != "", "Строка %d: нет стоимости с НДС.", r.N)
	b.check(r.Quantity != "" || r.UnitCode == "", "Строка %d: есть единица измерения, но нет количества.", r.N)
	b.check(r.Quantity == "" || isPositive(r.Price), "Строка %d: в счёте-фактуре цена должна быть больше нуля.", r.N)
	if d.needsQuantities() {
		b.check(r.Net != "", "Строка %d: нет стоимости без НДС.", r.N)
		b.check(r.Quantity != "", "Строка %d: нет количества.", r.N)
	}
}

// checkTotal checks rules 5 and 6 for the totals.
func (b *builder) checkTotal(d *document) {
	if d.Table == nil {
		return
	}
	total := d.Table.Total
	b.check(total.Gross != "" || !d.isInvoice(), "Нет итоговой стоимости с НДС.")
	b.check(total.Net != "" || !d.needsQuantities(), "Нет итоговой стоимости без НДС.")
	b.check(total.Net != "" || total.Gross != "" || !d.isPlainAct(), "Нет итоговой стоимости.")
}

// named reports whether the row has a name in any of the forms of rule 6.
func (r row) named() bool {
	if r.Name != "" {
		return true
	}
	return r.More != nil && (r.More.Feature != "" || r.More.Article != "" || r.More.Code != "")
}

// isPositive reports whether a price of the document, with up to eleven decimals, is above zero.
func isPositive(price string) bool {
	d, err := acts.ParseDecimal(price)
	return err == nil && d.IsPositive()
}
