package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

type fields = bitrix24test.Fields

// item returns the only item of the smart process.
func (s *site) item() fields {
	s.t.Helper()
	s.await("the item", func() bool { return len(s.portal.Items(s.itemType())) == 1 })
	return s.portal.Items(s.itemType())[0]
}

// settled waits until the item is known to us and our echoes have been ignored.
func (s *site) settled() int64 {
	s.t.Helper()
	id := int64(s.item()["id"].(float64))
	s.quiet()
	return id
}

func (s *site) itemStage(id int64) string {
	item := s.portal.Item(s.itemType(), id)
	return s.portal.StageName(s.itemType(), item["stageId"].(string))
}

// stageNamed returns the id of a stage of the smart process.
func (s *site) stageNamed(name string) string {
	for _, c := range s.portal.Categories(s.itemType()) {
		for _, stage := range s.portal.Stages(s.itemType(), c.ID) {
			if stage.Name == name {
				return stage.StatusID
			}
		}
	}
	s.t.Fatalf("no stage «%s»", name)
	return ""
}

func (s *site) drag(item int64, stage string) {
	s.t.Helper()
	if err := s.portal.Move(s.portal.Manager(), s.itemType(), item, s.stageNamed(stage)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) notified(words string) (n int) {
	for _, one := range s.portal.Notifications() {
		if strings.Contains(one.Message, words) {
			n++
		}
	}
	return n
}

// fieldNamed returns the name of an item field by its title.
func (s *site) fieldNamed(title string) string {
	for _, f := range s.portal.ItemFields(s.itemType()) {
		if f.Title == title {
			return f.Name
		}
	}
	s.t.Fatalf("no field «%s»", title)
	return ""
}

func TestKanbanMoveIsARequest(t *testing.T) {
	t.Parallel()
	for name, events := range map[string]bool{"told by an event": true, "found by the sweep": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, 1, sweeping)
			act := s.sentPaper(s.deal(1))
			item := s.settled()
			s.portal.DropEvents(!events)
			s.drag(item, "Акт принят, но не подписан заявителем")
			s.await("the act follows", func() bool {
				return status(s.act(act)) == "Акт принят, но не подписан заявителем"
			})
			s.await("the deal follows", func() bool { return s.stage(s.deal(1)) == "Услуга оказана" })
			s.drag(item, "Отказ от подписания")
			s.await("the refusal", func() bool { return status(s.act(act)) == "Отказ от подписания" })
			s.await("the request for a reason", func() bool { return s.notified("Напишите причину отказа") == 1 })
			s.await("the deal with remarks", func() bool { return s.stage(s.deal(1)) == "Услуга оказана, есть замечания" })
		})
	}
}

func TestForbiddenMoveComesBack(t *testing.T) {
	t.Parallel()
	for name, events := range map[string]bool{"told by an event": true, "found by the sweep": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, 1, sweeping)
			act := s.formPaper(s.deal(1), "company")
			item := s.settled()
			s.portal.DropEvents(!events)
			s.drag(item, "Акт получен и подписан")
			s.await("it comes back", func() bool {
				return s.itemStage(item) == draftLabel && s.notified("Изменение в CRM отменено") == 1
			})
			if got := status(s.act(act)); got != draftLabel {
				t.Errorf("the act is «%s»", got)
			}
			s.quietFor(3 * time.Second)
			if n := s.notified("Изменение в CRM отменено"); n != 1 {
				t.Errorf("notified %d times", n)
			}
		})
	}
}

// quietFor waits while several reconciliations run.
func (s *site) quietFor(d time.Duration) {
	until := time.Now().Add(d)
	s.await("some sweeps", func() bool { return time.Now().After(until) })
}

// A signature on paper requires its scan; a file put into the item's field is an upload.
func TestFileInTheCardIsAnUpload(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	act := s.sentPaper(s.deal(1))
	item := s.settled()
	s.drag(item, "Акт получен и подписан")
	s.await("no signature without a scan", func() bool {
		return s.notified("Нужен файл") == 1 && s.itemStage(item) == "Акт направлен заявителю"
	})
	s.quiet()
	field := s.fieldNamed("Акт, подписанный заявителем")
	file := []any{[]any{"скан клиента.pdf", "JVBERi0xLjQg0LjRhQ=="}}
	if err := s.portal.Change(s.portal.Manager(), s.itemType(), item, fields{field: file}); err != nil {
		t.Fatal(err)
	}
	s.await("signed", func() bool { return status(s.act(act)) == "Акт получен и подписан" })
	if text := testid(s.act(act), "copies-theirs").Text(); !strings.Contains(text, "скан клиента.pdf") {
		t.Errorf("the copy is not shown: %s", text)
	}
	s.await("the item signed", func() bool { return s.itemStage(item) == "Акт получен и подписан" })
	s.quietFor(3 * time.Second)
	if list, _ := s.portal.Item(s.itemType(), item)[field].([]any); len(list) != 1 {
		t.Errorf("%d files in the field", len(list))
	}
}

func TestEditedFieldIsARequest(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	opened, err := s.manager.OpenDeal(s.deal(1))
	action, form := formOf(s.page(opened, err, http.StatusOK))
	formed, err := s.manager.Post(action, form)
	s.page(formed, err, http.StatusOK)
	item := s.settled()
	box := apptest.BoxOf(5)
	if err := s.portal.Change(s.portal.Manager(), s.itemType(), item, fields{s.fieldNamed("Идентификатор ЭДО"): box}); err != nil {
		t.Fatal(err)
	}
	s.await("the act has it", func() bool {
		return strings.Contains(s.act("/p/1/acts/1").Find(".facts").Text(), box)
	})
	if err := s.portal.Change(s.portal.Manager(), s.itemType(), item, fields{"opportunity": 1}); err != nil {
		t.Fatal(err)
	}
	s.await("a sum comes back", func() bool {
		return s.portal.Item(s.itemType(), item)["opportunity"] == 17800.0 && s.notified("Эти поля ведёт приложение") == 1
	})
}

func TestItemCreatedInTheCRM(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	s.sentPaper(s.deal(2)) // the portal has seen an act
	s.settled()
	with, err := s.portal.Create(s.portal.Manager(), s.itemType(), fields{"title": "Акт", "parentId2": s.deal(1)})
	if err != nil {
		t.Fatal(err)
	}
	without, err := s.portal.Create(s.portal.Manager(), s.itemType(), fields{"title": "Просто акт"})
	if err != nil {
		t.Fatal(err)
	}
	s.await("an act of the deal", func() bool {
		return strings.HasPrefix(s.portal.Item(s.itemType(), with)["title"].(string), "Акт от") && len(s.portal.Rows(s.itemType(), with)) == 3
	})
	s.await("the other is annulled", func() bool {
		return s.itemStage(without) == "Аннулирован" && s.notified("Акт формируется из сделки") == 1
	})
	p, err := s.manager.OpenDeal(s.deal(1))
	if n := s.page(p, err, http.StatusOK).Find("section#acts tbody tr").Length(); n != 1 {
		t.Errorf("%d acts of the deal", n)
	}
	s.quietFor(3 * time.Second)
	if n := len(s.portal.Items(s.itemType())); n != 3 {
		t.Errorf("%d items", n)
	}
}

// A robot of the portal that keeps reverting our changes is reported after three rounds, and we stop.
func TestRobotThatFights(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	item := s.settled()
	s.portal.AddRobot(bitrix24test.Robot{EntityType: s.itemType(), When: s.stageNamed(draftLabel), Then: s.stageNamed("Акт направлен заявителю"), Times: 20})
	s.drag(item, "Акт получен и подписан")
	s.await("the fight is reported", func() bool { return s.notified("спорит робот") == 1 })
	s.quiet()
	moves := 0
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Method == "crm.item.update" && strings.Contains(fmt.Sprint(l.Params), "stageId") {
			moves++
		}
	}
	if moves > 4 {
		t.Errorf("we moved it back %d times", moves)
	}
	if got := status(s.act(act)); got != draftLabel {
		t.Errorf("the act is «%s»", got)
	}
}

func TestItemDeletedInTheCRM(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	item := s.settled()
	if err := s.portal.Delete(s.portal.Admin(), s.itemType(), item); err != nil {
		t.Fatal(err)
	}
	s.await("the message on the act's page", func() bool { return testid(s.act(act), "item-gone").Length() == 1 })
	s.does(act+"/item", nil, draftLabel)
	s.await("a new card", func() bool { return len(s.portal.Items(s.itemType())) == 1 })
}

// For a stage with a mandatory field the person is notified of the field, and the deal moves when it is filled in.
func TestStageWithAMandatoryField(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.portal.Require(bitrix24test.Deal, "ACTS_3", "closedate")
	deal := s.deal(1)
	s.sentPaper(deal)
	s.await("told", func() bool { return s.notified("не дал переместить сделку") == 1 })
	if err := s.portal.Change(s.portal.Manager(), bitrix24test.Deal, deal, fields{"closedate": "2026-12-31"}); err != nil {
		t.Fatal(err)
	}
	s.await("moved", func() bool { return s.stage(deal) == "Акт направлен заявителю" })
}

// Ten thousand updates of many deals are read fifty at a time.
func TestBurstOfDealUpdates(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	const deals, updates = 48, 10_000
	s.Grow(deals)
	s.boundless()
	for n := 1; n <= deals; n++ {
		p, err := s.manager.OpenDeal(s.deal(n))
		s.page(p, err, http.StatusOK)
	}
	n, methods := s.calls(func() {
		for n := 1; n <= deals; n++ {
			if err := s.portal.Change(s.portal.Manager(), bitrix24test.Deal, s.deal(n), fields{"title": fmt.Sprintf("Сделка %d, правка", n)}); err != nil {
				t.Fatal(err)
			}
		}
		s.portal.Drain()
		s.hint(updates-deals, deals).Wait()
	})
	if n > updates/50 {
		t.Errorf("%d calls for %d updates: %v", n, updates, methods)
	}
	s.await("the last title", func() bool {
		p, err := s.manager.Get(fmt.Sprintf("/p/1/deals/%d", s.deal(deals)))
		return strings.Contains(s.page(p, err, http.StatusOK).Find("h1").Text(), fmt.Sprintf("Сделка %d, правка", deals))
	})
}

func TestActOfAnotherDealOfTheSameParties(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	doc := s.act(act)
	p, err := s.manager.Post(act+"/relink", url.Values{"deal": {fmt.Sprint(s.deal(3))}, "reason": {"не та сделка"}})
	if text := s.page(p, err, http.StatusUnprocessableEntity).Find(".fault").Text(); !strings.Contains(text, "другой контрагент") {
		t.Errorf("fault %q", text)
	}
	company := s.portal.Item(bitrix24test.Deal, s.deal(1))["companyId"]
	other, err := s.portal.Create(s.portal.Manager(), bitrix24test.Deal, fields{"title": "Верная сделка", "companyId": company, "categoryId": 0, "stageId": "EXECUTING",
		"assignedById": s.portal.Manager(), "currencyId": "RUB"})
	if err != nil {
		t.Fatal(err)
	}
	moved := s.does(act+"/relink", url.Values{"deal": {fmt.Sprint(other)}, "reason": {"не та сделка"}}, status(doc))
	if got := moved.Find(".facts").Text(); !strings.Contains(got, "Верная сделка") {
		t.Errorf("facts %q", got)
	}
	s.await("the item under the other deal", func() bool { return s.item()["parentId2"] == float64(other) })
}
