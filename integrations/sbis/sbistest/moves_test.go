package sbistest_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// Each move leads to its state and event, and every event is in the feed.
func TestMoves(t *testing.T) {
	type moves = []sbistest.Move
	for name, tt := range map[string]struct {
		buyer sbistest.Organization
		moves moves
		state int
		event string // the last event
	}{
		"signed by us for a connected counterparty": {customer, moves{sbistest.MoveSignByUs}, sbis.StateDelivered, "Извещение о получении"},
		"signed by us for an unconnected one":       {unconnected, moves{sbistest.MoveSignByUs}, sbis.StateInvited, "Отправка приглашения"},
		"the invitation is accepted":                {unconnected, moves{sbistest.MoveSignByUs, sbistest.MoveAcceptInvitation}, sbis.StateDelivered, "Извещение о получении"},
		"signed by us for another operator":         {roaming, moves{sbistest.MoveSignByUs}, sbis.StateSent, "Подтверждение даты отправки"},
		"delivered by another operator":             {roaming, moves{sbistest.MoveSignByUs, sbistest.MoveDeliver}, sbis.StateDelivered, "Извещение о получении"},
		"not delivered by another operator":         {roaming, moves{sbistest.MoveSignByUs, sbistest.MoveDeliveryError}, sbis.StateError, "Ошибка доставки"},
		"refused by our signer":                     {customer, moves{sbistest.MoveRefuseByUs}, sbis.StateDraft, "Отказ от подписания"},
		"returned, then signed by us":               {customer, moves{sbistest.MoveReturn, sbistest.MoveSignByUs}, sbis.StateDelivered, "Извещение о получении"},
		"edited in the account":                     {customer, moves{sbistest.MoveEdit}, sbis.StateDraft, "Загрузка"},
		"deleted":                                   {customer, moves{sbistest.MoveDelete}, sbis.StateCancelled, "Уведомление об удалении на стороне отправителя"},
		"signed with remarks":                       {customer, moves{sbistest.MoveSignByUs, sbistest.MoveSignWithRemarks}, sbis.StateCompleted, "Утверждение"},
		"rejected":                                  {customer, moves{sbistest.MoveSignByUs, sbistest.MoveReject}, sbis.StateRejected, "Уведомление об уточнении"},
		"recalled: a state without a code":          {customer, moves{sbistest.MoveSignByUs, sbistest.MoveRecall}, sbis.StateNone, "Отзыв документа"},
		"annulment proposed":                        {customer, moves{sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty, sbistest.MoveAnnul}, sbis.StateCompleted, "Отправка соглашения об аннулировании"},
		"annulment agreed":                          {customer, moves{sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty, sbistest.MoveAnnul, sbistest.MoveAgreeAnnulment}, sbis.StateCancelled, "Документ аннулирован"},
		"annulment withdrawn":                       {customer, moves{sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty, sbistest.MoveAnnul, sbistest.MoveWithdrawAnnulment}, sbis.StateCompleted, "Отзыв соглашения об аннулировании"},
		"annulled before the countersignature":      {customer, moves{sbistest.MoveSignByUs, sbistest.MoveAnnul}, sbis.StateNone, "Отзыв документа"},
		"signed although it was recalled":           {customer, moves{sbistest.MoveSignByUs, sbistest.MoveRecall, sbistest.MoveSignByCounterparty}, sbis.StateCompleted, "Утверждение"},
		"annulment declined":                        {customer, moves{sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty, sbistest.MoveAnnul, sbistest.MoveDeclineAnnulment}, sbis.StateCompleted, "Отказ в аннулировании"},
	} {
		t.Run(name, func(t *testing.T) {
			service := newTestService(t)
			id := service.putDraft(tt.buyer)
			service.makeMoves(id, tt.moves...)
			d := service.read(id)
			if last := d.Events[len(d.Events)-1]; d.State.Code != tt.state || last.Name != tt.event {
				t.Errorf("state %d, last event %q; want %d, %q", d.State.Code, last.Name, tt.state, tt.event)
			}
			events, _, err := service.poll(beginning)
			if err != nil || len(events) != len(d.Events) {
				t.Errorf("%d events in the feed, %d in the document, %v; want as many", len(events), len(d.Events), err)
			}
		})
	}
}

func TestImpossibleMovesAreRefused(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	for _, m := range []sbistest.Move{sbistest.MoveSignByCounterparty, sbistest.MoveReject, sbistest.MoveAcceptInvitation, sbistest.MoveAgreeAnnulment, "unknown-move"} {
		if err := service.PerformMove(id, sbistest.MoveRequest{Move: m}); err == nil {
			t.Errorf("the move %s of a draft returns no error", m)
		}
	}
	service.makeMoves(id, sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty)
	for _, m := range []sbistest.Move{sbistest.MoveSignByUs, sbistest.MoveEdit, sbistest.MoveDelete, sbistest.MoveRecall, sbistest.MoveDeliveryError} {
		if err := service.PerformMove(id, sbistest.MoveRequest{Move: m}); err == nil {
			t.Errorf("the move %s of a signed document returns no error", m)
		}
	}
	if err := service.PerformMove("nothing", sbistest.MoveRequest{Move: sbistest.MoveSignByUs}); err != sbistest.ErrNoDocument {
		t.Errorf("a move of an unknown document: %v, want %v", err, sbistest.ErrNoDocument)
	}
}

// The buyer's title has the outcome of the counterparty's signature.
func TestBuyerOutcomes(t *testing.T) {
	for _, function := range []string{"ДОП", "СЧФДОП"} {
		for outcome, words := range map[string]string{"1": "приняты", "2": "с замечаниями", "3": "не приняты"} {
			service := newTestService(t)
			d := service.newDraft(customer)
			d.Files[0].Content.Name, d.Files[0].Content.Data = sbistest.SampleTitle(function, "15", "31.10.2026", "g", own, customer)
			if _, err := service.client.WriteDocument(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			service.makeMoves(d.ID, sbistest.MoveSignByUs)
			if err := service.PerformMove(d.ID, sbistest.MoveRequest{Move: sbistest.MoveSignByCounterparty, Outcome: outcome, Comment: "Строка <2>"}); err != nil {
				t.Fatal(err)
			}
			title, ok := service.read(d.ID).BuyerTitle()
			text, _ := charmap.Windows1251.NewDecoder().String(string(service.download(title.File.Link)))
			if !ok || !strings.Contains(text, `КодИтога="`+outcome+`"`) || !strings.Contains(text, words) {
				t.Errorf("%s, outcome %s: the buyer's title is %s, want %q in it", function, outcome, text, words)
			}
		}
	}
}

func TestEditChangesTheFile(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	service.makeMoves(id, sbistest.MoveEdit)
	d := service.read(id)
	text, _ := charmap.Windows1251.NewDecoder().String(string(service.download(d.Attachments[0].File.Link)))
	if !d.Attachments[0].Modified || !strings.Contains(text, "(изменено в кабинете)") || len(d.Revisions) != 2 {
		t.Errorf("attachment %+v with the text %s, %d revisions; want modified, with the mark of the edit, two revisions", d.Attachments[0], text, len(d.Revisions))
	}
}

func TestDeleteByTheClient(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	for range 2 { // the second one after a lost answer
		if err := service.client.DeleteDocument(t.Context(), id); err != nil {
			t.Fatalf("DeleteDocument of a draft: %v, want no error", err)
		}
	}
	if d := service.read(id); !d.Deleted {
		t.Errorf("the document is deleted: %t, want true", d.Deleted)
	}
	sent := service.putDraft(customer)
	service.makeMoves(sent, sbistest.MoveSignByUs)
	if err := service.client.DeleteDocument(t.Context(), sent); !sbis.IsRefused(err) {
		t.Errorf("DeleteDocument of a sent document: %v, want a refusal", err)
	}
}

// The same action recalls a document that was sent, and proposes to annul one that was signed.
func TestAnnulByTheClient(t *testing.T) {
	service := newTestService(t)
	service.OfferAnnulment(true)
	step := func(id string) sbis.Step {
		return sbis.Step{DocumentID: id, Stage: "Аннулирование", Action: "Аннулировать", Thumbprint: sbistest.DemoThumbprint, Comment: "Ошибка"}
	}
	recalled := service.putDraft(customer)
	service.makeMoves(recalled, sbistest.MoveSignByUs)
	if d, err := service.client.ExecuteAction(t.Context(), step(recalled)); err != nil || d.State.Name != "Отозван мной" {
		t.Errorf("the recall: %+v, %v; want the state «Отозван мной»", d, err)
	}
	proposed := service.putDraft(customer)
	service.makeMoves(proposed, sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty)
	d, err := service.client.ExecuteAction(t.Context(), step(proposed))
	if err != nil || d.State.Code != sbis.StateCompleted {
		t.Errorf("the proposal: %+v, %v; want the state %d", d, err, sbis.StateCompleted)
	}
	doc, _ := service.Document(proposed)
	if doc.Annulment != "us" || !slices.Contains(doc.Moves, sbistest.MoveAgreeAnnulment) {
		t.Errorf("the annulment is proposed by %q with the moves %v; want us, and %s", doc.Annulment, doc.Moves, sbistest.MoveAgreeAnnulment)
	}
}
