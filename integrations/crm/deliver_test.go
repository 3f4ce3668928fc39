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
		"nothing":                           {nil, 0},
		"50 notifications":                  {repeat(notice, 50), 50},
		"one more":                          {repeat(notice, 51), 50},
		"items take two commands":           {repeat(item, 30), 25},
		"the last item would be half of it": {append(repeat(notice, 49), item), 49},
	} {
		if got := batchSize(tt.effects); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

func repeat(e workflow.Effect, n int) (list []workflow.Effect) {
	for range n {
		list = append(list, e)
	}
	return list
}

// An item is created with its rows in one call; afterwards only changed fields are written.
func TestItemOfAnAct(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	act := actOf(7, deal, 100, 200)
	var created workflow.Result
	if n := b.calls(func() { created = b.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act}})[0] }); n != 1 || created.Err != nil {
		t.Fatalf("%d calls, %v", n, created.Err)
	}
	items := b.Items(int(b.kept.EntityTypeID))
	if len(items) != 1 || items[0]["xmlId"] != "acts24-7" || items[0]["opportunity"] != 300.0 || items[0]["parentId2"] != float64(deal) ||
		items[0]["stageId"] != b.kept.ItemStage(acts.StatusDraft) {
		t.Fatalf("items %v", items)
	}
	if rows := b.Rows(int(b.kept.EntityTypeID), int64(created.Item)); len(rows) != 2 || rows[1]["price"] != 200.0 || created.RowsLeft || created.Events != 2 {
		t.Errorf("rows %v, left %t, %d events", rows, created.RowsLeft, created.Events)
	}

	act.Item = created.Item
	b.Trace().Reset()
	same := b.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act, Base: created.Base}})[0]
	if same.Err != nil || len(b.Trace().Lines()) != 0 {
		t.Errorf("an unchanged act: %v, %d commands", same.Err, len(b.Trace().Lines()))
	}
	act.Status = acts.StatusSignedByUs
	moved := b.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act, Base: created.Base}})[0]
	if written := b.Trace().Lines(); moved.Err != nil || len(written) != 1 || len(written[0].Params["fields"].(map[string]any)) != 1 {
		t.Errorf("only the stage is written: %v, %+v", moved.Err, written)
	}
	if stage := b.Item(int(b.kept.EntityTypeID), int64(act.Item))["stageId"]; stage != b.kept.ItemStage(acts.StatusSignedByUs) {
		t.Errorf("the item is at %v", stage)
	}
}

// A person's change of a field that we did not write is kept in the base, so that it is still noticed.
func TestChangeBesideOurWrite(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	act := actOf(7, deal, 100)
	made := b.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act}})[0]
	act.Item, act.Status = made.Item, acts.StatusSignedByUs
	if err := b.Change(b.Manager(), int(b.kept.EntityTypeID), int64(act.Item), fields{"title": "Другое"}); err != nil {
		t.Fatal(err)
	}
	next := b.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: act, Base: made.Base}})[0]
	if next.Err != nil || next.Base["title"] != made.Base["title"] || next.Base["title"] == "Другое" {
		t.Errorf("base %q, %v", next.Base["title"], next.Err)
	}
}

// The response of a creating call is lost: the result is unclear, and the next attempt finds what was created.
func TestLostAnswerOfACreation(t *testing.T) {
	for _, kind := range []string{bitrix24test.Reset, bitrix24test.Cut, bitrix24test.HTML200Late} {
		t.Run(kind, func(t *testing.T) {
			b := newBench(t)
			deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			effects := func(unclear bool) []workflow.Effect {
				return []workflow.Effect{
					{Unclear: unclear, Item: &workflow.ItemChange{Act: actOf(7, deal, 100)}},
					{Unclear: unclear, Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Акт подписан"}},
					{Unclear: unclear, Task: &workflow.TaskChange{Key: "acts24-7", Title: "Указать статус", Responsible: 2, Deal: acts.DealID(deal)}},
				}
			}
			b.fault(bitrix24test.Fault{Kind: kind, Method: "batch", Count: 1})
			for n, r := range b.deliver(effects(false)...) {
				if !errors.Is(r.Err, workflow.ErrUnclear) {
					t.Errorf("effect %d: %v, want an unclear result", n, r.Err)
				}
			}
			results := b.deliver(effects(true)...)
			for n, r := range results {
				if r.Err != nil {
					t.Errorf("effect %d again: %v", n, r.Err)
				}
			}
			if items, notes, tasks := b.Items(int(b.kept.EntityTypeID)), b.Timeline(), b.Tasks(); len(items) != 1 || len(notes) != 1 || len(tasks) != 1 {
				t.Errorf("%d items, %d notes, %d tasks after two attempts", len(items), len(notes), len(tasks))
			}
			if results[0].Item == 0 || results[2].Task == 0 {
				t.Errorf("results %+v", results)
			}
		})
	}
}

// When a call was certainly not executed, every effect may be repeated.
func TestEffectsThatWereNotExecuted(t *testing.T) {
	for _, kind := range []string{bitrix24test.Unavailable, bitrix24test.Overload, bitrix24test.Expired} {
		b := newBench(t)
		b.fault(bitrix24test.Fault{Kind: kind, Count: 1})
		notice := workflow.Effect{Notice: &workflow.NoticeChange{User: 2, Text: "Акт подписан", Tag: "a"}}
		if r := b.deliver(notice, notice); !errors.Is(r[0].Err, acts.Unavailable) || !errors.Is(r[1].Err, acts.Unavailable) || len(b.Notifications()) != 0 {
			t.Errorf("%s: %v, %v", kind, r[0].Err, r[1].Err)
		}
	}
}

// A lease that was lost while reading prevents the write.
func TestLostLease(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	lost := errors.New("the lease is lost")
	note := workflow.Effect{Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Текст"}}
	results := newDelivery(b.kept, []workflow.Effect{note}).run(t.Context(), b.client, func(context.Context) error { return lost })
	if !errors.Is(results[0].Err, lost) || len(b.Timeline()) != 0 {
		t.Errorf("%v, %d notes", results[0].Err, len(b.Timeline()))
	}
}

// A refusal concerns its own effect only.
func TestRefusedEffect(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	results := b.deliver(
		workflow.Effect{Note: &workflow.NoteChange{Deal: 999, Text: "Текст"}},
		workflow.Effect{Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Текст"}},
		workflow.Effect{Stage: &workflow.StageChange{Deal: 999, Decide: func(string, bool) string { return "WON" }}},
	)
	if acts.Message(results[0].Err) == "" || results[1].Err != nil || !errors.Is(results[2].Err, acts.NotFound) {
		t.Errorf("%v, %v, %v", results[0].Err, results[1].Err, results[2].Err)
	}
}

func TestStageOfADeal(t *testing.T) {
	for name, tt := range map[string]struct {
		at, to string
		want   workflow.Result
	}{
		"it is moved":              {"NEW", "EXECUTING", workflow.Result{Stage: "EXECUTING", Moved: true}},
		"it stays":                 {"EXECUTING", "", workflow.Result{Stage: "EXECUTING"}},
		"it is won and stays":      {"WON", "", workflow.Result{Stage: "WON", Final: true}},
		"a stage that was deleted": {"NEW", "GONE", workflow.Result{Stage: "GONE", Moved: true, Err: acts.Errorf(acts.Refused, "")}},
	} {
		b := newBench(t)
		deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка", "stageId": tt.at})
		var seen string
		got := b.deliver(workflow.Effect{Stage: &workflow.StageChange{Deal: acts.DealID(deal), Decide: func(stage string, final bool) string {
			seen = fmt.Sprint(stage, final)
			return tt.to
		}}})[0]
		if got.Stage != tt.want.Stage || got.Moved != tt.want.Moved || got.Final != tt.want.Final || (got.Err != nil) != (tt.want.Err != nil) {
			t.Errorf("%s: %+v", name, got)
		}
		if seen != fmt.Sprint(tt.at, tt.at == "WON") {
			t.Errorf("%s: decided by %s", name, seen)
		}
	}
}

// The answer to a question is shown on the deal and on its company, else on its contact.
func TestAnswerOnCards(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	company, _ := b.company("ООО «Ромашка»")
	contact := b.AddItem(bitrix24test.Contact, fields{"name": "Анна"})
	answer := workflow.FieldsChange{Deal: acts.DealID(deal), Exchange: "ЭДО", Operator: "СБИС", Participant: "2BE1"}
	ofCompany, ofContact, gone := answer, answer, answer
	ofCompany.Company, ofContact.Contact, gone.Company = acts.CompanyID(company), acts.ContactID(contact), 999
	for n, r := range b.deliver(workflow.Effect{Fields: &ofCompany}, workflow.Effect{Fields: &ofContact}, workflow.Effect{Fields: &gone}, workflow.Effect{Fields: &answer}) {
		if r.Err != nil {
			t.Errorf("%d: %v", n, r.Err)
		}
	}
	for what, got := range map[string]any{
		"deal":    b.Item(bitrix24test.Deal, deal)[b.kept.DealField("exchange")],
		"company": b.Item(bitrix24test.Company, company)[b.kept.CompanyField("exchange")],
		"contact": b.Item(bitrix24test.Contact, contact)[b.kept.ContactField("exchange")],
	} {
		if got != "ЭДО" {
			t.Errorf("the field of the %s is %v", what, got)
		}
	}
}

// An item without an act of ours is moved to a stage.
func TestOrphanedItem(t *testing.T) {
	b := newBench(t)
	item := b.AddItem(int(b.kept.EntityTypeID), fields{"title": "Чужой"})
	r := b.deliver(workflow.Effect{Orphan: &workflow.OrphanChange{Item: acts.ItemID(item), Status: acts.StatusAnnulled}})
	if stage := b.Item(int(b.kept.EntityTypeID), item)["stageId"]; r[0].Err != nil || stage != b.kept.ItemStage(acts.StatusAnnulled) {
		t.Errorf("%v, %v", stage, r[0].Err)
	}
}

// Rows that exceed a thousand values do not travel with their item.
func TestRowsThatDoNotFit(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	r := b.deliver(workflow.Effect{Item: &workflow.ItemChange{Act: actOf(7, deal, make([]int, 300)...)}})[0]
	if r.Err != nil || !r.RowsLeft || r.Base[workflow.RowsMark] != "" || len(b.Rows(int(b.kept.EntityTypeID), int64(r.Item))) != 0 {
		t.Errorf("rows left %t, %v", r.RowsLeft, r.Err)
	}
}

// A comment of an unclear attempt is found by its text, whatever form the portal gives it, and by the comments that are known to be others.
func TestTimelineEntry(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	text := "Акт № 5: «Подписан» & \"передан\"\nДата акта: 1.11 → 2.11\nАнна, 02.11.2026 12:00"
	note := func(unclear bool, known ...int64) workflow.Effect {
		return workflow.Effect{Unclear: unclear, Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: text, OtherComments: known}}
	}
	first := b.deliver(note(false))[0]
	again := b.deliver(note(true))[0]
	if first.Err != nil || again.Err != nil || first.Note == 0 || again.Note != first.Note || len(b.Timeline()) != 1 {
		t.Errorf("first %+v, again %+v, %d comments", first, again, len(b.Timeline()))
	}
	second := b.deliver(note(true, first.Note))[0] // an equal line, whose comment was not written
	if second.Err != nil || second.Note == first.Note || len(b.Timeline()) != 2 {
		t.Errorf("second %+v, %d comments", second, len(b.Timeline()))
	}
	both := b.deliver(note(true), note(true), note(true)) // two of three equal lines were written
	seen := map[int64]bool{both[0].Note: true, both[1].Note: true, both[2].Note: true}
	if len(seen) != 3 || !seen[first.Note] || !seen[second.Note] || len(b.Timeline()) != 3 {
		t.Errorf("three equal lines have the comments %v of %d", seen, len(b.Timeline()))
	}
}

// A comment of an unclear attempt is found behind more comments than a page holds.
func TestTimelineEntryBehindOthers(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	note := workflow.Effect{Unclear: true, Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: "Акт подписан"}}
	first := b.deliver(note)[0]
	for n := range bitrix24.CommentsPage + 10 {
		b.deliver(workflow.Effect{Note: &workflow.NoteChange{Deal: acts.DealID(deal), Text: fmt.Sprint("Звонок ", n)}})
	}
	if again := b.deliver(note)[0]; again.Err != nil || again.Note != first.Note {
		t.Errorf("found %+v, want comment %d", again, first.Note)
	}
}

// A notification with the tag of an earlier one replaces it.
func TestNotification(t *testing.T) {
	b := newBench(t)
	for _, text := range []string{"Акт передан", "Акт подписан"} {
		if r := b.deliver(workflow.Effect{Notice: &workflow.NoticeChange{User: 2, Text: text, Tag: "act-7"}}); r[0].Err != nil {
			t.Fatal(r[0].Err)
		}
	}
	if list := b.Notifications(); len(list) != 1 || list[0].User != 2 || list[0].Message != "Акт подписан" {
		t.Errorf("notifications %+v", list)
	}
}

func TestMustWrite(t *testing.T) {
	base := map[string]string{"=asked": "1", "asked": "normalised", "held": "2"}
	for name, tt := range map[string]struct {
		field, value string
		want         bool
	}{
		"what we wrote last":          {"asked", "1", false},
		"another value":               {"asked", "2", true},
		"what the CRM made of it":     {"asked", "normalised", true},
		"what the CRM holds":          {"held", "2", false},
		"not what the CRM holds":      {"held", "3", true},
		"a field that was never read": {"new", "", true},
	} {
		if got := mustWrite(base, tt.field, tt.value); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}

func TestPagesOfChanges(t *testing.T) {
	p := store.Portal{Zone: "Europe/Moscow"}
	if page := changesPage(p, nil, nil); !page.ItemsUntil.IsZero() || !page.DealsUntil.IsZero() || len(page.Items)+len(page.Deals) != 0 {
		t.Errorf("an empty page: %+v", page)
	}
	page := changesPage(p, nil, []bitrix24.Deal{{ID: 1}, {ID: 2, StageSemantics: "F"}})
	if len(page.Deals) != 2 || page.Deals[1].Semantics != "F" || page.Deals[0].Semantics != "" {
		t.Errorf("deals %+v", page.Deals)
	}
}
