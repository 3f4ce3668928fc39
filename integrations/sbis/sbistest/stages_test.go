package sbistest_test

import (
	"strings"
	"testing"
	"time"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// signer is an account with one certificate whose key is on the server.
func (b *bench) signer(change func(*sbistest.Account)) *sbis.Client {
	a := sbistest.Account{Login: "signer", Password: "signer-password", Own: []sbistest.Organization{own}, Certificates: []sbistest.Certificate{{
		Thumbprint: employeeKey, INN: own.INN, KeyType: "Серверный", Activated: true, From: b.clock.Now().AddDate(-1, 0, 0), Until: b.clock.Now().AddDate(1, 0, 0)}}}
	change(&a)
	b.AddAccount(a)
	return b.as(sbis.Login{Login: a.Login, Password: a.Password})
}

// An account with a regulation calls its stage and action by other names and identifies the stage by its id.
func TestRegulation(t *testing.T) {
	b := newBench(t)
	client := b.signer(func(a *sbistest.Account) {
		a.Regulation = sbistest.Regulation{Stage: "Согласование и отправка", Action: "Согласовать и отправить"}
	})
	doc, err := client.WriteDocument(t.Context(), b.draft(customer))
	if err != nil {
		t.Fatal(err)
	}
	step, ok := doc.SendingStep()
	if !ok || step.Stage != "Согласование и отправка" || step.Action != "Согласовать и отправить" || step.StageID == "" || !doc.Stages[0].Service {
		t.Fatalf("the reply offers %+v in %+v", step, doc.Stages)
	}
	step.Thumbprint = employeeKey
	for name, change := range map[string]func(*sbis.Step){
		"the usual names":           func(s *sbis.Step) { s.Stage, s.Action = sbis.StageSend, sbis.ActionSend },
		"without the identifier":    func(s *sbis.Step) { s.StageID = "" },
		"with that of another":      func(s *sbis.Step) { s.StageID = doc.Stages[0].ID },
		"what asks for a comment":   func(s *sbis.Step) { s.Action = "Отклонить" },
		"the service stage's names": func(s *sbis.Step) { s.Stage, s.Action = doc.Stages[0].Name, doc.Stages[0].Actions[0].Name },
	} {
		wrong := step
		change(&wrong)
		if _, err := client.ExecuteAction(t.Context(), wrong); !sbis.IsRefused(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	sent, err := client.ExecuteAction(t.Context(), step)
	if err != nil || !sent.State.IsSent() {
		t.Errorf("%+v, %v", sent, err)
	}
	if _, err := client.ExecuteAction(t.Context(), step); !sbis.IsStagePassed(err) {
		t.Errorf("executed twice: %v", err)
	}
}

// A file in the legal format is signed only after its preparation; after a second preparation there is nothing to send. A PDF needs none.
func TestPreparation(t *testing.T) {
	b := newBench(t)
	client := b.signer(func(a *sbistest.Account) { a.Prepares = true })
	write := func(change func(*sbis.Draft)) sbis.Step {
		t.Helper()
		d := b.draft(customer)
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
		t.Errorf("without a preparation: %v", err)
	}
	if doc, err := client.PrepareAction(t.Context(), once); err != nil || len(doc.Stages) != 1 || doc.Stages[0].ID != once.StageID || len(doc.Stages[0].Attachments) != 1 {
		t.Errorf("prepared %+v, %v", doc, err)
	}
	if doc, err := client.ExecuteAction(t.Context(), once); err != nil || !doc.State.IsSent() {
		t.Errorf("after the preparation: %+v, %v", doc, err)
	}
	twice := write(func(*sbis.Draft) {})
	_, _ = client.PrepareAction(t.Context(), twice)
	if _, err := client.PrepareAction(t.Context(), twice); !sbis.IsStagePassed(err) {
		t.Errorf("prepared twice: %v", err)
	}
	_, err = client.ExecuteAction(t.Context(), twice)
	if doc, _ := client.ReadDocument(t.Context(), twice.DocumentID); !sbis.IsStagePassed(err) || doc.State.IsSent() {
		t.Errorf("executed after two preparations: %v", err)
	}
	later := write(func(*sbis.Draft) {})
	later.Thumbprint, later.KeyType = "", sbis.KeyDeferred
	if _, err := client.ExecuteAction(t.Context(), later); !sbis.IsUnsigned(err) {
		t.Errorf("put before the signer without a preparation: %v", err)
	}
	if _, err := client.PrepareAction(t.Context(), later); err != nil {
		t.Error(err)
	}
	if doc, err := client.ExecuteAction(t.Context(), later); err != nil || doc.State.KnownCode() != sbis.StateWaitingSignature {
		t.Errorf("put before the signer: %+v, %v", doc, err)
	}
	pdf := write(func(d *sbis.Draft) {
		d.Number, d.Date, d.Files = "15", "31.10.2026", []sbis.DraftFile{{Content: sbis.Content{Name: "Акт № 15.pdf", Data: []byte("%PDF-1.7")}}}
	})
	if doc, err := client.ExecuteAction(t.Context(), pdf); err != nil || !doc.State.IsSent() {
		t.Errorf("a PDF: %+v, %v", doc, err)
	}
}

// States are recognised in every way in which accounts report them.
func TestStatesAreKnownByTheirNames(t *testing.T) {
	for _, naming := range []sbistest.Naming{sbistest.ByCode, sbistest.ByName, sbistest.ByOtherCode} {
		b := newBench(t)
		client := b.signer(func(a *sbistest.Account) { a.States = naming })
		is := func(id string, want int) {
			t.Helper()
			d, err := client.ReadDocument(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if naming == sbistest.ByName && d.State.Code != sbis.StateNone {
				t.Errorf("%s: code %d", naming, d.State.Code)
			}
			if got := d.State.KnownCode(); got != want {
				t.Errorf("%q: «%s» with code %d is known as %d, want %d", naming, d.State.Name, d.State.Code, got, want)
			}
		}
		put := func(to sbistest.Organization) string {
			t.Helper()
			d, err := client.WriteDocument(t.Context(), b.draft(to))
			if err != nil {
				t.Fatal(err)
			}
			is(d.ID, sbis.StateDraft)
			b.clock.Advance(time.Second)
			return d.ID
		}
		known, invited, away := put(customer), put(stranger), put(roamer)
		for _, id := range []string{known, invited, away} {
			b.do(id, sbistest.SignByUs)
		}
		is(known, sbis.StateDelivered)
		is(invited, sbis.StateInvited)
		is(away, sbis.StateSent)
		b.do(away, sbistest.DeliveryError)
		is(away, sbis.StateError)
		b.do(known, sbistest.SignByCounterparty)
		is(known, sbis.StateCompleted)
		b.do(known, sbistest.Annul, sbistest.AgreeAnnulment)
		is(known, sbis.StateCancelled)
		b.do(invited, sbistest.Recall)
		is(invited, sbis.StateNone)
		refused, deleted := put(customer), put(customer)
		b.do(refused, sbistest.SignByUs, sbistest.Reject)
		is(refused, sbis.StateRejected)
		b.do(deleted, sbistest.Delete)
		is(deleted, sbis.StateCancelled)
	}
}
