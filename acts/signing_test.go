package acts

import (
	"strings"
	"testing"
	"time"
)

func TestCertificateFault(t *testing.T) {
	own := Party{Kind: PartyCompany, Name: "ООО «Исполнитель»", INN: "7701010105"}
	signer := Signer{Last: "Иванов", First: "Иван", Middle: "Иванович"}
	whole := Certificate{Thumbprint: "9F", Owner: "Иванов Иван Иванович", INN: own.INN, From: day(2026, 2, 1), To: day(2027, 5, 1), KeyType: ServerKey, Activated: true}
	power := PowerOfAttorney{ID: "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", Issued: day(2026, 1, 12), Until: day(2026, 12, 31)}
	today := time.Date(2026, 11, 27, 23, 0, 0, 0, time.FixedZone("МСК", 3*60*60))
	for name, tt := range map[string]struct {
		change func(*Certificate)
		power  PowerOfAttorney
		today  time.Time
		want   string // a part of the message, "" for none
	}{
		"the organisation's own certificate":                    {func(*Certificate) {}, PowerOfAttorney{}, today, ""},
		"on its last day":                                       {func(c *Certificate) { c.To = day(2026, 11, 27) }, PowerOfAttorney{}, today, ""},
		"no certificate is chosen":                              {func(c *Certificate) { *c = Certificate{} }, PowerOfAttorney{}, today, "не выбран"},
		"the owner stores the key himself":                      {func(c *Certificate) { c.KeyType = "Клиентский" }, PowerOfAttorney{}, today, "хранится не в СБИС"},
		"not activated":                                         {func(c *Certificate) { c.Activated = false }, PowerOfAttorney{}, today, "не активирован"},
		"not valid yet":                                         {func(c *Certificate) { c.From = day(2026, 12, 1) }, PowerOfAttorney{}, today, "только с 01.12.2026"},
		"expired":                                               {func(c *Certificate) { c.To = day(2026, 11, 26) }, PowerOfAttorney{}, today, "истёк 26.11.2026"},
		"an employee's without a power of attorney":             {func(c *Certificate) { c.INN = "500100732259" }, PowerOfAttorney{}, today, "доверенность"},
		"an employee's with a power of attorney":                {func(c *Certificate) { c.INN = "500100732259" }, power, today, ""},
		"an employee's with an expired power of attorney":       {func(c *Certificate) { c.INN = "500100732259" }, power, day(2027, 1, 1), "истекла 31.12.2026"},
		"another person's with that person's power of attorney": {func(c *Certificate) { c.INN, c.Owner = "500100732259", "Петров Пётр" }, power, today, "другому человеку"},
	} {
		t.Run(name, func(t *testing.T) {
			c := whole
			tt.change(&c)
			if got := c.Fault(own, signer, tt.power, tt.today); !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
				t.Errorf("Fault = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCheckPower(t *testing.T) {
	whole := PowerOfAttorney{ID: "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", Issued: day(2026, 1, 12), Until: day(2026, 12, 31)}
	for name, tt := range map[string]struct {
		power PowerOfAttorney
		field string
	}{
		"none":                     {PowerOfAttorney{}, ""},
		"a complete one":           {whole, ""},
		"dates only":               {PowerOfAttorney{Until: whole.Until}, "power"},
		"a broken number":          {PowerOfAttorney{ID: "dd52", Issued: whole.Issued, Until: whole.Until}, "power"},
		"no day of issue":          {PowerOfAttorney{ID: whole.ID, Until: whole.Until}, "power-from"},
		"no last day":              {PowerOfAttorney{ID: whole.ID, Issued: whole.Issued}, "power-to"},
		"it ends before it begins": {PowerOfAttorney{ID: whole.ID, Issued: whole.Until, Until: whole.Issued}, "power-to"},
	} {
		var faults Faults
		if CheckPowerOfAttorney(&faults, tt.power); len(faults) > 1 || len(faults) == 1 && faults[0].Field != tt.field || len(faults) == 0 && tt.field != "" {
			t.Errorf("%s: %v, want one at %q", name, faults, tt.field)
		}
	}
}

func TestWhoSigns(t *testing.T) {
	signer, key := Signer{Last: "Иванов", First: "Иван", Middle: "Иванович"}, Certificate{Owner: "Петрова Анна Олеговна"}
	for _, tt := range []struct {
		way    Signing
		signer Signer
		want   string
	}{
		{SigningManual, signer, "Подписывает Иванов И. И. в кабинете СБИС"},
		{SigningDeferred, signer, "Подписывает Иванов И. И. в кабинете СБИС"},
		{SigningServer, signer, "Подпишет сервис ключом Петрова А. О."},
		{"", Signer{}, "Подписывает наш сотрудник в кабинете СБИС"},
	} {
		if got := WhoSigns(tt.way, tt.signer, key); got != tt.want {
			t.Errorf("WhoSigns(%q) = %q, want %q", tt.way, got, tt.want)
		}
	}
}

func TestTermStep(t *testing.T) {
	until := day(2026, 12, 31)
	for left, want := range map[int]int{31: 0, 30: 30, 15: 30, 14: 14, 8: 14, 7: 7, 0: 7, -1: 0} {
		if got := TermStep(until, until.AddDate(0, 0, -left)); got != want {
			t.Errorf("%d days before: %d, want %d", left, got, want)
		}
	}
	if TermStep(time.Time{}, until) != 0 {
		t.Error("what has no end is warned of")
	}
}

func TestAccountHasOurCompany(t *testing.T) {
	c := OperatorAccount{Organizations: []OperatorOrganization{{INN: "7701010105", KPP: "770101001"}, {INN: "500303030368"}}}
	for name, tt := range map[string]struct {
		party Party
		want  string
	}{
		"the company":                   {Party{INN: "7701010105", KPP: "770101001"}, ""},
		"one without КПП":               {Party{INN: "7701010105"}, ""},
		"the entrepreneur":              {Party{INN: "500303030368"}, ""},
		"another branch of the company": {Party{INN: "7701010105", KPP: "780201001"}, "другой КПП"},
		"another organisation":          {Party{INN: "7802020205", KPP: "780201001"}, "не знает организацию с ИНН 7802020205"},
		"a company without ИНН":         {Party{}, "не знает"},
	} {
		if got := c.Fault(tt.party); !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
