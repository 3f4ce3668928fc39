package sbistest_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

func TestMoves(t *testing.T) {
	type moves = []sbistest.Move
	for name, tt := range map[string]struct {
		buyer sbistest.Organization
		moves moves
		state int
		event string // the last one
	}{
		"our signature reaches a connected side": {customer, moves{sbistest.SignByUs}, sbis.StateDelivered, "Извещение о получении"},
		"it invites one who is not":              {stranger, moves{sbistest.SignByUs}, sbis.StateInvited, "Отправка приглашения"},
		"the invitation is accepted":             {stranger, moves{sbistest.SignByUs, sbistest.AcceptInvitation}, sbis.StateDelivered, "Извещение о получении"},
		"roaming takes its time":                 {roamer, moves{sbistest.SignByUs}, sbis.StateSent, "Подтверждение даты отправки"},
		"and delivers":                           {roamer, moves{sbistest.SignByUs, sbistest.Deliver}, sbis.StateDelivered, "Извещение о получении"},
		"or fails":                               {roamer, moves{sbistest.SignByUs, sbistest.DeliveryError}, sbis.StateError, "Ошибка доставки"},
		"our signer refuses":                     {customer, moves{sbistest.RefuseByUs}, sbis.StateDraft, "Отказ от подписания"},
		"returned and signed after all":          {customer, moves{sbistest.Return, sbistest.SignByUs}, sbis.StateDelivered, "Извещение о получении"},
		"edited in the account":                  {customer, moves{sbistest.Edit}, sbis.StateDraft, "Загрузка"},
		"deleted":                                {customer, moves{sbistest.Delete}, sbis.StateCancelled, "Уведомление об удалении на стороне отправителя"},
		"signed with remarks":                    {customer, moves{sbistest.SignByUs, sbistest.SignWithRemarks}, sbis.StateCompleted, "Утверждение"},
		"rejected":                               {customer, moves{sbistest.SignByUs, sbistest.Reject}, sbis.StateRejected, "Уведомление об уточнении"},
		"recalled: a state without a code":       {customer, moves{sbistest.SignByUs, sbistest.Recall}, sbis.StateNone, "Отзыв документа"},
		"annulment proposed":                     {customer, moves{sbistest.SignByUs, sbistest.SignByCounterparty, sbistest.Annul}, sbis.StateCompleted, "Отправка соглашения об аннулировании"},
		"annulment agreed":                       {customer, moves{sbistest.SignByUs, sbistest.SignByCounterparty, sbistest.Annul, sbistest.AgreeAnnulment}, sbis.StateCancelled, "Документ аннулирован"},
		"annulment withdrawn":                    {customer, moves{sbistest.SignByUs, sbistest.SignByCounterparty, sbistest.Annul, sbistest.WithdrawAnnulment}, sbis.StateCompleted, "Отзыв соглашения об аннулировании"},
		"annulled before the countersignature":   {customer, moves{sbistest.SignByUs, sbistest.Annul}, sbis.StateNone, "Отзыв документа"},
		"signed although it was recalled":        {customer, moves{sbistest.SignByUs, sbistest.Recall, sbistest.SignByCounterparty}, sbis.StateCompleted, "Утверждение"},
		"annulment declined":                     {customer, moves{sbistest.SignByUs, sbistest.SignByCounterparty, sbistest.Annul, sbistest.DeclineAnnulment}, sbis.StateCompleted, "Отказ в аннулировании"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			id := b.put(tt.buyer)
			b.do(id, tt.moves...)
			d := b.read(id)
			if last := d.Events[len(d.Events)-1]; d.State.Code != tt.state || last.Name != tt.event {
				t.Errorf("state %d, last event %q; want %d, %q", d.State.Code, last.Name, tt.state, tt.event)
			}
			events, _, err := b.poll(beginning)
			if err != nil || len(events) != len(d.Events) {
				t.Errorf("%d events in the feed, %d in the document, %v", len(events), len(d.Events), err)
			}
		})
	}
}

func TestMovesOutOfPlace(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	for _, m := range []sbistest.Move{sbistest.SignByCounterparty, sbistest.Reject, sbistest.AcceptInvitation, sbistest.AgreeAnnulment, "dance"} {
		if err := b.Act(id, sbistest.MoveRequest{Move: m}); err == nil {
			t.Errorf("%s on a draft", m)
		}
	}
	b.do(id, sbistest.SignByUs, sbistest.SignByCounterparty)
	for _, m := range []sbistest.Move{sbistest.SignByUs, sbistest.Edit, sbistest.Delete, sbistest.Recall, sbistest.DeliveryError} {
		if err := b.Act(id, sbistest.MoveRequest{Move: m}); err == nil {
			t.Errorf("%s on a signed document", m)
		}
	}
	if err := b.Act("nothing", sbistest.MoveRequest{Move: sbistest.SignByUs}); err != sbistest.ErrNoDocument {
		t.Errorf("a move on nothing: %v", err)
	}
}

func TestBuyerOutcomes(t *testing.T) {
	for _, function := range []string{"ДОП", "СЧФДОП"} {
		for outcome, word := range map[string]string{"1": "приняты", "2": "с замечаниями", "3": "не приняты"} {
			b := newBench(t)
			d := b.draft(customer)
			d.Files[0].Content.Name, d.Files[0].Content.Data = sbistest.SampleTitle(function, "15", "31.10.2026", "g", own, customer)
			if _, err := b.client.WriteDocument(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			b.do(d.ID, sbistest.SignByUs)
			if err := b.Act(d.ID, sbistest.MoveRequest{Move: sbistest.SignByCounterparty, Outcome: outcome, Comment: "Строка <2>"}); err != nil {
				t.Fatal(err)
			}
			title, ok := b.read(d.ID).BuyerTitle()
			text, _ := charmap.Windows1251.NewDecoder().String(string(b.download(title.File.Link)))
			if !ok || !strings.Contains(text, `КодИтога="`+outcome+`"`) || !strings.Contains(text, word) {
				t.Errorf("%s, outcome %s: %s", function, outcome, text)
			}
		}
	}
}

func TestEditChangesTheBytes(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	b.do(id, sbistest.Edit)
	d := b.read(id)
	text, _ := charmap.Windows1251.NewDecoder().String(string(b.download(d.Attachments[0].File.Link)))
	if !d.Attachments[0].Modified || !strings.Contains(text, "(изменено в кабинете)") || len(d.Revisions) != 2 {
		t.Errorf("attachment %+v, %d revisions", d.Attachments[0], len(d.Revisions))
	}
}

func TestDeleteByTheService(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	for range 2 { // the second one after a lost answer
		if err := b.client.DeleteDocument(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if d := b.read(id); !d.Deleted {
		t.Error("the document is not among the deleted")
	}
	sent := b.put(customer)
	b.do(sent, sbistest.SignByUs)
	if err := b.client.DeleteDocument(t.Context(), sent); !sbis.IsRefused(err) {
		t.Errorf("a sent document was deleted: %v", err)
	}
}

func TestAnnulByTheService(t *testing.T) {
	b := newBench(t)
	b.OfferAnnulment(true)
	step := func(id string) sbis.Step {
		return sbis.Step{DocumentID: id, Stage: "Аннулирование", Action: "Аннулировать", Thumbprint: sbistest.DemoThumbprint, Comment: "Ошибка"}
	}
	recalled := b.put(customer)
	b.do(recalled, sbistest.SignByUs)
	if d, err := b.client.ExecuteAction(t.Context(), step(recalled)); err != nil || d.State.Name != "Отозван мной" {
		t.Errorf("recall: %+v, %v", d, err)
	}
	proposed := b.put(customer)
	b.do(proposed, sbistest.SignByUs, sbistest.SignByCounterparty)
	d, err := b.client.ExecuteAction(t.Context(), step(proposed))
	if err != nil || d.State.Code != sbis.StateCompleted {
		t.Errorf("proposal: %+v, %v", d, err)
	}
	doc, _ := b.Document(proposed)
	if doc.Annulment != "us" || !slices.Contains(doc.Moves, sbistest.AgreeAnnulment) {
		t.Errorf("proposal is kept as %q", doc.Annulment)
	}
}
