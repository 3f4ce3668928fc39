package question

import (
	"context"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// BulkAction sends the question about the way of exchange for many acts, once per deal.
func (s *Service) BulkAction() workflow.BulkAction {
	return workflow.BulkAction{
		Once: "Вопрос задаётся один раз на сделку, по этой сделке он уйдёт с другим из выбранных актов.",
		May: func(ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
			_, err := s.mayAskFor(ctx, r, act.Deal, "")
			return err
		},
		Do: func(ctx context.Context, tx store.Tx, v workflow.Visit, _ store.Bulk, act acts.Act) error {
			_, err := s.AskFor(ctx, tx, v, act.Deal, "")
			return err
		},
	}
}

// mayAskFor returns the address to which the question of a deal can be sent now: the typed one, else the same that the tab suggests. A
// counterparty that has answered, or was asked today, is skipped in bulk and by robots: a person may ask it again on the tab.
func (s *Service) mayAskFor(ctx context.Context, r store.Scope, id acts.DealID, typed string) (to string, err error) {
	deal, err := r.Deals().Get(ctx, id)
	if err != nil {
		return "", err
	}
	asked, err := r.Questions().OfDeal(ctx, id)
	if err != nil {
		return "", err
	}
	q, open := openQuestion(asked)
	switch {
	case typed != "":
		to = typed
	case open && q.Address != "":
		to = q.Address
	default:
		to = deal.Email
	}
	if to, err = questionTo(to); err != nil {
		return "", err
	}
	if err := mayAskNow(deal, q); err != nil {
		return "", err
	}
	given, err := r.Questions().Answers(ctx, id)
	if err != nil {
		return "", err
	}
	if len(given) > 0 {
		return "", acts.Errorf(acts.Conflict, "Контрагент уже ответил. Спросить его ещё раз можно на вкладке сделки.")
	}
	zone, err := s.calendar.Zone(ctx, r)
	if err != nil {
		return "", err
	}
	if open && q.SentAt != nil && workflow.DayIn(*q.SentAt, zone).Equal(workflow.DayIn(s.now(), zone)) {
		return "", acts.Errorf(acts.Conflict, "Вопрос уже отправлен сегодня.")
	}
	return to, nil
}

// AskFor sends the question of a deal to a typed address, or with "" to the usual one, and returns the question. It refuses what mayAskFor does.
func (s *Service) AskFor(ctx context.Context, tx store.Tx, v workflow.Visit, id acts.DealID, typed string) (question int64, err error) {
	if _, err := tx.Deals().Lock(ctx, id); err != nil {
		return 0, err
	}
	to, err := s.mayAskFor(ctx, tx.Scope, id, strings.TrimSpace(typed))
	if err != nil {
		return 0, err
	}
	err = s.withQuestion(ctx, tx, v, id, func(tx store.Tx, d store.Deal, q store.Question) error {
		question = q.ID
		return s.askNow(ctx, tx, v, d, q, to, nil)
	})
	return question, err
}
