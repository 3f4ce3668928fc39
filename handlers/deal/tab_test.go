package deal

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/people"
	"acts24/views"
	"acts24/workflow"
)

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func visit(role roles.Role) web.Visit {
	return web.Visit{Visit: people.Visit{Portal: 7, Key: "7", User: 5, UserName: "Анна", Role: role, Grouped: true, Origin: "https://portal.example", Zone: "Europe/Moscow"}}
}

// testRow is a product row of ten pieces at 1,000 roubles, of which some are in acts.
func testRow(id acts.RowID, inActs int64) acts.ProductRow {
	row := acts.ProductRow{ID: id, CRM: 100 + int64(id), Name: "Работа", Quantity: decimal.NewFromInt(10), Price: decimal.NewFromInt(1000), Rate: acts.NoVAT,
		Unit: acts.Unit{Code: "796", Name: "шт"}, NeedsAct: true, InActs: decimal.NewFromInt(inActs)}
	row.ActTotals.Gross = acts.Kopecks(inActs * 100_000)
	return row
}

// testDetails is a deal with one row, our company and the given acts.
func testDetails(list ...acts.Act) store.DealDetails {
	return store.DealDetails{
		Deal: store.Deal{ID: 12, Title: "Выставка", Company: 3, Currency: "RUB", StageID: "C1:NEW",
			Buyer: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Ромашка»", INN: "7707083893", KPP: "770701001"}, Rows: []acts.ProductRow{testRow(1, 0)}},
		Own:      []store.OwnCompany{{ID: 1, CRM: 2, Party: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Наша»", INN: "7701010106"}}},
		Settings: store.Settings{Pipelines: []store.Pipeline{{Stages: []store.DealStage{{ID: "C1:NEW", Name: "Новая"}}}}},
		Acts:     list,
	}
}

func paper(id acts.ActID, status acts.Status) acts.Act {
	return acts.Act{ID: id, Deal: 12, Number: "5", Date: now, Medium: acts.MediumPaper, PartyKind: acts.PartyCompany, Status: status, Buyer: testBuyer}
}

var testBuyer = acts.Party{Kind: acts.PartyCompany, Name: "ООО «Ромашка»", INN: "7707083893"}

func bannerIDs(list []views.Banner) (ids []string) {
	for _, n := range list {
		ids = append(ids, n.TestID)
	}
	return ids
}

func TestDealView(t *testing.T) {
	suggested := workflow.Suggest(testDetails(), now)
	queued := paper(9, acts.StatusDraft)
	queued.Medium, queued.Delivery = acts.MediumElectronic, acts.DeliveryQueued
	for name, tt := range map[string]struct {
		in   dealInput
		want func(m views.DealTab) bool
	}{
		"the card of the deal": {dealInput{details: testDetails()}, func(m views.DealTab) bool {
			return m.Deal == "12" && m.HasOwn && m.Settings == "/p/7/settings/companies"
		}},
		"no company of ours": {dealInput{details: store.DealDetails{Deal: store.Deal{ID: 12}}}, func(m views.DealTab) bool { return !m.HasOwn && m.Form.Action == "" }},
		"acts in the order of the store": {dealInput{details: testDetails(paper(4, acts.StatusSent), paper(3, acts.StatusSigned))}, func(m views.DealTab) bool {
			return len(m.Acts) == 2 && m.Acts[0].Href == "/p/7/acts/4" && m.Acts[1].Status.Tone == "success"
		}},
		"a delivery is running":     {dealInput{details: testDetails(queued)}, func(m views.DealTab) bool { return m.Busy }},
		"nothing is running":        {dealInput{details: testDetails(paper(4, acts.StatusSent))}, func(m views.DealTab) bool { return !m.Busy }},
		"a question is queued":      {dealInput{details: asked(store.QuestionQueued)}, func(m views.DealTab) bool { return m.Busy && m.Exchange.State.Text == "отправляется" }},
		"a question was sent":       {dealInput{details: asked(store.QuestionSent)}, func(m views.DealTab) bool { return !m.Busy && m.Exchange.CanWithdraw }},
		"the portal did not answer": {dealInput{details: testDetails(), page: dealPage{stale: "Портал не ответил."}}, func(m views.DealTab) bool { return m.Stale != "" }},
		"the form of a new act": {dealInput{details: testDetails(), form: suggested}, func(m views.DealTab) bool {
			return m.Form.Action == "/p/7/deals/12/acts" && m.Form.Mark != "" && len(m.Form.Rows) == 1
		}},
		"checks need an account": {dealInput{details: testDetails(), form: suggested}, func(m views.DealTab) bool { return !m.Green && len(m.Checks) > 0 && len(m.PaperChecks) > 0 }},
		"an edited draft has its address": {dealInput{details: testDetails(), form: suggested, page: edited(false)}, func(m views.DealTab) bool {
			return m.Form.Action == "/p/7/acts/4/edit" && m.Form.Mark == "" && m.Exchange == nil
		}},
		"a viewer gets no form": {dealInput{visit: visit(roles.RoleViewer), details: testDetails()}, func(m views.DealTab) bool { return m.ReadOnly && m.Form.Action == "" }},
		"a viewer presses no buttons": {dealInput{visit: visit(roles.RoleViewer), details: closed()}, func(m views.DealTab) bool {
			return slices.Equal(bannerIDs(m.Banners), []string{"deal-closed"}) && m.Banners[0].Buttons == nil
		}},
		"a worker reopens the remainder": {dealInput{details: closed()}, func(m views.DealTab) bool { return m.Banners[0].Buttons[0].Href == "/p/7/deals/12/reopen" }},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.in.visit.Portal == 0 {
				tt.in.visit = visit(roles.RoleWorker)
			}
			tt.in.now = now
			if m := dealView(tt.in); !tt.want(m) {
				t.Errorf("%+v", m)
			}
		})
	}
}

func asked(state store.QuestionState) store.DealDetails {
	details := testDetails()
	details.Question = &store.Question{State: state, Address: "buyer@example.org"}
	return details
}

func closed() store.DealDetails {
	details := testDetails()
	details.Deal.Rows[0].Closed, details.Deal.Rows[0].Closing = details.Deal.Rows[0].Quantity, acts.Closing{Reason: "Остаток не нужен.", By: "Анна"}
	return details
}

func edited(numbered bool) dealPage {
	return dealPage{edit: &views.EditedAct{ID: "4"}, action: "/p/7/acts/4/edit", numbered: numbered}
}

// A number that an act has is not typed again.
func TestNumberOfAnEditedDraft(t *testing.T) {
	details := testDetails()
	details.Own[0].Manual = true
	for numbered, want := range map[bool]bool{false: true, true: false} {
		m := dealView(dealInput{visit: visit(roles.RoleWorker), details: details, now: now, form: workflow.Suggest(details, now), page: edited(numbered)})
		if m.Form.Manual != want {
			t.Errorf("numbered %t: the number is typed: %t", numbered, m.Form.Manual)
		}
	}
}

func TestDealBanners(t *testing.T) {
	other := paper(4, acts.StatusSent)
	other.Buyer.INN = "5003052454"
	for name, tt := range map[string]struct {
		change func(*store.DealDetails)
		want   []string
	}{
		"nothing happened":                   {func(*store.DealDetails) {}, nil},
		"the deal is lost, drafts are left":  {func(s *store.DealDetails) { s.Deal.Semantics, s.Acts = "F", []acts.Act{paper(4, acts.StatusDraft)} }, []string{"deal-lost"}},
		"the deal is lost, no draft is left": {func(s *store.DealDetails) { s.Deal.Semantics, s.Acts = "F", []acts.Act{paper(4, acts.StatusSent)} }, nil},
		"the deal has another counterparty":  {func(s *store.DealDetails) { s.Acts = []acts.Act{other} }, []string{"other-buyer-4"}},
		"an annulled act does not matter": {func(s *store.DealDetails) {
			other := other
			other.Status = acts.StatusAnnulled
			s.Acts = []acts.Act{other}
		}, nil},
		"the remainder is closed":       {func(s *store.DealDetails) { s.Deal.Rows[0].Closed = s.Deal.Rows[0].Quantity }, []string{"deal-closed"}},
		"a deal without rows is closed": {func(s *store.DealDetails) { s.Deal.Rows, s.Deal.Closing.Reason = nil, "Не нужен" }, []string{"deal-closed"}},
		"its sum has grown since": {func(s *store.DealDetails) {
			s.Deal.Rows, s.Deal.Closing.Reason, s.Deal.ClosedAmount = nil, "Не нужен", s.Deal.Amount-1
		}, nil},
		"the deal stands on another stage":    {func(s *store.DealDetails) { elsewhere(s, "C1:SENT") }, []string{"deal-elsewhere"}},
		"the deal stands where its acts do":   {func(s *store.DealDetails) { elsewhere(s, "C1:NEW") }, nil},
		"the stage of the acts is not mapped": {func(s *store.DealDetails) { elsewhere(s, "") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			details := testDetails()
			tt.change(&details)
			if got := bannerIDs(dealBanners(visit(roles.RoleWorker), details)); !slices.Equal(got, tt.want) {
				t.Errorf("%q; want %q", got, tt.want)
			}
		})
	}
}

// elsewhere is a deal that was not moved to the stage of its sent act.
func elsewhere(s *store.DealDetails, mapped string) {
	s.Deal.StageNote, s.Acts = "Сделку перенёс сотрудник.", []acts.Act{paper(4, acts.StatusSent)}
	s.Settings.Pipelines[0].Mapped = acts.Pipeline{}
	for _, stage := range acts.MappedStages {
		s.Settings.Pipelines[0].Mapped[stage] = mapped
	}
}

func TestMissingWords(t *testing.T) {
	for name, tt := range map[string]struct {
		deal     store.Deal
		list     []acts.Act
		settings store.Settings
		want     string
	}{
		"everything is covered and signed":   {store.Deal{Rows: []acts.ProductRow{testRow(1, 10)}}, []acts.Act{paper(1, acts.StatusSigned)}, store.Settings{}, ""},
		"accepted without a signature":       {store.Deal{Rows: []acts.ProductRow{testRow(1, 10)}}, []acts.Act{paper(1, acts.StatusAcceptedUnsigned)}, store.Settings{}, ""},
		"an act is not signed":               {store.Deal{Rows: []acts.ProductRow{testRow(1, 10)}}, []acts.Act{paper(1, acts.StatusSent)}, store.Settings{}, "нужна подпись 1\u00a0акта"},
		"an annulled act is not waited for":  {store.Deal{Rows: []acts.ProductRow{testRow(1, 10)}}, []acts.Act{paper(1, acts.StatusAnnulled)}, store.Settings{}, ""},
		"a row is left":                      {store.Deal{Rows: []acts.ProductRow{testRow(1, 4)}}, nil, store.Settings{}, "нужен акт на оставшиеся 6\u00a0000"},
		"a row is left, in another currency": {store.Deal{Currency: "CNY", Rows: []acts.ProductRow{testRow(1, 4)}}, nil, store.Settings{}, "нужен акт на остальные позиции"},
		"a row is left, and that is enough":  {store.Deal{Rows: []acts.ProductRow{testRow(1, 4)}}, nil, store.Settings{DoneByFormed: true}, ""},
		"a person moved the deal":            {store.Deal{StageNote: "Сделку перенёс сотрудник."}, []acts.Act{paper(1, acts.StatusSent)}, store.Settings{}, "Сделку перенёс сотрудник. По актам сделке место на стадии"},
		"the portal moves the deal":          {store.Deal{StageNote: "Сделку перенёс сотрудник."}, []acts.Act{paper(1, acts.StatusSent)}, store.Settings{PortalMoves: true}, "нужна подпись 1\u00a0акта"},
	} {
		t.Run(name, func(t *testing.T) {
			got := missingWords(tt.deal, tt.list, tt.settings)
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%q; want %q", got, tt.want)
			}
		})
	}
}
