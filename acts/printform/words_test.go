package printform

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// TestFileName checks that names are valid for file systems and mail programs and readable for people.
func TestFileName(t *testing.T) {
	date := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for want, a := range map[string]acts.Act{
		"Акт № 12 от 25.11.2026 ООО Ромашка.pdf":          {Number: "12", Date: date, Buyer: acts.Party{Name: "ООО «Ромашка»"}},
		"Акт от 25.11.2026 АО Вектор.pdf":                 {Date: date, Buyer: acts.Party{Name: "АО \"Вектор\"\t"}},
		"Акт № А-1-2-3 от 25.11.2026 ООО К-3.pdf":         {Number: "А/1\\2:3", Date: date, Buyer: acts.Party{Name: "ООО <К|3>?*"}},
		"Акт № 7 от 25.11.2026 ООО gpj.exe.pdf":           {Number: "7", Date: date, Buyer: acts.Party{Name: "ООО \u202egpj.exe\u0000\u200f"}},
		"Акт № 7 от 25.11.2026 ИП Петров Пётр Ильич.pdf":  {Number: "7", Date: date, Buyer: acts.Party{Kind: acts.PartyPerson, LastName: "Петров", FirstName: "Пётр", MiddleName: "Ильич"}},
		"Акт № 7 от 25.11.2026 ООО Рога и Ко.pdf":         {Number: "7", Date: date, Buyer: acts.Party{Name: "ООО «Рога и Ко.»"}},
		"Акт № 7 от 25.11.2026.pdf":                       {Number: "7", Date: date},
		"Акт.pdf":                                         {},
		"Акт № 5 " + strings.Repeat("я", 120-12) + ".pdf": {Number: "5", Buyer: acts.Party{Name: strings.Repeat("я", 400)}},
		"Акт № " + strings.Repeat("1", 120-4-6) + ".pdf":  {Number: strings.Repeat("1", 400), Date: date},
		"Акт № 7 от 25.11.2026 ООО.pdf":                   {Number: "7", Date: date, Buyer: acts.Party{Name: "ООО \xff"}},
	} {
		if got := FileName(a); got != want || utf8.RuneCountInString(got) > maxNameLength {
			t.Errorf("%q; want %q", got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"Ёлка «ё» № 5 — 100 ₽ “x” „y“": "Ёлка «ё» № 5 — 100 ₽ “x” „y“",
		"и\u0306 е\u0308":                 "й ё",
		"а\u202eб\u200fв\u00adг\ufeffд":   "абвгд",
		"а\x00б\x1bв\x7f":                 "абв",
		" много \t\r\n\u2003 пробелов ":   "много пробелов",
		"1\u00a0000\u202f000":             "1\u00a0000\u00a0000",
		"смайл \U0001F600\ufe0f иврит של": "смайл ? иврит ??",
		"битый \xff\xfe":                  "битый ?",
		"дефис\u2011и минус \u22125":      "дефис\u2011и минус −5",
		"":                                "",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q: %q; want %q", text, got, want)
		}
	}
}

// FuzzPrintable checks that every remaining character has a glyph in both fonts.
func FuzzPrintable(f *testing.F) {
	f.Add("Акт \u202e№")
	f.Fuzz(func(t *testing.T, text string) {
		clean := printable(text)
		for _, r := range clean {
			if !drawable[r] {
				t.Errorf("%q of %q has no glyph", r, text)
			}
		}
		if again := printable(clean); again != clean {
			t.Errorf("%q becomes %q", clean, again)
		}
	})
}

func TestFigures(t *testing.T) {
	for got, want := range map[string]string{
		acts.Kopecks(123456789).Label(): "1 234 567,89",
		acts.Kopecks(0).Label():         "0,00",
		acts.Kopecks(-100000).Label():   "−1 000,00",
		acts.Kopecks(99999).Label():     "999,99",
		price(of("3500")):               "3 500,00",
		price(of("33.3333")):            "33,3333",
		price(of("2.5")):                "2,50",
		price(of("1.500000")):           "1,50",
		quantity(of("2.50")):            "2,5",
		quantity(of("12000")):           "12 000",
		quantity(of("10")):              "10",
	} {
		if strings.ReplaceAll(got, string(nbsp), " ") != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
}

func of(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestWords(t *testing.T) {
	march := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	for got, want := range map[string]string{
		longDate(march):                         "5 марта 2026 г.",
		period(march, time.Time{}):              "с 05.03.2026",
		period(time.Time{}, march):              "по 05.03.2026",
		groundInGenitive("Устав"):               "Устава",
		groundInGenitive("доверенность № 3"):    "доверенности № 3",
		groundInGenitive("Устава"):              "Устава",
		initials("Ковалёва", "анна", "Ильинич"): "Ковалёва А. И.",
		initials("Ким", "Чен", ""):              "Ким Ч.",
		initials("", "", ""):                    "",
		bank(acts.Party{Bank: "Банк"}):          "Банк",
		bank(acts.Party{BIK: "044525225"}):      "",
	} {
		if strings.ReplaceAll(got, string(nbsp), " ") != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	letters := func(s string) float64 { return float64(utf8.RuneCountInString(s)) }
	for text, want := range map[string][]string{
		"":                     {""},
		"один":                 {"один"},
		"один два три":         {"один два", "три"},
		"сверхдлинный":         {"сверхдли", "нный"},
		"а сверхдлинный б":     {"а", "сверхдли", "нный б"},
		"ровновос емь":         {"ровновос", "емь"},
		"12345678901234567890": {"12345678", "90123456", "7890"},
	} {
		if got := wrap(text, 8, letters); !slices.Equal(got, want) {
			t.Errorf("%q: %q; want %q", text, got, want)
		}
	}
	if got := wrap("абв", 0.5, letters); !slices.Equal(got, []string{"а", "б", "в"}) {
		t.Errorf("a column narrower than a letter: %q", got)
	}
}
