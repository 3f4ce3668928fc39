package acts

import "testing"

// ready is an act that nothing stops.
func ready() Readiness {
	return Readiness{Account: true, SellerEDO: "2BE0123456789abcdef0123456789abcdef", Connection: Connection{Asked: true, Known: true},
		Act: Act{Medium: Electronic, PartyKind: Company, Function: ActOnly,
			Seller: Party{Kind: Company, Name: "ООО «Мы»", INN: "7707083893", KPP: "773601001"},
			Buyer:  Party{Kind: Company, Name: "ООО «Они»", INN: "7736050003", KPP: "773601001", Participant: "2BM-7736050003-773601001-201501010101"},
			Signer: Signer{Last: "Иванов", First: "Иван", Position: "Директор"}}}
}

func TestReadyIsGreen(t *testing.T) {
	if checks := ready().Check(); !Green(checks) {
		t.Errorf("not green: %+v", checks)
	}
}

func TestEveryFailedCheckSaysWhoMends(t *testing.T) {
	for name, spoil := range map[string]func(*Readiness){
		"a typing error in the INN":         func(r *Readiness) { r.Act.Buyer.INN = "7736050004" },
		"no KPP of a legal entity":          func(r *Readiness) { r.Act.Buyer.KPP = "" },
		"no requisites at all":              func(r *Readiness) { r.Act.Buyer.NoPreset = true },
		"our own KPP is missing":            func(r *Readiness) { r.Act.Seller.KPP = "" },
		"an ИП type for a legal entity":     func(r *Readiness) { r.Act.PartyKind = Person },
		"no signer":                         func(r *Readiness) { r.Act.Signer = Signer{} },
		"no position":                       func(r *Readiness) { r.Act.Signer.Position = "" },
		"no participant id":                 func(r *Readiness) { r.Act.Buyer.Participant = "" },
		"a participant id of a wrong shape": func(r *Readiness) { r.Act.Buyer.Participant = "2BE123" },
		"no account":                        func(r *Readiness) { r.Account = false },
		"no participant id of ours":         func(r *Readiness) { r.SellerEDO = "" },
		"an invoice without an address":     func(r *Readiness) { r.Act.Function = ActAndInvoice },
		"a rate of another year":            func(r *Readiness) { r.Act.Date, r.Act.Lines = day(2026, 11, 23), []Line{{Rate: "20"}} },
		"a wrong ОГРН":                      func(r *Readiness) { r.Act.Buyer.OGRN = "1027700132190" },
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
					t.Errorf("%s does not say what is wrong, who mends it and where: %+v", c.Title, c)
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
		"not asked yet":             {},
		"SBIS does not know him":    {Asked: true},
		"SBIS knows another box":    {Asked: true, Known: true, Boxes: []string{"2BE00000000000000000000000000000000"}},
		"SBIS knows exactly the id": {Asked: true, Known: true, Boxes: []string{"2BM-7736050003-773601001-201501010101"}},
	} {
		r := ready()
		r.Connection = seen
		if !Green(r.Check()) {
			t.Errorf("%s: the hand-over is stopped", name)
		}
	}
}
