package acts

import (
	"strings"
	"testing"
)

// checkTable runs a rule that answers with what is wrong, "" for nothing.
func checkTable(t *testing.T, rule func(string) string, table map[string]string) {
	t.Helper()
	for typed, says := range table {
		if got := rule(typed); (got == "") != (says == "") || !strings.Contains(got, says) {
			t.Errorf("%q: %q; want %q", typed, got, says)
		}
	}
}

func TestCheckINN(t *testing.T) {
	checkTable(t, CheckINN, map[string]string{
		"7707083893": "", "7701010105": "", "7802020205": "", "500303030368": "", "500100732259": "",
		"":             "не указан",
		"7707083892":   "опечатка",
		"7770083893":   "опечатка",
		"500100732258": "опечатка",
		"500100732269": "опечатка",
		"770708389":    "10 цифр",
		"77070838931":  "10 цифр",
		"770708389З":   "10 цифр",
		"77070838 93":  "10 цифр",
		"0000000000":   "00",
		"000000000000": "00",
	})
}

func TestCheckKPP(t *testing.T) {
	checkTable(t, CheckKPP, map[string]string{
		"770101001": "", "7701AZ001": "", "010101001": "",
		"": "не указан", "77010100": "9 знаков", "7701010011": "9 знаков", "A70101001": "9 знаков", "7701az001": "9 знаков", "7701ЖЖ1": "9 знаков", "77010100x": "9 знаков",
		"000101001": "с 00",
	})
}

func TestCheckOGRN(t *testing.T) {
	company := func(n string) string { return CheckOGRN(n, Company) }
	person := func(n string) string { return CheckOGRN(n, Person) }
	checkTable(t, company, map[string]string{
		"1027700132195": "", "1037739010891": "", "1027700132196": "опечатка", "320500300000121": "13 цифр", "": "13 цифр", "102770013219x": "13 цифр",
	})
	checkTable(t, person, map[string]string{
		"320500300000121": "", "304500116000157": "", "304500116000158": "опечатка", "1027700132195": "15 цифр",
	})
}

func TestKindByINN(t *testing.T) {
	for inn, want := range map[string]PartyKind{"7707083893": Company, "500100732259": Person, "": Company} {
		if got := KindByINN(inn); got != want {
			t.Errorf("KindByINN(%q) = %s; want %s", inn, got, want)
		}
	}
}

func TestSplitPersonName(t *testing.T) {
	for typed, want := range map[string][3]string{
		"ИП Иванов Иван Иванович":                     {"Иванов", "Иван", "Иванович"},
		"Индивидуальный предприниматель Ёлкина  Анна": {"Ёлкина", "Анна", ""},
		" Иванов Иван ":                               {"Иванов", "Иван", ""},
		"ИП «Мамедов Али Гусейн оглы»":                {"Мамедов", "Али", "Гусейн оглы"},
		"Ипатов Пётр Петрович":                        {"Ипатов", "Пётр", "Петрович"},
		"Салтыков-Щедрин Михаил":                      {"Салтыков-Щедрин", "Михаил", ""},
		"ИП": {"ИП", "", ""},
		"":   {"", "", ""},
		"индивидуальный предприниматель Ким Ю": {"Ким", "Ю", ""},
	} {
		var p Party
		p.SplitPersonName(typed)
		if got := [3]string{p.LastName, p.FirstName, p.MiddleName}; got != want {
			t.Errorf("SplitPersonName(%q) = %q; want %q", typed, got, want)
		}
	}
}

func TestPartyFullName(t *testing.T) {
	for want, p := range map[string]Party{
		"ООО «Ромашка»": {Kind: Company, Name: "ООО «Ромашка»", LastName: "Иванов"},
		"Индивидуальный предприниматель Иванов Иван": {Kind: Person, Name: "ИП Иванов", LastName: "Иванов", FirstName: "Иван"},
		"ИП без имени": {Kind: Person, Name: "ИП без имени"},
	} {
		if got := p.FullName(); got != want {
			t.Errorf("FullName = %q; want %q", got, want)
		}
	}
}
