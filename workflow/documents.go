package workflow

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/printform"
	"acts24/store"
)

// put writes the document of a queued act to SBIS. Our UUID makes the repeat an update of the same document.
func (s *Service) put(ctx context.Context, t store.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Act(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	if act.Delivery != acts.Queued {
		s.finish(ctx, t, delivery{}, Result{})
		return nil
	}
	if changed, err := s.dealChanged(ctx, t.Portal, act); err != nil {
		return err
	} else if changed != "" {
		return s.bounce(ctx, t, act, changed)
	}
	own, err := scope.OwnCompany(ctx, act.OwnCompany)
	if err != nil {
		return err
	}
	if own.AccountID == 0 {
		return s.bounce(ctx, t, act, "Для нашей организации не подключён аккаунт СБИС.")
	}
	if err := s.clean(ctx, t.Portal, act); errors.Is(err, acts.Refused) {
		return s.bounce(ctx, t, act, "Прежний документ акта ещё в СБИС: "+acts.Sentence(err))
	} else if err != nil {
		return err
	}
	doc, body, err := s.intent(ctx, t.Portal, act)
	if acts.KindOf(err) == acts.Invalid {
		return s.bounce(ctx, t, act, acts.Sentence(err))
	}
	if err != nil {
		return err
	}
	report, err := s.write(ctx, t, own.AccountID, Document{ID: doc.ID, Attachment: doc.Attachment, Name: body.name, Body: body.bytes, Act: act,
		Power: powerOf(own, act.Signer).ID})
	if errors.Is(err, acts.Refused) {
		return s.bounce(ctx, t, act, "СБИС не принял документ: "+acts.Sentence(err))
	}
	if err != nil {
		return err
	}
	if err := s.written(ctx, t, act, doc, report); err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", ErrUnclear, err) // it is written, and we do not know it
	}
	return nil
}

// write puts a document into the cabinet. After an unclear end it looks first: the document may be there, and
// somebody may have signed it by now.
func (s *Service) write(ctx context.Context, t store.Task, account int64, d Document) (Report, error) {
	at := Account{t.Portal, account}
	if t.Unclear {
		if r, err := s.edo.Read(ctx, at, d.ID); !errors.Is(err, acts.NotFound) {
			return r, err
		}
	}
	if err := s.db.HoldTasks(ctx, []store.Task{t}, s.timing.Lease); err != nil {
		return Report{}, err
	}
	return s.edo.Write(ctx, at, d)
}

type titleFile struct {
	name  string
	media string
	bytes []byte
}

// intent keeps the document's ids and exact bytes before the first call about it, or finds those of an earlier try.
func (s *Service) intent(ctx context.Context, portal acts.PortalID, act acts.Act) (store.EDODocument, titleFile, error) {
	scope := s.db.Scope(portal)
	doc, ok, err := scope.LiveDocument(ctx, act.ID)
	if err != nil {
		return doc, titleFile{}, err
	}
	if ok {
		body, err := s.kept(ctx, scope, doc)
		return doc, body, err
	}
	doc = store.EDODocument{ID: uuid.NewString(), Attachment: uuid.NewString(), Act: act.ID, OwnCompany: act.OwnCompany, CreatedAt: s.now(), StateCode: -1}
	own, err := scope.OwnCompany(ctx, act.OwnCompany)
	if err != nil {
		return doc, titleFile{}, err
	}
	doc.Signing = own.Account.Signing
	body, err := s.title(ctx, scope, act, own, doc.ID)
	if err != nil {
		return doc, titleFile{}, err
	}
	err = s.db.InTx(ctx, portal, func(tx store.Tx) error {
		doc.File, err = tx.AddFile(ctx, body.name, body.media, bytes.NewReader(body.bytes), s.now())
		if err != nil {
			return err
		}
		return tx.AddDocument(ctx, doc)
	})
	return doc, body, err
}

// title is the document as it will be exchanged: УПД, or the print form where our company prefers it.
func (s *Service) title(ctx context.Context, scope store.Scope, act acts.Act, own store.OwnCompany, document string) (titleFile, error) {
	if own.Form == store.FormPDF {
		body, err := s.printForm(ctx, scope, act, own)
		return titleFile{printform.FileName(act), "application/pdf", body}, err
	}
	act.Signer.Power = powerOf(own, act.Signer)
	name, body, err := s.edo.Title(act, document, s.now())
	return titleFile{name, "application/xml", body}, err
}

func (s *Service) kept(ctx context.Context, scope store.Scope, doc store.EDODocument) (titleFile, error) {
	file, err := scope.File(ctx, doc.File)
	if err != nil {
		return titleFile{}, err
	}
	var body bytes.Buffer
	err = scope.CopyFile(ctx, file, &body)
	return titleFile{file.Name, file.Type, body.Bytes()}, err
}

// written keeps that the document is in the cabinet, unless the list of changes has told of it already: that is
// newer than the answer to our call.
func (s *Service) written(ctx context.Context, t store.Task, act acts.Act, doc store.EDODocument, r Report) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		doc, ok, err := tx.LockDocument(ctx, doc.ID)
		if err != nil || !ok {
			return err
		}
		act, err := tx.LockAct(ctx, act.ID)
		if err != nil {
			return err
		}
		switch {
		case doc.Written:
		case untouched(r) && act.Delivery == acts.Queued:
			err = s.inCabinet(ctx, tx, act, doc, r)
		default: // it has gone on while we did not know of it
			_, err = s.apply(ctx, tx, r)
		}
		if err != nil {
			return err
		}
		if err := tx.WakeFeed(ctx, act.OwnCompany); err != nil {
			return err
		}
		return tx.DoneTask(ctx, t)
	})
}

// inCabinet keeps that the document waits for our signature.
func (s *Service) inCabinet(ctx context.Context, tx store.Tx, act acts.Act, doc store.EDODocument, r Report) error {
	doc.Written, doc.Link, doc.ChangedAt, doc.StateCode, doc.StateName = true, r.Link, s.now(), r.Code, r.Name
	if err := tx.SaveDocument(ctx, doc); err != nil {
		return err
	}
	if err := tx.SetDelivery(ctx, act, acts.WaitingSignature, ""); err != nil {
		return err
	}
	e := store.ActEvent{Act: act.ID, Actor: string(acts.ByOperator), Kind: "in_cabinet", Text: "Документ в СБИС, ждёт нашей подписи"}
	if doc.Signing != acts.SignInCabinet {
		own, err := tx.OwnCompany(ctx, act.OwnCompany)
		if err != nil {
			return err
		}
		e.Text = "Документ в СБИС. " + acts.WhoSigns(doc.Signing, act.Signer, own.Key.Certificate)
	}
	if err := haveSigned(ctx, tx, doc); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, e, act.Deal, false); err != nil {
		return err
	}
	return s.schedule(ctx, tx, act.ID)
}

// untouched tells of a document that is as we have put it into the cabinet.
func untouched(r Report) bool { return r.Unsigned() && !r.Deleted && !r.Returned }

// haveSigned has a document that has come into the cabinet signed the way it is to be.
func haveSigned(ctx context.Context, tx store.Tx, doc store.EDODocument) error {
	if doc.Signing == acts.SignInCabinet {
		return nil
	}
	return tx.Enqueue(ctx, TaskSign, int64(doc.Act))
}

// bounce brings an act back that cannot be handed over, with the reason, and ends its task.
func (s *Service) bounce(ctx context.Context, t store.Task, act acts.Act, reason string) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if doc, ok, err := tx.LiveDocument(ctx, act.ID); err != nil {
			return err
		} else if ok {
			doc.Live, doc.ChangedAt = false, s.now()
			if err := tx.SaveDocument(ctx, doc); err != nil {
				return err
			}
		}
		act, err := tx.LockAct(ctx, act.ID)
		if err != nil {
			return err
		}
		if err := tx.SetDelivery(ctx, act, acts.DeliveryFailed, reason); err != nil {
			return err
		}
		e := store.ActEvent{Act: act.ID, Actor: string(acts.ByOperator), Kind: "delivery_error", Text: withReason("Документ не передан", reason)}
		if err := s.tell(ctx, tx, e, act.Deal, true); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, TaskWithdraw, int64(act.ID)); err != nil {
			return err
		}
		return tx.DoneTask(ctx, t)
	})
}

// lookUp asks SBIS what it knows of the counterparty of a deal.
func (s *Service) lookUp(ctx context.Context, t store.Task) error {
	scope := s.db.Scope(t.Portal)
	deal, err := scope.Deal(ctx, acts.DealID(t.Subject))
	if err != nil {
		return err
	}
	own, err := scope.OwnCompanies(ctx)
	if err != nil {
		return err
	}
	for _, c := range own {
		if c.AccountID == 0 {
			continue
		}
		seen, err := s.edo.Lookup(ctx, Account{t.Portal, c.AccountID}, deal.Buyer)
		if err != nil {
			return err
		}
		s.finish(ctx, t, delivery{keep: func(ctx context.Context, tx store.Tx, _ Result) error {
			return tx.SaveLookup(ctx, deal.Buyer.INN, deal.Buyer.KPP, seen)
		}}, Result{})
		return nil
	}
	s.finish(ctx, t, delivery{}, Result{})
	return nil
}
