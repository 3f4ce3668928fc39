package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
)

// FormActs has the acts of deals formed as their tabs suggest them, one after another. The same key makes the same acts.
// It returns how many acts were asked for.
func (s *Service) FormActs(ctx context.Context, v Visit, deals []acts.DealID, key string) (n int, err error) {
	form, err := uuid.Parse(key)
	if err != nil {
		return 0, acts.Errorf(acts.Invalid, "Форма устарела, обновите страницу.")
	}
	if err := chosen(deals); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		n = 0
		for _, deal := range deals {
			w := store.FormWish{Deal: deal, Key: uuid.NewSHA1(form, fmt.Appendf(nil, "%d", deal)).String(), User: v.User, UserName: v.UserName}
			ok, err := tx.Wish(ctx, w, v.Sees, s.now())
			if err != nil {
				return err
			}
			if ok {
				n++
			}
			if err := tx.Enqueue(ctx, TaskForm, int64(deal)); err != nil {
				return err
			}
		}
		return nil
	})
	s.wake()
	return n, err
}

func chosen(deals []acts.DealID) error {
	switch {
	case len(deals) == 0:
		return acts.Errorf(acts.Invalid, "Отметьте хотя бы одну сделку.")
	case len(deals) > store.PageDeals:
		return acts.Errorf(acts.Invalid, "За один раз можно отметить не больше %d сделок.", store.PageDeals)
	}
	return nil
}

// formWished reads deals anew and forms the acts that people asked for from the list. What cannot be formed without a person is told there.
func (s *Service) formWished(ctx context.Context, p store.Portal, deals []acts.DealID) error {
	scope := s.db.Scope(p.ID)
	wishes, err := scope.Wishes(ctx, deals)
	if err != nil || len(wishes) == 0 {
		return err
	}
	if err := s.copyDeals(ctx, p.ID, deals...); err != nil {
		return err
	}
	for _, w := range wishes {
		err := s.formOne(ctx, p, w)
		kind := acts.KindOf(err)
		if errors.Is(err, acts.Invalid) || kind == acts.Invalid || kind == acts.Conflict || kind == acts.NotFound || kind == acts.Forbidden {
			why := sentenceOf(err)
			err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.DenyWish(ctx, w, why) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) formOne(ctx context.Context, p store.Portal, w store.FormWish) error {
	sheet, err := s.db.Scope(p.ID).DealSheet(ctx, w.Deal)
	if err != nil {
		return err
	}
	if len(sheet.Own) == 0 {
		return acts.Errorf(acts.Invalid, "В портале нет нашей организации: её добавляет администратор.")
	}
	if !sheet.Deal.Deleted && !acts.Covered(sheet.Deal.Rows, sheet.Acts, sheet.Deal.Closed != "") {
		f := Suggest(sheet, s.now().In(ZoneOf(p.Zone)))
		f.Key = w.Key
		v, err := s.wisher(ctx, p.ID, w)
		if err != nil {
			return err
		}
		if _, err := s.FormAct(ctx, v, w.Deal, *f); err != nil {
			return err
		}
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.DropWish(ctx, w.Deal) })
}

// wisher is the visitor whose wish is done later, with what he may do now.
func (s *Service) wisher(ctx context.Context, portal acts.PortalID, w store.FormWish) (Visit, error) {
	st, err := s.db.Scope(portal).StandingOf(ctx, w.User)
	if err != nil {
		return Visit{}, err
	}
	v := Visit{Visit: store.Visit{Portal: portal, User: w.User, UserName: w.UserName}}
	v.standsAs(st)
	if !v.May(acts.Work) {
		return v, errNoRole
	}
	return v, nil
}

// CloseRemainders keeps that what no act of the deals covers needs none. It returns how many deals were closed.
func (s *Service) CloseRemainders(ctx context.Context, v Visit, deals []acts.DealID, reason string) (n int, err error) {
	reason = clip(reason, 500)
	if reason == "" {
		return 0, acts.Faults{{Field: "reason", Text: "Напишите, почему акт не нужен: это увидят все, кто работает со сделкой."}}
	}
	if err := chosen(deals); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		closed, err := tx.CloseRemainders(ctx, deals, v.Sees, reason, v.UserName)
		if err != nil {
			return err
		}
		n = len(closed)
		for _, deal := range closed {
			if err := s.dealClosed(ctx, tx, deal, "Акт по остатку сделки не нужен: "+strings.TrimSuffix(reason, ".")+". Отметил(а) "+v.UserName+"."); err != nil {
				return err
			}
		}
		return nil
	})
	s.wake()
	return n, err
}

// ReopenRemainder takes the closing back: the deal waits for an act again.
func (s *Service) ReopenRemainder(ctx context.Context, v Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.ReopenRemainder(ctx, deal); err != nil {
			return err
		}
		return s.dealClosed(ctx, tx, deal, "По остатку сделки снова нужен акт. Отметил(а) "+v.UserName+".")
	})
	s.wake()
	return err
}

// dealClosed tells on the deal's timeline, and has the deal moved when all is covered now.
func (s *Service) dealClosed(ctx context.Context, tx store.Tx, deal acts.DealID, text string) error {
	if err := s.say(ctx, tx, deal, 0, text); err != nil {
		return err
	}
	return tx.Enqueue(ctx, TaskStage, int64(deal))
}
