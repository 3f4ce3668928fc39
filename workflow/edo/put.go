package edo

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/printform"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// put writes the document of a queued act to SBIS. Our UUID makes a repeated call an update of the same document.
func (s *Service) put(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Acts().Get(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	if act.Delivery != acts.DeliveryQueued {
		s.queue.Done(ctx, t)
		return nil
	}
	own, err := scope.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return err
	}
	if own.AccountID == 0 {
		return s.returnToDraft(ctx, t, act, "Для нашей организации не подключён аккаунт СБИС.")
	}
	at := workflow.Account{Portal: t.Portal, ID: own.AccountID}
	if act, err = s.settleReplaced(ctx, at, act); errors.Is(err, acts.Refused) {
		return s.returnToDraft(ctx, t, act, "Прежний документ акта ещё в СБИС: "+acts.Message(err))
	} else if err != nil {
		return err
	}
	if act.Delivery != acts.DeliveryQueued { // an earlier document has become the act's again
		s.queue.Done(ctx, t)
		return nil
	}
	if changed, err := s.acts.DealMismatch(ctx, t.Portal, act); err != nil {
		return err
	} else if changed != "" {
		return s.returnToDraft(ctx, t, act, changed)
	}
	doc, body, err := s.prepareDocument(ctx, t.Portal, act)
	if acts.KindOf(err) == acts.Invalid {
		return s.returnToDraft(ctx, t, act, acts.Message(err))
	}
	if err != nil {
		return err
	}
	report, err := s.write(ctx, t, at, doc, workflow.Document{ID: doc.ID, Attachment: doc.Attachment, Name: body.name, Body: body.bytes, Act: act,
		Power: workflow.PowerOf(own, act.Signer).ID})
	if errors.Is(err, acts.Refused) {
		return s.returnToDraft(ctx, t, act, "СБИС не принял документ: "+acts.Message(err))
	}
	if err != nil {
		return err
	}
	if err := s.saveWritten(ctx, t, act, doc, report); err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", workflow.ErrUnclear, err) // it is written, but that is not recorded
	}
	return nil
}

// write writes a document to the account. After an unknown outcome it reads first: the document may exist and be signed
// by now. It also reads after a refusal: an earlier call may have been executed late.
func (s *Service) write(ctx context.Context, t queue.Task, at workflow.Account, doc store.EDODocument, d workflow.Document) (workflow.Report, error) {
	if t.Unclear {
		if r, err := s.read(ctx, at, doc); !errors.Is(err, acts.NotFound) {
			return r, err
		}
	}
	if err := queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease); err != nil {
		return workflow.Report{}, err
	}
	r, refused := s.edo.Write(ctx, at, d)
	if r.SeenBefore = doc.LastEvent; !errors.Is(refused, acts.Refused) {
		return r, refused
	}
	r, err := s.read(ctx, at, doc)
	switch {
	case errors.Is(err, acts.NotFound):
		return r, refused
	case err == nil && r.Unsigned() && !r.Deleted: // it is still a draft, and our version is refused
		return r, refused
	}
	return r, err
}

// documentFile is the file that is exchanged: the title of an УПД, or a print form.
type documentFile struct {
	name  string
	media string
	bytes []byte
}

// prepareDocument stores the document's ids and exact bytes before the first call about it, or returns those of an
// earlier attempt.
func (s *Service) prepareDocument(ctx context.Context, portal acts.PortalID, act acts.Act) (store.EDODocument, documentFile, error) {
	scope := s.db.Scope(portal)
	doc, ok, err := scope.Documents().Live(ctx, act.ID)
	if err != nil {
		return doc, documentFile{}, err
	}
	if ok {
		body, err := s.storedFile(ctx, scope, doc)
		return doc, body, err
	}
	doc = store.EDODocument{ID: uuid.NewString(), Attachment: uuid.NewString(), Act: act.ID, OwnCompany: act.OwnCompany, CreatedAt: s.now(), Phase: acts.PhaseNone}
	own, err := scope.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return doc, documentFile{}, err
	}
	doc.Signing = own.Account.Signing
	body, err := s.documentFile(ctx, scope, act, own, doc.ID)
	if err != nil {
		return doc, documentFile{}, err
	}
	err = s.db.InTx(ctx, portal, func(tx store.Tx) error {
		now, err := tx.Acts().Lock(ctx, act.ID)
		if err != nil {
			return err
		}
		if now.Delivery != acts.DeliveryQueued {
			return acts.Errorf(acts.Conflict, "Акт уже не передаётся в СБИС.")
		}
		doc.File, err = tx.Files().Add(ctx, body.name, body.media, bytes.NewReader(body.bytes), s.now())
		if err != nil {
			return err
		}
		return tx.Documents().Add(ctx, doc)
	})
	return doc, body, err
}

// documentFile makes the file of an act: an УПД, or the print form where our company has chosen it.
func (s *Service) documentFile(ctx context.Context, scope store.Scope, act acts.Act, own store.OwnCompany, document string) (documentFile, error) {
	if own.Form == store.FormPDF {
		body, err := s.acts.RenderPrintForm(ctx, scope, act, own)
		return documentFile{printform.FileName(act), "application/pdf", body}, err
	}
	act.Signer.Power = workflow.PowerOf(own, act.Signer)
	name, body, err := s.edo.Title(act, document, s.now())
	return documentFile{name, workflow.TitleType, body}, err
}

// storedFile reads the file of a document from the database.
func (s *Service) storedFile(ctx context.Context, scope store.Scope, doc store.EDODocument) (documentFile, error) {
	file, err := scope.Files().Get(ctx, doc.File)
	if err != nil {
		return documentFile{}, err
	}
	var body bytes.Buffer
	err = scope.Files().Copy(ctx, file, &body)
	return documentFile{file.Name, file.Type, body.Bytes()}, err
}

// saveWritten records that the document is in the account, unless the list of changes has reported it already: the list
// is newer than the response to our call.
func (s *Service) saveWritten(ctx context.Context, t queue.Task, act acts.Act, doc store.EDODocument, r workflow.Report) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		doc, ok, err := tx.Documents().Lock(ctx, doc.ID)
		if err != nil || !ok {
			return err
		}
		act, err := tx.Acts().Lock(ctx, act.ID)
		if err != nil {
			return err
		}
		switch {
		case doc.Written:
		case untouched(r) && act.Delivery == acts.DeliveryQueued:
			err = s.recordUnsigned(ctx, tx, act, doc, r)
		default: // it has progressed meanwhile
			err = s.apply(ctx, tx, r)
		}
		if err != nil {
			return err
		}
		if err := queue.WakeFeed(ctx, tx, act.OwnCompany); err != nil {
			return err
		}
		return queue.Done(ctx, tx, t)
	})
}

// recordUnsigned records that the document waits for our signature.
func (s *Service) recordUnsigned(ctx context.Context, tx store.Tx, act acts.Act, doc store.EDODocument, r workflow.Report) error {
	doc.Written, doc.Link, doc.ChangedAt, doc.Phase, doc.StateName = true, r.Link, s.now(), r.Phase, r.Name
	if err := tx.Documents().Save(ctx, doc); err != nil {
		return err
	}
	if err := tx.Acts().SetDelivery(ctx, act, acts.DeliveryWaitingSignature, ""); err != nil {
		return err
	}
	e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "awaiting_our_signature", Text: "Документ в СБИС, ждёт нашей подписи",
		Changes: history.DeliveryChange(act.Delivery, acts.DeliveryWaitingSignature)}
	if doc.Signing != acts.SigningManual {
		own, err := tx.Companies().Get(ctx, act.OwnCompany)
		if err != nil {
			return err
		}
		e.Text = "Документ в СБИС. " + acts.WhoSigns(doc.Signing, act.Signer, own.Key.Certificate)
	}
	if err := enqueueSigning(ctx, tx, doc); err != nil {
		return err
	}
	if err := s.history.RecordEvent(ctx, tx, e, act.Deal, false); err != nil {
		return err
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// untouched reports whether a document is as we have written it: nobody has signed, deleted or returned it.
func untouched(r workflow.Report) bool { return r.Unsigned() && !r.Deleted && !r.Returned }

// enqueueSigning enqueues the signature of a written document where the account signs by itself.
func enqueueSigning(ctx context.Context, tx store.Tx, doc store.EDODocument) error {
	if doc.Signing == acts.SigningManual {
		return nil
	}
	return queue.Enqueue(ctx, tx, task.SignDocument(doc.Act))
}

// returnToDraft records that an act cannot be handed over, with the reason, and ends its task. An act that changed
// meanwhile stays.
func (s *Service) returnToDraft(ctx context.Context, t queue.Task, act acts.Act, reason string) error {
	doc, ok, err := s.db.Scope(t.Portal).Documents().Live(ctx, act.ID)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if ok {
			if doc, ok, err = tx.Documents().Lock(ctx, doc.ID); err != nil {
				return err
			}
		}
		act, err := tx.Acts().Lock(ctx, act.ID)
		if err != nil {
			return err
		}
		if act.Delivery != acts.DeliveryQueued {
			return queue.Done(ctx, tx, t)
		}
		if ok && doc.Live {
			doc.Live, doc.ChangedAt = false, s.now()
			if err := tx.Documents().Save(ctx, doc); err != nil {
				return err
			}
		}
		if err := tx.Acts().SetDelivery(ctx, act, acts.DeliveryFailed, reason); err != nil {
			return err
		}
		e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "delivery_error", Text: workflow.WithReason("Документ не передан", reason),
			Changes: history.DeliveryChange(act.Delivery, acts.DeliveryFailed)}
		if err := s.history.RecordEvent(ctx, tx, e, act.Deal, true); err != nil {
			return err
		}
		if err := queue.Enqueue(ctx, tx, task.WithdrawDocument(acts.ActID(act.ID))); err != nil {
			return err
		}
		return queue.Done(ctx, tx, t)
	})
}
