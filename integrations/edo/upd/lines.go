package upd

import "acts24/acts"

// nameLimit is the largest number of characters of НаимТов.
const (
	nameLimit  = 2000
	withoutTax = "без НДС"
)

// kinds are the values of ПрТовРаб. It is omitted for a row of unknown kind.
var kinds = map[acts.LineKind]string{acts.KindGoods: "1", acts.KindWork: "2", acts.KindService: "3"}

// table builds ТаблСчФакт. The totals are sums of the rounded rows and must equal those of the act.
func (b *builder) table() *table {
	defer b.forLine(acts.CheckTitleRows)()
	act, out := b.act, &table{}
	if len(act.Lines) == 0 {
		b.refuse("В акте нет строк. Добавьте хотя бы одну.")
	}
	taxed := false
	for i, line := range act.Lines {
		line.N = i + 1
		out.Rows = append(out.Rows, b.row(line))
		taxed = taxed || line.Rate != acts.NoVAT
	}
	if act.Totals != acts.Sum(act.Lines) {
		b.refuse("Сумма акта не сходится с суммой его строк. Откройте акт и сохраните его заново.")
	}
	out.Total = total{Net: act.Totals.Net.String(), Gross: act.Totals.Gross.String(), Tax: taxOf(act.Totals, taxed)}
	return out
}

func (b *builder) row(l acts.Line) row {
	b.checkSums(l)
	code, unit := b.unit(l)
	return row{
		N:        l.N,
		Name:     b.rowName(l),
		UnitCode: code,
		Unit:     unit,
		Quantity: l.Quantity.String(),
		Price:    acts.PriceText(acts.UnitPrice(l.Net, l.Quantity)),
		Net:      l.Net.String(),
		Rate:     rateText(l.Rate),
		Gross:    l.Gross.String(),
		More:     additionalOf(l),
		Excise:   &excise{None: "без акциза"},
		Tax:      taxOf(l.Totals, l.Rate != acts.NoVAT),
	}
}

func (b *builder) rowName(l acts.Line) string {
	name := clean(l.Name)
	switch {
	case name == "":
		b.refuse("Строка %d: нет названия. Напишите, что сделано.", l.N)
	case length(name) > nameLimit:
		b.refuse("Строка %d: название длиннее %d знаков. Сократите его.", l.N, nameLimit)
	}
	return name
}

func additionalOf(l acts.Line) *additional {
	kind := kinds[l.Kind]
	if kind == "" {
		return nil
	}
	return &additional{Kind: kind}
}

// unit returns the ОКЕИ code and the name. A code that ОКЕИ lacks belongs to the portal and is omitted; the name remains.
func (b *builder) unit(l acts.Line) (code, name string) {
	name = clean(l.Unit.Name)
	if length(name) > 255 {
		b.refuse("Строка %d: единица измерения длиннее 255 знаков. Сократите её.", l.N)
	}
	if !okei[l.Unit.Code] {
		return "", name
	}
	if name == "" {
		b.refuse("Строка %d: у единицы измерения с кодом %s нет названия. Выберите единицу измерения.", l.N, l.Unit.Code)
	}
	return l.Unit.Code, name
}

// checkSums adds faults for numbers of a row that the format or an accountant would not accept.
func (b *builder) checkSums(l acts.Line) {
	done := b.forLine(acts.CheckTitleRates)
	for _, fault := range acts.CheckLines([]acts.Line{l}, b.act.Date) {
		b.refuse("Строка %d: %s", l.N, fault.Text)
	}
	done()
	price := acts.UnitPrice(l.Net, l.Quantity)
	switch q := l.Quantity; {
	case !q.IsPositive():
		b.refuse("Строка %d: количество должно быть больше нуля.", l.N)
	case !q.Equal(q.Truncate(11)) || len(q.Truncate(0).String()) > 15:
		b.refuse("Строка %d: количество записано слишком длинно. Округлите его.", l.N)
	case len(price.Truncate(0).String()) > 15:
		b.refuse("Строка %d: слишком большая цена.", l.N)
	case b.act.Function == acts.FunctionActAndInvoice && !price.IsPositive():
		b.refuse("Строка %d: в счёте-фактуре цена должна быть больше нуля. Уберите строку или укажите её стоимость.", l.N)
	}
	if min(l.Net, l.Tax) < 0 || l.Gross != l.Net+l.Tax || l.Rate.Percent().IsZero() && l.Tax != 0 {
		b.refuse("Строка %d: сумма и НДС не сходятся. Откройте акт и сохраните строку заново.", l.N)
	}
}

// rateText returns НалСт, for which the schema allows fixed texts: «22%», «0%», «без НДС» (docs/contracts/sbis.md, "УПД: rates").
func rateText(r acts.Rate) string {
	if r == acts.NoVAT {
		return withoutTax
	}
	return string(r) + "%"
}

func taxOf(t acts.Totals, taxed bool) tax {
	if !taxed {
		return tax{None: withoutTax}
	}
	return tax{Sum: t.Tax.String()}
}
