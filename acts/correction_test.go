package acts

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func invoiceAct() Act {
	line := func(n int, quantity, price int64, gross Kopecks) Line {
		return Line{N: n, Quantity: decimal.NewFromInt(quantity), Price: decimal.NewFromInt(price), Rate: "22", Totals: Totals{Gross: gross}}
	}
	return Act{Number: "12", Date: day(2026, 11, 20), Medium: MediumElectronic, Function: FunctionActAndInvoice, Lines: []Line{line(1, 2, 100, 20000), line(2, 1, 50, 5000)}}
}

func TestCorrectionOf(t *testing.T) {
	on := day(2026, 11, 25)
	if c := CorrectionOf(invoiceAct(), on, "file"); !c.IsSet() || c.Number != "12" || c.N != 0 || len(c.Was) != 2 {
		t.Errorf("the correction of an invoice is %+v", c)
	}
	paper := invoiceAct()
	paper.Medium, paper.Function, paper.PaperForm = MediumPaper, FunctionAct, PaperFormUPD
	if c := CorrectionOf(paper, on, ""); !c.IsSet() || c.Medium() != MediumPaper || c.Paper != PaperFormUPD {
		t.Errorf("the correction of a paper УПД is %+v", c)
	}
	if next := (Act{Medium: MediumPaper, Correction: Correction{Date: on, Paper: PaperFormUPD}}); next.PaperContents(PaperFormAct) != PaperFormUPD {
		t.Error("a correction has another print form than the document that it corrects")
	}
	for name, change := range map[string]func(*Act){"an act alone": func(a *Act) { a.Function = FunctionAct }, "paper": func(a *Act) { a.Medium = MediumPaper },
		"a paper act printed alone": func(a *Act) { a.Medium, a.PaperForm = MediumPaper, PaperFormAct },
		"a paper УПД without VAT": func(a *Act) {
			a.Medium, a.PaperForm, a.Function = MediumPaper, PaperFormUPD, FunctionAct
			a.Lines = []Line{{Rate: NoVAT}}
		},
		"without a number": func(a *Act) { a.Number = "" }} {
		a := invoiceAct()
		change(&a)
		if c := CorrectionOf(a, on, "file"); c.IsSet() {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestCorrectionDiffers(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Act)
		want   bool
	}{
		"the same lines":   {func(*Act) {}, false},
		"another order":    {func(a *Act) { a.Lines[0], a.Lines[1] = a.Lines[1], a.Lines[0] }, false},
		"another name":     {func(a *Act) { a.Lines[0].Name = "Другое" }, false},
		"another quantity": {func(a *Act) { a.Lines[0].Quantity = decimal.NewFromInt(3) }, true},
		"another price":    {func(a *Act) { a.Lines[0].Price = decimal.NewFromInt(99) }, true},
		"another rate":     {func(a *Act) { a.Lines[0].Rate = "10" }, true},
		"another sum":      {func(a *Act) { a.Lines[0].Gross++ }, true},
		"one line less":    {func(a *Act) { a.Lines = a.Lines[:1] }, true},
		"one line for two": {func(a *Act) { a.Lines[1] = a.Lines[0] }, true},
		"no correction":    {func(a *Act) { a.Correction, a.Lines = Correction{}, a.Lines[:1] }, false},
	} {
		a := invoiceAct()
		a.Correction = CorrectionOf(a, day(2026, 11, 25), "")
		c.change(&a)
		if got := a.Correction.Differs(a.Lines); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestCorrectionFaults(t *testing.T) {
	today := time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*Act)
		field  string
	}{
		"right":                    {func(*Act) {}, ""},
		"on the day of the act":    {func(a *Act) { a.Correction.Date = a.Date }, ""},
		"before the act":           {func(a *Act) { a.Correction.Date = day(2026, 11, 19) }, "correction-date"},
		"tomorrow":                 {func(a *Act) { a.Correction.Date = day(2026, 11, 26) }, "correction-date"},
		"other sums, no reason":    {func(a *Act) { a.Lines[0].Gross++ }, "correction-cause"},
		"other sums, a mistake":    {func(a *Act) { a.Lines[0].Gross++; a.Correction.Cause = CauseMistake }, ""},
		"other sums, an agreement": {func(a *Act) { a.Lines[0].Gross++; a.Correction.Cause = CauseAgreement }, "correction-cause"},
		"no correction":            {func(a *Act) { a.Correction = Correction{} }, ""},
	} {
		a := invoiceAct()
		a.Correction = CorrectionOf(a, day(2026, 11, 25), "")
		c.change(&a)
		faults := CorrectionFaults(a, today)
		if c.field == "" && len(faults) > 0 || c.field != "" && faults.At(c.field) == "" {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

func TestTitleOfACorrection(t *testing.T) {
	a := invoiceAct()
	a.Correction = CorrectionOf(a, day(2026, 11, 25), "")
	a.Number = ""
	if got := a.Title(); got != "Акт № 12 от 20.11.2026, исправление от 25.11.2026" {
		t.Errorf("a draft is %q", got)
	}
	a.Number, a.Correction.N = "12", 2
	if got := a.Title(); got != "Акт № 12 от 20.11.2026, исправление № 2 от 25.11.2026" {
		t.Errorf("with its number it is %q", got)
	}
	if got := a.NumberLabel(); got != "12 (испр. 2)" {
		t.Errorf("in lists it is %q", got)
	}
}

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
