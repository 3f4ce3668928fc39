package main

import (
	"strings"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
)

// seedTestPortal returns a portal with the data of the sandbox.
func seedTestPortal(t *testing.T) *bitrix24test.Portal {
	t.Helper()
	p := bitrix24test.NewCloud(bitrix24test.App{}).AddPortal(bitrix24test.Config{MemberID: "seed"})
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	seedPortal(p)
	return p
}

func TestSeedNumbersAreValid(t *testing.T) {
	for _, p := range append(seedOwn(), seedClients()...) {
		if p.Bare || p.Name == "ООО «Опечатка»" {
			continue
		}
		kind := acts.PartyCompany
		if p.isPerson() {
			kind = acts.PartyPerson
		}
		for what, wrong := range map[string]string{"ИНН": acts.CheckINN(p.INN), "ОГРН": acts.CheckOGRN(p.OGRN, kind)} {
			if wrong != "" {
				t.Errorf("%s, %s: %s", p.Name, what, wrong)
			}
		}
		if wrong := acts.CheckKPP(p.KPP); wrong != "" && kind == acts.PartyCompany && p.Name != "ООО «Без КПП»" {
			t.Errorf("%s: %s", p.Name, wrong)
		}
		if len(accountOf(p)) != 20 {
			t.Errorf("%s: account %s", p.Name, accountOf(p))
		}
	}
}

func TestFirstTenDealsAreComplete(t *testing.T) {
	p := seedTestPortal(t)
	p.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_DEAL_ACTS_OPERATOR", Kind: "string"})
	p.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_DEAL_ACTS_PARTICIPANT", Kind: "string"})
	rates := map[string]bool{"22": true, "10": true, "7": true, "5": true, "0": true, "": true}
	for id := int64(1); id <= 10; id++ {
		deal := p.Item(bitrix24test.Deal, id)
		company := idOf(deal, "companyId")
		rq := p.RequisitesOf(bitrix24test.Company, company)
		if len(rq) != 1 || acts.CheckINN(textOf(rq[0], "RQ_INN")) != "" || len(p.AddressesOf(number(textOf(rq[0], "ID")))) != 1 {
			t.Fatalf("deal %d: requisites %v", id, rq)
		}
		if inn, sole := textOf(rq[0], "RQ_INN"), id%2 == 0; (len(inn) == 12) != sole {
			t.Errorf("deal %d is with the party of INN %s; want an ИП: %t", id, inn, sole)
		}
		if box := textOf(deal, "ufCrmDealActsParticipant"); !strings.HasPrefix(box, "2BE") || len(box) != 35 || textOf(deal, "ufCrmDealActsOperator") == "" {
			t.Errorf("deal %d: participant %q", id, box)
		}
		rows := p.Rows(bitrix24test.Deal, id)
		for _, r := range rows {
			if !rates[textOf(r, "taxRate")] {
				t.Errorf("deal %d has a rate that is not one of 2026: %v", id, r["taxRate"])
			}
		}
		if len(rows) == 0 || id == 1 && len(rows) < 3 {
			t.Errorf("deal %d has %d rows", id, len(rows))
		}
	}
}

func TestSeedHasTheOddCases(t *testing.T) {
	p := seedTestPortal(t)
	deals := p.Items(bitrix24test.Deal)
	if len(deals) != 30 {
		t.Fatalf("%d deals, want 30", len(deals))
	}
	var without, long, contactOnly, second int
	for _, d := range deals {
		n := len(p.Rows(bitrix24test.Deal, idOf(d, "id")))
		if n == 0 {
			without++
		}
		if n > 50 {
			long++
		}
		if idOf(d, "companyId") == 0 && idOf(d, "contactId") > 0 {
			contactOnly++
		}
		if idOf(d, "categoryId") == 1 {
			second++
		}
	}
	if without < 2 || long != 1 || contactOnly < 2 || second < 2 {
		t.Errorf("without rows %d, long %d, contact only %d, in the second pipeline %d", without, long, contactOnly, second)
	}
	if outsider, manager := p.MaySee(seedOutsider, bitrix24test.Deal, 30), p.MaySee(seedManager, bitrix24test.Deal, 30); outsider || !manager {
		t.Errorf("may see the last deal: the outsider %t, want false; the manager %t, want true", outsider, manager)
	}
	for _, category := range []int64{0, 1} {
		names := map[string]bool{}
		for _, s := range p.Stages(bitrix24test.Deal, category) {
			names[s.Name] = true
		}
		for _, name := range []string{"Подготовка акта", "Одобрено комиссией", "Акт направлен заявителю", "Услуга оказана", "Услуга оказана, есть замечания"} {
			if !names[name] {
				t.Errorf("pipeline %d lacks %q", category, name)
			}
		}
	}
}

func TestSeedIsTheSameTwice(t *testing.T) {
	first, second := Counterparties(), Counterparties()
	if len(first) == 0 || len(first) != len(second) {
		t.Fatalf("%d parties, then %d", len(first), len(second))
	}
	for i, c := range first {
		if c != second[i] || c.INN == "" {
			t.Errorf("party %d: %+v, then %+v", i, c, second[i])
		}
	}
	a, b := seedTestPortal(t).Items(bitrix24test.Deal), seedTestPortal(t).Items(bitrix24test.Deal)
	if len(a) == 0 || len(a) != len(b) {
		t.Fatalf("%d deals, then %d", len(a), len(b))
	}
	for i := range a {
		if a[i]["title"] != b[i]["title"] || a[i]["opportunity"] != b[i]["opportunity"] || a[i]["stageId"] != b[i]["stageId"] {
			t.Errorf("deal %d: %v, then %v", i+1, a[i], b[i])
		}
	}
}
