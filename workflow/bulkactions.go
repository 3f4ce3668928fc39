package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
)

// bulkAction is what is asked of many acts: may refuses an act with the words that the single action refuses it with, do is the single action.
// Where may is nil every act can, and there is nothing to judge.
type bulkAction struct {
	once string // why further acts of one deal are left out, "" when they are not
	may  func(*Service, context.Context, store.Scope, store.Bulk, acts.Act) error
	do   func(*Service, context.Context, store.Tx, Visit, store.Bulk, acts.Act) error // nil: the acts are only gathered
}

var bulkActions = map[store.BulkAction]bulkAction{
	store.BulkSend: {
		may: func(s *Service, ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
			_, err := s.mayHandOver(ctx, r, act)
			return err
		},
		do: func(s *Service, ctx context.Context, tx store.Tx, v Visit, _ store.Bulk, act acts.Act) error {
			return s.handOver(ctx, tx, v, act)
		},
	},
	store.BulkAsk: {
		once: "Вопрос задаётся один раз на сделку, по этой сделке он уйдёт с другим из выбранных актов.",
		may: func(s *Service, ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
			_, err := s.mayAskFor(ctx, r, act.Deal)
			return err
		},
		do: func(s *Service, ctx context.Context, tx store.Tx, v Visit, _ store.Bulk, act acts.Act) error {
			return s.askFor(ctx, tx, v, act.Deal)
		},
	},
	store.BulkRemind: {
		may: func(s *Service, ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
			_, err := s.mayRemind(ctx, r, act)
			return err
		},
		do: func(s *Service, ctx context.Context, tx store.Tx, v Visit, _ store.Bulk, act acts.Act) error {
			return s.remindNow(ctx, tx, v, act)
		},
	},
	store.BulkResponsible: {
		may: func(_ *Service, _ context.Context, _ store.Scope, b store.Bulk, act acts.Act) error {
			return mayGive(act, b)
		},
		do: func(s *Service, ctx context.Context, tx store.Tx, v Visit, b store.Bulk, act acts.Act) error {
			if err := mayGive(act, b); err != nil {
				return err
			}
			return s.giveTo(ctx, tx, act, b.Target, v.event(act.ID, "responsible", "Новый ответственный: "+b.TargetName))
		},
	},
	store.BulkPDF:   {},
	store.BulkTable: {},
	store.BulkXML: {
		may: func(_ *Service, ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
			_, err := r.XMLOfAct(ctx, act.ID)
			return err
		},
	},
}

// mayGive refuses to give an act to whom it belongs.
func mayGive(act acts.Act, b store.Bulk) error {
	if act.Responsible == b.Target {
		return acts.Errorf(acts.Conflict, "%s уже отвечает за этот акт.", b.TargetName)
	}
	return nil
}

// giveTo gives an act to another employee, also in the CRM; line says who did it.
func (s *Service) giveTo(ctx context.Context, tx store.Tx, act acts.Act, to acts.UserID, line store.ActEvent) error {
	if err := tx.SetResponsible(ctx, act.ID, to); err != nil {
		return err
	}
	return s.tell(ctx, tx, line, act.Deal, false)
}

// mayAskFor is the address to which the question of a deal can go now, the one that the tab offers. Who has answered, or
// was asked today, is not asked together with others: a person may ask him anew on the tab.
func (s *Service) mayAskFor(ctx context.Context, r store.Scope, id acts.DealID) (to string, err error) {
	deal, err := r.Deal(ctx, id)
	if err != nil {
		return "", err
	}
	asked, err := r.QuestionsOfDeal(ctx, id)
	if err != nil {
		return "", err
	}
	to = deal.Email
	q, open := openQuestion(asked)
	if open && q.Address != "" {
		to = q.Address
	}
	if to, err = questionTo(to); err != nil {
		return "", err
	}
	if err := mayAskNow(deal, q); err != nil {
		return "", err
	}
	given, err := r.AnswersOfDeal(ctx, id)
	if err != nil {
		return "", err
	}
	if len(given) > 0 {
		return "", acts.Errorf(acts.Conflict, "Контрагент уже ответил. Спросить его ещё раз можно на вкладке сделки.")
	}
	zone, err := s.zone(ctx, r)
	if err != nil {
		return "", err
	}
	if open && q.SentAt != nil && dayIn(*q.SentAt, zone).Equal(dayIn(s.now(), zone)) {
		return "", acts.Errorf(acts.Conflict, "Вопрос уже отправлен сегодня.")
	}
	return to, nil
}

func (s *Service) askFor(ctx context.Context, tx store.Tx, v Visit, id acts.DealID) error {
	if _, err := tx.LockDeal(ctx, id); err != nil {
		return err
	}
	to, err := s.mayAskFor(ctx, tx.Scope, id)
	if err != nil {
		return err
	}
	return s.withQuestion(ctx, tx, v, id, func(tx store.Tx, d store.Deal, q store.Question) error {
		return s.askNow(ctx, tx, v, d, q, to)
	})
}
