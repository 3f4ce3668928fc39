package acts

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const sbisHex = "64c9ac2bb5fe46c3ac32844bb97be6bc"

func TestCheckParticipant(t *testing.T) {
	for name, tt := range map[string]struct {
		id   string
		says string // "" for an id that fits
	}{
		"an id of SBIS":                        {"2BE" + sbisHex, ""},
		"an id of Diadoc for a company":        {"2BM-7802020205-780201001-201501010101", ""},
		"a long id of Diadoc":                  {"2BM-9677800047-967701000-202207281004154081709", ""},
		"a КПП with letters":                   {"2BM-7802020205-7802AB001-201501010101", ""},
		"an old id of Diadoc":                  {"2BM-7802020205-2012052808220682662630000000000", ""},
		"an id of Diadoc for an entrepreneur":  {"2BM-500303030368-20150101010101", ""},
		"an id of ЭДО Лайт":                    {"2LT-600070554", ""},
		"an operator with no public rule":      {"2AL-ACCB0F66-4BBD-000000000000000000000001", ""},
		"an operator that appeared yesterday":  {"2ZZ1", ""},
		"nothing":                              {"", "Укажите идентификатор"},
		"a prefix alone":                       {"2BM", "4–46"},
		"more than 46 letters":                 {"2AL" + strings.Repeat("1", 44), "4–46"},
		"an underscore would break file names": {"2AL_1", "4–46"},
		"a Cyrillic letter":                    {"2ВМ-7802020205-780201001-201501010101", "4–46"},
		"a small prefix":                       {"2be" + sbisHex, "4–46"},
		"a line break after it":                {"2LT-600070554\n", "4–46"},
		"an id of SBIS with a dash":            {"2BE-" + sbisHex, "СБИС (Тензор)"},
		"an id of SBIS cut short":              {"2BE" + sbisHex[1:], "СБИС (Тензор)"},
		"an ИНН of eleven digits":              {"2BM-78020202051-780201001-2015", "Диадок (Контур)"},
		"letters in an id of ЭДО Лайт":         {"2LT-6000A", "ЭДО Лайт"},
	} {
		if got := CheckParticipant(tt.id); (got == "") != (tt.says == "") || !strings.Contains(got, tt.says) {
			t.Errorf("%s: %q; want %q", name, got, tt.says)
		}
	}
}

func TestNormalizeParticipant(t *testing.T) {
	for name, tt := range map[string]struct{ typed, want string }{
		"spaces of a letter":        {" 2BM-7802020205 -780201001\u00a0-2015\t", "2BM-7802020205-780201001-2015"},
		"dashes of a text editor":   {"2BM–7802020205—780201001‑2015", "2BM-7802020205-780201001-2015"},
		"Cyrillic look-alikes":      {"2ВМ-7802020205-2015", "2BM-7802020205-2015"},
		"a small prefix":            {"2lt-600070554", "2LT-600070554"},
		"an id of SBIS in capitals": {"2be" + strings.ToUpper(sbisHex), "2BE" + sbisHex},
		"Cyrillic inside the hex":   {"2ВЕ" + strings.Replace(sbisHex, "c", "с", 1), "2BE" + sbisHex},
		"dashes in an id of SBIS":   {"2BE-" + sbisHex[:8] + "-" + sbisHex[8:], "2BE" + sbisHex},
		"a dash in the prefix":      {"2-BE" + sbisHex, "2BE" + sbisHex},
		"no dash after the prefix":  {"2BM7802020205-780201001-2015", "2BM-7802020205-780201001-2015"},
		"two dashes":                {"2BM--7802020205--780201001-2015", "2BM-7802020205-780201001-2015"},
		"a dash inside the ИНН":     {"2BM-78020-20205780201001-2015", "2BM-7802020205-780201001-2015"},
		"no dashes, a person":       {"2ВМ50030303036820150101010101", "2BM-500303030368-20150101010101"},
		"ЭДО Лайт without a dash":   {"2LT600070554", "2LT-600070554"},
		"a minus":                   {"2LT\u2212600070554", "2LT-600070554"},
		"what does not show":        {"2\u200bLT-600\u00ad070554\ufeff\n", "2LT-600070554"},
		"nobody knows where":        {"2BM-78020202-05-2015", "2BM-78020202-05-2015"},
		"a prefix alone":            {"2bm-", "2BM-"},
		"another operator's case":   {"2al-AbC", "2AL-AbC"},
		"too short to be anything":  {"2b", "2b"},
		"letters of no operator":    {"жжжж", "ЖЖЖж"},
		"nothing":                   {"  ", ""},
	} {
		if got := NormalizeParticipant(tt.typed); got != tt.want {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}

func TestOperatorNamed(t *testing.T) {
	for text, want := range map[string]string{"Диадок (Контур)": "2BM", "диадок": "2BM", " Контур ": "2BM", "2be": "2BE", "2ВЕ": "2BE", "сбис": "2BE",
		"тензор": "2BE", "такс": "2AL", "": "", "ди": "", "Ромашка": "", "(": ""} {
		if o, _ := OperatorNamed(text); o.Prefix != want {
			t.Errorf("OperatorNamed(%q) = %q; want %q", text, o.Prefix, want)
		}
	}
}

func TestOperators(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range Operators {
		found, ok := OperatorByPrefix(o.Prefix)
		if len(o.Prefix) != 3 || o.Name == "" || seen[o.Prefix] || !ok || found != o {
			t.Errorf("operator %+v", o)
		}
		seen[o.Prefix] = true
	}
	if _, ok := OperatorByPrefix("2ZZ"); ok || Operators[0].Prefix != SBIS {
		t.Error("the list begins with ours and has no strangers")
	}
	for id, want := range map[string]string{"2BM-1": "2BM", "2BE": "2BE", "2B": "", "": "", "ЖЖЖЖ": "ЖЖЖ"} {
		if got := OperatorOf(id); got != want {
			t.Errorf("OperatorOf(%q) = %q; want %q", id, got, want)
		}
	}
}

// FuzzNormalizeParticipant: mending twice is mending once, and no letter is torn apart.
func FuzzNormalizeParticipant(f *testing.F) {
	for _, seed := range []string{"2BE" + sbisHex, "жжж", "2ж", " 2вм-7802020205 ", "😀😀"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if !utf8.ValidString(typed) {
			t.Skip("a form never gives such a text")
		}
		once := NormalizeParticipant(typed)
		if twice := NormalizeParticipant(once); twice != once || !utf8.ValidString(once) {
			t.Errorf("%q becomes %q, then %q", typed, once, twice)
		}
	})
}
