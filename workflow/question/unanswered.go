package question

import (
	"context"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// questionSettled reports whether the answer to a question no longer matters: the deal is won, or it has acts and
// none of them can take over an answer.
func (s *Service) questionSettled(ctx context.Context, tx store.Tx, deal store.Deal) (bool, error) {
	if deal.Semantics == "S" {
		return true, nil
	}
	draft, err := s.questions.HasDraft(ctx, tx, deal.ID)
	if err != nil || draft {
		return false, err
	}
	all, err := tx.Acts().OfDeal(ctx, deal.ID)
	return slices.ContainsFunc(all, acts.Act.CountsTowardDeal), err
}

// ProcessDueUnanswered notifies the responsible of every question without an answer within its term, once.
func (s *Service) ProcessDueUnanswered(ctx context.Context) (more bool, err error) {
	return s.queue.ProcessDue(ctx, "unanswered questions", s.db.DueUnanswered, s.remindUnanswered)
}

func (s *Service) remindUnanswered(ctx context.Context, tx store.Tx, id int64) error {
	ok, err := tx.Questions().TakeAnswerDeadline(ctx, id, s.now())
	if err != nil || !ok {
		return err
	}
	q, err := tx.Questions().Lock(ctx, id)
	if err != nil {
		return err
	}
	deal, err := tx.Deals().Get(ctx, q.Deal)
	if err != nil || q.Answered != nil || q.State != store.QuestionSent || deal.Deleted || deal.Semantics == "F" {
		return err
	}
	if settled, err := s.questionSettled(ctx, tx, deal); err != nil || settled {
		return err
	}
	now := s.now()
	q.Reminded = &now
	if err := tx.Questions().Save(ctx, q); err != nil {
		return err
	}
	text := "Свяжитесь с контрагентом: на вопрос о способе обмена актами нет ответа"
	zone, err := s.calendar.Zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	if q.SentAt != nil {
		text += " с " + q.SentAt.In(zone).Format("02.01.2006")
	}
	if text += "."; deal.Phones != "" {
		text += " Телефон: " + deal.Phones + "."
	}
	return s.history.Notify(ctx, tx, q.Deal, deal.Responsible, workflow.MessageNoAnswer, text+" Ответ можно внести на вкладке «Акты».")
}
