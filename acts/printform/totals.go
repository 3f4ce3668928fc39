package printform

import (
	"fmt"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/acts/rubles"
)

// accepted is the statement that both parties sign.
const accepted = "Вышеперечисленные работы (услуги) выполнены полностью и в срок. " +
	"Заказчик претензий по объёму, качеству и срокам не имеет."

// totals returns the rows of sums, taxes, and the sum in words.
func totals(s *sheet, a acts.Act) []row {
	sum := acts.Sum(a.Lines)
	width := max(24, widest(s, s.cell(0, full, strong, sum.Gross.Label()))+0.1)
	rows := []row{total(s, strong, width, "Итого:", sum.Gross.Label())}
	rows[0].before = 2.4
	for _, t := range taxes(a) {
		rows = append(rows, total(s, body, width, t.label, t.sum))
	}
	summary := fmt.Sprintf("Всего наименований %d, на сумму %s руб.", len(a.Lines), sum.Gross.Label())
	return append(rows,
		row{cells: []cell{s.cell(left, full, body, summary)}, lead: 4.3, before: 5},
		row{cells: []cell{s.cell(left, full, strong, rubles.Words(sum.Gross))}, lead: 4.3},
		row{cells: []cell{s.cell(left, full, body, accepted)}, lead: 4.3, before: 3.5},
	)
}

// total returns a row with a sum in its column and its name before it.
func total(s *sheet, st style, width float64, name, sum string) row {
	return row{cells: []cell{
		s.rightCell(left+labelWidth, full-labelWidth-width-pad, st, name),
		s.rightCell(right-width, width, st, sum),
	}, lead: 4.6}
}

// comment returns the remark to the act, one row per paragraph.
func comment(s *sheet, text string) (rows []row) {
	for paragraph := range strings.Lines(text) {
		if printable(paragraph) != "" {
			rows = append(rows, row{cells: []cell{s.cell(left, full, body, paragraph)}, lead: 4.3})
		}
	}
	if len(rows) > 0 {
		rows[0].before = 3.5
	}
	return rows
}

// rates returns the rates of the lines, the highest first and «без НДС» last.
func rates(lines []acts.Line) (list []acts.Rate) {
	for _, l := range lines {
		if !slices.Contains(list, l.Rate) {
			list = append(list, l.Rate)
		}
	}
	slices.SortStableFunc(list, func(a, b acts.Rate) int {
		if (a == acts.NoVAT) != (b == acts.NoVAT) {
			return map[bool]int{true: 1, false: -1}[a == acts.NoVAT]
		}
		return b.Percent().Cmp(a.Percent())
	})
	return list
}

// taxed reports whether any line has a VAT rate, including 0 %.
func taxed(lines []acts.Line) bool {
	return slices.ContainsFunc(lines, func(l acts.Line) bool { return l.Rate != acts.NoVAT })
}

// tax is a line below the total.
type tax struct{ label, sum string }

// taxes returns the tax sums by rate, and the sums without tax with their legal ground.
func taxes(a acts.Act) (list []tax) {
	for _, r := range rates(a.Lines) {
		var sum acts.Totals
		for _, l := range a.Lines {
			if l.Rate == r {
				sum = sum.Plus(l.Totals)
			}
		}
		switch {
		case r == "0":
			list = append(list, tax{"в том числе " + r.Label() + because(a.ZeroGround) + ":", sum.Tax.Label()})
		case r != acts.NoVAT:
			list = append(list, tax{"в том числе " + r.Label() + ":", sum.Tax.Label()})
		case taxed(a.Lines):
			list = append(list, tax{"НДС не облагается" + because(a.VATGround) + ", на сумму:", sum.Gross.Label()})
		default:
			list = append(list, tax{"НДС не облагается" + because(a.VATGround), "—"})
		}
	}
	return list
}

func because(ground string) string {
	if strings.TrimSpace(ground) == "" {
		return ""
	}
	return " (" + strings.TrimSpace(ground) + ")"
}
