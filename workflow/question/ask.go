package question

import (
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/workflow"
)

// Ask sends the question to a typed address, in the typed letter, or in the letter of the portal when typed is nil. An open question is sent
// again.
func (s *Service) Ask(ctx context.Context, v workflow.Visit, deal acts.DealID, to string, typed *letters.TypedQuestion) error {
	var faults acts.Faults
	to, err := questionTo(to)
	if err != nil && !errors.As(err, &faults) {
		return err
	}
	if typed != nil {
		var more acts.Faults
		if errors.As(typed.Check(), &more) {
			faults = append(faults, more...)
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return s.onQuestion(ctx, v, deal, func(tx store.Tx, d store.Deal, q store.Question) error {
		return s.askNow(ctx, tx, v, d, q, to, typed)
	})
}

// questionTo parses the address for a question.
func questionTo(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", acts.Faults{{Field: "address", Text: "У контрагента не указан e-mail. Добавьте его в карточку контакта или компании."}}
	}
	return workflow.Address(text)
}

// mayAskNow refuses a question whose letter is being sent, and one about a deleted deal.
func mayAskNow(d store.Deal, q store.Question) error {
	switch {
	case d.Deleted:
		return acts.Errorf(acts.Conflict, "Сделка удалена в Битрикс24, спрашивать некого.")
	case q.State == store.QuestionQueued:
		return acts.Errorf(acts.Conflict, "Письмо на %s уже отправляется.", q.Address)
	}
	return nil
}

func (s *Service) askNow(ctx context.Context, tx store.Tx, v workflow.Visit, d store.Deal, q store.Question, to string, typed *letters.TypedQuestion) error {
	if err := mayAskNow(d, q); err != nil {
		return err
	}
	if err := s.questions.WriteQuestion(ctx, tx, d, q, to, typed); err != nil {
		return err
	}
	return s.history.Comment(ctx, tx, d.ID, "Вопрос о способе обмена актами отправляется на "+to+". "+v.UserName+".")
}

// onQuestion runs a change of the deal's open question, creating one when there is none.
func (s *Service) onQuestion(ctx context.Context, v workflow.Visit, deal acts.DealID, change func(store.Tx, store.Deal, store.Question) error) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return s.withQuestion(ctx, tx, v, deal, change) })
	s.wake()
	return err
}

func (s *Service) withQuestion(ctx context.Context, tx store.Tx, v workflow.Visit, deal acts.DealID, change func(store.Tx, store.Deal, store.Question) error) error {
	d, err := tx.Deals().Lock(ctx, deal)
	if err != nil {
		return err
	}
	asked, err := tx.Questions().OfDeal(ctx, deal)
	if err != nil {
		return err
	}
	if q, ok := openQuestion(asked); ok {
		if q, err = tx.Questions().Lock(ctx, q.ID); err != nil {
			return err
		}
		return change(tx, d, q)
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	q := store.Question{Deal: deal, State: store.QuestionLink, User: v.User, UserName: v.UserName, CreatedAt: s.now(), Expires: s.questions.ValidUntil(settings.Question)}
	if q.ID, err = tx.Questions().Add(ctx, q); err != nil {
		return err
	}
	return change(tx, d, q)
}

// openQuestion returns the question of a deal that has no answer yet.
func openQuestion(asked []store.Question) (q store.Question, ok bool) {
	if len(asked) == 0 || asked[0].State == store.QuestionWithdrawn || asked[0].Answered != nil {
		return q, false
	}
	return asked[0], true
}

// QuestionLink creates a link of the deal's question that a person passes on himself.
func (s *Service) QuestionLink(ctx context.Context, v workflow.Visit, deal acts.DealID) (link string, err error) {
	err = s.onQuestion(ctx, v, deal, func(tx store.Tx, d store.Deal, q store.Question) error {
		if q.State == store.QuestionNoAddress || q.State == store.QuestionFailed {
			q.State = store.QuestionLink
			if err := tx.Questions().Save(ctx, q); err != nil {
				return err
			}
		}
		link, err = s.questions.LinkTo(ctx, tx, q)
		return err
	})
	return link, err
}

// WithdrawQuestion invalidates all links of the deal's question.
func (s *Service) WithdrawQuestion(ctx context.Context, v workflow.Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if _, err := tx.Deals().Lock(ctx, deal); err != nil {
			return err
		}
		asked, err := tx.Questions().OfDeal(ctx, deal)
		if err != nil {
			return err
		}
		if len(asked) == 0 || asked[0].State == store.QuestionWithdrawn {
			return acts.Errorf(acts.Conflict, "Отзывать нечего: вопрос не отправлен.")
		}
		q, err := tx.Questions().Lock(ctx, asked[0].ID)
		if err != nil {
			return err
		}
		q.State = store.QuestionWithdrawn
		if err := tx.Questions().Save(ctx, q); err != nil {
			return err
		}
		if err := tx.Questions().DropAnswerDeadlines(ctx, deal); err != nil {
			return err
		}
		return s.history.Comment(ctx, tx, deal, "Вопрос о способе обмена актами отозван, ссылки больше не открываются. "+v.UserName+".")
	})
	s.wake()
	return err
}
