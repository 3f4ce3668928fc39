package acts

import (
	"strings"
	"testing"
)

func lineOf(checks []Check, title string) (c Check, n int) {
	for _, one := range checks {
		if one.Title == title {
			c = one
			n++
		}
	}
	return c, n
}

// A fault of the document builder fails the check to which it belongs and names who fixes it.
func TestDocumentFaultFailsItsCheck(t *testing.T) {
	r := ready()
	r.VAT = VATPeriods{{Regime: VATCommon}}
	r.Document = []DocumentFault{{CheckTitleRows, "Строка 2: нет названия."}, {CheckTitleBuyer, "Слишком длинное название."}, {CheckTitleRows, "Строка 3: нет названия."},
		{CheckTitleDocument, "Период заканчивается раньше."}, {CheckTitleBasis, "Неверный год."}}
	checks := r.Check()
	for title, want := range map[string]Check{
		CheckTitleRows:     {Text: "Строка 2: нет названия. Строка 3: нет названия.", By: FixManager, Place: FixAtForm},
		CheckTitleBuyer:    {Text: "Слишком длинное название.", By: FixManager, Place: FixAtBuyer},
		CheckTitleDocument: {Text: "Период заканчивается раньше.", By: FixManager, Place: FixAtForm},
		CheckTitleBasis:    {Text: "Неверный год.", By: FixManager, Place: FixAtForm},
	} {
		want.Title = title
		if got, n := lineOf(checks, title); n != 1 || got != want {
			t.Errorf("%s: %+v, %d lines", title, got, n)
		}
	}
	if AllPassed(checks) {
		t.Errorf("all checks have passed: %+v", checks)
	}
}

// A check that has already failed keeps its own text.
func TestOneMistakeIsShownOnce(t *testing.T) {
	r := ready()
	r.Act.Buyer.KPP = ""
	r.Document = []DocumentFault{{CheckTitleBuyer, "Реквизиты контрагента: не указан КПП. Исправьте реквизиты."}}
	if c, _ := lineOf(r.Check(), CheckTitleBuyer); c.Text != "Не указан КПП." {
		t.Errorf("the line shows %q", c.Text)
	}
	r = ready()
	r.Act.Signer.First = ""
	r.Form = Faults{{Field: "signer", Text: NoSigner}, {Field: "exchange-rate", Text: "Укажите курс."}, {Field: "to", Text: "Укажите период."}}
	checks := r.Check()
	if c, n := lineOf(checks, checkTitleForm); n != 1 || c.Text != "Укажите курс. Укажите период." || c.OK || c.Open {
		t.Errorf("the form shows %+v", c)
	}
	if c, n := lineOf(r.PaperCheck(), checkTitleForm); n != 1 || !strings.Contains(c.Text, "курс") {
		t.Errorf("on paper the form shows %+v", c)
	}
}

func TestKindFault(t *testing.T) {
	company, person := Party{INN: "7736050003"}, Party{INN: "500100732259"}
	for want, got := range map[string]string{
		"": KindFault(company, PartyCompany) + KindFault(person, PartyPerson) + KindFault(Party{}, PartyPerson),
		"Контрагент — юрлицо, а выбран акт для ИП. Исправьте тип акта.": KindFault(company, PartyPerson),
		"Контрагент — ИП, а выбран акт для юрлица. Исправьте тип акта.": KindFault(person, PartyCompany),
	} {
		if got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
}
