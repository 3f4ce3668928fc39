package edo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/signed"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

func position(f queue.Feed) workflow.Position {
	return workflow.Position{EventID: f.EventID, EventAt: f.EventAt, Since: f.Since}
}

// Poll fetches the changes of one organisation from SBIS. The position moves only in the transaction that stores the
// results of the page.
func (s *Service) Poll(ctx context.Context, f queue.Feed) error {
	err := s.poll(ctx, &f)
	next, waitErr := s.nextPoll(ctx, f)
	if waitErr != nil {
		return waitErr
	}
	if err != nil && !errors.Is(err, acts.Conflict) {
		f.Failures++
		f.Problem = acts.Message(err)
		if f.Problem == "" {
			f.Problem = "СБИС не отвечает."
		}
		next = max(next, s.queue.Backoff(f.Failures))
		var closed *workflow.SkippedCall
		if errors.As(err, &closed) {
			next = closed.RetryAfter()
		}
		s.log.WarnContext(ctx, "poll failed", "portal", f.Portal, "company", f.Company, "failures", f.Failures, "err", err)
	} else {
		f.Failures, f.Problem = 0, ""
	}
	return queue.EndPoll(ctx, s.db, f, next)
}

func (s *Service) poll(ctx context.Context, f *queue.Feed) error {
	scope := s.db.Scope(f.Portal)
	own, err := scope.Companies().Get(ctx, f.Company)
	if err != nil {
		return err
	}
	if own.AccountID == 0 {
		return acts.Errorf(acts.Refused, "Аккаунт СБИС отключён.")
	}
	account := workflow.Account{Portal: f.Portal, ID: own.AccountID}
	err = s.edo.Changes(ctx, account, own.Party, position(*f), func(ctx context.Context, reports []workflow.Report, at workflow.Position) error {
		return s.db.InTx(ctx, f.Portal, func(tx store.Tx) error {
			for _, r := range reports {
				if err := s.applyOnce(ctx, tx, r); err != nil {
					return err
				}
			}
			f.EventID, f.EventAt = at.EventID, at.EventAt
			return queue.AdvanceFeed(ctx, tx, *f)
		})
	})
	s.wake()
	if err != nil {
		return err
	}
	return s.rereadStale(ctx, account, *f)
}

// rereadStale fetches documents whose entry in the list of changes was incomplete, and open ones that had no events for long.
func (s *Service) rereadStale(ctx context.Context, account workflow.Account, f queue.Feed) error {
	scope := s.db.Scope(f.Portal)
	unread, err := scope.Documents().Unread(ctx, f.Company)
	if err != nil {
		return err
	}
	stale, err := scope.Documents().Stale(ctx, f.Company, s.now().Add(-s.timing.StaleDoc))
	if err != nil {
		return err
	}
	for _, d := range append(unread, stale...) {
		r, err := s.read(ctx, account, d)
		if errors.Is(err, acts.NotFound) {
			r, err = missingReport(d), nil
		}
		if err != nil {
			return err
		}
		if err := s.db.InTx(ctx, f.Portal, func(tx store.Tx) error { return s.apply(ctx, tx, r) }); err != nil {
			return err
		}
	}
	return nil
}

// read fetches a document and adds to the report the last event that we had seen before.
func (s *Service) read(ctx context.Context, account workflow.Account, d store.EDODocument) (workflow.Report, error) {
	r, err := s.edo.Read(ctx, account, d.ID)
	r.SeenBefore = d.LastEvent
	return r, err
}

// missingReport returns the report about a document that the account no longer has.
func missingReport(d store.EDODocument) workflow.Report {
	return workflow.Report{DocumentState: acts.DocumentState{Phase: acts.PhaseCancelled, Name: "Документа нет в СБИС", Deleted: true}, Document: d.ID, Whole: true, SeenBefore: d.LastEvent}
}

// applyOnce applies a line of the list of changes unless it, or something later, was applied already: the list reports
// the state that each event led to, and repeats itself after a gap. Times are whole seconds: of two events within one
// second the order is unknown, so the document is fetched.
func (s *Service) applyOnce(ctx context.Context, tx store.Tx, r workflow.Report) error {
	doc, ok, err := tx.Documents().Lock(ctx, r.Document)
	if err != nil || !ok || r.Event == "" {
		return err
	}
	first, err := tx.Documents().AddEvent(ctx, r.Document, r.Event)
	if err != nil || !first || r.EventAt.Before(doc.EventAt) {
		return err
	}
	if doc.LastEvent != "" && doc.LastEvent != r.Event && r.EventAt.Equal(doc.EventAt) {
		doc.Unread = true
		return tx.Documents().Save(ctx, doc)
	}
	return s.apply(ctx, tx, r)
}

// apply applies the operator's state of one document to its act. Late or repeated reports change nothing.
func (s *Service) apply(ctx context.Context, tx store.Tx, r workflow.Report) error {
	doc, ok, err := tx.Documents().Lock(ctx, r.Document)
	if err != nil || !ok {
		return err
	}
	act, err := tx.Acts().Lock(ctx, doc.Act)
	if err != nil {
		return err
	}
	if isLate(doc, r) {
		doc.Unread = true
		return tx.Documents().Save(ctx, doc)
	}
	news := doc.Phase != r.Phase || doc.StateName != r.Name || r.Event != "" && r.Event != doc.LastEvent || r.Deleted && doc.Live
	wasReported, changed := doc.Phase != acts.PhaseNone, doc.Phase != r.Phase || doc.StateName != r.Name
	s.saveSeenEvent(&doc, &r)
	if !doc.Live {
		revived, err := s.applyToReplaced(ctx, tx, act, doc, r, news)
		if err != nil || !revived {
			return err
		}
		doc.Live = true
	}
	if r.Comment == "" && (r.Recalled || r.Deleted || r.Phase == acts.PhaseCancelled) { // SBIS executed our own request: the reason is ours
		r.Comment = act.Annulment.Why
	}
	out := act.Interpret(r.DocumentState)
	if doc.Unread = out.Wait; !out.Wait { // not reported yet: the old state stays, so that the next reading counts as a change
		doc.Phase, doc.StateName = r.Phase, r.Name
	}
	doc.Live = !out.Over
	if err := tx.Documents().Save(ctx, doc); err != nil {
		return err
	}
	if !wasReported && doc.Live && untouched(r) { // the response to our call is lost, or later than the list
		if err := enqueueSigning(ctx, tx, doc); err != nil {
			return err
		}
	}
	if out.Over && r.Unsigned() && !doc.Gone {
		if err := queue.Enqueue(ctx, tx, task.WithdrawDocument(acts.ActID(act.ID))); err != nil {
			return err
		}
	}
	if err := s.followAnnulment(ctx, tx, &act, r); err != nil {
		return err
	}
	if !news && !out.Wait {
		return nil
	}
	if !out.Wait && hasPackage(doc, r) && (changed || doc.Package == signed.StateNone || !r.AboutAnnulment()) {
		if err := wantPackage(ctx, tx, doc); err != nil {
			return err
		}
	}
	return s.applyOutcome(ctx, tx, act, out, r)
}

// isLate reports that a document was fetched before the last event that we know of: the answer took longer than the
// list of changes.
func isLate(doc store.EDODocument, r workflow.Report) bool {
	return r.Whole && doc.LastEvent != r.SeenBefore && !slices.Contains(r.Events, doc.LastEvent)
}

// saveSeenEvent stores in a document what SBIS reports of it, except its state.
func (s *Service) saveSeenEvent(doc *store.EDODocument, r *workflow.Report) {
	doc.Dispatched = doc.Dispatched || r.Dispatched || r.Phase == acts.PhaseSent || r.Phase == acts.PhaseDelivered || r.Phase == acts.PhaseDecided
	r.Dispatched = doc.Dispatched
	doc.Written, doc.Gone, doc.Unread, doc.Link, doc.ChangedAt = true, r.Deleted || r.Recalled || r.Phase == acts.PhaseCancelled, false, r.Link, s.now()
	if r.Event != "" {
		doc.LastEvent = r.Event
	}
	if r.EventAt.After(doc.EventAt) {
		doc.EventAt = r.EventAt
	}
}

// applyOutcome applies the events of an outcome to the act one by one and records each change.
func (s *Service) applyOutcome(ctx context.Context, tx store.Tx, act acts.Act, out acts.StateOutcome, r workflow.Report) error {
	for i, event := range out.Events {
		to, err := act.Apply(event, acts.ActorOperator)
		if errors.Is(err, acts.Conflict) {
			if err := s.recordConfirmation(ctx, tx, &act, event, r); err != nil {
				return err
			}
			s.log.InfoContext(ctx, "a report does not fit the status of the act", "portal", tx.Portal(), "act", act.ID, "status", act.Status, "event", event)
			continue
		}
		if err != nil {
			return err
		}
		line := store.ActEvent{Actor: string(acts.ActorOperator), Kind: string(event), Source: r.Event, Text: to.Label(), UserName: decidedBy(event, r)}
		last := i == len(out.Events)-1
		if last {
			line.Text = workflow.WithReason(to.Label(), out.Note)
		}
		if event == acts.EventCountersignature && act.Replaced() {
			line.Text += ". Вместо этого акта уже сформирован исправленный: оставьте один из двух"
		}
		if err := s.history.ChangeStatus(ctx, tx, &act, to, line, reasonOf(event, out), last); err != nil {
			return err
		}
		if event == acts.EventAnnulment {
			if err := s.acts.ReleaseCorrected(ctx, tx, act, line); err != nil {
				return err
			}
		}
	}
	if act.Status == acts.StatusSigned && r.Verdict == acts.VerdictRemarks && slices.Contains(out.Events, acts.EventCountersignature) {
		if err := tx.Acts().SetRemarks(ctx, act.ID, cmp.Or(r.Remarks, r.Comment, "Контрагент не написал, в чём расхождения.")); err != nil {
			return err
		}
	}
	if err := s.saveDelivery(ctx, tx, act, out, r); err != nil {
		return err
	}
	if act.AnnulAfter != "" && out.Delivery != acts.DeliveryWithdrawing {
		if err := s.endWithdrawal(ctx, tx, act, out, r); err != nil {
			return err
		}
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// endWithdrawal ends the withdrawal of a document whose act is to be annulled after it, when SBIS reports the end of it before our call: the
// document is out of SBIS, or was signed meanwhile and the act stays.
func (s *Service) endWithdrawal(ctx context.Context, tx store.Tx, act acts.Act, out acts.StateOutcome, r workflow.Report) error {
	act.Delivery, act.DeliveryNote = out.Delivery, out.Note
	if err := s.annulNow(ctx, tx, act, out.Over); err != nil || out.Over {
		return err
	}
	line := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "annul_late", Source: r.Event,
		Text: "Акт не аннулирован: документ не успели отозвать из СБИС, он уже подписан. Отзовите документ, затем аннулируйте акт"}
	return s.history.RecordEvent(ctx, tx, line, act.Deal, true)
}

// decidedBy returns who signed or refused for the counterparty, "" for other events.
func decidedBy(event acts.Event, r workflow.Report) string {
	if event == acts.EventCountersignature || event == acts.EventRefusal {
		return r.Person
	}
	return ""
}

// recordConfirmation records that SBIS reports what a person had marked before: from now on he cannot undo it.
func (s *Service) recordConfirmation(ctx context.Context, tx store.Tx, act *acts.Act, event acts.Event, r workflow.Report) error {
	same := event == acts.EventCountersignature && act.Status == acts.StatusSigned || event == acts.EventRefusal && act.Status == acts.StatusRefused
	if !same || !act.MarkedByPerson {
		return nil
	}
	act.MarkedByPerson = false
	line := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "confirmed", Source: r.Event, UserName: r.Person,
		Text: "СБИС подтвердил отметку «" + act.Status.Label() + "»"}
	if err := s.history.RecordEvent(ctx, tx, line, act.Deal, false); err != nil {
		return err
	}
	return tx.Acts().Move(ctx, act.ID, store.Move{From: act.Status, To: act.Status, Reason: act.Reason, By: r.Person, At: s.now()})
}

// reasonOf returns the reason of the counterparty's refusal.
func reasonOf(event acts.Event, out acts.StateOutcome) string {
	if event == acts.EventRefusal {
		return out.Note
	}
	return ""
}

// saveDelivery stores where the document is now; a change without an event of the lifecycle is recorded on its own.
func (s *Service) saveDelivery(ctx context.Context, tx store.Tx, act acts.Act, out acts.StateOutcome, r workflow.Report) error {
	if out.Delivery == act.Delivery && (out.Note == act.DeliveryNote || out.Note == "" && out.Delivery == acts.DeliveryWaitingSignature) {
		return nil // an empty report does not remove the reason why the service did not sign
	}
	if err := tx.Acts().SetDelivery(ctx, act, out.Delivery, out.Note); err != nil {
		return err
	}
	if out.Delivery == acts.DeliveryDelivered || out.Delivery == acts.DeliveryCompleted {
		if err := tx.Counterparties().SetBoxAlive(ctx, act.Buyer.INN, act.Buyer.KPP, act.Buyer.Participant); err != nil {
			return err
		}
	}
	if len(out.Events) > 0 {
		return nil
	}
	text := workflow.WithReason(out.Delivery.Label(), out.Note)
	return s.history.RecordEvent(ctx, tx, store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "delivery", Source: r.Event, Text: text,
		Changes: history.DeliveryChange(act.Delivery, out.Delivery)}, act.Deal, false)
}

// nextPoll returns the time until the next poll: PollFast in working hours while documents are expected, PollIdle at night while none are,
// otherwise PollSlow. It is spread by ±10 % so that organisations are not polled all at once.
func (s *Service) nextPoll(ctx context.Context, f queue.Feed) (time.Duration, error) {
	waiting, err := s.db.Scope(f.Portal).Documents().Waiting(ctx, f.Company)
	if err != nil {
		return 0, fmt.Errorf("next poll: %w", err)
	}
	hour := s.now().In(time.FixedZone("MSK", 3*60*60)).Hour()
	term := s.timing.PollSlow
	switch working := hour >= 8 && hour < 20; {
	case waiting && working:
		term = s.timing.PollFast
	case !waiting && !working:
		term = s.timing.PollIdle
	}
	h := fnv.New32a()
	fmt.Fprint(h, f.Portal, f.Company, f.Fence)
	spread := float64(h.Sum32()%2001)/10000 - 0.1
	return term + time.Duration(float64(term)*spread), nil
}
