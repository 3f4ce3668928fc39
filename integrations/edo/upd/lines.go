package upd

import (
	"regexp"

	"acts24/acts"
)

// nameLimit is the length of НаимТов; serviceKind is ПрТовРаб of a service.
const (
	nameLimit   = 2000
	serviceKind = "3"
	withoutTax  = "без НДС"
)

var unitShape = regexp.MustCompile(`^[0-9]{3,4}$`)

// table makes ТаблСчФакт. The totals are sums of the rounded rows and must be those of the act.
func (b *builder) table() *table {
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
	b.sums(l)
	code, unit := b.unit(l)
	return row{
		N:        l.N,
		Name:     b.rowName(l),
		UnitCode: code,
		Unit:     unit,
		Quantity: l.Quantity.String(),
		Price:    price(l),
		Net:      l.Net.String(),
		Rate:     rateText(l.Rate),
		Gross:    l.Gross.String(),
		More:     &more{Kind: serviceKind},
		Excise:   &excise{None: "без акциза"},
		Tax:      taxOf(l.Totals, l.Rate != acts.NoVAT),
	}
}

// rowName is the one text that is cut: what follows two thousand letters only repeats what was done.
func (b *builder) rowName(l acts.Line) string {
	name := cut(clean(l.Name), nameLimit)
	if name == "" {
		b.refuse("Строка %d: нет названия. Напишите, что сделано.", l.N)
	}
	return name
}

// unit is ОКЕИ and the name. A code of the portal's own is left out: the name says enough.
func (b *builder) unit(l acts.Line) (code, name string) {
	name = clean(l.Unit.Name)
	if length(name) > 255 {
		b.refuse("Строка %d: единица измерения длиннее 255 знаков. Сократите её.", l.N)
	}
	if !unitShape.MatchString(l.Unit.Code) {
		return "", name
	}
	if name == "" {
		b.refuse("Строка %d: у единицы измерения с кодом %s нет названия. Выберите единицу измерения.", l.N, l.Unit.Code)
	}
	return l.Unit.Code, name
}

// sums refuses a row whose numbers the format or a bookkeeper would not take.
func (b *builder) sums(l acts.Line) {
	for _, fault := range acts.CheckLines([]acts.Line{l}, b.act.Date) {
		b.refuse("Строка %d: %s", l.N, fault.Text)
	}
	switch q := l.Quantity; {
	case !q.IsPositive():
		b.refuse("Строка %d: количество должно быть больше нуля.", l.N)
	case !q.Equal(q.Truncate(11)) || len(q.Truncate(0).String()) > 15:
		b.refuse("Строка %d: количество записано слишком длинно. Округлите его.", l.N)
	case len(l.NetPrice().Truncate(0).String()) > 15:
		b.refuse("Строка %d: слишком большая цена.", l.N)
	case b.act.Function == acts.ActAndInvoice && !l.NetPrice().IsPositive():
		b.refuse("Строка %d: в счёте-фактуре цена должна быть больше нуля. Уберите строку или укажите её стоимость.", l.N)
	}
	if min(l.Net, l.Tax) < 0 || l.Gross != l.Net+l.Tax || l.Rate.Percent().IsZero() && l.Tax != 0 {
		b.refuse("Строка %d: сумма и НДС не сходятся. Откройте акт и сохраните строку заново.", l.N)
	}
}

// price is the net price with kopecks always written.
func price(l acts.Line) string {
	p := l.NetPrice()
	if p.Equal(p.Truncate(2)) {
		return p.StringFixed(2)
	}
	return p.String()
}

// rateText is НалСт, which the schema takes literally: «22%», «0%», «без НДС» (contracts/sbis.md 5.2).
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
