package acts

import (
	"strings"
	"testing"
	"time"
)

// ready returns an act for which every check passes.
func ready() Readiness {
	return Readiness{Account: true, Connection: Connection{Asked: true, Known: true},
		Act: Act{Medium: MediumElectronic, PartyKind: PartyCompany, Function: FunctionAct,
			Seller: Party{Kind: PartyCompany, Name: "ООО «Мы»", INN: "7707083893", KPP: "773601001", Participant: "2BE0123456789abcdef0123456789abcdef"},
			Buyer:  Party{Kind: PartyCompany, Name: "ООО «Они»", INN: "7736050003", KPP: "773601001", Participant: "2BM-7736050003-773601001-201501010101"},
			Basis:  Basis{Name: "Договор", Number: "17", Date: day(2026, 1, 15)},
			Signer: Signer{Last: "Иванов", First: "Иван", Position: "Директор"}}}
}

func TestReadyIsGreen(t *testing.T) {
	if checks := ready().Check(); !AllPassed(checks) {
		t.Errorf("not green: %+v", checks)
	}
}

func TestConfirmedParticipantsAreGreen(t *testing.T) {
	r := ready()
	for _, party := range []*Party{&r.Act.Buyer, &r.Act.Seller} {
		party.Participant = "2BM-7802020205-780201001-2015"
		party.ParticipantSeen = party.DoubtToken()
	}
	if checks := r.Check(); !AllPassed(checks) {
		t.Errorf("not green: %+v", checks)
	}
}

func TestEveryFailedCheckNamesWhoMends(t *testing.T) {
	for name, spoil := range map[string]func(*Readiness){
		"a typing error in the INN":             func(r *Readiness) { r.Act.Buyer.INN = "7736050004" },
		"no KPP of a legal entity":              func(r *Readiness) { r.Act.Buyer.KPP = "" },
		"no requisites at all":                  func(r *Readiness) { r.Act.Buyer.NoPreset = true },
		"our own KPP is missing":                func(r *Readiness) { r.Act.Seller.KPP = "" },
		"an ИП type for a legal entity":         func(r *Readiness) { r.Act.PartyKind = PartyPerson },
		"no signer":                             func(r *Readiness) { r.Act.Signer = Signer{} },
		"initials instead of the signer's name": func(r *Readiness) { r.Act.Signer.First = "А.Г." },
		"a name that cannot be split": func(r *Readiness) {
			r.Act.Buyer, r.Act.PartyKind = Party{Kind: PartyPerson, Name: "Глава КФХ Петров", INN: "500100732259"}, PartyPerson
		},
		"initials for the name of an ИП": func(r *Readiness) {
			r.Act.Buyer, r.Act.PartyKind = Party{Kind: PartyPerson, Name: "Мамедов А.Г.", LastName: "Мамедов", FirstName: "А.Г.", INN: "500100732259"}, PartyPerson
		},
		"an ИП with the ИНН of a company":   func(r *Readiness) { r.Act.Buyer.Kind, r.Act.PartyKind = PartyPerson, PartyPerson },
		"no position":                       func(r *Readiness) { r.Act.Signer.Position = "" },
		"no participant id":                 func(r *Readiness) { r.Act.Buyer.Participant = "" },
		"a participant id of a wrong shape": func(r *Readiness) { r.Act.Buyer.Participant = "2BE123" },
		"an id with another party's INN":    func(r *Readiness) { r.Act.Buyer.Participant = "2BM-7802020205-780201001-2015" },
		"our id with another party's INN":   func(r *Readiness) { r.Act.Seller.Participant = "2BM-7802020205-780201001-2015" },
		"no account":                        func(r *Readiness) { r.Account = false },
		"no participant id of ours":         func(r *Readiness) { r.Act.Seller.Participant = "" },
		"an invoice without an address":     func(r *Readiness) { r.Act.Function = FunctionActAndInvoice },
		"an invoice of an ИП without the day of his ОГРНИП": func(r *Readiness) {
			r.Act.Seller = Party{Kind: PartyPerson, Name: "ИП Ёлкина", LastName: "Ёлкина", FirstName: "Анна", INN: "500303030368", OGRN: "320500300000121", Address: "Одинцово",
				Participant: "2BE0123456789abcdef0123456789abcdef"}
			r.Act.Buyer.Address, r.Act.Function, r.VAT = "Москва", FunctionActAndInvoice, VATPeriods{{Regime: VATCommon}}
		},
		"a rate of another year": func(r *Readiness) { r.Act.Date, r.Act.Lines = day(2026, 11, 23), []Line{{Rate: "20"}} },
		"a basis without a date": func(r *Readiness) { r.Act.Basis.Date = time.Time{} },
		"a basis of a later day": func(r *Readiness) { r.Act.Date = day(2026, 1, 14) },
		"a wrong ОГРН":           func(r *Readiness) { r.Act.Buyer.OGRN = "1027700132190" },
	} {
		t.Run(name, func(t *testing.T) {
			r := ready()
			spoil(&r)
			bad := 0
			for _, c := range r.Check() {
				if c.OK || c.Open {
					continue
				}
				bad++
				if c.Text == "" || c.By == "" || c.Place == "" {
					t.Errorf("%s does not show what is wrong, who fixes it and where: %+v", c.Title, c)
				}
			}
			if bad == 0 {
				t.Error("the check is green")
			}
		})
	}
}

func TestAnOpenQuestionDoesNotStop(t *testing.T) {
	for name, seen := range map[string]Connection{
		"SBIS has not answered yet": {},
		"SBIS does not have him":    {Asked: true},
		"SBIS has another box":      {Asked: true, Known: true, Boxes: []string{"2BE00000000000000000000000000000000"}},
		"SBIS has exactly the id":   {Asked: true, Known: true, Boxes: []string{"2BM-7736050003-773601001-201501010101"}},
	} {
		r := ready()
		r.Connection = seen
		if !AllPassed(r.Check()) {
			t.Errorf("%s: the hand-over is stopped", name)
		}
	}
}

// A missing or copied basis is reported as a warning and does not block the hand-over.
func TestMissingOrCopiedBasisIsAWarning(t *testing.T) {
	for name, change := range map[string]func(*Basis){
		"without a document":         func(b *Basis) { *b = Basis{None: true} },
		"no answer given":            func(b *Basis) { *b = Basis{} },
		"copied from an earlier act": func(b *Basis) { b.Taken = "акт № 3 от 12.11.2026" },
	} {
		r := ready()
		change(&r.Act.Basis)
		for where, checks := range map[string][]Check{"electronic": r.Check(), "on paper": r.PaperCheck()} {
			open := 0
			for _, c := range checks {
				if c.Title == "Основание" && c.Open && c.Text != "" {
					open++
				}
			}
			if open != 1 || !AllPassed(checks) {
				t.Errorf("%s, %s: %d lines, green %t", name, where, open, AllPassed(checks))
			}
		}
	}
}

func TestDatesOfAnAct(t *testing.T) {
	today := day(2026, 11, 30)
	last := Numbered{Number: "5", Date: day(2026, 11, 25)}
	invoice := func(date, to time.Time) Act {
		return Act{Date: date, To: to, Function: FunctionActAndInvoice, Medium: MediumElectronic}
	}
	for name, tt := range map[string]struct {
		act     Act
		last    Numbered
		message string // "" for no warning
		stop    bool
	}{
		"today":                          {Act{Date: today}, last, "", false},
		"tomorrow":                       {Act{Date: day(2026, 12, 1)}, last, "не наступила: сегодня 30.11.2026", true},
		"on the day of the last number":  {Act{Date: day(2026, 11, 25)}, last, "", false},
		"before the last number":         {Act{Date: day(2026, 11, 24)}, last, "№ 5 от 25.11.2026", false},
		"the act has its number already": {Act{Date: day(2026, 11, 24), Number: "4"}, last, "", false},
		"the first number of the year":   {Act{Date: day(2026, 11, 24)}, Numbered{}, "", false},
		"an invoice in time":             {invoice(day(2026, 11, 25), time.Time{}), Numbered{}, "", false},
		"an invoice on the sixth day":    {invoice(day(2026, 11, 24), time.Time{}), Numbered{}, "срок был 29.11.2026", false},
		"by the end of the period":       {invoice(today, day(2026, 10, 31)), Numbered{}, "срок был 05.11.2026", false},
		"a period that has just ended":   {invoice(today, day(2026, 11, 29)), Numbered{}, "", false},
		"an act that is no invoice":      {Act{Date: day(2026, 11, 1), Medium: MediumElectronic, Function: FunctionAct}, Numbered{}, "", false},
		"a paper act is no invoice":      {Act{Date: day(2026, 11, 1), Medium: MediumPaper, Function: FunctionActAndInvoice}, Numbered{}, "", false},
		"a corrected invoice":            {Act{Date: day(2026, 11, 1), Medium: MediumElectronic, Function: FunctionActAndInvoice, Correction: Correction{Number: "3", Date: today}}, Numbered{}, "", false},
	} {
		text, stop := "", false
		for _, c := range (Readiness{Act: tt.act, Last: tt.last, Today: today.Add(22 * time.Hour)}).dateChecks() {
			text, stop = text+c.Text, stop || !c.Open
		}
		if (text == "") != (tt.message == "") || !strings.Contains(text, tt.message) || stop != tt.stop {
			t.Errorf("%s: %q, stops %t", name, text, stop)
		}
	}
}

// Dates are compared in the portal's zone: in Vladivostok it is already the next day.
func TestTheFutureIsCountedInThePortalsZone(t *testing.T) {
	at := time.Date(2026, 11, 29, 20, 0, 0, 0, time.UTC)
	if FutureFault(day(2026, 11, 30), at) == "" || FutureFault(day(2026, 11, 30), at.In(time.FixedZone("VLAT", 10*60*60))) != "" {
		t.Error("the day of the portal does not count")
	}
}
