package crm_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/automation"
)

// A card that a person drags to another stage of the kanban changes its act and deal.
func TestKanbanMoveIsARequest(t *testing.T) {
	t.Parallel()
	for name, events := range map[string]bool{"reported by an event": true, "found by the reconciliation": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1, apptest.FastReconcile)
			act := s.SendPaperAct(s.Deal(1))
			item := s.AwaitItem()
			s.Portal.DropEvents(!events)
			s.DragItem(item, "Акт принят, но не подписан заявителем")
			s.Await("the act follows", func() bool {
				return apptest.ActStatus(s.ActPage(act)) == "Акт принят, но не подписан заявителем"
			})
			s.Await("the deal follows", func() bool { return s.DealStage(s.Deal(1)) == "Услуга оказана" })
			s.DragItem(item, "Отказ от подписания")
			s.Await("the refusal", func() bool { return apptest.ActStatus(s.ActPage(act)) == "Отказ от подписания" })
			s.Await("the request for a reason", func() bool { return s.Notifications("Напишите причину отказа") == 1 })
			s.Await("the deal with remarks", func() bool {
				return s.DealStage(s.Deal(1)) == "Услуга оказана, есть замечания"
			})
		})
	}
}

// A card that was dragged to a stage that its act cannot have returns to its stage, and the person is notified once.
func TestForbiddenMoveIsUndone(t *testing.T) {
	t.Parallel()
	for name, events := range map[string]bool{"reported by an event": true, "found by the reconciliation": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1, apptest.FastReconcile)
			act := s.FormPaperAct(s.Deal(1), "company")
			item := s.AwaitItem()
			s.Portal.DropEvents(!events)
			s.DragItem(item, "Акт получен и подписан")
			s.Await("the return of the card", func() bool {
				return s.ItemStage(item) == apptest.DraftLabel && s.Notifications("Изменение в CRM отменено") == 1
			})
			if got := apptest.ActStatus(s.ActPage(act)); got != apptest.DraftLabel {
				t.Errorf("the act is «%s», want «%s»", got, apptest.DraftLabel)
			}
			s.AwaitReconciliations(3)
			if n := s.Notifications("Изменение в CRM отменено"); n != 1 {
				t.Errorf("the person was notified %d times, want once", n)
			}
		})
	}
}

// A signature on paper requires its scan; a file put into the item's field is an upload.
func TestFileInTheCardIsAnUpload(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	act := s.SendPaperAct(s.Deal(1))
	item := s.AwaitItem()
	s.DragItem(item, "Акт получен и подписан")
	s.Await("no signature without a scan", func() bool {
		return s.Notifications("Нужен файл") == 1 && s.ItemStage(item) == "Акт направлен заявителю"
	})
	s.AwaitQuiet()
	field := s.ItemField("Акт, подписанный заявителем")
	file := []any{[]any{"скан клиента.pdf", "JVBERi0xLjQg0LjRhQ=="}}
	if err := s.Portal.Change(s.Portal.Manager(), s.ItemType(), item, fields{field: file}); err != nil {
		t.Fatal(err)
	}
	s.Await("signed", func() bool { return apptest.ActStatus(s.ActPage(act)) == "Акт получен и подписан" })
	if text := apptest.TestID(s.ActPage(act), "copies-theirs").Text(); !strings.Contains(text, "скан клиента.pdf") {
		t.Errorf("the page shows the copies %s, want скан клиента.pdf", text)
	}
	s.Await("the item signed", func() bool { return s.ItemStage(item) == "Акт получен и подписан" })
	s.AwaitReconciliations(3)
	if list, _ := s.Portal.Item(s.ItemType(), item)[field].([]any); len(list) != 1 {
		t.Errorf("%d files in the field, want one", len(list))
	}
}

// A field of the item that a person may edit changes the act; a field that follows the act returns to its value.
func TestEditedFieldIsARequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	opened, err := s.Manager.OpenDeal(s.Deal(1))
	action, form := apptest.ActForm(s.Page(opened, err, http.StatusOK))
	formed, err := s.Manager.Post(action, form)
	s.Page(formed, err, http.StatusOK)
	item := s.AwaitItem()
	participant := apptest.BoxOf(5)
	if err := s.Portal.Change(s.Portal.Manager(), s.ItemType(), item, fields{s.ItemField("Идентификатор ЭДО"): participant}); err != nil {
		t.Fatal(err)
	}
	s.Await("the participant id on the act", func() bool {
		return strings.Contains(s.ActPage("/p/1/acts/1").Find(".facts").Text(), participant)
	})
	if err := s.Portal.Change(s.Portal.Manager(), s.ItemType(), item, fields{"opportunity": 1}); err != nil {
		t.Fatal(err)
	}
	s.Await("the return of the sum", func() bool {
		return s.Portal.Item(s.ItemType(), item)["opportunity"] == 17800.0 && s.Notifications("Эти поля ведёт приложение") == 1
	})
}

// An item that a person creates from a deal becomes an act of it; one without a deal is annulled.
func TestItemCreatedInTheCRM(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	s.SendPaperAct(s.Deal(2)) // its item stays beside those that the person creates
	s.AwaitItem()
	ofDeal, err := s.Portal.Create(s.Portal.Manager(), s.ItemType(), fields{"title": "Акт", "parentId2": s.Deal(1)})
	if err != nil {
		t.Fatal(err)
	}
	withoutDeal, err := s.Portal.Create(s.Portal.Manager(), s.ItemType(), fields{"title": "Просто акт"})
	if err != nil {
		t.Fatal(err)
	}
	s.Await("an act of the deal", func() bool {
		return strings.HasPrefix(s.Portal.Item(s.ItemType(), ofDeal)["title"].(string), "Акт от") && len(s.Portal.Rows(s.ItemType(), ofDeal)) == 3
	})
	s.Await("the other is annulled", func() bool {
		return s.ItemStage(withoutDeal) == "Аннулирован" && s.Notifications("Акт формируется из сделки") == 1
	})
	p, err := s.Manager.OpenDeal(s.Deal(1))
	if n := s.Page(p, err, http.StatusOK).Find("section#acts tbody tr").Length(); n != 1 {
		t.Errorf("%d acts of the deal, want one", n)
	}
	s.AwaitReconciliations(3)
	if n := len(s.Portal.Items(s.ItemType())); n != 3 {
		t.Errorf("%d items, want 3", n)
	}
}

// Items of an installation whose data were erased are all that is left of its acts: the next installation does not annul them.
func TestItemOfAnEarlierInstallation(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	s.SendPaperAct(s.Deal(2))
	item := s.AwaitItem()
	s.AwaitQuiet()
	stage := s.ItemStage(item)
	s.Portal.Uninstall(true)
	s.Await("the portal is frozen", func() bool { return s.Count("portals WHERE state = 'frozen'") == 1 })
	s.Portal.Reinstall()
	s.Must(apptest.Connect(s.Portal, s.AppURL, apptest.OurCompany))
	if err := s.Portal.Change(s.Portal.Manager(), s.ItemType(), item, fields{"title": "Акт прежней установки"}); err != nil {
		t.Fatal(err)
	}
	withoutDeal, err := s.Portal.Create(s.Portal.Manager(), s.ItemType(), fields{"title": "Просто акт"})
	if err != nil {
		t.Fatal(err)
	}
	s.Await("a card without a deal is annulled", func() bool { return s.ItemStage(withoutDeal) == "Аннулирован" })
	s.AwaitQuiet()
	if now := s.ItemStage(item); now != stage || s.Notifications("нельзя скопировать") != 0 {
		t.Errorf("the item is at %q with %d notifications, want it at %q as before and none", now, s.Notifications("нельзя скопировать"), stage)
	}
}

// A robot of the portal that keeps reverting our changes is reported after three rounds, and we stop.
func TestRobotThatRevertsOurChanges(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	item := s.AwaitItem()
	s.Portal.Automation.AddMover(automation.Mover{EntityType: s.ItemType(), When: s.ItemStageID(apptest.DraftLabel), Then: s.ItemStageID("Акт направлен заявителю"), Times: 20})
	s.DragItem(item, "Акт получен и подписан")
	s.Await("the robot is reported", func() bool { return s.Notifications("спорит робот") == 1 })
	s.AwaitQuiet()
	moves := 0
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Method == "crm.item.update" && strings.Contains(fmt.Sprint(l.Params), "stageId") {
			moves++
		}
	}
	if moves > 4 {
		t.Errorf("we moved the item back %d times, want at most 4", moves)
	}
	if got := apptest.ActStatus(s.ActPage(act)); got != apptest.DraftLabel {
		t.Errorf("the act is «%s», want «%s»", got, apptest.DraftLabel)
	}
}

// The page of an act whose item was deleted shows that, and its button creates a new item.
func TestItemDeletedInTheCRM(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	item := s.AwaitItem()
	if err := s.Portal.Delete(s.Portal.Admin(), s.ItemType(), item); err != nil {
		t.Fatal(err)
	}
	s.Await("the message on the act's page", func() bool { return apptest.TestID(s.ActPage(act), "item-gone").Length() == 1 })
	s.PostAction(act+"/item", nil, apptest.DraftLabel)
	s.Await("a new card", func() bool { return len(s.Portal.Items(s.ItemType())) == 1 })
}

// For a stage with a mandatory field the person is notified of the field, and the deal moves when it is filled in.
func TestStageWithAMandatoryField(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.Require(bitrix24test.Deal, "ACTS_3", "closedate")
	deal := s.Deal(1)
	s.SendPaperAct(deal)
	s.Await("the notification about the field", func() bool { return s.Notifications("не дал переместить сделку") == 1 })
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, fields{"closedate": "2026-12-31"}); err != nil {
		t.Fatal(err)
	}
	s.Await("the move of the deal", func() bool { return s.DealStage(deal) == "Акт направлен заявителю" })
}

// Ten thousand updates of many deals are read fifty at a time.
func TestBurstOfDealUpdates(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	const deals, updates = 48, 10_000
	s.Grow(deals)
	s.RemoveLimits()
	for n := 1; n <= deals; n++ {
		p, err := s.Manager.OpenDeal(s.Deal(n))
		s.Page(p, err, http.StatusOK)
	}
	n, methods := s.CountCalls(func() {
		for n := 1; n <= deals; n++ {
			if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(n), fields{"title": fmt.Sprintf("Сделка %d, правка", n)}); err != nil {
				t.Fatal(err)
			}
		}
		s.Portal.Drain()
		s.PostDealEvents(updates-deals, deals).Wait()
	})
	if n > updates/50 {
		t.Errorf("%d calls for %d updates, want at most %d: %v", n, updates, updates/50, methods)
	}
	s.Await("the last title", func() bool {
		return s.Count(fmt.Sprintf("deals WHERE id = %d AND title = 'Сделка %d, правка'", s.Deal(deals), deals)) == 1
	})
}

// An act is moved to another deal of the same counterparty, and its item follows; a deal of another counterparty is refused.
func TestActIsMovedToAnotherDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	doc := s.ActPage(act)
	p, err := s.Manager.Post(act+"/relink", url.Values{"deal": {fmt.Sprint(s.Deal(3))}, "reason": {"не та сделка"}})
	if text := s.Page(p, err, http.StatusUnprocessableEntity).Find(".fault").Text(); !strings.Contains(text, "другой контрагент") {
		t.Errorf("a deal of another counterparty is refused with %q, want «другой контрагент»", text)
	}
	company := s.Portal.Item(bitrix24test.Deal, s.Deal(1))["companyId"]
	correct, err := s.Portal.Create(s.Portal.Manager(), bitrix24test.Deal, fields{"title": "Верная сделка", "companyId": company, "categoryId": 0, "stageId": "EXECUTING",
		"assignedById": s.Portal.Manager(), "currencyId": "RUB"})
	if err != nil {
		t.Fatal(err)
	}
	moved := s.PostAction(act+"/relink", url.Values{"deal": {fmt.Sprint(correct)}, "reason": {"не та сделка"}}, apptest.ActStatus(doc))
	if got := moved.Find(".facts").Text(); !strings.Contains(got, "Верная сделка") {
		t.Errorf("the act shows %q, want «Верная сделка»", got)
	}
	s.Await("the item under the other deal", func() bool { return s.Item()["parentId2"] == float64(correct) })
}

// The item of an act shows the sums and units of the act. The portal stores two decimals of a price and computes
// another sum of the rows (122.06 × 100 instead of 12 206.10); this does not count as a person's change.
func TestSumsAndUnitsOfTheCard(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.SetRows(deal,
		bitrix24test.Fields{"productName": "Работа", "quantity": 100.0, "price": 122.06, "priceExclusive": 100.05, "taxRate": 22.0, "taxIncluded": "N", "measureCode": 356.0},
		bitrix24test.Fields{"productName": "Услуга без единицы", "quantity": 3.0, "price": 33.33, "taxRate": 22.0, "taxIncluded": "Y", "measureCode": 0.0})
	_, action, f := s.DealTab(deal)
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the card", func() bool { return len(s.Portal.Items(s.ItemType())) == 1 && s.Count("tasks WHERE NOT dead") == 0 })
	item := s.Portal.Items(s.ItemType())[0]
	if item["opportunity"] != 12306.09 || item["isManualOpportunity"] != "Y" || item["taxValue"] != 2219.13 {
		t.Errorf("the card has the sum %v, manual %v, tax %v; want 12306.09, Y, 2219.13", item["opportunity"], item["isManualOpportunity"], item["taxValue"])
	}
	rows := s.Portal.Rows(s.ItemType(), int64(item["id"].(float64)))
	if len(rows) != 2 || rows[0]["measureCode"] != 356.0 || rows[1]["measureCode"] != 0.0 {
		t.Errorf("the rows of the card are %v, want the units 356 and 0", rows)
	}
	s.Must(s.Portal.Change(s.Portal.Manager(), s.ItemType(), int64(item["id"].(float64)), fields{"assignedById": s.Portal.Admin()}))
	s.Await("the change of the responsible", func() bool { return s.Count("act_events WHERE kind = 'responsible'") == 1 })
	if n := s.Count("act_events WHERE kind = 'put_back'"); n != 0 {
		t.Errorf("the portal's rounding was taken %d times for a person's change, want never", n)
	}
}
