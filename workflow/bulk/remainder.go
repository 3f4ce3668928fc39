package bulk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// CloseRemainders records that the uncovered remainders of deals need no act. It returns how many deals were closed.
func (s *Service) CloseRemainders(ctx context.Context, v workflow.Visit, deals []acts.DealID, reason string) (n int, err error) {
	why, err := s.closing(v, reason)
	if err != nil {
		return 0, err
	}
	if err := checkChosen(deals); err != nil {
		return 0, err
	}
	if err := s.mustBeVisible(ctx, v, deals); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		closed, err := tx.Deals().CloseRemainders(ctx, deals, v.Visibility, why)
		if err != nil {
			return err
		}
		n = len(closed)
		for _, deal := range closed {
			if err := s.remainderChanged(ctx, tx, deal, "Акт по остатку сделки не нужен", why); err != nil {
				return err
			}
		}
		return nil
	})
	s.wake()
	return n, err
}

// CloseRemainder records that the remainder of a row of a deal, or with row = 0 of the whole deal, needs no act.
func (s *Service) CloseRemainder(ctx context.Context, v workflow.Visit, deal acts.DealID, row acts.RowID, reason string) error {
	why, err := s.closing(v, reason)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if row == 0 {
			closed, err := tx.Deals().CloseRemainders(ctx, []acts.DealID{deal}, v.Visibility, why)
			if err != nil {
				return err
			}
			if len(closed) == 0 {
				return errNothingLeft
			}
			return s.remainderChanged(ctx, tx, deal, "Акт по остатку сделки не нужен", why)
		}
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(d.Rows, func(r acts.ProductRow) bool { return r.ID == row })
		if i < 0 || d.Rows[i].Covered() {
			return errNothingLeft
		}
		if err := tx.Deals().CloseRow(ctx, deal, d.Rows[i], why); err != nil {
			return err
		}
		return s.remainderChanged(ctx, tx, deal, "Акт по остатку позиции "+rowWords(d.Rows[i])+" не нужен", why)
	})
	s.wake()
	return err
}

var errNothingLeft = acts.Errorf(acts.Conflict, "Закрывать нечего: остатка, по которому нужен акт, уже нет. Обновите страницу.")

// rowWords names a row with its remainder, as the middle of a sentence: «Консультации», 4 ч,
func rowWords(r acts.ProductRow) string {
	return "«" + r.Name + "», " + strings.TrimSpace(strings.Replace(r.Remainder().String(), ".", ",", 1)+" "+r.Unit.Name) + ","
}

// closing returns the decision of the visitor that something needs no act.
func (s *Service) closing(v workflow.Visit, reason string) (acts.Closing, error) {
	reason = strings.Join(strings.Fields(workflow.StripControl(reason)), " ")
	switch {
	case reason == "":
		return acts.Closing{}, acts.Faults{{Field: "reason", Text: "Напишите, почему акт не нужен: это увидят все, кто работает со сделкой."}}
	case utf8.RuneCountInString(reason) > 500:
		return acts.Closing{}, acts.Faults{{Field: "reason", Text: "Причина не длиннее 500 знаков."}}
	}
	return acts.Closing{Reason: reason, By: v.UserName, At: s.now()}, nil
}

// ReopenRemainder reverts the closing of a row, or with row = 0 of the whole deal: it waits for an act again.
func (s *Service) ReopenRemainder(ctx context.Context, v workflow.Visit, deal acts.DealID, row acts.RowID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if err := tx.Deals().ReopenRemainder(ctx, deal, row); err != nil {
			return err
		}
		what := "остатку сделки"
		if i := slices.IndexFunc(d.Rows, func(r acts.ProductRow) bool { return r.ID == row }); i >= 0 {
			what = "остатку позиции «" + d.Rows[i].Name + "»"
		}
		return s.remainderChanged(ctx, tx, deal, "По "+what+" снова нужен акт", acts.Closing{By: v.UserName})
	})
	s.wake()
	return err
}

// remainderChanged adds a line to the deal's timeline, and enqueues the move of the deal.
func (s *Service) remainderChanged(ctx context.Context, tx store.Tx, deal acts.DealID, text string, c acts.Closing) error {
	if c.Reason != "" {
		text += ": " + strings.TrimSuffix(c.Reason, ".")
	}
	if err := s.history.Comment(ctx, tx, deal, text+". Отметил(а) "+c.By+"."); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.MoveDeal(deal))
}
