package crm

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store"
	"acts24/workflow"
)

func TestBatchSize(t *testing.T) {
	item, notice := workflow.Effect{Item: &workflow.ItemChange{}}, workflow.Effect{Notice: &workflow.NoticeChange{}}
	for name, tt := range map[string]struct {
		effects []workflow.Effect
		want    int
	}{
		"nothing":                         {nil, 0},
		"50 notifications":                {repeat(notice, 50), 50},
		"51 notifications":                {repeat(notice, 51), 50},
		"items, which take two commands":  {repeat(item, 30), 25},
		"an item behind 49 notifications": {append(repeat(notice, 49), item), 49},
	} {
		if got := batchSize(tt.effects); got != tt.want {
			t.Errorf("batchSize of %s = %d, want %d", name, got, tt.want)
		}
	}
}

// repeat returns an effect n times.
func repeat(e workflow.Effect, n int) (list []workflow.Effect) {
	for range n {
		list = append(list, e)
	}
	return list
}

// An item is created with its rows in one call; afterwards only changed fields are written.
func TestItemOfAnAct(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	act := actOf(7, deal, 100, 200)
	var created workflow.Result
	if n := portal.countCalls(func() { created = portal.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act}})[0] }); n != 1 || created.Err != nil {
		t.Fatalf("the creation took %d calls, %v; want one without an error", n, created.Err)
	}
	items := portal.Items(int(portal.record.EntityTypeID))
	if len(items) != 1 || items[0]["xmlId"] != "acts24-7" || items[0]["opportunity"] != 300.0 || items[0]["parentId2"] != float64(deal) ||
		items[0]["stageId"] != portal.record.ItemStage(acts.StatusDraft) {
		t.Fatalf("the items are %v, want a draft acts24-7 of deal %d for 300 rubles", items, deal)
	}
	if rows := portal.Rows(int(portal.record.EntityTypeID), int64(created.Item)); len(rows) != 2 || rows[1]["price"] != 200.0 || created.RowsLeft || created.Events != 2 {
		t.Errorf("the item has the rows %v, rows left %t, %d events expected; want two rows, none left, two events", rows, created.RowsLeft, created.Events)
	}

	act.Item = created.Item
	portal.Trace().Reset()
	same := portal.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act, Base: created.Base}})[0]
	if same.Err != nil || len(portal.Trace().Lines()) != 0 {
		t.Errorf("an unchanged act: %v, %d commands; want none", same.Err, len(portal.Trace().Lines()))
	}
	act.Status = acts.StatusSignedByUs
	moved := portal.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act, Base: created.Base}})[0]
	if written := portal.Trace().Lines(); moved.Err != nil || len(written) != 1 || len(written[0].Params["fields"].(map[string]any)) != 1 {
		t.Errorf("a new status: %v, commands %+v; want one that writes only the stage", moved.Err, written)
	}
	if stage := portal.Item(int(portal.record.EntityTypeID), int64(act.Item))["stageId"]; stage != portal.record.ItemStage(acts.StatusSignedByUs) {
		t.Errorf("the item is at %v, want %v", stage, portal.record.ItemStage(acts.StatusSignedByUs))
	}
}

// A person's change of a field that we do not write is not taken into the base, so that it is still noticed.
func TestChangeBesideOurWrite(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	act := actOf(7, deal, 100)
	made := portal.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act}})[0]
	act.Item, act.Status = made.Item, acts.StatusSignedByUs
	if err := portal.Change(portal.Manager(), int(portal.record.EntityTypeID), int64(act.Item), fields{"title": "Другое"}); err != nil {
		t.Fatal(err)
	}
	next := portal.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act, Base: made.Base}})[0]
	if next.Err != nil || next.Base["title"] != made.Base["title"] {
		t.Errorf("the base has the title %q, %v; want our title %q, so that the person's is noticed", next.Base["title"], next.Err, made.Base["title"])
	}
}

// The answer to a creating call is lost: the result is unclear, and the next attempt finds what was created.
func TestLostAnswerToACreation(t *testing.T) {
	for _, kind := range []string{bitrix24test.FaultReset, bitrix24test.FaultCut, bitrix24test.FaultHTML200Late} {
		t.Run(kind, func(t *testing.T) {
			portal := newTestPortal(t)
			deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			effects := func(unclear bool) []workflow.Effect {
				return []workflow.Effect{
					{Unclear: unclear, Item: &workflow.ItemChange{Act: actOf(7, deal, 100)}},
					{Unclear: unclear, Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Акт подписан"}},
					{Unclear: unclear, Task: &workflow.TaskChange{Key: "acts24-7", Title: "Указать статус", Responsible: 2, Deal: acts.DealID(deal)}},
				}
			}
			portal.injectFault(bitrix24test.Fault{Kind: kind, Method: "batch", Count: 1})
			for i, r := range portal.deliver(effects(false)...) {
				if !errors.Is(r.Err, workflow.ErrUnclear) {
					t.Errorf("effect %d: %v, want an unclear result", i, r.Err)
				}
			}
			results := portal.deliver(effects(true)...)
			for i, r := range results {
				if r.Err != nil {
					t.Errorf("effect %d in the second attempt: %v", i, r.Err)
				}
			}
			if items, notes, tasks := portal.Items(int(portal.record.EntityTypeID)), portal.Timeline(), portal.Tasks(); len(items) != 1 || len(notes) != 1 || len(tasks) != 1 {
				t.Errorf("%d items, %d notes, %d tasks after two attempts, want one of each", len(items), len(notes), len(tasks))
			}
			if results[0].Item == 0 || results[2].Task == 0 {
				t.Errorf("results %+v, want the ids of the item and the task", results)
			}
		})
	}
}

// When a call was certainly not executed, every effect may be repeated.
func TestEffectsThatWereNotExecuted(t *testing.T) {
	for _, kind := range []string{bitrix24test.FaultUnavailable, bitrix24test.FaultOverload, bitrix24test.FaultExpired} {
		portal := newTestPortal(t)
		portal.injectFault(bitrix24test.Fault{Kind: kind, Count: 1})
		notice := workflow.Effect{Notice: &workflow.NoticeChange{User: 2, Text: "Акт подписан", Tag: "a"}}
		if r := portal.deliver(notice, notice); !errors.Is(r[0].Err, acts.Unavailable) || !errors.Is(r[1].Err, acts.Unavailable) || len(portal.Notifications()) != 0 {
			t.Errorf("%s: %v, %v and %d notifications; want Unavailable twice and none", kind, r[0].Err, r[1].Err, len(portal.Notifications()))
		}
	}
}

// A lease that was lost while reading prevents the write.
func TestLostLease(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	lost := errors.New("the lease is lost")
	note := workflow.Effect{Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Текст"}}
	results := newDelivery(portal.record, []workflow.Effect{note}).run(t.Context(), portal.client, func(context.Context) error { return lost })
	if !errors.Is(results[0].Err, lost) || len(portal.Timeline()) != 0 {
		t.Errorf("the delivery returned %v and wrote %d notes, want %q and none", results[0].Err, len(portal.Timeline()), lost)
	}
}

// A refusal concerns its own effect only.
func TestRefusedEffect(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	results := portal.deliver(
		workflow.Effect{Note: &workflow.NoteChange{Deal: 999, Text: "Текст"}},
		workflow.Effect{Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Текст"}},
		workflow.Effect{Stage: &workflow.StageChange{Deal: 999, Decide: func(string, bool) string { return "WON" }}},
	)
	if acts.Message(results[0].Err) == "" || results[1].Err != nil || !errors.Is(results[2].Err, acts.NotFound) {
		t.Errorf("the results are %v, %v, %v; want a message, no error, NotFound", results[0].Err, results[1].Err, results[2].Err)
	}
}

func TestStageOfADeal(t *testing.T) {
	for name, tt := range map[string]struct {
		stage, decision string
		want            workflow.Result
	}{
		"it is moved":              {"NEW", "EXECUTING", workflow.Result{Stage: "EXECUTING", Moved: true}},
		"it stays":                 {"EXECUTING", "", workflow.Result{Stage: "EXECUTING"}},
		"it is won and stays":      {"WON", "", workflow.Result{Stage: "WON", Final: true}},
		"a stage that was deleted": {"NEW", "GONE", workflow.Result{Stage: "GONE", Moved: true, Err: acts.Refused}},
	} {
		portal := newTestPortal(t)
		deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка", "stageId": tt.stage})
		var seen string
		got := portal.deliver(workflow.Effect{Stage: &workflow.StageChange{Deal: acts.DealID(deal), Decide: func(stage string, final bool) string {
			seen = fmt.Sprint(stage, final)
			return tt.decision
		}}})[0]
		if got.Stage != tt.want.Stage || got.Moved != tt.want.Moved || got.Final != tt.want.Final || !errors.Is(got.Err, tt.want.Err) {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
		if want := fmt.Sprint(tt.stage, tt.stage == "WON"); seen != want {
			t.Errorf("%s: the decision was made by %s, want the stage and whether it is final: %s", name, seen, want)
		}
	}
}

// The answer to a question is shown on the deal and on its company, else on its contact.
func TestAnswerOnCards(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	company, _ := portal.addCompany("ООО «Ромашка»")
	contact := portal.AddItem(bitrix24test.Contact, fields{"name": "Анна"})
	answer := workflow.FieldsChange{Deal: acts.DealID(deal), Exchange: "ЭДО", Operator: "СБИС", Participant: "2BE1"}
	ofCompany, ofContact, ofDeletedCompany := answer, answer, answer
	ofCompany.Company, ofContact.Contact, ofDeletedCompany.Company = acts.CompanyID(company), acts.ContactID(contact), 999
	for i, r := range portal.deliver(workflow.Effect{Fields: &ofCompany}, workflow.Effect{Fields: &ofContact}, workflow.Effect{Fields: &ofDeletedCompany},
		workflow.Effect{Fields: &answer}) {
		if r.Err != nil {
			t.Errorf("effect %d: %v", i, r.Err)
		}
	}
	for what, got := range map[string]any{
		"deal":    portal.Item(bitrix24test.Deal, deal)[portal.record.DealField("exchange")],
		"company": portal.Item(bitrix24test.Company, company)[portal.record.CompanyField("exchange")],
		"contact": portal.Item(bitrix24test.Contact, contact)[portal.record.ContactField("exchange")],
	} {
		if got != "ЭДО" {
			t.Errorf("the way of exchange of the %s is %v, want ЭДО", what, got)
		}
	}
}

// An item without an act of ours is moved to a stage.
func TestOrphanedItem(t *testing.T) {
	portal := newTestPortal(t)
	item := portal.AddItem(int(portal.record.EntityTypeID), fields{"title": "Чужой"})
	r := portal.deliver(workflow.Effect{Orphan: &workflow.OrphanChange{Item: acts.ItemID(item), Status: acts.StatusAnnulled}})
	if stage := portal.Item(int(portal.record.EntityTypeID), item)["stageId"]; r[0].Err != nil || stage != portal.record.ItemStage(acts.StatusAnnulled) {
		t.Errorf("the item is at %v, %v; want %v", stage, r[0].Err, portal.record.ItemStage(acts.StatusAnnulled))
	}
}

// Rows that exceed a thousand values do not travel with their item.
func TestRowsThatDoNotFit(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	r := portal.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: actOf(7, deal, make([]int, 300)...)}})[0]
	if r.Err != nil || !r.RowsLeft || r.Base[workflow.RowsMark] != "" || len(portal.Rows(int(portal.record.EntityTypeID), int64(r.Item))) != 0 {
		t.Errorf("rows left %t, mark of rows %q, %v; want an item without rows and without the mark", r.RowsLeft, r.Base[workflow.RowsMark], r.Err)
	}
}

// A comment of an unclear attempt is found by its text, whatever form the portal gives it, and by the comments that are known to be others.
func TestUnclearTimelineEntry(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	text := "Акт № 5: «Подписан» & \"передан\"\nДата акта: 1.11 → 2.11\nАнна, 02.11.2026 12:00"
	note := func(unclear bool, known ...int64) workflow.Effect {
		return workflow.Effect{Unclear: unclear, Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: text, OtherComments: known}}
	}
	first := portal.deliver(note(false))[0]
	again := portal.deliver(note(true))[0]
	if first.Err != nil || again.Err != nil || first.Note == 0 || again.Note != first.Note || len(portal.Timeline()) != 1 {
		t.Errorf("first %+v, again %+v, %d comments; want one comment, found again", first, again, len(portal.Timeline()))
	}
	second := portal.deliver(note(true, first.Note))[0] // an equal line, whose comment was not written
	if second.Err != nil || second.Note == first.Note || len(portal.Timeline()) != 2 {
		t.Errorf("first %+v, second %+v, %d comments; want a second comment", first, second, len(portal.Timeline()))
	}
	three := portal.deliver(note(true), note(true), note(true)) // two of three equal lines were written
	found := map[int64]bool{three[0].Note: true, three[1].Note: true, three[2].Note: true}
	if len(found) != 3 || !found[first.Note] || !found[second.Note] || len(portal.Timeline()) != 3 {
		t.Errorf("three equal lines have the comments %v of %d, want %d, %d and a third", found, len(portal.Timeline()), first.Note, second.Note)
	}
}

// A comment of an unclear attempt is found behind more comments than a page holds.
func TestUnclearTimelineEntryBehindOthers(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	note := workflow.Effect{Unclear: true, Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Акт подписан"}}
	first := portal.deliver(note)[0]
	for n := range bitrix24.CommentsPage + 10 {
		portal.deliver(workflow.Effect{Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: fmt.Sprint("Звонок ", n)}})
	}
	if again := portal.deliver(note)[0]; again.Err != nil || again.Note != first.Note {
		t.Errorf("found %+v, want comment %d", again, first.Note)
	}
}

// A notification with the tag of an earlier one replaces it.
func TestNotification(t *testing.T) {
	portal := newTestPortal(t)
	for _, text := range []string{"Акт передан", "Акт подписан"} {
		if r := portal.deliver(workflow.Effect{Notice: &workflow.NoticeChange{User: 2, Text: text, Tag: "act-7"}}); r[0].Err != nil {
			t.Fatal(r[0].Err)
		}
	}
	if list := portal.Notifications(); len(list) != 1 || list[0].User != 2 || list[0].Message != "Акт подписан" {
		t.Errorf("notifications %+v, want only «Акт подписан» to user 2", list)
	}
}

func TestMustWrite(t *testing.T) {
	base := map[string]string{"=written": "1", "written": "normalised", "read": "2"}
	for name, tt := range map[string]struct {
		field, value string
		want         bool
	}{
		"the value that we wrote last":               {"written", "1", false},
		"another value than we wrote last":           {"written", "2", true},
		"the value that the CRM stored instead":      {"written", "normalised", true},
		"the value of a field that we only read":     {"read", "2", false},
		"another value of a field that we only read": {"read", "3", true},
		"a field that was never read":                {"new", "", true},
	} {
		if got := mustWrite(base, tt.field, tt.value); got != tt.want {
			t.Errorf("mustWrite of %s = %t, want %t", name, got, tt.want)
		}
	}
}

func TestPagesOfChanges(t *testing.T) {
	p := store.Portal{Zone: "Europe/Moscow"}
	if page := changesPage(p, nil, nil); !page.ItemsUntil.IsZero() || !page.DealsUntil.IsZero() || len(page.Items)+len(page.Deals) != 0 {
		t.Errorf("an empty page is %+v, want no items, deals and times", page)
	}
	page := changesPage(p, nil, []bitrix24.Deal{{ID: 1}, {ID: 2, StageSemantics: "F"}})
	if len(page.Deals) != 2 || page.Deals[1].Semantics != "F" || page.Deals[0].Semantics != "" {
		t.Errorf("deals %+v, want two, the second with the semantics F", page.Deals)
	}
}
