package acts

import (
	"strings"
	"testing"
)

// checkTable checks a rule that returns a message about what is wrong, or "".
func checkTable(t *testing.T, rule func(string) string, table map[string]string) {
	t.Helper()
	for typed, message := range table {
		if got := rule(typed); (got == "") != (message == "") || !strings.Contains(got, message) {
			t.Errorf("%q: %q; want %q", typed, got, message)
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
	company := func(n string) string { return CheckOGRN(n, PartyCompany) }
	person := func(n string) string { return CheckOGRN(n, PartyPerson) }
	checkTable(t, company, map[string]string{
		"1027700132195": "", "1037739010891": "", "1027700132196": "опечатка", "320500300000121": "13 цифр", "": "13 цифр", "102770013219x": "13 цифр",
	})
	checkTable(t, person, map[string]string{
		"320500300000121": "", "304500116000157": "", "304500116000158": "опечатка", "1027700132195": "15 цифр",
	})
}

func TestKindByINN(t *testing.T) {
	for inn, want := range map[string]PartyKind{"7707083893": PartyCompany, "500100732259": PartyPerson, "": PartyCompany} {
		if got := KindByINN(inn); got != want {
			t.Errorf("KindByINN(%q) = %s; want %s", inn, got, want)
		}
	}
}

func TestPartyFullName(t *testing.T) {
	for want, p := range map[string]Party{
		"ООО «Ромашка»": {Kind: PartyCompany, Name: "ООО «Ромашка»", LastName: "Иванов"},
		"Индивидуальный предприниматель Иванов Иван": {Kind: PartyPerson, Name: "ИП Иванов", LastName: "Иванов", FirstName: "Иван"},
		"ИП без имени": {Kind: PartyPerson, Name: "ИП без имени"},
	} {
		if got := p.FullName(); got != want {
			t.Errorf("FullName = %q; want %q", got, want)
		}
	}
}

func TestPresetAndOGRNIPDecideWhatAPartyIs(t *testing.T) {
	const ogrnip = "320500300000121"
	for name, tt := range map[string]struct {
		preset      Preset
		inn, ogrnip string
		kind        PartyKind
		not         Unsupported
	}{
		"an organisation":                           {Preset{Name: "Организация"}, "7707083893", "", PartyCompany, ""},
		"an organisation without ИНН":               {Preset{Name: "Организация"}, "", "", PartyCompany, ""},
		"an ИП without ОГРНИП":                      {Preset{Name: "ИП"}, "500100732259", "", PartyPerson, ""},
		"an ИП without ИНН":                         {Preset{Name: "ИП"}, "", "", PartyPerson, ""},
		"a preset defined by the portal":            {Preset{Name: "Индивидуальный предприниматель (УСН)"}, "500100732259", "", PartyPerson, ""},
		"a private person":                          {Preset{Name: "Физ. лицо"}, "500100732259", "", PartyPerson, UnsupportedPrivate},
		"a private person without ИНН":              {Preset{Name: "Физ. лицо"}, "", "", PartyPerson, UnsupportedPrivate},
		"a private person in other words":           {Preset{Name: "Физлицо"}, "500100732259", "", PartyPerson, UnsupportedPrivate},
		"an ОГРНИП in the preset of a person":       {Preset{Name: "Физ. лицо"}, "500100732259", ogrnip, PartyPerson, ""},
		"самозанятый":                               {Preset{Name: "Самозанятый"}, "500100732259", "", PartyPerson, UnsupportedSelfEmployed},
		"НПД":                                       {Preset{Name: "Плательщик НПД"}, "500100732259", "", PartyPerson, UnsupportedSelfEmployed},
		"a person with the preset of organisations": {Preset{Name: "Организация"}, "500100732259", "", PartyPerson, UnsupportedUnclear},
		"an ОГРНИП in the preset of organisations":  {Preset{Name: "Организация"}, "500100732259", ogrnip, PartyPerson, ""},
		"a deleted preset":                          {Preset{}, "500100732259", "", PartyPerson, UnsupportedUnclear},
		"a preset of Kazakhstan":                    {Preset{Name: "Организация", Foreign: true}, "", "", PartyCompany, UnsupportedForeign},
		"a person of Belarus":                       {Preset{Name: "Физ. лицо", Foreign: true}, "193141246", "", PartyCompany, UnsupportedForeign},
	} {
		p := Party{INN: tt.inn}
		p.Classify(tt.preset, tt.ogrnip)
		if p.Kind != tt.kind || p.Unsupported != tt.not {
			t.Errorf("%s: %s %q; want %s %q", name, p.Kind, p.Unsupported, tt.kind, tt.not)
		}
	}
}

// For a party without acts only the check of the act's type fails, with one message; КПП and typing errors are not reported.
func TestUnsupportedPartiesStopAtTheType(t *testing.T) {
	said := map[string]Unsupported{}
	for _, u := range []Unsupported{UnsupportedPrivate, UnsupportedSelfEmployed, UnsupportedForeign, UnsupportedUnclear} {
		r := ready()
		r.Act.Buyer.INN, r.Act.Buyer.KPP, r.Act.Buyer.Kind, r.Act.Buyer.Unsupported = "193141246", "", PartyPerson, u
		r.Act.Buyer.Participant = "2BE0123456789abcdef0123456789abcde0"
		text := u.Message("Контрагент")
		if other, twice := said[text]; text == "" || twice {
			t.Errorf("%s shows what %s shows: %q", u, other, text)
		}
		said[text] = u
		for where, checks := range map[string][]Check{"electronic": r.Check(), "on paper": r.PaperCheck()} {
			var all []string
			for _, c := range checks {
				if !c.OK && !c.Open {
					all = append(all, c.Title+": "+c.Text)
				}
			}
			if len(all) != 1 || all[0] != "Тип акта: "+text {
				t.Errorf("%s, %s: %q", u, where, all)
			}
		}
		r = ready()
		r.Act.Seller.Unsupported = u
		if c, n := lineOf(r.Check(), CheckTitleSeller); n != 1 || c.OK || !strings.HasPrefix(c.Text, "Исполнитель") {
			t.Errorf("%s as the seller: %+v", u, c)
		}
	}
}

func TestHiddenCharactersAreDroppedAndNoted(t *testing.T) {
	for name, tt := range map[string]struct{ text, want, note string }{
		"nothing to remove":                  {"7802020205", "7802020205", ""},
		"spaces at the ends":                 {" 7802020205\n", "7802020205", ""},
		"a zero width space":                 {"780202\u200b0205", "7802020205", "ИНН"},
		"a byte order mark":                  {"\ufeff7802020205", "7802020205", "ИНН"},
		"a no-break space":                   {"7802020205\u00a0", "7802020205", "ИНН"},
		"inner spaces":                       {"78 02 020205", "7802020205", "ИНН"},
		"letters are kept":                   {"78O2020205", "78O2020205", ""},
		"a dash is kept for a person to fix": {"78-02020205", "78-02020205", ""},
		"digits of another script":           {"٧٨٠٢٠٢", "٧٨٠٢٠٢", ""},
	} {
		var p Party
		if got := p.CleanCode("ИНН", tt.text); got != tt.want || p.Cleaned != tt.note {
			t.Errorf("%s: %q, noted %q; want %q, %q", name, got, p.Cleaned, tt.want, tt.note)
		}
	}
	var p Party
	p.INN, p.KPP = p.CleanCode("ИНН", "78 02020205"), p.CleanCode("КПП", "780201001\u200b")
	if name := p.CleanText("название", "ООО\u00a0 «Ро\u200bмашка»"); name != "ООО «Ромашка»" || p.Cleaned != "ИНН, КПП, название" {
		t.Errorf("%q, noted %q", name, p.Cleaned)
	}
	r := ready()
	r.Act.Buyer.Cleaned = p.Cleaned
	if c, n := lineOf(r.Check(), CheckTitleBuyer); n != 1 || !c.Open || !strings.Contains(c.Text, "ИНН, КПП, название") || !AllPassed(r.Check()) {
		t.Errorf("removed characters are not reported: %+v", c)
	}
}

func TestSplitPersonName(t *testing.T) {
	for typed, want := range map[string][3]string{
		"ИП Иванов Иван Иванович":                                   {"Иванов", "Иван", "Иванович"},
		"ип Петров Пётр Петрович":                                   {"Петров", "Пётр", "Петрович"},
		"И.П. Петров Пётр Петрович":                                 {"Петров", "Пётр", "Петрович"},
		"И. П. Петров Пётр Петрович":                                {"Петров", "Пётр", "Петрович"},
		"Петров Пётр Петрович ИП":                                   {"Петров", "Пётр", "Петрович"},
		"Петров Пётр Петрович, и.п.":                                {"Петров", "Пётр", "Петрович"},
		"Петров Пётр Петрович (ИП)":                                 {"Петров", "Пётр", "Петрович"},
		"ИНДИВИДУАЛЬНЫЙ ПРЕДПРИНИМАТЕЛЬ ПЕТРОВ ПЁТР ПЕТРОВИЧ":       {"ПЕТРОВ", "ПЁТР", "ПЕТРОВИЧ"},
		"Индивидуальный предприниматель Ёлкина  Анна":               {"Ёлкина", "Анна", ""},
		"Соколова Анна Львовна индивидуальный\u00a0предприниматель": {"Соколова", "Анна", "Львовна"},
		" Иванов Иван ":                                             {"Иванов", "Иван", ""},
		"ИП Иванова Ирина":                                          {"Иванова", "Ирина", ""},
		"Салтыков-Щедрин Михаил":                                    {"Салтыков-Щедрин", "Михаил", ""},
		"Ипатов Пётр Петрович":                                      {"Ипатов", "Пётр", "Петрович"},
		"Мамедов Али Гусейн оглы":                                   {"Мамедов", "Али", "Гусейн оглы"},
		"МАМЕДОВ АЛИ ГУСЕЙН ОГЛЫ":                                   {"МАМЕДОВ", "АЛИ", "ГУСЕЙН ОГЛЫ"},
		"ИП «Мамедов Али Гусейн оглы»":                              {},
		"Глава КФХ Петров Пётр Петрович":                            {},
		"ИП Глава КФХ Петрович":                                     {},
		"КФХ Петров Петрович":                                       {},
		"МАМЕДОВ А.Г.":                                              {},
		"ИП Мамедов А. Г.":                                          {},
		"ИП Мамедов А Г":                                            {},
		"Петров Пётр (Ромашка)":                                     {},
		"Пётр Петрович Петров":                                      {},
		"Пётр Петров":                                               {},
		"Магазин Продукты":                                          {},
		"Петров":                                                    {},
		"Петров Пётр Петрович и Ко":                                 {},
		"Petrov Пётр Петрович":                                      {},
		"Пeтров Пётр Петрович":                                      {}, // a Latin «e»
		"петров пётр петрович":                                      {},
		"Нгуен Ван Ань":                                             {},
		"ИП":                                                        {},
		"И.П.":                                                      {},
		"":                                                          {},
	} {
		var p Party
		p.SplitPersonName(typed)
		if got := [3]string{p.LastName, p.FirstName, p.MiddleName}; got != want {
			t.Errorf("SplitPersonName(%q) = %q; want %q", typed, got, want)
		}
	}
}

func TestNameDoubt(t *testing.T) {
	checkTable(t, NameDoubt, map[string]string{
		"Иванов Иван Иванович": "", "Мамедов Али Гусейн оглы": "", "Нгуен Ван Ань": "", "Smith John": "", "д'Арк Жанна": "", "Иванов-Петров Иван": "", "": "",
		"МАМЕДОВ А.Г.":                  "«А.Г.»",
		"Мамедов А Г":                   "без инициалов",
		"Иванов Иван (по доверенности)": "«(по»",
		"«Иванов Иван»":                 "«Иванов»",
		"Генеральный директор Иванов":   "«Генеральный»",
		"ИП Иванов Иван":                "«ИП»",
		"Иванов 1":                      "«1»",
	})
}
