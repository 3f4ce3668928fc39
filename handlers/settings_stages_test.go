package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The page shows the rules of moving deals and doubts about the mapping, and keeps typed values.
func TestStagesPage(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	page, err := admin.Get("/p/1/settings/stages")
	doc := s.Page(page, err, http.StatusOK)
	for _, want := range []string{"Все позиции сделки в актах, и все акты подписаны или приняты→ сделка перейдёт в «Услуга оказана»",
		"Хотя бы один акт направлен заявителю→ сделка перейдёт в «Акт направлен заявителю»", "Стадия «Одобрено комиссией». Сделка на этой стадии, и акт сформирован→ контрагенту уходит вопрос"} {
		if !strings.Contains(apptest.TestID(doc, "preview-0").Text(), want) {
			t.Errorf("the preview does not show %q:\n%s", want, apptest.TestID(doc, "preview-0").Text())
		}
	}
	if n := doc.Find(".doubt").Length(); n > 0 {
		t.Errorf("%d doubts about the usual mapping", n)
	}
	mapping := url.Values{"stage-0-preparing": {"ACTS_1"}, "stage-0-approved": {"ACTS_1"}, "stage-0-sent": {"NEW"}, "stage-0-done": {"WON"}, "stage-0-remarks": {"LOSE"}}
	page, err = admin.Post("/p/1/settings/stages", mapping)
	doc = s.Page(page, err, http.StatusOK)
	for field, want := range map[string]string{"approved": "не отличим", "sent": "пойдёт назад", "remarks": "закрывают сделку"} {
		if text := apptest.TestID(doc, "doubt-stage-0-"+field).Text(); !strings.Contains(text, want) {
			t.Errorf("%s is doubted so: %q", field, text)
		}
	}
	mapping.Set("stage-0-sent", "GONE")
	mapping.Set("stage-0-done", "ACTS_DONE")
	page, err = admin.Post("/p/1/settings/stages", mapping)
	doc = s.Page(page, err, http.StatusUnprocessableEntity)
	if apptest.TestID(doc, "fault-stage-0-sent").Length() != 1 {
		t.Error("an unknown stage is taken")
	}
	if v, _ := doc.Find(`select[name="stage-0-done"] option[selected]`).Attr("value"); v != "ACTS_DONE" {
		t.Errorf("what was typed is lost: %q", v)
	}
}

// A button reads pipelines again: new ones appear, deleted stages are shown, and missing stages are created after a
// confirmation.
func TestStagesAreReadAgain(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	s.Portal.DropStage(bitrix24test.Deal, "ACTS_2")
	s.Portal.AddCategory(bitrix24test.Category{ID: 7, EntityTypeID: bitrix24test.Deal, Name: "Выставки", Sort: 400})
	for i, stage := range []bitrix24test.Stage{{StatusID: "NEW", Name: "Новая"}, {StatusID: "WON", Name: "Услуга оказана", Semantics: "S"}} {
		stage.Sort = int64(i+1) * 20
		s.Portal.AddStage(bitrix24test.Deal, 7, stage)
	}
	page, err := admin.Post("/p/1/settings/stages/refresh", nil)
	doc := s.Page(page, err, http.StatusOK)
	if text := apptest.TestID(doc, "lost-stage-0-approved").Text(); !strings.Contains(text, "«Одобрено комиссией» удалена") {
		t.Errorf("the deleted stage is shown as %q", text)
	}
	if v, _ := doc.Find(`select[name="stage-7-done"] option[selected]`).Attr("value"); v != "C7:WON" {
		t.Errorf("a new pipeline has %q for «Услуга оказана»", v)
	}
	page, err = admin.Post("/p/1/settings/stages/7/create", nil)
	if doc := s.Page(page, err, http.StatusUnprocessableEntity); apptest.TestID(doc, "fault-agree-7").Length() != 1 || len(s.Portal.Stages(bitrix24test.Deal, 7)) != 2 {
		t.Error("stages are made without agreement")
	}
	page, err = admin.Post("/p/1/settings/stages/7/create", url.Values{"agree": {"1"}})
	doc = s.Page(page, err, http.StatusOK)
	var names []string
	for _, stage := range s.Portal.Stages(bitrix24test.Deal, 7) {
		names = append(names, stage.Name)
	}
	if got := strings.Join(names, ", "); got != "Новая, Подготовка акта, Одобрено комиссией, Акт направлен заявителю, Услуга оказана, есть замечания, Услуга оказана" {
		t.Errorf("the pipeline is %s", got)
	}
	if apptest.TestID(doc, "create-7").Length() != 0 || apptest.TestID(doc, "create-0").Length() != 1 {
		t.Error("only the first pipeline still lacks a stage")
	}
	page, err = admin.Post("/p/1/settings/stages/0/create", url.Values{"agree": {"1"}})
	if doc := s.Page(page, err, http.StatusOK); apptest.TestID(doc, "lost-stage-0-approved").Length() != 0 {
		t.Error("a restored stage is shown as deleted")
	}
}

// A stage that the administrator left unmapped stays unmapped after repairs.
func TestUnmappedStageStays(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	page, err := admin.Post("/p/1/settings/stages", url.Values{"stage-0-preparing": {""}, "stage-0-approved": {"ACTS_2"}, "stage-0-sent": {"ACTS_3"},
		"stage-0-done": {"ACTS_DONE"}, "stage-0-remarks": {"ACTS_REMARKS"}, "await-0": {"", "NEW"}})
	s.Page(page, err, http.StatusOK)
	if _, err := s.Admin().Install(); err != nil {
		t.Fatal(err)
	}
	page, err = admin.Get("/p/1/settings/stages")
	doc := s.Page(page, err, http.StatusOK)
	if v, _ := doc.Find(`select[name="stage-0-preparing"] option[selected]`).Attr("value"); v != "" {
		t.Errorf("«Подготовка акта» is mapped to %q again", v)
	}
	if v, _ := doc.Find(`input[name="await-0"][checked]`).Attr("value"); v != "NEW" {
		t.Errorf("deals wait for acts at %q", v)
	}
}

// An administrator chooses who moves deals, and sees which robots and triggers the portal has.
func TestStagesMovedByThePortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	page, err := admin.Get("/p/1/settings/stages")
	doc := s.Page(page, err, http.StatusOK)
	listed := apptest.TestID(doc, "automation").Text()
	for _, want := range []string{"Сформировать акт", "Передать в СБИС", "Запросить способ обмена", "Акт направлен", "Получен ответ о способе обмена", "есть в портале", "Триггеры срабатывают, когда"} {
		if !strings.Contains(listed, want) {
			t.Errorf("the page does not show %q:\n%s", want, listed)
		}
	}
	if _, chosen := apptest.TestID(doc, "moves-app").Attr("checked"); !chosen || apptest.TestID(doc, "no-bizproc").Length() != 0 {
		t.Error("at first somebody else moves deals, or the right is missing")
	}
	for value, other := range map[string]string{"portal": "moves-app", "app": "moves-portal"} {
		page, err = admin.Post("/p/1/settings/stages", url.Values{"moves": {value}, "stage-0-sent": {"ACTS_3"}})
		doc = s.Page(page, err, http.StatusOK)
		if _, chosen := apptest.TestID(doc, other).Attr("checked"); chosen {
			t.Errorf("%s was not stored", value)
		}
		if moved := strings.Contains(apptest.TestID(doc, "preview-0").Text(), "сделка перейдёт в «Акт направлен заявителю»"); moved != (value == "app") {
			t.Errorf("%s: the preview: %s", value, apptest.TestID(doc, "preview-0").Text())
		}
	}
}

// Without the right to business processes the installation, the settings and the state page show what is missing, and the rest works.
func TestRobotsWithoutTheRight(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = strings.ReplaceAll(a.Scope, ",bizproc", "") })
	admin := s.Admin()
	page, err := admin.Open("DEFAULT", "/install", 0)
	doc := s.Page(page, err, http.StatusOK)
	if text := apptest.TestID(doc, "install-checks").Text(); !strings.Contains(text, "Нет права «Бизнес-процессы» (bizproc)") || !strings.Contains(text, "Роботов приложения в автоматизации сделок не будет.") {
		t.Errorf("the checks: %s", text)
	}
	if _, err := admin.Install(); err != nil {
		t.Fatal(err)
	}
	page, err = admin.Get("/p/1/settings/stages")
	doc = s.Page(page, err, http.StatusOK)
	if apptest.TestID(doc, "no-bizproc").Length() != 1 || !strings.Contains(apptest.TestID(doc, "automation").Text(), "нет в портале") {
		t.Errorf("the settings: %s", apptest.TestID(doc, "automation").Text())
	}
	page, err = admin.Get("/p/1/state")
	if text := s.Page(page, err, http.StatusOK).Text(); !strings.Contains(text, "зарегистрированы: значки на канбане, триггеры") || !strings.Contains(text, "Роботов нет: ") {
		t.Errorf("the state page: %s", text)
	}
	if n := len(s.Portal.Automation.Snapshot().Triggers); n != 5 {
		t.Errorf("%d triggers", n)
	}
}

// The retention period is limited. A portal that is installed again within it has all its data; after it
// nothing is left, and another portal keeps its data.
func TestDataOutlivesTheApp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	s.RemoveLimits() // a portal is installed three times within seconds
	admin := s.AdminAtMenu()
	for _, days := range []string{"", "29", "3654", "много"} {
		page, err := admin.Post("/p/1/settings/storage", url.Values{"days": {days}})
		doc := s.Page(page, err, http.StatusUnprocessableEntity)
		if v, _ := doc.Find(`input[name="days"]`).Attr("value"); apptest.TestID(doc, "fault-days").Length() != 1 || v != days {
			t.Errorf("%q is answered with %q and no fault", days, v)
		}
	}
	page, err := admin.Post("/p/1/settings/storage", url.Values{"days": {"45"}})
	if doc := s.Page(page, err, http.StatusOK); !strings.Contains(doc.Text(), "402-ФЗ") {
		t.Error("the page does not show why data is kept")
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	neighbour := s.Portal
	s.Portal.Uninstall(false)
	s.Await("the portal is frozen", func() bool { return s.Count("portals WHERE state = 'frozen'") == 1 })
	s.AdvanceTo(s.Clock.Now().Add(44 * 24 * time.Hour))
	s.Portal.Reinstall()
	if _, err := s.Admin().Install(); err != nil {
		t.Fatal(err)
	}
	if page, err := s.AdminAtMenu().Get("/p/1/acts"); err != nil || !strings.Contains(page.Body, "data-testid=\"act-") {
		t.Errorf("the act is not there again: %v", err)
	}
	s.Portal = s.Portals[1]
	s.Manager = apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
	s.HandOver(s.Deal(1))
	s.Portal = neighbour
	s.Portal.Uninstall(true)
	s.Await("the portal is frozen again", func() bool { return s.Count("portals WHERE state = 'frozen' AND keep_days = 30") == 1 })
	if s.Count("tokens WHERE portal_id = 1")+s.Count("visits WHERE portal_id = 1")+s.Count("edo_accounts WHERE portal_id = 1 AND (login <> '' OR session <> '')") != 0 {
		t.Error("secrets are kept")
	}
	s.Portal.Reinstall()
	again := apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	if _, err := again.Install(); err != nil {
		t.Fatal(err)
	}
	if page, err := s.AdminAtMenu().Get("/p/1/acts"); err != nil || page.Status != http.StatusUnauthorized {
		t.Errorf("the removed portal answers %d, %v", page.Status, err)
	}
	if s.Count("portals WHERE state <> 'frozen' AND member_id = '"+s.Portal.MemberID()+"'") != 1 || s.Count("acts WHERE portal_id NOT IN (1, 2)") != 0 {
		t.Error("the next installation is no new portal without acts")
	}
	s.AdvanceTo(s.Clock.Now().Add(31 * 24 * time.Hour))
	s.Await("the portal is erased", func() bool { return s.Count("portals WHERE id = 1") == 0 })
	for _, table := range []string{"acts", "act_events", "deals", "files", "tasks", "settings", "users", "edo_documents", "installs"} {
		if n := s.Count(table + " WHERE portal_id = 1"); n > 0 {
			t.Errorf("%d rows of the portal are left in %s", n, table)
		}
	}
	if s.Count("acts WHERE portal_id = 2") != 1 || s.Count("act_events WHERE portal_id = 2") == 0 || s.Count("portals WHERE id = 2 AND state = 'active'") != 1 {
		t.Error("the other portal lost something")
	}
	if s.Count("removals WHERE former_portal = 1 AND clean AND erased_at IS NOT NULL") != 1 || s.Count("removals") != 2 {
		t.Error("the removals are not recorded")
	}
}
