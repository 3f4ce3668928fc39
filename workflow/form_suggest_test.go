package workflow

import (
	"testing"

	"acts24/acts"
	"acts24/store"
)

// The suggested way of exchange is that of the counterparty's answer, else of its last act, else of the settings of our company.
func TestSuggestedWayOfExchange(t *testing.T) {
	paper := acts.Act{}
	paper.Medium, paper.Channel = "paper", "email"
	byPost := store.Answer{}
	byPost.Channel = "post"
	byEDO := store.Answer{}
	byEDO.Channel, byEDO.Participant, byEDO.Operator = "edo", "2BE1", "2BE"
	for name, tt := range map[string]struct {
		change        func(*store.DealDetails)
		kind, channel string
		participant   string
	}{
		"nothing is known":                {func(*store.DealDetails) {}, "electronic-company", "post", ""},
		"our company prefers paper":       {func(s *store.DealDetails) { s.Own[0].ActType, s.Own[0].ActChannel = "paper-company", "email" }, "paper-company", "email", ""},
		"the last act was on paper":       {func(s *store.DealDetails) { s.Acts = []acts.Act{paper} }, "paper-company", "email", ""},
		"it answered: by post":            {func(s *store.DealDetails) { s.Answers = []store.Answer{byPost} }, "paper-company", "post", ""},
		"the answer wins over an act":     {func(s *store.DealDetails) { s.Acts, s.Answers = []acts.Act{paper}, []store.Answer{byEDO} }, "electronic-company", "email", "2BE1"},
		"another deal's answer, asked so": {func(s *store.DealDetails) { s.Stored, s.Settings.Question.Once = &byPost, true }, "paper-company", "post", ""},
		"another deal's answer otherwise": {func(s *store.DealDetails) { s.Stored = &byPost }, "electronic-company", "post", ""},
	} {
		deal, own := formDeal()
		details := store.DealDetails{Deal: deal, Own: []store.OwnCompany{own}}
		tt.change(&details)
		f := Suggest(details, formToday)
		if f.Type != tt.kind || f.Channel != tt.channel || f.Participant != tt.participant {
			t.Errorf("%s: %s by %s, id %q; want %s by %s, id %q", name, f.Type, f.Channel, f.Participant, tt.kind, tt.channel, tt.participant)
		}
	}
}

func TestSuggestedLines(t *testing.T) {
	deal, own := formDeal()
	f := Suggest(store.DealDetails{Deal: deal, Own: []store.OwnCompany{own}}, formToday)
	if p := f.Picks[11]; !p.On || p.Quantity != "4" || len(f.Free) != 0 {
		t.Errorf("a deal with rows: %+v, %+v", f.Picks, f.Free)
	}
	deal.Rows[0].NeedsAct = false
	if f = Suggest(store.DealDetails{Deal: deal, Own: []store.OwnCompany{own}}, formToday); f.Picks[11].On {
		t.Error("a row that needs no act is chosen")
	}
	deal.Rows, deal.Amount = nil, 150050
	f = Suggest(store.DealDetails{Deal: deal, Own: []store.OwnCompany{own}}, formToday)
	if len(f.Free) != 1 || f.Free[0].Name != "Сделка" || f.Free[0].Quantity != "1" {
		t.Errorf("a deal without rows: %+v", f.Free)
	}
}

func TestChosenCompany(t *testing.T) {
	own := []store.OwnCompany{{ID: 1}, {ID: 2, AccountID: 5}, {ID: 3}}
	for name, tt := range map[string]struct {
		own  []store.OwnCompany
		want acts.CompanyID
		got  acts.CompanyID
	}{
		"the wanted one":               {own, 3, 3},
		"none is wanted":               {own, 0, 2},
		"the wanted one is gone":       {own, 9, 2},
		"none has an account":          {own[:1], 0, 1},
		"wanted although it has none":  {own, 1, 1},
		"the first of several at SBIS": {append(own[1:2:2], store.OwnCompany{ID: 4, AccountID: 6}), 0, 2},
	} {
		if c := ChosenCompany(tt.own, tt.want); c.ID != tt.got {
			t.Errorf("%s: %d, want %d", name, c.ID, tt.got)
		}
	}
}
