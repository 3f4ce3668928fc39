package acts

import (
	"strings"
	"testing"
)

const sbisHex = "64c9ac2bb5fe46c3ac32844bb97be6bc"

// Published real ids, all of 46 letters: the КПП is empty in a Diadoc id of an ИП.
const entrepreneurOfDiadoc = "2BM-771365132548--2016072812271194308390000000"

func TestTrimParticipant(t *testing.T) {
	for name, tt := range map[string]struct{ typed, want string }{
		"spaces and invisible characters at the ends": {"\ufeff 2BM-7802020205-780201001-2015\u00a0\u200b\n", "2BM-7802020205-780201001-2015"},
		"two dashes of an ИП":                         {entrepreneurOfDiadoc, entrepreneurOfDiadoc},
		"a space inside":                              {"2BM-7802020205 -2015", "2BM-7802020205 -2015"},
		"dashes inserted by a text editor":            {"2BM–7802020205—2015", "2BM–7802020205—2015"},
		"Cyrillic look-alikes":                        {"2ВМ-7802020205-2015", "2ВМ-7802020205-2015"},
		"an SBIS id in capitals":                      {"2BE" + strings.ToUpper(sbisHex), "2BE" + strings.ToUpper(sbisHex)},
		"nothing":                                     {" \u200b ", ""},
	} {
		if got := TrimParticipant(tt.typed); got != tt.want {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}

func TestCheckParticipant(t *testing.T) {
	for id, message := range map[string]string{
		"2BE" + sbisHex: "", entrepreneurOfDiadoc: "", "2ВМ-1": "", "2ZZ": "", strings.Repeat("2", 47): "",
		"": "Укажите идентификатор", strings.Repeat("2", 101): "знаков", "2AL_1": "имя файла", "2AL-1\n2": "имя файла", "2AL/1": "имя файла", "\xff\xfe": "имя файла",
	} {
		if got := CheckParticipant(id); (got == "") != (message == "") || !strings.Contains(got, message) {
			t.Errorf("CheckParticipant(%q) = %q; want %q", id, got, message)
		}
	}
}

func TestParticipantDoubts(t *testing.T) {
	company := Party{Kind: PartyCompany, INN: "7802020205", KPP: "780201001"}
	person := Party{Kind: PartyPerson, INN: "771365132548"}
	for name, tt := range map[string]struct {
		party   Party
		id      string
		message string // "" for an id without doubts
		foreign bool
	}{
		"an SBIS id":                          {company, "2BE" + sbisHex, "", false},
		"an SBIS id in capitals":              {company, "2BE" + strings.ToUpper(sbisHex), "", false},
		"a Diadoc id":                         {company, "2BM-7802020205-780201001-201501010101", "", false},
		"a КПП with letters":                  {Party{INN: "7802020205", KPP: "7802AB001"}, "2BM-7802020205-7802AB001-2015", "", false},
		"an old Diadoc id":                    {company, "2BM-7802020205-2012052808220682662630000000000", "", false},
		"an ИП at Diadoc":                     {person, entrepreneurOfDiadoc, "", false},
		"an old id of an ИП":                  {person, "2BM-771365132548-20150101010101", "", false},
		"an id of ЭДО Лайт":                   {company, "2LT-600070554", "", false},
		"an operator without a public format": {company, "2AL-ACCB0F66-4BBD-000000000000000000000001", "", false},
		"an operator whose name is not known": {company, "2LB1", "", false},
		"digits that are no ИНН":              {company, "2AL-1234567890-1", "", false},
		"nothing":                             {company, "", "", false},
		"unknown requisites":                  {Party{}, "2BM-7802020205-780201001-2015", "", false},

		"another ИНН":                          {company, "2BM-7736050003-773601001-2015", "внутри него ИНН 7736050003, а в реквизитах ИНН 7802020205", true},
		"another КПП":                          {company, "2BM-7802020205-540243001-2015", "внутри него КПП 540243001, а в реквизитах КПП 780201001", true},
		"another person's ИНН":                 {Party{Kind: PartyPerson, INN: "502402402878"}, "2BM-502424042010-20190412101500", "внутри него ИНН 502424042010", true},
		"an ИНН after the prefix of SBIS":      {company, "2BE7707083893-770701001-2015", "внутри него ИНН 7707083893", true},
		"an ИНН behind lost dashes":            {company, "2BM7736050003773601001201501010101", "внутри него ИНН 7736050003", true},
		"a person's ИНН where dashes are lost": {company, "2BM50030303036820150101010101", "внутри него ИНН 500303030368", true},
		"an ИНН behind Cyrillic letters":       {company, "2ВМ–7736050003–773601001–2015", "внутри него ИНН 7736050003", true},

		"Cyrillic letters":            {company, "2ВМ-7802020205-780201001-2015", "русская буква «В» вместо латинской, русская буква «М»", false},
		"letters of another alphabet": {company, "2AL-Жук", "«Ж»", false},
		"long dashes":                 {company, "2BM–7802020205–780201001-2015", "длинное тире", false},
		"a space":                     {company, "2BM-7802020205 -780201001-2015", "пробел", false},
		"an invisible character":      {company, "2BM-7802020205\u200b-780201001-2015", "невидимый знак", false},
		"47 letters":                  {person, entrepreneurOfDiadoc + "0", "в нём знаков: 47, а бывает от 4 до 46", false},
		"a prefix alone":              {company, "2BM", "в нём знаков: 3", false},
		"an unknown operator":         {company, "2ZZ-1", "оператора с кодом «2ZZ» нет", false},
		"a lower-case prefix":         {company, "2be" + sbisHex, "заглавными буквами: 2BE", false},
		"an SBIS id with a dash":      {company, "2BE-" + sbisHex, "СБИС (Тензор)", false},
		"an SBIS id that was cut":     {company, "2BE" + sbisHex[1:], "СБИС (Тензор)", false},
		"an ИНН of eleven digits":     {company, "2BM-78020202051-780201001-2015", "Диадок (Контур)", false},
		"no dash after the prefix":    {company, "2BM7802020205-780201001-2015", "Диадок (Контур)", false},
		"letters in an id of Лайт":    {company, "2LT-6000A", "ЭДО Лайт", false},
		"an id with several doubts":   {company, "2вм-7736050003 ", "внутри него ИНН 7736050003", true},
	} {
		t.Run(name, func(t *testing.T) {
			party := tt.party.WithParticipant(tt.id, "")
			doubts := party.Doubts()
			if got := doubtList(doubts); (got == "") != (tt.message == "") || !strings.Contains(got, tt.message) {
				t.Errorf("%q; want %q", got, tt.message)
			}
			if IsForeign(doubts) != tt.foreign {
				t.Errorf("foreign is %t", !tt.foreign)
			}
		})
	}
}

// A confirmation is valid only for this id of this party.
func TestConfirmedDoubts(t *testing.T) {
	party := Party{INN: "7802020205", KPP: "780201001"}.WithParticipant("2BM-7736050003-773601001-2015", "")
	if len(party.UnconfirmedDoubts()) == 0 || party.DoubtToken() == "" {
		t.Fatal("nothing to confirm")
	}
	party = party.WithParticipant(party.Participant, party.DoubtToken())
	if len(party.UnconfirmedDoubts()) != 0 {
		t.Error("a confirmed id must be confirmed again")
	}
	other := party
	other.INN = "7707083893"
	if len(other.UnconfirmedDoubts()) == 0 {
		t.Error("a confirmation of another party's id is taken")
	}
	if other = party.WithParticipant(party.Participant+"1", party.ParticipantSeen); len(other.UnconfirmedDoubts()) == 0 {
		t.Error("a confirmation of another id is taken")
	}
	if usual := party.WithParticipant("2BE"+sbisHex, ""); usual.DoubtToken() != "" || len(usual.UnconfirmedDoubts()) != 0 {
		t.Error("a usual id requires a confirmation")
	}
	if d := party.Doubts()[0].Masked(); strings.Contains(d.String(), party.INN) || !strings.Contains(d.String(), "7802****05") {
		t.Errorf("the masked doubt shows %s", d)
	}
}

func TestOperatorOf(t *testing.T) {
	for id, want := range map[string]string{"2BM-1": "2BM", "2BE": "2BE", "2B": "", "": "", "ЖЖЖЖ": "ЖЖЖ"} {
		if got := OperatorOf(id); got != want {
			t.Errorf("OperatorOf(%q) = %q; want %q", id, got, want)
		}
	}
}

// FuzzParticipantDoubts checks that no text makes the rules panic, and that there is a token exactly when there are doubts.
func FuzzParticipantDoubts(f *testing.F) {
	for _, seed := range []string{"2BE" + sbisHex, "жжж", "2ж", " 2вм-7802020205 ", "😀😀", entrepreneurOfDiadoc} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		party := Party{INN: "7802020205"}.WithParticipant(TrimParticipant(typed), "")
		if (len(party.Doubts()) == 0) != (party.DoubtToken() == "") {
			t.Errorf("%q: %v, token %q", typed, party.Doubts(), party.DoubtToken())
		}
	})
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
		t.Errorf("the unknown prefix 2ZZ is found: %t, the first operator is %s; want false and %s", ok, Operators[0].Prefix, SBIS)
	}
}
