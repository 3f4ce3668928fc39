package workflow

import (
	"context"

	"acts24/store"
)

// FireSilences tells the responsible of every question that nobody answered in its term, once.
func (s *Service) FireSilences(ctx context.Context) (more bool, err error) {
	return s.fire(ctx, "silences", s.db.DueSilences, s.silent)
}

func (s *Service) silent(ctx context.Context, tx store.Tx, id int64) error {
	ok, err := tx.EndSilence(ctx, id, s.now())
	if err != nil || !ok {
		return err
	}
	q, err := tx.LockQuestion(ctx, id)
	if err != nil {
		return err
	}
	deal, err := tx.Deal(ctx, q.Deal)
	if err != nil || q.Answered != nil || q.State != store.QuestionSent || deal.Deleted || deal.Semantics == "F" {
		return err
	}
	now := s.now()
	q.Reminded = &now
	if err := tx.SaveQuestion(ctx, q); err != nil {
		return err
	}
	words := "Свяжитесь с контрагентом: на вопрос о способе обмена актами нет ответа"
	zone, err := s.zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	if q.SentAt != nil {
		words += " с " + q.SentAt.In(zone).Format("02.01.2006")
	}
	if words += "."; deal.Phones != "" {
		words += " Телефон: " + deal.Phones + "."
	}
	return s.say(ctx, tx, q.Deal, deal.Responsible, words+" Ответ можно внести на вкладке «Акты».")
}
