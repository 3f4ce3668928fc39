package acts

import (
	"strings"
	"testing"
	"time"
)

func TestParseBasis(t *testing.T) {
	contract := Basis{Name: "Договор", Number: "105/26", Date: day(2026, 1, 12)}
	for text, want := range map[string]Basis{
		"Договор № 105/26 от 12.01.2026":                              contract,
		" Договор  №105/26 от 12.01.2026 г.":                          contract,
		"Договор N 105/26 от 12 января 2026 года":                     contract,
		"Договор № 105/26, от 12.01.2026":                             contract,
		"Договор возмездного оказания услуг № Э-7 от 1.02.2026":       {Name: "Договор возмездного оказания услуг", Number: "Э-7", Date: day(2026, 2, 1)},
		"Счёт № 17 от 31.12.2025":                                     {Name: "Счёт", Number: "17", Date: day(2025, 12, 31)},
		"Государственный контракт № 0373100056726000012 от 5.03.2026": {Name: "Государственный контракт", Number: "0373100056726000012", Date: day(2026, 3, 5)},
	} {
		if got, ok := ParseBasis(text); !ok || got != want {
			t.Errorf("%q: %+v, %t", text, got, ok)
		}
	}
}

// A text that is ambiguous or lacks a part is not parsed; the whole text becomes the name.
func TestABasisThatIsNotCertainStaysText(t *testing.T) {
	for _, text := range []string{"105/26 от 12.01.2026", "Договор № 105/26", "Договор 105/26 от 12.01.2026", "№ 105/26 от 12.01.2026",
		"Договор № 105/26 от 31.02.2026", "Договор № 105/26 от 12.01.26", "Договор № 1 от 12.01.2026, счёт № 2 от 13.01.2026",
		"Договор № 105 26 от 12.01.2026", "Договор № 105/26 от 12 мартобря 2026", "по устной договорённости", "Договор от 12.01.2026"} {
		if got, ok := ParseBasis(text); ok || got != (Basis{Name: text}) {
			t.Errorf("%q: %+v, %t", text, got, ok)
		}
	}
}

func TestBasisFaults(t *testing.T) {
	act := day(2026, 10, 31)
	contract := Basis{Name: "Договор", Number: "17", Date: day(2026, 1, 15)}
	for name, tt := range map[string]struct {
		change  func(*Basis)
		field   string
		message string
	}{
		"a contract":                       {func(*Basis) {}, "", ""},
		"without a document":               {func(b *Basis) { *b = Basis{None: true} }, "", ""},
		"nothing is filled in":             {func(b *Basis) { *b = Basis{} }, "", ""},
		"a document without a number":      {func(b *Basis) { b.Number = "" }, "", ""},
		"on the day of the act":            {func(b *Basis) { b.Date = act }, "", ""},
		"on the act's day in another zone": {func(b *Basis) { b.Date = time.Date(2026, 10, 31, 23, 0, 0, 0, time.FixedZone("", 7*3600)) }, "", ""},
		"later than the act":               {func(b *Basis) { b.Date = act.AddDate(0, 0, 1) }, "basis-date", "Основание от 01.11.2026 позже даты акта, 31.10.2026."},
		"without a date":                   {func(b *Basis) { b.Date = time.Time{} }, "basis-date", "У основания «Договор № 17» нет даты"},
		"a number without a name":          {func(b *Basis) { b.Name = "" }, "basis", "не указано название"},
		"a date without a name":            {func(b *Basis) { b.Name, b.Number = "", "" }, "basis", "не указано название"},
	} {
		b := contract
		tt.change(&b)
		faults := b.Faults(act)
		if tt.field == "" && len(faults) > 0 || tt.field != "" && !strings.Contains(faults.At(tt.field), tt.message) {
			t.Errorf("%s: %v", name, faults)
		}
	}
	if faults := (Basis{Name: "Договор", Date: act}).Faults(time.Time{}); len(faults) > 0 {
		t.Errorf("an act whose date is not known yet: %v", faults)
	}
}

func TestBasisLabel(t *testing.T) {
	for want, b := range map[string]Basis{
		"Договор № 17 от 15.01.2026": {Name: "Договор", Number: "17", Date: day(2026, 1, 15)},
		"Заказ от 15.01.2026":        {Name: "Заказ", Date: day(2026, 1, 15)},
		"":                           {None: true},
	} {
		if got := b.Label(); got != want {
			t.Errorf("%+v reads %q", b, got)
		}
	}
}
