package acts

import (
	"errors"
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	for text, want := range map[string]string{"7701000005": "7701****05", "770100000512": "7701******12", "": "", "7": "*", "77": "**"} {
		if got := Mask(text); got != want {
			t.Errorf("Mask(%q) = %q; want %q", text, got, want)
		}
	}
	for name, want := range map[string]string{
		"ООО «Ромашка»": "ООО «Ро***»", "Общество с ограниченной ответственностью \"Ромашка и Ко\"": "Общество с ограниченной ответственностью \"Ро***\"",
		"ИП Петров Пётр Петрович": "ИП Пе***", "Петров Пётр": "Пе***", "ООО «Я»": "ООО «***»", "Ромашка": "Ро***", "ИП": "И***", "": "", "«": "«",
	} {
		if got := MaskName(name); got != want {
			t.Errorf("MaskName(%q) = %q; want %q", name, got, want)
		}
	}
}

func TestCheckAnswer(t *testing.T) {
	edo := Answer{Channel: ByEDO, PartyKind: Company, Operator: "2BE", Participant: "2BE" + sbisHex}
	with := func(a Answer, change func(*Answer)) Answer { change(&a); return a }
	for name, tt := range map[string]struct {
		answer Answer
		field  string // where the fault stands, "" for none
	}{
		"through EDO":              {edo, ""},
		"EDO without an id":        {with(edo, func(a *Answer) { a.Participant = "" }), "participant"},
		"no choice":                {with(edo, func(a *Answer) { a.Channel = "" }), "channel"},
		"a choice of nobody's":     {with(edo, func(a *Answer) { a.Channel = "fax" }), "channel"},
		"neither ИП nor company":   {with(edo, func(a *Answer) { a.PartyKind = "state" }), "kind"},
		"e-mail":                   {Answer{Channel: ByEmail, PartyKind: Person, Email: "a@b.ru"}, ""},
		"two e-mails":              {Answer{Channel: ByEmail, PartyKind: Person, Email: "a@b.ru, c@d.ru"}, "email"},
		"an address of five words": {Answer{Channel: ByPost, PartyKind: Person, Address: "101000, Москва, а/я 5"}, ""},
		"an address of one":        {Answer{Channel: ByPost, PartyKind: Person, Address: "Москва"}, "address"},
		"a long comment":           {with(edo, func(a *Answer) { a.Comment = strings.Repeat("я", 501) }), "comment"},
		"the longest comment":      {with(edo, func(a *Answer) { a.Comment = strings.Repeat("я", 500) }), ""},
		"a long name":              {with(edo, func(a *Answer) { a.Contact = strings.Repeat("я", 121) }), "contact"},
	} {
		var faults Faults
		errors.As(tt.answer.Check(), &faults)
		if (tt.field == "") != (len(faults) == 0) || tt.field != "" && faults.At(tt.field) == "" {
			t.Errorf("%s: %v; want a fault at %q", name, faults, tt.field)
		}
	}
}

func TestCheckConsent(t *testing.T) {
	for name, tt := range map[string]struct {
		answer Answer
		ok     bool
	}{
		"nothing of a person":      {Answer{Channel: ByEDO}, true},
		"a name":                   {Answer{Channel: ByEDO, Contact: "Анна"}, false},
		"a phone":                  {Answer{Channel: ByPost, Phone: "1"}, false},
		"an e-mail":                {Answer{Channel: ByEmail, Email: "a@b.ru"}, false},
		"an e-mail with agreement": {Answer{Channel: ByEmail, Email: "a@b.ru", Consent: ConsentVersion}, true},
	} {
		if got := tt.answer.CheckConsent() == nil; got != tt.ok {
			t.Errorf("%s: %t; want %t", name, got, tt.ok)
		}
	}
}
