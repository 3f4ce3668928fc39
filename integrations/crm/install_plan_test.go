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

// An installed portal needs nothing, and a second installation writes nothing.
func TestNothingIsMissing(t *testing.T) {
	b := newBench(t)
	if plan := b.plan(); len(plan) != 0 {
		t.Errorf("the plan of an installed portal: %v", plan)
	}
	b.Trace().Reset()
	made, err := b.install()
	if err != nil || len(made.Made[workflow.PartFields])+len(made.Made[workflow.PartPlaces])+len(made.Made[workflow.PartEvents]) != 0 {
		t.Errorf("%+v, %v", made.Made, err)
	}
	for _, l := range b.Trace().Lines() {
		if strings.HasSuffix(l.Method, ".add") || strings.HasSuffix(l.Method, ".bind") || strings.HasSuffix(l.Method, ".update") {
			t.Errorf("%s was called", l.Method)
		}
	}
}

// What people deleted is planned and created again by name; what they renamed stays.
func TestPlanOfARepair(t *testing.T) {
	stage := func(b *bench, status acts.Status) string { return b.kept.ItemStage(status) }
	for name, tt := range map[string]struct {
		lose func(b *bench)
		part workflow.InstallPart
		want string // "" when nothing is planned, several parts are separated by ;
	}{
		"a field of deals": {func(b *bench) { b.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE") }, workflow.PartFields, "поле «Способ обмена актами» сделки"},
		"a field of acts": {func(b *bench) {
			b.DropUserField(fmt.Sprintf("CRM_%d", b.kept.TypeID), fmt.Sprintf("UF_CRM_%d_NUMBER", b.kept.TypeID))
		},
			workflow.PartFields, "поле «Номер акта» акта"},
		"the menu item":     {func(b *bench) { b.DropPlacements("LEFT_MENU") }, workflow.PartPlaces, "пункт меню «Реестр актов»;пункт меню «Сделки без актов»"},
		"the tab of a deal": {func(b *bench) { b.DropPlacements("CRM_DEAL_DETAIL_TAB") }, workflow.PartPlaces, "вкладка «Акты» сделки"},
		"a stage of acts":   {func(b *bench) { b.DropStage(int(b.kept.EntityTypeID), stage(b, acts.StatusAnnulled)) }, workflow.PartStages, "стадия актов «Аннулирован»"},
		"a renamed stage": {func(b *bench) {
			b.RenameStage(int(b.kept.EntityTypeID), stage(b, acts.StatusSent), "У заявителя")
		}, workflow.PartStages, ""},
		"another address of ours": {func(b *bench) {
			b.bind("LEFT_MENU", "https://old.example.ru/placement/menu")
		}, workflow.PartPlaces, "лишнее место LEFT_MENU убрано"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			tt.lose(b)
			plan := b.plan()
			want := strings.Split(tt.want, ";")
			if tt.want == "" {
				want = nil
			}
			if !slices.Equal(plan[tt.part], want) || len(plan) > 1 {
				t.Errorf("plan %v, want %v", plan, want)
			}
			if _, err := b.install(); err != nil {
				t.Fatal(err)
			}
			if plan := b.plan(); len(plan) != 0 {
				t.Errorf("after the repair: %v", plan)
			}
		})
	}
}

// bind embeds the app at a placement as an administrator.
func (b *bench) bind(code, handler string) {
	b.t.Helper()
	b.DropPlacements(code)
	for _, h := range []string{handler, "https://acts.example.ru/placement/menu", "https://acts.example.ru/placement/deals"} {
		if r, err := b.Call(b.Admin(), "placement.bind", fields{"PLACEMENT": code, "HANDLER": h, "TITLE": "Акты"}); err != nil || r.Failed() {
			b.t.Fatal(r.Body, err)
		}
	}
}

// All subscriptions to events are created again after an update of the app removed them.
func TestEventsAreBoundAgain(t *testing.T) {
	b := newBench(t)
	before := len(b.Handlers())
	b.DropHandlers()
	if plan := b.plan(); before == 0 || len(plan[workflow.PartEvents]) != before {
		t.Errorf("%d subscriptions planned, want %d", len(plan[workflow.PartEvents]), before)
	}
	if _, err := b.install(); err != nil || len(b.Handlers()) != before {
		t.Errorf("%d subscriptions, %v", len(b.Handlers()), err)
	}
}

// A portal with more user fields and own companies than a page of 50 holds is read to the end.
func TestSurveyReadsAllPages(t *testing.T) {
	b := newBench(t)
	for n := range 120 {
		b.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: fmt.Sprintf("UF_CRM_17%08d", n), Kind: "string"})
	}
	for n := range 60 {
		b.requisite(b.AddItem(bitrix24test.Company, fields{"title": fmt.Sprint("Наша ", n), "isMyCompany": "Y"}), fmt.Sprintf("77%08d", n))
	}
	if plan := b.plan(); len(plan) != 0 {
		t.Errorf("our fields are behind the first page, and the plan is %v", plan)
	}
	made, err := b.install()
	if err != nil || len(made.Companies) != 60 {
		t.Fatalf("%d own companies, %v", len(made.Companies), err)
	}
	for n, c := range made.Companies {
		if c.Party.INN == "" || c.Party.Address == "" || c.RequisiteID == 0 {
			t.Errorf("own company %d: %+v", n, c.Party)
		}
	}
}

// Each requisite of an own company is a seller of its own, with the signer that it names.
func TestOwnCompanies(t *testing.T) {
	b := newBench(t)
	two := b.AddItem(bitrix24test.Company, fields{"title": "Две", "isMyCompany": "Y"})
	b.requisite(two, "7707083893")
	second := b.requisite(two, "7736050003")
	b.ChangeRequisite(second, fields{"SORT": 100, "RQ_DIRECTOR": "Иванов Иван Иванович", "RQ_CEO_WORK_POS": "Директор", "RQ_BASE_DOC": "Доверенность 5"})
	b.AddItem(bitrix24test.Company, fields{"title": "Без реквизитов", "isMyCompany": "Y"})
	made, err := b.install()
	if err != nil || len(made.Companies) != 3 {
		t.Fatalf("%+v, %v", made.Companies, err)
	}
	if c := made.Companies[0]; c.Party.INN != "7736050003" || c.Signer.Last != "Иванов" || c.Signer.Position != "Директор" || c.Signer.Ground != "Доверенность 5" {
		t.Errorf("the requisite with the least SORT comes first: %+v, %+v", c.Party, c.Signer)
	}
	if c := made.Companies[1]; c.Party.INN != "7707083893" || c.Signer.Last != "" || c.Signer.Position != "Генеральный директор" || c.Signer.Ground != "Устав" {
		t.Errorf("without a signer: %+v, %+v", c.Party, c.Signer)
	}
	if c := made.Companies[2]; c.RequisiteID != 0 || !c.Party.NoPreset || c.Party.Name != "Без реквизитов" {
		t.Errorf("without requisites: %+v", c)
	}
}

// A portal that does not answer about rights or the calendar is installed all the same.
func TestOptionalAnswers(t *testing.T) {
	b := newBench(t)
	for _, method := range []string{"scope", "calendar.settings.get"} {
		b.fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Method: method, Status: 403, Code: "insufficient_scope"})
	}
	if made, err := b.install(); err != nil || made.Calendar.WorkStart != "" {
		t.Errorf("calendar %+v, %v", made.Calendar, err)
	}
	b.fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Method: "event.get", Status: 403, Code: "ACCESS_DENIED"})
	if _, err := b.install(); err == nil {
		t.Error("subscriptions are not readable, and the installation succeeds")
	}
}

// A new stage is placed after our nearest preceding stage, else before the nearest following one, else last; always before the final stages.
func TestNewStagePosition(t *testing.T) {
	stages := []bitrix24.Status{{StatusID: "NEW", Sort: 10}, {StatusID: "PREP", Sort: 20}, {StatusID: "SENT", Sort: 40}, {StatusID: "WON", Sort: 60, Semantics: "S"}}
	for name, tt := range map[string]struct {
		mapped      acts.Pipeline
		stage       acts.Stage
		place, sort int
	}{
		"after the one before it":  {acts.Pipeline{acts.StagePreparing: "PREP", acts.StageSent: "SENT"}, acts.StageApproved, 2, 21},
		"before the one after it":  {acts.Pipeline{acts.StageSent: "SENT"}, acts.StagePreparing, 2, 21},
		"last without any of ours": {acts.Pipeline{}, acts.StageDone, 3, 41},
		"first of all":             {acts.Pipeline{acts.StageSent: "NEW"}, acts.StagePreparing, 0, 1},
	} {
		if place, sort := newStagePosition(stages, tt.mapped, tt.stage); place != tt.place || sort != tt.sort {
			t.Errorf("%s: place %d, sort %d; want %d, %d", name, place, sort, tt.place, tt.sort)
		}
	}
	if place, sort := newStagePosition(stages[3:], acts.Pipeline{}, acts.StageDone); place != 0 || sort != 1 {
		t.Errorf("a pipeline with final stages only: place %d, sort %d", place, sort)
	}
}

// Missing stages are added to the pipelines that the administrator chose, before the successful stage.
func TestStagesOfDeals(t *testing.T) {
	b := newBench(t)
	i := b.adapter().installer(b.client, b.kept)
	err := i.install(t.Context(), workflow.InstallOptions{
		Stages: func(found []store.Pipeline) []workflow.StageDraft {
			return []workflow.StageDraft{{Pipeline: found[0].ID, Missing: []acts.Stage{acts.StagePreparing, acts.StageSent}, Mapped: acts.Pipeline{acts.StageDone: "WON"}}}
		},
		Report: b.noReport,
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range b.Stages(bitrix24test.Deal, 0) {
		names = append(names, s.Name)
	}
	want := []string{"Новая", "В работе", acts.StagePreparing.Name(), acts.StageSent.Name(), "Сделка успешна", "Сделка провалена"}
	if !slices.Equal(names, want) {
		t.Errorf("the pipeline is %q, want %q", names, want)
	}
	if plan := i.planText[workflow.PartDeals]; len(plan) != 2 || !strings.Contains(plan[0], "в воронке «Общая»") {
		t.Errorf("the report: %v", plan)
	}
}
