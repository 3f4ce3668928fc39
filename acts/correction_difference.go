package acts

import "slices"

// DiffersFrom lists what a corrected act changes in the refused one: its lines, dates, basis and signer. The lists of the lines are compared by
// the row of the deal, lines without a row by their names.
func (a Act) DiffersFrom(refused Act) []Difference {
	var list []Difference
	add := func(row RowID, what, was, is string) {
		if was != is {
			list = append(list, Difference{Row: row, What: what, Was: was, Is: is})
		}
	}
	for _, was := range refused.Lines {
		n := slices.IndexFunc(a.Lines, was.same)
		if n < 0 {
			add(was.Row, "Убрана строка", "«"+was.Name+"», "+decimalComma(was.Quantity.String())+" по "+Figure(was.Price.StringFixed(2))+" ₽", "")
			continue
		}
		is := a.Lines[n]
		add(is.Row, "«"+was.Name+"», название", "«"+was.Name+"»", "«"+is.Name+"»")
		add(is.Row, "«"+is.Name+"», единица", orNone(was.Unit.Name), orNone(is.Unit.Name))
		add(is.Row, "«"+is.Name+"», количество", decimalComma(was.Quantity.String()), decimalComma(is.Quantity.String()))
		add(is.Row, "«"+is.Name+"», цена", Figure(was.Price.StringFixed(2))+" ₽", Figure(is.Price.StringFixed(2))+" ₽")
		add(is.Row, "«"+is.Name+"», ставка", was.Rate.Label(), is.Rate.Label())
	}
	for _, is := range a.Lines {
		if !slices.ContainsFunc(refused.Lines, is.same) {
			add(is.Row, "Добавлена строка", "", "«"+is.Name+"», "+decimalComma(is.Quantity.String())+" по "+Figure(is.Price.StringFixed(2))+" ₽")
		}
	}
	add(0, "Сумма акта", Figure(refused.Totals.Gross.String())+" ₽", Figure(a.Totals.Gross.String())+" ₽")
	add(0, "Дата акта", refused.Date.Format("02.01.2006"), a.Date.Format("02.01.2006"))
	add(0, "Период", refused.periodLabel(), a.periodLabel())
	add(0, "Основание", orNone(refused.Basis.Label()), orNone(a.Basis.Label()))
	add(0, "Контрагент", refused.Buyer.FullName()+", ИНН "+refused.Buyer.INN, a.Buyer.FullName()+", ИНН "+a.Buyer.INN)
	add(0, "Подписант", refused.Signer.FullName(), a.Signer.FullName())
	return list
}

// same reports whether two lines are about the same row of the deal, or have the same name.
func (l Line) same(m Line) bool {
	if l.Row != 0 || m.Row != 0 {
		return l.Row == m.Row
	}
	return l.Name == m.Name
}

func (a Act) periodLabel() string {
	if a.From.IsZero() {
		return "нет"
	}
	return a.From.Format("02.01.2006") + " – " + a.To.Format("02.01.2006")
}
