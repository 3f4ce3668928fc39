package upd

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
)

var (
	october31 = time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)
	january15 = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
)

// envelope returns a valid envelope; its time is in the zone of Moscow.
func envelope() Envelope {
	return Envelope{
		SenderID:    "2BE64c9ac2bb5fe46c3ac32844bb97be6bc",
		RecipientID: "2BM-7802020205-780201001-201501010101",
		GUID:        "1223ed45-c3e8-4456-66db-b4ed093821f8",
		Moment:      time.Date(2026, 10, 31, 10, 5, 0, 0, time.UTC),
		Program:     "acts24 1.0",
	}
}

// ourCompany returns a valid company.
func ourCompany() acts.Party {
	return acts.Party{Kind: acts.PartyCompany, Name: `ООО "Пример-Исполнитель"`, INN: "7701010105", KPP: "770101001",
		Address: "101000, г. Москва, ул. Примерная, д. 1"}
}

// entrepreneur returns a valid ИП without the ОГРНИП, which only invoices need.
func entrepreneur() acts.Party {
	return acts.Party{Kind: acts.PartyPerson, LastName: "Ёлкина", FirstName: "Анна", MiddleName: "Петровна",
		INN: "500303030368", Address: "143000, г. Одинцово, ул. Примерная, д. 2"}
}

// validAct returns an act of one line at 22 % without faults.
func validAct() acts.Act {
	buyer := ourCompany()
	buyer.Name, buyer.INN, buyer.KPP = `ООО "Пример-Заказчик"`, "7802020205", "780201001"
	act := acts.Act{
		Deal: 4711, Number: "17", Date: october31, Function: acts.FunctionAct,
		Seller: ourCompany(), Buyer: buyer,
		Basis:  acts.Basis{Name: "Договор", Number: "17/26", Date: january15},
		Signer: acts.Signer{Last: "Иванов", First: "Иван", Middle: "Иванович", Position: "Генеральный директор"},
	}
	return withLines(act, line("Обслуживание за октябрь", "2.5", "100000.01", "22"))
}

// line returns a line of hours of a service with its sums.
func line(name, quantity, price string, rate acts.Rate) acts.Line {
	q, err1 := acts.ParseDecimal(quantity)
	p, err2 := acts.ParseDecimal(price)
	if err := errors.Join(err1, err2); err != nil {
		panic(err)
	}
	l := acts.Line{Name: name, Kind: acts.KindService, Quantity: q, Price: p, Rate: rate, Unit: acts.Unit{Code: "356", Name: "ч"}}
	l.Totals = rate.Split(acts.Round(p.Mul(q)))
	return l
}

// withLines returns the act with other lines and their totals.
func withLines(act acts.Act, lines ...acts.Line) acts.Act {
	act.Lines, act.Totals = lines, acts.Sum(lines)
	return act
}

// mustBuild returns the title of the act, which must not be refused.
func mustBuild(t *testing.T, act acts.Act) Title {
	t.Helper()
	title, err := SellerTitle(act, envelope())
	if err != nil {
		t.Fatalf("SellerTitle: %v", err)
	}
	return title
}

// hostileTexts break careless writers of XML and windows-1251, as names and addresses of up to 60 letters.
var hostileTexts = []string{
	`ООО "Рога & копыта" <№ 1>`, "Ёлка «ёж» — №5…", "конец ]]> <!-- --> <![CDATA[", "цена 100 ₽ 😀 👨‍👩‍👧",
	"a\x00b\x01c\x1bd\x7fe\u0085f", "\u202eтка таборбо\u202c", "строка\r\n\tдругая\u2028третья",
	"\xed\xa0\x80суррогат\xff", "\ufeff\ufffe\uffff\ufffdвсё", "&#0;&quot;&amp;lt;%s%d", "'одна' кавычка",
	"日本語 – ελληνικά – عربي", "\u00a0неразрывный\u202fпробел\u00ad",
}

// hostileLineNames are hostile texts that may be longer, as names of lines.
var hostileLineNames = append(slices.Clone(hostileTexts), strings.Repeat("ы", 1001), "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>")

// pick returns a random member of the list.
func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// randomAct returns a random act: both kinds of parties, all rates, both functions.
func randomAct(r *rand.Rand) acts.Act {
	act := validAct()
	act.Seller, act.Buyer = randomParty(r), randomParty(r)
	act.Function = pick(r, acts.FunctionAct, acts.FunctionActAndInvoice)
	if act.RegistrationFault() != "" {
		act.Seller.OGRN, act.Seller.Registered = "320500300000121", january15
	}
	act.Number = pick(r, "1", "А-17/26", `"№" & <3>`, "ж₽")
	act.Signer = acts.Signer{Last: pick(r, hostileTexts...), First: "Ян", Position: pick(r, hostileTexts...)}
	act.Basis = pick(r, acts.Basis{}, act.Basis, acts.Basis{Name: pick(r, hostileTexts...), Date: january15})
	if r.IntN(3) == 0 {
		act.Payments = []acts.Payment{{Number: pick(r, "1", "№ <2>"), Date: january15}, {Number: "3", Date: october31}}
		act.StateContract = pick(r, "", "1234567890123456789012345")
	}
	if act.Function == acts.FunctionActAndInvoice && r.IntN(3) == 0 {
		act.Correction = acts.Correction{N: 1 + r.IntN(acts.MaxCorrections), Date: october31, File: pick(r, "", envelope().fileID())}
	}
	if r.IntN(2) == 0 {
		act.From, act.To = october31.AddDate(0, 0, -30), october31
	}
	var lines []acts.Line
	for range 1 + r.IntN(6) {
		l := line(pick(r, hostileLineNames...), fmt.Sprintf("%d.%d", 1+r.IntN(20), r.IntN(10000)),
			fmt.Sprintf("%d.%02d", 1+r.IntN(100000), r.IntN(100)), pick(r, acts.RatesOn(act.Date)...))
		l.Unit = pick(r, acts.Unit{}, acts.Unit{Code: "796", Name: "шт"}, acts.Unit{Name: "м²"}, acts.Unit{Code: "1000001", Name: "визит"}, acts.Unit{Code: "9999", Name: "пакет"})
		l.Kind = pick(r, append(acts.LineKinds, acts.KindUnknown)...)
		lines = append(lines, l)
	}
	return withLines(act, lines...)
}

// randomParty returns a company or an ИП with hostile texts and valid numbers.
func randomParty(r *rand.Rand) acts.Party {
	if r.IntN(2) == 0 {
		p := entrepreneur()
		p.INN = withCheckDigits(fmt.Sprintf("50%08d", r.IntN(1e8)), 2, acts.CheckINN)
		p.OGRN = pick(r, "", withCheckDigits(fmt.Sprintf("32050%09d", r.IntN(1e9)), 1, func(s string) string { return acts.CheckOGRN(s, acts.PartyPerson) }))
		p.Registered = january15
		p.LastName, p.MiddleName, p.Address = pick(r, hostileTexts...), pick(r, "", "Ёжевна"), pick(r, hostileTexts...)
		return p
	}
	p := ourCompany()
	p.INN = withCheckDigits(fmt.Sprintf("77%07d", r.IntN(1e7)), 1, acts.CheckINN)
	p.Name, p.Address, p.KPP = pick(r, hostileTexts...), pick(r, hostileTexts...), pick(r, "770101001", "7701AZ001")
	return p
}

// withCheckDigits completes a number with the check digits that the rule accepts.
func withCheckDigits(start string, digits int, rule func(string) string) string {
	for i := range 100 {
		number := start + fmt.Sprintf("%0*d", digits, i)
		if rule(number) == "" {
			return number
		}
	}
	panic("no check digits for " + start)
}
