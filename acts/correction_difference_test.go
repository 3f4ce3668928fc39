package acts

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func TestDiffersFrom(t *testing.T) {
	line := func(row RowID, name string, quantity, price int64) Line {
		l := Line{Row: row, Name: name, Quantity: decimal.NewFromInt(quantity), Price: decimal.NewFromInt(price), Rate: "22"}
		l.Gross = Kopecks(quantity * price * 100)
		return l
	}
	act := func(change func(*Act)) Act {
		a := Act{Date: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), Lines: []Line{line(1, "Аудит", 2, 100), line(0, "Выезд", 1, 50)}}
		if change != nil {
			change(&a)
		}
		a.Totals = Sum(a.Lines)
		return a
	}
	for name, tt := range map[string]struct {
		change func(*Act)
		want   string
	}{
		"nothing has changed": {nil, ""},
		"a quantity":          {func(a *Act) { a.Lines[0] = line(1, "Аудит", 1, 100) }, "«Аудит», количество: 2 → 1; Сумма акта: 250,00 ₽ → 150,00 ₽"},
		"a price":             {func(a *Act) { a.Lines[1].Price = decimal.NewFromInt(60) }, "«Выезд», цена: 50,00 ₽ → 60,00 ₽"},
		"a rate":              {func(a *Act) { a.Lines[0].Rate = NoVAT }, "«Аудит», ставка: НДС 22 % → без НДС"},
		"a removed line":      {func(a *Act) { a.Lines = a.Lines[:1] }, "Убрана строка: «Выезд», 1 по 50,00 ₽; Сумма акта: 250,00 ₽ → 200,00 ₽"},
		"an added line":       {func(a *Act) { a.Lines = append(a.Lines, line(3, "Отчёт", 1, 10)) }, "Добавлена строка: «Отчёт», 1 по 10,00 ₽; Сумма акта: 250,00 ₽ → 260,00 ₽"},
		"the period":          {func(a *Act) { a.From, a.To = a.Date, a.Date }, "Период: нет → 30.11.2026 – 30.11.2026"},
	} {
		var words []string
		for _, d := range act(tt.change).DiffersFrom(act(nil)) {
			words = append(words, d.String())
		}
		if got := strings.ReplaceAll(strings.Join(words, "; "), "\u00a0", " "); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}
