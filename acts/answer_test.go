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
	edo := Answer{Channel: ChannelEDO, PartyKind: PartyCompany, Operator: "2BE", Participant: "2BE" + sbisHex}
	with := func(a Answer, change func(*Answer)) Answer { change(&a); return a }
	for name, tt := range map[string]struct {
		answer Answer
		field  string // field of the fault, "" for none
	}{
		"through EDO":            {edo, ""},
		"EDO without an id":      {with(edo, func(a *Answer) { a.Participant = "" }), "participant"},
		"no choice":              {with(edo, func(a *Answer) { a.Channel = "" }), "channel"},
		"an unknown choice":      {with(edo, func(a *Answer) { a.Channel = "fax" }), "channel"},
		"neither ИП nor company": {with(edo, func(a *Answer) { a.PartyKind = "state" }), "kind"},
		"e-mail":                 {Answer{Channel: ChannelEmail, PartyKind: PartyPerson, Email: "a@b.ru"}, ""},
		"two e-mails":            {Answer{Channel: ChannelEmail, PartyKind: PartyPerson, Email: "a@b.ru, c@d.ru"}, "email"},
		"a whole address":        {Answer{Channel: ChannelPost, PartyKind: PartyPerson, Address: "101000, Москва, а/я 5"}, ""},
		"an address too short":   {Answer{Channel: ChannelPost, PartyKind: PartyPerson, Address: "Москва"}, "address"},
		"a long comment":         {with(edo, func(a *Answer) { a.Comment = strings.Repeat("я", 501) }), "comment"},
		"the longest comment":    {with(edo, func(a *Answer) { a.Comment = strings.Repeat("я", 500) }), ""},
		"a long name":            {with(edo, func(a *Answer) { a.Contact = strings.Repeat("я", 121) }), "contact"},
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
		"no personal data":        {Answer{Channel: ChannelEDO}, true},
		"a name":                  {Answer{Channel: ChannelEDO, Contact: "Анна"}, false},
		"a phone":                 {Answer{Channel: ChannelPost, Phone: "1"}, false},
		"the e-mail for the acts": {Answer{Channel: ChannelEmail, Email: "a@b.ru"}, true},
	} {
		if got := tt.answer.CheckConsent() == nil; got != tt.ok {
			t.Errorf("%s: %t; want %t", name, got, tt.ok)
		}
	}
}
