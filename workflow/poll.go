package workflow

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"acts24/acts"
	"acts24/store"
)

// Poll reads what happened at SBIS to one organisation. The position moves only in the transaction
// that keeps the page's results.
func (s *Service) Poll(ctx context.Context, f store.Feed) error {
	err := s.poll(ctx, &f)
	next, waitErr := s.nextPoll(ctx, f)
	if waitErr != nil {
		return waitErr
	}
	if err != nil && !errors.Is(err, acts.Conflict) {
		f.Failures++
		f.Problem = acts.Sentence(err)
		if f.Problem == "" {
			f.Problem = "СБИС не отвечает."
		}
		next = max(next, s.backoff(f.Failures))
		var closed *silent
		if errors.As(err, &closed) {
			next = closed.wait
		}
		s.log.WarnContext(ctx, "poll failed", "portal", f.Portal, "company", f.Company, "failures", f.Failures, "err", err)
	} else {
		f.Failures, f.Problem = 0, ""
	}
	return s.db.EndPoll(ctx, f, next)
}

func (s *Service) poll(ctx context.Context, f *store.Feed) error {
	scope := s.db.Scope(f.Portal)
	own, err := scope.OwnCompany(ctx, f.Company)
	if err != nil {
		return err
	}
	if own.AccountID == 0 {
		return acts.Errorf(acts.Refused, "Аккаунт СБИС отключён.")
	}
	account := Account{f.Portal, own.AccountID}
	var unclear []string
	err = s.edo.Changes(ctx, account, own.Party, position(*f), func(ctx context.Context, page []Report, at Position) error {
		return s.db.InTx(ctx, f.Portal, func(tx store.Tx) error {
			for _, r := range page {
				wait, err := s.applyOnce(ctx, tx, r)
				if err != nil {
					return err
				}
				if wait {
					unclear = append(unclear, r.Document)
				}
			}
			f.EventID, f.EventAt = at.EventID, at.EventAt
			return tx.AdvanceFeed(ctx, *f)
		})
	})
	s.wake()
	if err != nil {
		return err
	}
	return s.readAgain(ctx, account, *f, unclear)
}

// readAgain reads documents whose page did not say enough, and live ones nothing was heard of for long.
func (s *Service) readAgain(ctx context.Context, account Account, f store.Feed, ids []string) error {
	stale, err := s.db.Scope(f.Portal).StaleDocuments(ctx, f.Company, s.now().Add(-s.timing.StaleDoc))
	if err != nil {
		return err
	}
	for _, d := range stale {
		ids = append(ids, d.ID)
	}
	for _, id := range ids {
		r, err := s.edo.Read(ctx, account, id)
		if errors.Is(err, acts.NotFound) {
			r, err = Report{Report: acts.Report{Code: 20, Name: "Документа нет в СБИС", Deleted: true}, Document: id}, nil
		}
		if err != nil {
			return err
		}
		err = s.db.InTx(ctx, f.Portal, func(tx store.Tx) error {
			_, err := s.apply(ctx, tx, r)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// applyOnce applies a line of the list of changes unless it came before, or something later did: the list tells the
// state that each event led to, and repeats itself after a gap.
func (s *Service) applyOnce(ctx context.Context, tx store.Tx, r Report) (wait bool, err error) {
	doc, ok, err := tx.LockDocument(ctx, r.Document)
	if err != nil || !ok || r.Event == "" {
		return false, err
	}
	first, err := tx.HearEvent(ctx, r.Document, r.Event)
	if err != nil || !first || r.EventAt.Before(doc.EventAt) {
		return false, err
	}
	return s.apply(ctx, tx, r)
}

// apply brings what SBIS says of one document to its act. Said late or twice, it changes nothing.
// wait tells that the document must be read again.
func (s *Service) apply(ctx context.Context, tx store.Tx, r Report) (wait bool, err error) {
	doc, ok, err := tx.LockDocument(ctx, r.Document)
	if err != nil || !ok {
		return false, err
	}
	act, err := tx.LockAct(ctx, doc.Act)
	if err != nil {
		return false, err
	}
	news := doc.StateCode != r.Code || doc.StateName != r.Name || r.Event != "" && r.Event != doc.LastEvent || r.Deleted && doc.Live
	doc.Dispatched = doc.Dispatched || r.Dispatched || r.Code == 3 || r.Code == 4 || r.Code == 7
	r.Dispatched = doc.Dispatched
	heard := doc.StateCode >= 0
	doc.Written, doc.Gone, doc.Link, doc.LastEvent, doc.ChangedAt = true, r.Deleted || !r.Unsigned(), r.Link, r.Event, s.now()
	if r.EventAt.After(doc.EventAt) {
		doc.EventAt = r.EventAt
	}
	if !doc.Live {
		revived, err := s.leftBehind(ctx, tx, act, doc, r, news)
		if err != nil || !revived {
			return false, err
		}
		doc.Live = true
	}
	out := act.Read(r.Report)
	if out.Wait { // not said yet: keep the old state, so that the next reading is news again
		doc.ChangedAt = s.now().Add(-s.timing.StaleDoc)
	} else {
		doc.StateCode, doc.StateName = r.Code, r.Name
	}
	doc.Live = !out.Over
	if err := tx.SaveDocument(ctx, doc); err != nil {
		return false, err
	}
	if !heard && doc.Live && untouched(r) { // the answer to our call is lost, or later than the list
		if err := haveSigned(ctx, tx, doc); err != nil {
			return false, err
		}
	}
	if out.Over && !doc.Gone {
		if err := tx.Enqueue(ctx, TaskWithdraw, int64(act.ID)); err != nil {
			return false, err
		}
	}
	if !news && !out.Wait {
		return false, nil
	}
	return out.Wait, s.follow(ctx, tx, act, out, r)
}

// leftBehind keeps what is said of a document that its act has left. One that was signed before we could delete it
// is the act's document again, unless another has taken its place: then the responsible is told to recall it.
func (s *Service) leftBehind(ctx context.Context, tx store.Tx, act acts.Act, doc store.EDODocument, r Report, news bool) (revived bool, err error) {
	signed := !r.Deleted && (r.Code == 2 || r.Code == 3 || r.Code == 4 || r.Code == 7)
	_, replaced, err := tx.LiveDocument(ctx, act.ID)
	if err != nil {
		return false, err
	}
	if signed && !replaced && act.Counts() {
		return true, nil
	}
	doc.StateCode, doc.StateName = r.Code, r.Name
	if err := tx.SaveDocument(ctx, doc); err != nil || !signed || !news {
		return false, err
	}
	e := store.ActEvent{Act: act.ID, Actor: string(acts.ByOperator), Kind: "left_behind", Source: r.Event,
		Text: "Прежний документ акта подписан в СБИС (" + r.Name + "). Отзовите его в кабинете."}
	return false, s.tell(ctx, tx, e, act.Deal, true)
}

// follow walks the act through the events of an outcome and tells each change.
func (s *Service) follow(ctx context.Context, tx store.Tx, act acts.Act, out acts.Outcome, r Report) error {
	for i, event := range out.Events {
		to, err := act.Apply(event, acts.ByOperator)
		if errors.Is(err, acts.Conflict) {
			if err := s.confirmed(ctx, tx, &act, event); err != nil {
				return err
			}
			s.log.InfoContext(ctx, "a report has no place in the act's life", "portal", tx.Portal(), "act", act.ID, "status", act.Status, "event", event)
			continue
		}
		if err != nil {
			return err
		}
		line := store.ActEvent{Actor: string(acts.ByOperator), Kind: string(event), Source: r.Event, Text: to.Label()}
		last := i == len(out.Events)-1
		if last {
			line.Text = withReason(to.Label(), out.Note)
		}
		if err := s.move(ctx, tx, &act, to, line, reasonOf(event, out), last); err != nil {
			return err
		}
	}
	if err := s.deliveryIs(ctx, tx, act, out, r); err != nil {
		return err
	}
	return s.schedule(ctx, tx, act.ID)
}

// confirmed keeps that SBIS says what a person had marked before: from now on it is no mark that he may take back.
func (s *Service) confirmed(ctx context.Context, tx store.Tx, act *acts.Act, event acts.Event) error {
	same := event == acts.Countersignature && act.Status == acts.Signed || event == acts.Refusal && act.Status == acts.StatusRefused
	if !same || !act.MarkedByPerson {
		return nil
	}
	act.MarkedByPerson = false
	return tx.MoveAct(ctx, act.ID, store.Move{From: act.Status, To: act.Status, Reason: act.Reason, At: s.now()})
}

// reasonOf is why the counterparty said no.
func reasonOf(event acts.Event, out acts.Outcome) string {
	if event == acts.Refusal {
		return out.Note
	}
	return ""
}

// deliveryIs keeps where the document is now; a change without an event of the act's life is told by itself.
func (s *Service) deliveryIs(ctx context.Context, tx store.Tx, act acts.Act, out acts.Outcome, r Report) error {
	if out.Delivery == act.Delivery && (out.Note == act.DeliveryNote || out.Note == "" && out.Delivery == acts.WaitingSignature) {
		return nil // a report that says nothing does not wipe out why the service did not sign
	}
	if err := tx.SetDelivery(ctx, act, out.Delivery, out.Note); err != nil {
		return err
	}
	if len(out.Events) > 0 {
		return nil
	}
	text := withReason(out.Delivery.Label(), out.Note)
	return s.tell(ctx, tx, store.ActEvent{Act: act.ID, Actor: string(acts.ByOperator), Kind: "delivery", Source: r.Event, Text: text}, act.Deal, false)
}

// nextPoll is the time to the next poll: short while a signature is awaited in working hours, long at
// night or when nothing is under way, spread by ±10 % so that organisations do not march in step.
func (s *Service) nextPoll(ctx context.Context, f store.Feed) (time.Duration, error) {
	waiting, err := s.db.Scope(f.Portal).Waiting(ctx, f.Company)
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
