package crm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store"
	"acts24/workflow"
)

// The plan of an installed portal is empty, and a second installation writes nothing.
func TestSecondInstallationWritesNothing(t *testing.T) {
	portal := newTestPortal(t)
	if plan := portal.plan(); len(plan) != 0 {
		t.Errorf("the plan of an installed portal is %v, want none", plan)
	}
	portal.Trace().Reset()
	made, err := portal.install()
	if err != nil || len(made.Made[workflow.PartFields])+len(made.Made[workflow.PartPlaces])+len(made.Made[workflow.PartEvents]) != 0 {
		t.Errorf("the second installation made %+v, %v; want no fields, places and events", made.Made, err)
	}
	for _, l := range portal.Trace().Lines() {
		if strings.HasSuffix(l.Method, ".add") || strings.HasSuffix(l.Method, ".bind") || strings.HasSuffix(l.Method, ".update") {
			t.Errorf("the second installation called %s, want only reads", l.Method)
		}
	}
}

// What people deleted is planned and created again by name; what they renamed stays.
func TestPlanOfARepair(t *testing.T) {
	stage := func(portal *testPortal, status acts.Status) string { return portal.record.ItemStage(status) }
	for name, tt := range map[string]struct {
		change func(portal *testPortal)
		part   workflow.InstallPart
		want   []string
	}{
		"a field of deals": {func(portal *testPortal) { portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE") }, workflow.PartFields, []string{"поле «Способ обмена актами» сделки"}},
		"a field of acts": {func(portal *testPortal) {
			portal.DropUserField(fmt.Sprintf("CRM_%d", portal.record.TypeID), fmt.Sprintf("UF_CRM_%d_NUMBER", portal.record.TypeID))
		}, workflow.PartFields, []string{"поле «Номер акта» акта"}},
		"the menu item":     {func(portal *testPortal) { portal.DropPlacements("LEFT_MENU") }, workflow.PartPlaces, []string{"пункт меню «Реестр актов»", "пункт меню «Сделки без актов»"}},
		"the tab of a deal": {func(portal *testPortal) { portal.DropPlacements("CRM_DEAL_DETAIL_TAB") }, workflow.PartPlaces, []string{"вкладка «Акты» сделки"}},
		"a stage of acts": {func(portal *testPortal) {
			portal.DropStage(int(portal.record.EntityTypeID), stage(portal, acts.StatusAnnulled))
		}, workflow.PartStages, []string{"стадия актов «Аннулирован»"}},
		"a renamed stage": {func(portal *testPortal) {
			portal.RenameStage(int(portal.record.EntityTypeID), stage(portal, acts.StatusSent), "У заявителя")
		}, workflow.PartStages, nil},
		"a menu item at an old address": {func(portal *testPortal) {
			portal.bindMenu("https://old.example.ru/placement/menu")
		}, workflow.PartPlaces, []string{"лишнее место LEFT_MENU убрано"}},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			tt.change(portal)
			plan := portal.plan()
			if !slices.Equal(plan[tt.part], tt.want) || len(plan) > 1 {
				t.Errorf("the plan is %v, want only %v of %s", plan, tt.want, tt.part)
			}
			if _, err := portal.install(); err != nil {
				t.Fatal(err)
			}
			if plan := portal.plan(); len(plan) != 0 {
				t.Errorf("the plan after the repair is %v, want none", plan)
			}
		})
	}
}

// bindMenu binds our two menu items again, and one more at an old address of the app.
func (portal *testPortal) bindMenu(oldAddress string) {
	portal.t.Helper()
	portal.DropPlacements("LEFT_MENU")
	for _, h := range []string{oldAddress, "https://acts.example.ru/placement/menu", "https://acts.example.ru/placement/deals"} {
		if r, err := portal.Call(portal.Admin(), "placement.bind", fields{"PLACEMENT": "LEFT_MENU", "HANDLER": h, "TITLE": "Акты"}); err != nil || r.Failed() {
			portal.t.Fatal(r.Body, err)
		}
	}
}

// All subscriptions to events are created again after an update of the app removed them.
func TestEventsAreBoundAgain(t *testing.T) {
	portal := newTestPortal(t)
	before := len(portal.Handlers())
	portal.DropHandlers()
	if plan := portal.plan(); before == 0 || len(plan[workflow.PartEvents]) != before {
		t.Errorf("%d subscriptions planned, want %d", len(plan[workflow.PartEvents]), before)
	}
	if _, err := portal.install(); err != nil || len(portal.Handlers()) != before {
		t.Errorf("%d subscriptions after the repair, %v; want %d", len(portal.Handlers()), err, before)
	}
}

// A portal with more user fields and own companies than a page of 50 holds is read to the end. Fields are read in the order of their creation,
// so ours are created again behind the others.
func TestSurveyReadsAllPages(t *testing.T) {
	portal := newTestPortal(t)
	for _, f := range portal.UserFields("CRM_DEAL") {
		portal.DropUserField("CRM_DEAL", f.Name)
	}
	for n := range 120 {
		portal.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: fmt.Sprintf("UF_CRM_17%08d", n), Kind: "string"})
	}
	if _, err := portal.install(); err != nil {
		t.Fatal(err)
	}
	for n := range 60 {
		portal.addCompanyRequisite(portal.AddItem(bitrix24test.Company, fields{"title": fmt.Sprint("Наша ", n), "isMyCompany": "Y"}), fmt.Sprintf("77%08d", n))
	}
	if plan := portal.plan(); len(plan) != 0 {
		t.Errorf("the plan is %v, want none: our fields are behind the first page", plan)
	}
	made, err := portal.install()
	if err != nil || len(made.Companies) != 60 {
		t.Fatalf("%d own companies, %v; want 60", len(made.Companies), err)
	}
	for n, c := range made.Companies {
		if c.Party.INN == "" || c.Party.Address == "" || c.RequisiteID == 0 {
			t.Errorf("own company %d is %+v with requisite %d, want an INN, an address and a requisite", n, c.Party, c.RequisiteID)
		}
	}
}

// Each requisite of an own company is a seller of its own, with the signer that it names.
func TestOwnCompanies(t *testing.T) {
	portal := newTestPortal(t)
	two := portal.AddItem(bitrix24test.Company, fields{"title": "Две", "isMyCompany": "Y"})
	portal.addCompanyRequisite(two, "7707083893")
	second := portal.addCompanyRequisite(two, "7736050003")
	portal.ChangeRequisite(second, fields{"SORT": 100, "RQ_DIRECTOR": "Иванов Иван Иванович", "RQ_CEO_WORK_POS": "Директор", "RQ_BASE_DOC": "Доверенность 5"})
	portal.AddItem(bitrix24test.Company, fields{"title": "Без реквизитов", "isMyCompany": "Y"})
	made, err := portal.install()
	if err != nil || len(made.Companies) != 3 {
		t.Fatalf("the own companies are %+v, %v; want three", made.Companies, err)
	}
	if c := made.Companies[0]; c.Party.INN != "7736050003" || c.Signer.Last != "Иванов" || c.Signer.Position != "Директор" || c.Signer.Ground != "Доверенность 5" {
		t.Errorf("the first company is %+v with the signer %+v, want the requisite with the least SORT and the director that it names", c.Party, c.Signer)
	}
	if c := made.Companies[1]; c.Party.INN != "7707083893" || c.Signer.Last != "" || c.Signer.Position != "Генеральный директор" || c.Signer.Ground != "Устав" {
		t.Errorf("the second company is %+v with the signer %+v, want INN 7707083893 and a nameless Генеральный директор by Устав", c.Party, c.Signer)
	}
	if c := made.Companies[2]; c.RequisiteID != 0 || !c.Party.NoPreset || c.Party.Name != "Без реквизитов" {
		t.Errorf("the third company is %+v, want «Без реквизитов» without requisites", c)
	}
}

// A portal that refuses to name rights or the calendar is installed all the same; without its subscriptions it is not.
func TestInstallationWithRefusedReads(t *testing.T) {
	portal := newTestPortal(t)
	for _, method := range []string{"scope", "calendar.settings.get"} {
		portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultRefuse, Method: method, Status: 403, Code: "insufficient_scope"})
	}
	if made, err := portal.install(); err != nil || made.Calendar.WorkStart != "" {
		t.Errorf("the installation returned the calendar %+v, %v; want an unknown calendar and no error", made.Calendar, err)
	}
	portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultRefuse, Method: "event.get", Status: 403, Code: "ACCESS_DENIED"})
	if _, err := portal.install(); err == nil {
		t.Error("the installation succeeds although subscriptions are not readable, want an error")
	}
}

// A new stage is placed after our nearest preceding stage, else before the nearest following one, else last; always before the final stages.
func TestNewStagePosition(t *testing.T) {
	stages := []bitrix24.Status{{StatusID: "NEW", Sort: 10}, {StatusID: "PREP", Sort: 20}, {StatusID: "SENT", Sort: 40}, {StatusID: "WON", Sort: 60, Semantics: "S"}}
	for name, tt := range map[string]struct {
		mapped      acts.Pipeline
		stage       acts.Stage
		index, sort int
	}{
		"after the one before it":  {acts.Pipeline{acts.StagePreparing: "PREP", acts.StageSent: "SENT"}, acts.StageApproved, 2, 21},
		"before the one after it":  {acts.Pipeline{acts.StageSent: "SENT"}, acts.StagePreparing, 2, 21},
		"last without any of ours": {acts.Pipeline{}, acts.StageDone, 3, 41},
		"first of all":             {acts.Pipeline{acts.StageSent: "NEW"}, acts.StagePreparing, 0, 1},
	} {
		if index, sort := newStagePosition(stages, tt.mapped, tt.stage); index != tt.index || sort != tt.sort {
			t.Errorf("%s: index %d, sort %d; want %d, %d", name, index, sort, tt.index, tt.sort)
		}
	}
	if index, sort := newStagePosition(stages[3:], acts.Pipeline{}, acts.StageDone); index != 0 || sort != 1 {
		t.Errorf("a pipeline with final stages only: index %d, sort %d; want 0, 1", index, sort)
	}
}

// Missing stages are added to the pipelines that the administrator chose, before the successful stage.
func TestMissingDealStagesAreCreated(t *testing.T) {
	portal := newTestPortal(t)
	i := portal.adapter().installer(portal.client, portal.record)
	err := i.install(t.Context(), workflow.InstallOptions{
		Stages: func(found []store.Pipeline) []workflow.StageDraft {
			return []workflow.StageDraft{{Pipeline: found[0].ID, Missing: []acts.Stage{acts.StagePreparing, acts.StageSent}, Mapped: acts.Pipeline{acts.StageDone: "WON"}}}
		},
		Report: ignoreProgress,
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range portal.Stages(bitrix24test.Deal, 0) {
		names = append(names, s.Name)
	}
	want := []string{"Новая", "В работе", acts.StagePreparing.Name(), acts.StageSent.Name(), "Сделка успешна", "Сделка провалена"}
	if !slices.Equal(names, want) {
		t.Errorf("the pipeline is %q, want %q", names, want)
	}
	if plan := i.planText[workflow.PartDeals]; len(plan) != 2 || !strings.Contains(plan[0], "в воронке «Общая»") {
		t.Errorf("the texts of the created stages are %v, want two that name the pipeline", plan)
	}
}
