package workflow

import (
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// lines turns picked rows, or free lines of a deal without rows, into the lines of the act.
func (p *parser) lines(date time.Time) []acts.Line {
	lines := append(p.pickedLines(date), p.freeLines()...)
	if len(lines) == 0 && len(p.faults) == 0 {
		p.faults.Add("lines", "Выберите хотя бы одну позицию.")
	}
	if !date.IsZero() {
		p.faults = append(p.faults, acts.CheckLines(lines, date)...)
	}
	for i := range lines {
		lines[i].N = i + 1
	}
	return lines
}

func (p *parser) pickedLines(date time.Time) []acts.Line {
	var lines []acts.Line
	for _, row := range p.deal.Rows {
		pick, ok := p.form.Picks[row.ID]
		if !ok || !pick.On {
			continue
		}
		line := acts.Line{N: len(lines) + 1, Row: row.ID, Rate: row.Rate}
		line.Quantity = p.quantity(line, pick.Quantity, row.Remainder(), closedHint(row))
		if pick.Rate != "" && !row.Rate.ValidOn(date) {
			line.Rate = acts.Rate(pick.Rate)
		}
		if !line.Rate.Known() {
			p.faults.Add(acts.LineField("rate", line), "Ставка «%s» не бывает в актах. Выберите другую.", line.Rate.Label())
			line.Rate = acts.NoVAT
		}
		lines = append(lines, row.InRoubles(p.exchangeRate).Line(line.Quantity, line.Rate))
	}
	return lines
}

// closedHint returns the advice on using the closed remainder of a row.
func closedHint(r acts.ProductRow) string {
	if !r.Closed.IsPositive() {
		return ""
	}
	return " Закрытый остаток (" + decimalComma(r.Closed.String()) + ") можно вернуть у этой позиции."
}

func (p *parser) quantity(l acts.Line, text string, left decimal.Decimal, hint string) decimal.Decimal {
	field := acts.LineField("quantity", l)
	q, err := acts.ParseDecimal(text)
	switch {
	case err != nil:
		p.faults.Add(field, "%s", acts.Message(err))
	case !q.IsPositive():
		p.faults.Add(field, "Количество должно быть больше нуля.")
	case !q.Equal(q.Truncate(6)):
		p.faults.Add(field, "Не больше шести знаков после запятой.")
	case q.GreaterThan(left):
		p.faults.Add(field, "Осталось %s, больше в акт включить нельзя.%s", decimalComma(left.String()), hint)
	default:
		return q
	}
	return decimal.Zero
}

func (p *parser) freeLines() []acts.Line {
	var lines []acts.Line
	for i, typed := range p.form.Free {
		if typed.Empty() {
			continue
		}
		line := acts.Line{N: i + 1, Rate: acts.Rate(typed.Rate)}
		line.Name = p.text(acts.LineField("name", line), typed.Name, 1000)
		if line.Name == "" {
			p.faults.Add(acts.LineField("name", line), "Назовите работу или услугу.")
		}
		line.Quantity = p.quantity(line, typed.Quantity, decimal.New(1, 9), "")
		price, err := acts.ParseKopecks(typed.Price)
		if err != nil || price <= 0 {
			p.faults.Add(acts.LineField("price", line), "Укажите цену в рублях, например 1500,00.")
		}
		line.Price = price.Decimal().Mul(p.exchangeRate)
		if !line.Rate.Known() {
			p.faults.Add(acts.LineField("rate", line), "Выберите ставку НДС.")
			line.Rate = acts.NoVAT
		}
		line.Totals = line.Rate.Split(acts.Round(line.Price.Mul(line.Quantity)))
		lines = append(lines, line)
	}
	return lines
}
