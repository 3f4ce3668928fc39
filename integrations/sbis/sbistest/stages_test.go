package sbistest_test

import (
	"strings"
	"testing"
	"time"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// An account with a regulation calls its stage and action by other names and identifies the stage by its id.
func TestRegulation(t *testing.T) {
	service := newTestService(t)
	client := service.addSigner(func(a *sbistest.Account) {
		a.Regulation = sbistest.Regulation{Stage: "Согласование и отправка", Action: "Согласовать и отправить"}
	})
	doc, err := client.WriteDocument(t.Context(), service.newDraft(customer))
	if err != nil {
		t.Fatal(err)
	}
	step, ok := doc.SendingStep()
	if !ok || step.Stage != "Согласование и отправка" || step.Action != "Согласовать и отправить" || step.StageID == "" || !doc.Stages[0].Service {
		t.Fatalf("the sending step is %+v, %t of the stages %+v; want that of the regulation with its id, behind a service stage", step, ok, doc.Stages)
	}
	step.Thumbprint = employeeKey
	for name, change := range map[string]func(*sbis.Step){
		"the usual names":           func(s *sbis.Step) { s.Stage, s.Action = sbis.StageSend, sbis.ActionSend },
		"without the id":            func(s *sbis.Step) { s.StageID = "" },
		"with the id of another":    func(s *sbis.Step) { s.StageID = doc.Stages[0].ID },
		"an action with a comment":  func(s *sbis.Step) { s.Action = "Отклонить" },
		"the service stage's names": func(s *sbis.Step) { s.Stage, s.Action = doc.Stages[0].Name, doc.Stages[0].Actions[0].Name },
	} {
		wrong := step
		change(&wrong)
		if _, err := client.ExecuteAction(t.Context(), wrong); !sbis.IsRefused(err) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	sent, err := client.ExecuteAction(t.Context(), step)
	if err != nil || !sent.State.IsSent() {
		t.Errorf("the execution: %+v, %v; want the document sent", sent, err)
	}
	if _, err := client.ExecuteAction(t.Context(), step); !sbis.IsStagePassed(err) {
		t.Errorf("the second execution: %v, want that the stage has passed", err)
	}
}

// A file in the legal format is signed only after its preparation; after a second preparation there is nothing to send. A PDF needs none.
func TestPreparation(t *testing.T) {
	service := newTestService(t)
	client := service.addSigner(func(a *sbistest.Account) { a.Prepares = true })
	write := func(change func(*sbis.Draft)) sbis.Step {
		t.Helper()
		d := service.newDraft(customer)
		change(&d)
		doc, err := client.WriteDocument(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		step, _ := doc.SendingStep()
		step.Thumbprint = employeeKey
		return step
	}
	once := write(func(*sbis.Draft) {})
	_, err := client.ExecuteAction(t.Context(), once)
	if !sbis.IsUnsigned(err) || !strings.Contains(err.Error(), "Не приложен файл подписи") {
		t.Errorf("an execution without a preparation: %v, want «Не приложен файл подписи»", err)
	}
	if doc, err := client.PrepareAction(t.Context(), once); err != nil || len(doc.Stages) != 1 || doc.Stages[0].ID != once.StageID || len(doc.Stages[0].Attachments) != 1 {
		t.Errorf("the preparation: %+v, %v; want its stage with one attachment", doc, err)
	}
	if doc, err := client.ExecuteAction(t.Context(), once); err != nil || !doc.State.IsSent() {
		t.Errorf("an execution after the preparation: %+v, %v; want the document sent", doc, err)
	}
	twice := write(func(*sbis.Draft) {})
	if _, err := client.PrepareAction(t.Context(), twice); err != nil {
		t.Errorf("the first preparation: %v, want no error", err)
	}
	if _, err := client.PrepareAction(t.Context(), twice); !sbis.IsStagePassed(err) {
		t.Errorf("the second preparation: %v, want that the stage has passed", err)
	}
	if _, err = client.ExecuteAction(t.Context(), twice); !sbis.IsStagePassed(err) {
		t.Errorf("an execution after two preparations: %v, want that the stage has passed", err)
	}
	if doc, err := client.ReadDocument(t.Context(), twice.DocumentID); err != nil || doc.State.IsSent() {
		t.Errorf("the document after two preparations: %+v, %v; want it not sent", doc, err)
	}
	deferred := write(func(*sbis.Draft) {})
	deferred.Thumbprint, deferred.KeyType = "", sbis.KeyDeferred
	if _, err := client.ExecuteAction(t.Context(), deferred); !sbis.IsUnsigned(err) {
		t.Errorf("a deferred signature without a preparation: %v, want that the signature is missing", err)
	}
	if _, err := client.PrepareAction(t.Context(), deferred); err != nil {
		t.Errorf("the preparation of a deferred signature: %v, want no error", err)
	}
	if doc, err := client.ExecuteAction(t.Context(), deferred); err != nil || doc.State.KnownCode() != sbis.StateWaitingSignature {
		t.Errorf("a deferred signature after its preparation: %+v, %v; want the state %d", doc, err, sbis.StateWaitingSignature)
	}
	pdf := write(func(d *sbis.Draft) {
		d.Number, d.Date, d.Files = "15", "31.10.2026", []sbis.DraftFile{{Content: sbis.Content{Name: "Акт № 15.pdf", Data: []byte("%PDF-1.7")}}}
	})
	if doc, err := client.ExecuteAction(t.Context(), pdf); err != nil || !doc.State.IsSent() {
		t.Errorf("a PDF without a preparation: %+v, %v; want the document sent", doc, err)
	}
}

// States are recognised in every way in which accounts report them.
func TestStatesAreRecognised(t *testing.T) {
	for _, naming := range []sbistest.Naming{sbistest.ByCode, sbistest.ByName, sbistest.ByOtherCode} {
		service := newTestService(t)
		client := service.addSigner(func(a *sbistest.Account) { a.States = naming })
		expectState := func(id string, want int) {
			t.Helper()
			d, err := client.ReadDocument(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if naming == sbistest.ByName && d.State.Code != sbis.StateNone {
				t.Errorf("%q: the document has the state code %d, want none", naming, d.State.Code)
			}
			if got := d.State.KnownCode(); got != want {
				t.Errorf("%q: «%s» with code %d is known as %d, want %d", naming, d.State.Name, d.State.Code, got, want)
			}
		}
		putDraft := func(to sbistest.Organization) string {
			t.Helper()
			d, err := client.WriteDocument(t.Context(), service.newDraft(to))
			if err != nil {
				t.Fatal(err)
			}
			expectState(d.ID, sbis.StateDraft)
			service.clock.Advance(time.Second)
			return d.ID
		}
		delivered, invited, sent := putDraft(customer), putDraft(unconnected), putDraft(roaming)
		for _, id := range []string{delivered, invited, sent} {
			service.makeMoves(id, sbistest.MoveSignByUs)
		}
		expectState(delivered, sbis.StateDelivered)
		expectState(invited, sbis.StateInvited)
		expectState(sent, sbis.StateSent)
		service.makeMoves(sent, sbistest.MoveDeliveryError)
		expectState(sent, sbis.StateError)
		service.makeMoves(delivered, sbistest.MoveSignByCounterparty)
		expectState(delivered, sbis.StateCompleted)
		service.makeMoves(delivered, sbistest.MoveAnnul, sbistest.MoveAgreeAnnulment)
		expectState(delivered, sbis.StateCancelled)
		service.makeMoves(invited, sbistest.MoveRecall)
		expectState(invited, sbis.StateNone)
		refused, deleted := putDraft(customer), putDraft(customer)
		service.makeMoves(refused, sbistest.MoveSignByUs, sbistest.MoveReject)
		expectState(refused, sbis.StateRejected)
		service.makeMoves(deleted, sbistest.MoveDelete)
		expectState(deleted, sbis.StateCancelled)
	}
}
