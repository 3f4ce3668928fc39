package printform

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// generator generates realistic acts from a fixed seed.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 402))} }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g generator) one(list ...string) string { return list[g.IntN(len(list))] }

func (g generator) digits(n int) string {
	text := ""
	for range n {
		text += string(rune('0' + g.IntN(10)))
	}
	return text
}

var vocabulary = strings.Fields(`оказание услуг проведение испытаний ёмкостей «Ёлка» сертификация продукции № 7 — этап по договору
	консультация эксперта Ё "кавычки" (скобки) back\slash ISO-9001:2015 100% монтаж/демонтаж Щёлково объект`)

// text returns random words of a limited total length, sometimes without spaces.
func (g generator) text(letters int) string {
	between := " "
	if g.chance(15) {
		between = ""
	}
	text := "Услуга"
	for len([]rune(text)) < letters {
		text += between + g.one(vocabulary...)
	}
	return string([]rune(text)[:max(letters, 1)])
}

func (g generator) date() time.Time {
	return time.Date(2025, 6, 1+g.IntN(900), 0, 0, 0, 0, time.UTC)
}

func (g generator) party() acts.Party {
	p := acts.Party{Kind: acts.PartyCompany, Name: "ООО «" + g.text(5+g.IntN(60)) + "»", INN: g.digits(10), KPP: g.digits(9), OGRN: g.digits(13)}
	if g.chance(40) {
		p = acts.Party{Kind: acts.PartyPerson, LastName: g.one("Щербаков", "Ёлкина", "Римская-Корсакова"), FirstName: g.one("Пётр", "Анна-Мария"),
			MiddleName: g.one("", "Ильинична", "Алёшевич"), INN: g.digits(12), OGRN: g.digits(15)}
		p.Name = "ИП " + p.LastName + " " + p.FirstName
	}
	if g.chance(80) {
		p.Address = g.digits(6) + ", " + g.text(20+g.IntN(200))
	}
	if g.chance(60) {
		p.Account, p.Bank, p.BIK, p.CorrAccount = g.digits(20), "Банк «"+g.text(10)+"»", g.digits(9), g.digits(20)
	}
	return p
}

func (g generator) line(n int, date time.Time, mixed bool, rate acts.Rate) acts.Line {
	if list := acts.RatesOn(date); mixed {
		rate = list[g.IntN(len(list))]
	}
	l := acts.Line{N: n, Name: g.text(3 + g.IntN(80)), Unit: acts.Unit{Name: g.one("шт", "ч", "усл. ед.", "")}, Rate: rate}
	if g.chance(5) {
		l.Name = g.text(400)
	}
	l.Quantity = decimal.New(int64(1+g.IntN(100_000)), -int32(g.IntN(4)))
	l.Price = decimal.New(int64(g.IntN(1_000_000_000)), -int32(g.IntN(5)))
	l.Totals = rate.Split(acts.Round(l.Price.Mul(l.Quantity)))
	return l
}

func (g generator) act() acts.Act {
	a := acts.Act{Number: fmt.Sprintf("%s%d", g.one("", "А-", "2026/"), 1+g.IntN(9999)), Date: g.date(), Seller: g.party(), Buyer: g.party()}
	a.Basis = acts.Basis{Name: "Договор", Number: g.digits(5), Date: g.date()}
	a.From, a.To = g.date(), g.date()
	a.Signer = acts.Signer{Last: "Ковалёва", First: "Анна", Middle: "Сергеевна", Position: "Генеральный директор", Ground: g.one("", "Устав")}
	if g.chance(30) {
		a.Comment = g.text(1000) + "\n" + g.text(50)
	}
	if g.chance(20) {
		a.Correction = acts.Correction{N: 1 + g.IntN(acts.MaxCorrections), Date: g.date()}
	}
	a.VATGround = g.one("", "УСН, п. 2 ст. 346.11 НК РФ")
	rates := acts.RatesOn(a.Date)
	count, mixed, rate := 1+g.IntN(12), g.chance(40), rates[g.IntN(len(rates))]
	if g.chance(15) {
		count = 1 + g.IntN(300)
	}
	for n := range count {
		a.Lines = append(a.Lines, g.line(n+1, a.Date, mixed, rate))
	}
	return a
}

// extremeActs returns acts with extreme contents, by name.
func extremeActs() map[string]acts.Act {
	g := newGenerator(7)
	solid, spaced := strings.Repeat("Сверхдлинноеназвание", 20), strings.Repeat("очень длинное название ", 18)
	base := func(names ...string) acts.Act {
		a := g.act()
		a.Date, a.Lines, a.Comment = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), nil, ""
		for i, name := range names {
			l := g.line(i+1, a.Date, true, "")
			l.Name = name
			a.Lines = append(a.Lines, l)
		}
		return a
	}
	list := map[string]acts.Act{
		"names without spaces": base(solid, solid, solid), "names with spaces": base(spaced, spaced, spaced),
		"300 lines": base(strings.Split(strings.Repeat("Услуга,", 300), ",")[:300]...), "no lines": base(),
		"a name longer than a page": base("Услуга", strings.Repeat(solid, 15), "Услуга"), "nothing but lines": {Lines: base(spaced).Lines},
	}
	long := base(solid, spaced)
	long.Seller.Name, long.Seller.Address, long.Seller.Kind = solid, solid+spaced, acts.PartyCompany
	long.Buyer.Name, long.Buyer.Address, long.Buyer.Kind = spaced, spaced+solid, acts.PartyCompany
	long.Signer.Position, long.Signer.Ground, long.Number = spaced, "Доверенность "+spaced, solid
	long.Comment, long.VATGround = strings.Repeat(spaced, 3), spaced
	list["long everything"] = long
	endless := base("Услуга")
	endless.Comment = strings.Repeat(spaced+"\n", 60)
	list["a comment longer than a page"] = endless
	dear := base("Услуга")
	dear.Lines[0].Price, dear.Lines[0].Quantity = decimal.New(1, 13), decimal.New(1, 0)
	dear.Lines[0].Totals = acts.Rate("22").Split(1_000_000_000_000_000)
	list["ten trillion"] = dear
	return list
}
