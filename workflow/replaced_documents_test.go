package workflow_test

import (
	"testing"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
	"acts24/workflow"
)

var (
	refusedByUs = acts.DocumentState{Phase: acts.PhaseDraft, Name: "Документ редактируется", Returned: true, Comment: "Не та сумма"}
	sent        = acts.DocumentState{Phase: acts.PhaseDelivered, Name: "Доставлен", Dispatched: true}
	accepted    = acts.DocumentState{Phase: acts.PhaseDecided, Name: "Выполнение завершено успешно", Dispatched: true, Verdict: acts.VerdictAccepted}
	rejected    = acts.DocumentState{Phase: acts.PhaseRefused, Name: "Выполнение завершено с проблемами", Dispatched: true, Comment: "Неверная сумма"}
	failed      = acts.DocumentState{Phase: acts.PhaseFailed, Name: "Ошибка", Dispatched: true}
	recalled    = acts.DocumentState{Phase: acts.PhaseNone, Name: "Отозван мной", Dispatched: true, Recalled: true}
)

// Our signer refuses the first document and the act is handed over again; meanwhile the first document is signed nevertheless and
// proceeds. The list of changes has not reported it yet: a read before the second write finds it.
func TestSignedAfterAllBeforeTheNextDocument(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after    []acts.DocumentState
		status   acts.Status
		delivery acts.Delivery
		second   bool
		attempts []string
	}{
		"nobody touches it":      {nil, acts.StatusDraft, acts.DeliveryWaitingSignature, true, []string{"20", "0+"}},
		"it is sent":             {[]acts.DocumentState{sent}, acts.StatusSent, acts.DeliveryDelivered, false, []string{"4+"}},
		"it is sent and signed":  {[]acts.DocumentState{sent, accepted}, acts.StatusSigned, acts.DeliveryCompleted, false, []string{"7+"}},
		"it is sent and refused": {[]acts.DocumentState{sent, rejected}, acts.StatusRefused, acts.DeliveryCompleted, false, []string{"9+"}},
		"it is sent in vain":     {[]acts.DocumentState{sent, failed}, acts.StatusDraft, acts.DeliveryWaitingSignature, true, []string{"6", "0+"}},
		"it is sent and recalled": {[]acts.DocumentState{sent, recalled}, acts.StatusDraft, acts.DeliveryWaitingSignature, true,
			[]string{"-1", "0+"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			b.handOver()
			b.deliver()
			b.wantState(acts.StatusDraft, acts.DeliveryWaitingSignature, "0+")
			first := b.edo.written[0]
			b.edo.setState(first, refusedByUs)
			b.edo.hook = func(method, _ string) error { // the deletion comes too late
				if method == "delete" && len(tt.after) > 0 {
					return workflow.ErrUnclear
				}
				return nil
			}
			b.poll()
			b.wantState(acts.StatusDraft, acts.DeliveryNone, "0")
			for _, r := range tt.after {
				b.edo.setState(first, r)
			}
			b.edo.noChanges = true
			b.handOver()
			b.deliver()
			b.wantState(tt.status, tt.delivery, tt.attempts...)
			if got := len(b.edo.written) == 2; got != tt.second {
				t.Errorf("written: %v", b.edo.written)
			}
			b.edo.noChanges = false
			b.poll()
			b.wantState(tt.status, tt.delivery, tt.attempts...)
			if tt.second != (b.countEvents("revived") == 0) {
				t.Errorf("recorded %d times that the document is the act's again", b.countEvents("revived"))
			}
		})
	}
}

// The signature arrives between our read and our deletion: after the refused deletion the document is read again.
func TestSignedWhileWeDelete(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.handOver()
	b.deliver()
	first := b.edo.written[0]
	b.edo.setState(first, refusedByUs)
	b.edo.hook = func(method, id string) error {
		if method == "delete" && b.edo.documents[id].report.Phase == acts.PhaseDraft {
			b.edo.setState(id, sent)
		}
		return nil
	}
	b.poll()
	b.deliver()
	b.wantState(acts.StatusSent, acts.DeliveryDelivered, "4+")
	if b.countEvents("revived") != 1 || b.countEvents("delivery_error") != 0 {
		t.Errorf("revived %d times, %d errors", b.countEvents("revived"), b.countEvents("delivery_error"))
	}
}

// When another document has replaced it, the first one is reported once, whatever its state is.
func TestReplacedDocumentIsReported(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after   []acts.DocumentState
		notices int
	}{
		"sent": {[]acts.DocumentState{sent}, 1}, "sent and signed": {[]acts.DocumentState{accepted}, 1}, "sent and refused": {[]acts.DocumentState{rejected}, 1},
		"sent, then signed": {[]acts.DocumentState{sent, accepted}, 2}, "sent in vain": {[]acts.DocumentState{failed}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			b.handOver()
			b.deliver()
			first := b.edo.written[0]
			b.edo.setState(first, refusedByUs)
			b.poll()
			b.handOver()
			b.deliver()
			b.wantState(acts.StatusDraft, acts.DeliveryWaitingSignature, "20", "0+")
			for _, r := range tt.after { // as if the deletion had not held
				b.edo.setState(first, r)
				b.poll()
				b.poll()
			}
			if b.countEvents("left_behind") != tt.notices {
				t.Errorf("reported %d times, want %d", b.countEvents("left_behind"), tt.notices)
			}
			if left, last := b.signedEarlier(), tt.after[len(tt.after)-1].Phase; (len(left) == 1) != (last == acts.PhaseDelivered || last == acts.PhaseDecided) {
				t.Errorf("shown: %+v", left)
			}
			b.edo.setState(first, recalled)
			b.poll()
			if left := b.signedEarlier(); len(left) != 0 {
				t.Errorf("shown after its recall: %+v", left)
			}
			b.wantState(acts.StatusDraft, acts.DeliveryWaitingSignature, "-1", "0+")
		})
	}
}

// A write with an unknown outcome is executed after its act has dropped the document: it is deleted, and only the next document remains.
func TestAWritingThatComesLate(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	late := ""
	b.edo.hook = func(method, id string) error {
		if method == "write" && late == "" {
			late = id
			b.edo.written = append(b.edo.written, id)
			return acts.Errorf(acts.Refused, "Нет прав.")
		}
		return nil
	}
	b.handOver()
	b.deliver()
	b.wantState(acts.StatusDraft, acts.DeliveryFailed, "-1")
	b.handOver()
	b.deliver()
	b.wantState(acts.StatusDraft, acts.DeliveryWaitingSignature, "-1", "0+")
	if _, err := b.edo.applyWrite(late); err != nil {
		t.Fatal(err)
	}
	b.poll()
	b.deliver()
	b.wantState(acts.StatusDraft, acts.DeliveryWaitingSignature, "20", "0+")
}

// A write is refused because an earlier call was executed late and the document is signed by now: this does not count as a refusal.
func TestAWritingRefusedByWhatItDid(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.edo.hook = func(method, id string) error {
		if method == "write" && b.edo.documents[id] == nil {
			_, err := b.edo.applyWrite(id)
			b.edo.setState(id, sent)
			return err
		}
		return nil
	}
	b.handOver()
	b.deliver()
	b.wantState(acts.StatusSent, acts.DeliveryDelivered, "4+")
	if b.countEvents("delivery_error") != 0 {
		t.Error("the refused write was recorded as a delivery error")
	}
}

// The document is read before it is signed, and before the response arrives the list of changes reports a refusal: the older answer
// changes nothing.
func TestAnAnswerOlderThanTheList(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.in(func(tx store.Tx) error { return tx.Accounts().SetSigning(t.Context(), 1, acts.SigningDeferred) })
	b.edo.hook = func(method, id string) error {
		if method == "read" && b.edo.documents[id].report.Phase == acts.PhaseDraft { // a person has signed it at once
			b.edo.setState(id, sent)
			b.edo.afterRead = func() {
				b.edo.setState(id, rejected)
				b.poll()
				b.wantState(acts.StatusRefused, acts.DeliveryCompleted, "9+")
			}
		}
		return nil
	}
	b.handOver()
	b.deliver()
	b.wantState(acts.StatusRefused, acts.DeliveryCompleted, "9+")
	b.poll()
	b.wantState(acts.StatusRefused, acts.DeliveryCompleted, "9+")
}

// Two events of the same second arrive in the wrong order: the document itself decides.
func TestEventsOfOneSecond(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.handOver()
	b.deliver()
	id := b.edo.written[0]
	b.poll()
	b.edo.setState(id, sent)
	b.edo.setStateAtOnce(id, rejected)
	n := len(b.edo.changes)
	b.edo.changes[n-2], b.edo.changes[n-1] = b.edo.changes[n-1], b.edo.changes[n-2]
	b.poll()
	b.poll()
	b.wantState(acts.StatusRefused, acts.DeliveryCompleted, "9+")
}

// An act is to be annulled as soon as its document has been withdrawn, and SBIS reports first how the document ended. If the document has left SBIS,
// the act is annulled. If it was signed meanwhile, the act stays and the responsible is notified.
func TestAnnulmentWhileTheDocumentEnds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		ends     acts.DocumentState
		status   acts.Status
		delivery acts.Delivery
		late     int
	}{
		"our signer refuses":       {refusedByUs, acts.StatusAnnulled, acts.DeliveryNone, 0},
		"it is deleted in SBIS":    {acts.DocumentState{Phase: acts.PhaseCancelled, Name: "Удален", Deleted: true}, acts.StatusAnnulled, acts.DeliveryNone, 0},
		"it is signed by us":       {sent, acts.StatusSent, acts.DeliveryDelivered, 1},
		"it is signed by both":     {accepted, acts.StatusSigned, acts.DeliveryCompleted, 1},
		"the counterparty refuses": {rejected, acts.StatusRefused, acts.DeliveryCompleted, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			b.handOver()
			b.deliver()
			visit := workflow.Visit{Visit: people.Visit{Portal: b.portal, User: 2, UserName: "Иванова"}}
			if err := b.service.Acts.Mark(t.Context(), visit, b.act, acts.EventAnnulment, "лишний"); err != nil {
				t.Fatal(err)
			}
			b.edo.setState(b.edo.written[0], tt.ends)
			b.poll()
			b.deliver()
			b.poll()
			act, err := b.db.Scope(b.portal).Acts().Get(t.Context(), b.act)
			if err != nil || act.Status != tt.status || act.Delivery != tt.delivery || act.AnnulAfter != "" || b.countEvents("annul_late") != tt.late {
				t.Errorf("%s, %q, to be annulled: %q, notified %d times, %v", act.Status, act.Delivery, act.AnnulAfter, b.countEvents("annul_late"), err)
			}
			if _, live, err := b.db.Scope(b.portal).Documents().Live(t.Context(), b.act); err != nil || live != (tt.late > 0) {
				t.Errorf("the document is live: %v, %v", live, err)
			}
		})
	}
}
