package settings

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/views"
	"acts24/workflow"
	"acts24/workflow/setup"
)

var today = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)

func visit() web.Visit {
	return web.Visit{Visit: people.Visit{Portal: 7, Key: "7", User: 5, Role: roles.RoleAdministrator, Grouped: true, Origin: "https://portal.example", Zone: "Europe/Moscow", EntityType: 1040}}
}

func mapped(lost ...acts.Stage) store.Pipeline {
	p := store.Pipeline{ID: 1, Name: "Продажи", Stages: []store.DealStage{{ID: "NEW", Name: "Новая"}, {ID: "DONE", Name: "Оказана"}}, Mapped: acts.Pipeline{}, Lost: map[acts.Stage]string{}}
	for _, s := range acts.MappedStages {
		p.Mapped[s] = "NEW"
	}
	for _, s := range lost {
		p.Lost[s] = "Старая"
	}
	return p
}

func TestStagesMapped(t *testing.T) {
	for name, tt := range map[string]struct {
		pipelines []store.Pipeline
		want      bool
	}{
		"no pipeline":             {nil, false},
		"nothing is mapped":       {[]store.Pipeline{{}}, false},
		"one is mapped":           {[]store.Pipeline{{}, mapped()}, true},
		"one has lost a stage":    {[]store.Pipeline{mapped(), mapped(acts.StageDone)}, false},
		"one is mapped in part":   {[]store.Pipeline{{Mapped: acts.Pipeline{acts.StageDone: "DONE"}}}, false},
		"the only one lost stage": {[]store.Pipeline{mapped(acts.StageDone)}, false},
	} {
		if got := stagesMapped(store.Settings{Pipelines: tt.pipelines}); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestCompaniesReady(t *testing.T) {
	ready := store.OwnCompany{AccountID: 1, Party: acts.Party{INN: "7701010106", Participant: "2BE"}, Signer: acts.Signer{Last: "Иванов"}}
	change := func(c func(*store.OwnCompany)) store.OwnCompany { own := ready; c(&own); return own }
	for name, tt := range map[string]struct {
		own  []store.OwnCompany
		want bool
	}{
		"none":                           {nil, false},
		"one that is ready":              {[]store.OwnCompany{ready}, true},
		"one without an account":         {[]store.OwnCompany{{}}, false},
		"one of two has no account":      {[]store.OwnCompany{{}, ready}, true},
		"one has no INN":                 {[]store.OwnCompany{ready, change(func(c *store.OwnCompany) { c.Party.INN = "" })}, false},
		"one has no participant id":      {[]store.OwnCompany{change(func(c *store.OwnCompany) { c.Party.Participant = "" })}, false},
		"nobody signs":                   {[]store.OwnCompany{change(func(c *store.OwnCompany) { c.Signer.Last = "" })}, false},
		"the first of two has no signer": {[]store.OwnCompany{change(func(c *store.OwnCompany) { c.Signer.Last = "" }), ready}, false},
	} {
		if got := companiesReady(tt.own); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestChecklist(t *testing.T) {
	open := func(list []views.ToDo) (keys []string) {
		for _, item := range list {
			if !item.Done {
				keys = append(keys, item.Key)
			}
			if item.Done != (item.Text == "") {
				t.Errorf("%+v", item)
			}
		}
		return keys
	}
	all := []string{"stages", "account", "companies", "people", "rights", "act"}
	for name, tt := range map[string]struct {
		settings store.Settings
		seen     store.Setup
		want     []string
	}{
		"a new portal":                    {store.Settings{}, store.Setup{}, all},
		"the account is connected":        {store.Settings{}, store.Setup{HasAccount: true}, []string{"stages", "companies", "people", "rights", "act"}},
		"rights and people were marked":   {store.Settings{Done: []string{"rights", "people"}}, store.Setup{}, []string{"stages", "account", "companies", "act"}},
		"stages are mapped, an act there": {store.Settings{Pipelines: []store.Pipeline{mapped()}}, store.Setup{HasActs: true}, []string{"account", "companies", "people", "rights"}},
		"the token is dead":               {store.Settings{}, store.Setup{DeadTokens: true}, append([]string{"token"}, all...)},
		"a repair is stopped":             {store.Settings{}, store.Setup{DeadTokens: true, Problem: "Нет прав."}, append([]string{"repair", "token"}, all...)},
	} {
		if got := open(setupChecklist(visit(), tt.settings, nil, tt.seen)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}

func TestReadPipelines(t *testing.T) {
	list := readPipelines(url.Values{"stage-1-done": {"DONE"}, "stage-1-draft": {"NEW"}, "stage-12-done": {""}, "await-1": {"NEW", "X"}, "stage-x-done": {"Y"}, "other": {"Z"}})
	slices.SortFunc(list, func(a, b setup.PipelineForm) int { return int(a.ID - b.ID) })
	if len(list) != 2 || list[0].ID != 1 || list[0].Mapped["done"] != "DONE" || list[0].Mapped["draft"] != "NEW" || !slices.Equal(list[0].Await, []string{"NEW", "X"}) || list[1].ID != 12 || list[1].Await != nil {
		t.Errorf("%+v", list)
	}
}

func TestPipelineView(t *testing.T) {
	m := pipelineView(mapped(acts.StageDone), store.Settings{})
	if m.Name != "Продажи" || len(m.Stages) != len(acts.MappedStages) || len(m.Missing) != 0 || len(m.Rules) == 0 {
		t.Errorf("%+v", m)
	}
	lost := 0
	for _, s := range m.Stages {
		if s.Lost != "" {
			lost++
		}
		if len(s.Options) != 3 || !s.Options[1].Chosen {
			t.Errorf("%+v", s)
		}
	}
	if lost != 1 {
		t.Errorf("%d stages are lost", lost)
	}
	m = pipelineView(store.Pipeline{ID: 1, Mapped: acts.Pipeline{}}, store.Settings{})
	if len(m.Missing) != len(acts.MappedStages) || !m.Rules[0].Inactive {
		t.Errorf("nothing is mapped: %+v", m)
	}
	moves := func(r views.StageRule) bool { return strings.Contains(r.Then, "сделка перейдёт") }
	if m := pipelineView(mapped(acts.StageDone), store.Settings{PortalMoves: true}); len(m.Rules) == 0 || slices.ContainsFunc(m.Rules, moves) {
		t.Errorf("the portal moves deals: %+v", m.Rules)
	}
}

func TestMemberOf(t *testing.T) {
	for key, want := range map[string]roles.Member{"user-12": {Kind: roles.MemberUser, ID: 12}, "department-3": {Kind: roles.MemberDepartment, ID: 3}, "user-0": {}, "user-x": {}, "robot-1": {}, "user": {}, "": {}} {
		got, err := memberOf(key)
		if want.ID == 0 && err == nil || want.ID != 0 && (err != nil || got != want) {
			t.Errorf("%q: %+v, %v", key, got, err)
		}
	}
}

// Only changed roles are sent: somebody else may have changed the others.
func TestReadRoles(t *testing.T) {
	got, err := readRoles(url.Values{"role-user-1": {"worker"}, "was-user-1": {"viewer"}, "role-user-2": {"viewer"}, "was-user-2": {"viewer"}, "role-user-3": {"worker"}, "was-user-3": {"viewer"}, "drop": {"user-3"}})
	if err != nil || len(got.Set) != 1 || got.Set[0].ID != 1 || got.Set[0].Role != roles.Role("worker") || len(got.Drop) != 1 || got.Drop[0].ID != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := readRoles(url.Values{"role-robot-1": {"worker"}}); err == nil {
		t.Error("a robot has a role")
	}
}

func TestTermChip(t *testing.T) {
	for name, tt := range map[string]struct {
		until time.Time
		tone  string
		text  string
	}{
		"no end":       {time.Time{}, "", ""},
		"over":         {today.AddDate(0, 0, -1), "problem", "Срок истёк 26.11.2026"},
		"the last day": {today, "problem", "До 27.11.2026"},
		"this week":    {today.AddDate(0, 0, 5), "problem", "До 02.12.2026"},
		"far away":     {today.AddDate(1, 0, 0), "success", "До 27.11.2027"},
	} {
		if got := termChip(tt.until, today); got.Tone != tt.tone || got.Text != tt.text {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestVATViews(t *testing.T) {
	regimes := acts.VATRegimes()
	rows := vatRows(acts.VATPeriods{{Regime: regimes[0]}, {Regime: regimes[1], From: today}})
	list := vatViews(rows)
	if len(list) != 3 || list[0].Name != "vat" || list[1].Name != "vat-2" || list[1].From != "2026-11-27" || !list[1].Regimes[1].Chosen || list[2].From != "" {
		t.Errorf("%+v", list)
	}
	if list := vatViews(nil); len(list) != 1 {
		t.Errorf("nothing typed: %+v", list)
	}
	if list := vatViews(make([]setup.VATRow, setup.MaxVATPeriods)); len(list) != 1 {
		t.Errorf("empty rows: %+v", list)
	}
}

func TestDealFields(t *testing.T) {
	fields := []workflow.DealField{{Code: "UF_TEXT", Title: "Договор", Type: "string"}, {Code: "UF_DATE", Title: "Дата", Type: "date"}}
	for name, tt := range map[string]struct {
		chosen string
		want   []string
	}{"nothing chosen": {"", []string{"Не выбрано", "Договор (UF_TEXT)"}}, "a field": {"UF_TEXT", []string{"Не выбрано", "Договор (UF_TEXT)"}}, "a field that is gone": {"UF_GONE", []string{"Не выбрано", "Договор (UF_TEXT)", "UF_GONE"}}} {
		var labels []string
		for _, o := range dealFields(fields, tt.chosen, "string") {
			labels = append(labels, o.Label)
			if o.Chosen != (o.Value == tt.chosen) {
				t.Errorf("%s: %+v", name, o)
			}
		}
		if !slices.Equal(labels, tt.want) {
			t.Errorf("%s: %q", name, labels)
		}
	}
}

func TestStateLabels(t *testing.T) {
	v := visit()
	for name, tt := range map[string]struct {
		task       queue.Task
		text, page string
	}{
		"about an act":  {queue.Task{Kind: task.KindPutDocument, Subject: 4}, "Передача акта в СБИС № 4", "/p/7/acts/4"},
		"about a deal":  {queue.Task{Kind: task.KindMoveDeal, Subject: 12}, "Стадия сделки № 12", "/p/7/deals/12"},
		"about nothing": {queue.Task{Kind: task.KindNotifyResponsible, Subject: 3}, "Уведомление", ""},
		"a newer kind":  {queue.Task{Kind: "crm.new", Subject: 3}, "crm.new", ""},
	} {
		if text, page := taskWords(tt.task), placeOf(v, tt.task); text != tt.text || page != tt.page {
			t.Errorf("%s: %q at %q", name, text, page)
		}
	}
	for event, want := range map[string]string{"ONCRMDEALUPDATE": "изменение сделки", "ONCRMDYNAMICITEMADD_1040": "карточка акта", "ONTASKUPDATE": "задача", "ONNEW": "ONNEW"} {
		if got := eventWords(event); got != want {
			t.Errorf("%s reads %q", event, got)
		}
	}
	got := pausedWords(map[string]time.Duration{"crm.item.list": 1500 * time.Millisecond, "*": time.Minute})
	if !slices.Equal(got, []string{"все вызовы ещё 60\u00a0секунд", "crm.item.list ещё 2\u00a0секунды"}) {
		t.Errorf("%q", got)
	}
}

func TestAccountView(t *testing.T) {
	for name, tt := range map[string]struct {
		account accounts.Account
		tone    string
	}{
		"new":     {accounts.Account{ID: 3}, "attention"},
		"checked": {accounts.Account{ID: 3, Details: &acts.OperatorAccount{User: "Иванов"}}, "success"},
		"refused": {accounts.Account{ID: 3, Details: &acts.OperatorAccount{}, Problem: "Неверный пароль."}, "problem"},
	} {
		m := accountView(tt.account, nil, []accounts.Certificate{{Account: 3}, {Account: 4}}, today)
		if m.State.Tone != tt.tone || len(m.Certificates) != 1 || len(m.Signings) != len(acts.Signings) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestDepartmentOptions(t *testing.T) {
	unit := func(id, parent int64) people.Unit {
		return people.Unit{Kind: roles.MemberDepartment, ID: id, Parent: parent, Name: "Отдел"}
	}
	var labels []string
	for _, o := range departmentOptions(people.Structure{Units: []people.Unit{unit(1, 0), unit(3, 2), unit(2, 1), unit(8, 9), unit(5, 6), unit(6, 5)}}, memberForm{}) {
		labels = append(labels, o.Value+strings.Repeat("+", strings.Count(o.Label, "– ")))
	}
	if !slices.Equal(labels, []string{"1", "2+", "3++", "8"}) {
		t.Errorf("%q", labels)
	}
}
