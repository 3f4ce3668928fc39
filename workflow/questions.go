package workflow

import (
	"cmp"
	"context"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// ask sends the automatic question when a deal is approved and has an act in preparation, whichever came second; there
// is one a deal. entered tells that the deal has just come to the stage.
func (s *Service) ask(ctx context.Context, tx store.Tx, id acts.DealID, entered bool) error {
	deal, err := tx.DealAlone(ctx, id)
	if err != nil {
		return err
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	rules := settings.Question
	if rules.Off || deal.Deleted || deal.Semantics == "F" || settings.Pipeline(deal.Category).Mapped.StageOf(deal.StageID) != acts.StageApproved {
		return nil
	}
	draft, err := s.hasDraft(ctx, tx, id)
	if err != nil {
		return err
	}
	if !draft {
		if !entered {
			return nil
		}
		return s.say(ctx, tx, id, deal.Responsible, "сделка одобрена, а акта ещё нет. Сформируйте его на вкладке «Акты»: контрагент получит вопрос о способе обмена.")
	}
	asked, err := tx.QuestionsOfDeal(ctx, id)
	if err != nil {
		return err
	}
	for _, q := range asked {
		if q.State == store.QuestionNoAddress && deal.Email != "" {
			return s.askAt(ctx, tx, deal, q, deal.Email)
		}
	}
	if len(asked) > 0 {
		return nil
	}
	return s.askFirst(ctx, tx, deal, rules)
}

// hasDraft reports whether an act of the deal can still take an answer over.
func (s *Service) hasDraft(ctx context.Context, tx store.Tx, deal acts.DealID) (bool, error) {
	all, err := tx.ActsOfDeal(ctx, deal)
	if err != nil {
		return false, err
	}
	for _, a := range all {
		if a.MayEdit() == nil {
			return true, nil
		}
	}
	return false, nil
}

// askFirst asks for the first time, unless the answer is known already.
func (s *Service) askFirst(ctx context.Context, tx store.Tx, deal store.Deal, rules store.QuestionRules) error {
	given, err := tx.AnswersOfDeal(ctx, deal.ID)
	if err != nil || len(given) > 0 {
		return err
	}
	if rules.Once {
		a, ok, err := tx.AnswerOfParty(ctx, deal.Company, deal.Contact)
		if err != nil {
			return err
		}
		if ok {
			return s.toActs(ctx, tx, deal, a)
		}
	}
	q := store.Question{Deal: deal.ID, Automatic: true, State: store.QuestionNoAddress, CreatedAt: s.now(), Expires: s.validUntil(rules)}
	if q.ID, err = tx.AddQuestion(ctx, q); err != nil {
		return err
	}
	if deal.Email == "" {
		return s.say(ctx, tx, deal.ID, deal.Responsible, "некуда отправить вопрос о способе обмена актами. Добавьте e-mail в карточку контакта или компании, "+
			"и письмо уйдёт само, или скопируйте ссылку на вкладке «Акты».")
	}
	return s.askAt(ctx, tx, deal, q, deal.Email)
}

func (s *Service) validUntil(rules store.QuestionRules) time.Time {
	return s.now().AddDate(0, 0, cmp.Or(rules.Valid, store.DefaultValid))
}

// askAt promises the letter of a question.
func (s *Service) askAt(ctx context.Context, tx store.Tx, deal store.Deal, q store.Question, to string) error {
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	own, err := tx.OwnCompanies(ctx)
	if err != nil {
		return err
	}
	q.State, q.Address, q.Problem, q.Expires = store.QuestionQueued, to, "", s.validUntil(settings.Question)
	if err := tx.SaveQuestion(ctx, q); err != nil {
		return err
	}
	zone, err := s.zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	text := LetterText{Rules: settings.Question, Deal: deal.Title, Until: q.Expires.In(zone), Buyer: deal.Buyer.Name}
	if len(own) > 0 {
		text.Own = ChosenCompany(own, deal.OwnCompany).Party
	}
	letter := store.Letter{Deal: deal.ID, Question: q.ID, Purpose: "question", Address: to, Subject: text.Subject(), Body: text.HTML(), User: cmp.Or(q.User, deal.Responsible),
		UserName: q.UserName, CreatedAt: s.now()}
	id, err := tx.AddLetter(ctx, letter)
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, TaskLetter, id)
}

// Ask sends the question to an address that a person gave; a question that is open already is sent again.
func (s *Service) Ask(ctx context.Context, v Visit, deal acts.DealID, to string) error {
	to, err := questionTo(to)
	if err != nil {
		return err
	}
	return s.onQuestion(ctx, v, deal, func(tx store.Tx, d store.Deal, q store.Question) error {
		return s.askNow(ctx, tx, v, d, q, to)
	})
}

// questionTo reads the address for a question.
func questionTo(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", acts.Faults{{Field: "address", Text: "У контрагента не указан e-mail. Добавьте его в карточку контакта или компании."}}
	}
	return address(text)
}

// mayAskNow refuses a question whose letter is on its way, and one about a deal that is gone.
func mayAskNow(d store.Deal, q store.Question) error {
	switch {
	case d.Deleted:
		return acts.Errorf(acts.Conflict, "Сделка удалена в Битрикс24, спрашивать некого.")
	case q.State == store.QuestionQueued:
		return acts.Errorf(acts.Conflict, "Письмо на %s уже отправляется.", q.Address)
	}
	return nil
}

func (s *Service) askNow(ctx context.Context, tx store.Tx, v Visit, d store.Deal, q store.Question, to string) error {
	if err := mayAskNow(d, q); err != nil {
		return err
	}
	if err := s.askAt(ctx, tx, d, q, to); err != nil {
		return err
	}
	return s.say(ctx, tx, d.ID, 0, "Вопрос о способе обмена актами отправляется на "+to+". "+v.UserName+".")
}

// onQuestion runs a change of the deal's open question, making one when there is none.
func (s *Service) onQuestion(ctx context.Context, v Visit, deal acts.DealID, change func(store.Tx, store.Deal, store.Question) error) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return s.withQuestion(ctx, tx, v, deal, change) })
	s.wake()
	return err
}

func (s *Service) withQuestion(ctx context.Context, tx store.Tx, v Visit, deal acts.DealID, change func(store.Tx, store.Deal, store.Question) error) error {
	d, err := tx.LockDeal(ctx, deal)
	if err != nil {
		return err
	}
	asked, err := tx.QuestionsOfDeal(ctx, deal)
	if err != nil {
		return err
	}
	if q, ok := openQuestion(asked); ok {
		if q, err = tx.LockQuestion(ctx, q.ID); err != nil {
			return err
		}
		return change(tx, d, q)
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	q := store.Question{Deal: deal, State: store.QuestionLink, User: v.User, UserName: v.UserName, CreatedAt: s.now(), Expires: s.validUntil(settings.Question)}
	if q.ID, err = tx.AddQuestion(ctx, q); err != nil {
		return err
	}
	return change(tx, d, q)
}

// openQuestion is the question of a deal that still waits for its answer.
func openQuestion(asked []store.Question) (q store.Question, ok bool) {
	if len(asked) == 0 || asked[0].State == store.QuestionWithdrawn || asked[0].Answered != nil {
		return q, false
	}
	return asked[0], true
}

// QuestionLink makes a link of the deal's question for a person to hand on himself.
func (s *Service) QuestionLink(ctx context.Context, v Visit, deal acts.DealID) (link string, err error) {
	err = s.onQuestion(ctx, v, deal, func(tx store.Tx, d store.Deal, q store.Question) error {
		if q.State == store.QuestionNoAddress || q.State == store.QuestionFailed {
			q.State = store.QuestionLink
			if err := tx.SaveQuestion(ctx, q); err != nil {
				return err
			}
		}
		link, err = s.linkTo(ctx, tx, q)
		return err
	})
	return link, err
}

func (s *Service) linkTo(ctx context.Context, tx store.Tx, q store.Question) (string, error) {
	token, err := tx.AddLink(ctx, q.ID)
	return s.public + "/f/" + token, err
}

// WithdrawQuestion makes all links of the deal's question void.
func (s *Service) WithdrawQuestion(ctx context.Context, v Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if _, err := tx.LockDeal(ctx, deal); err != nil {
			return err
		}
		asked, err := tx.QuestionsOfDeal(ctx, deal)
		if err != nil {
			return err
		}
		if len(asked) == 0 || asked[0].State == store.QuestionWithdrawn {
			return acts.Errorf(acts.Conflict, "Отзывать нечего: вопрос не отправлен.")
		}
		q, err := tx.LockQuestion(ctx, asked[0].ID)
		if err != nil {
			return err
		}
		q.State = store.QuestionWithdrawn
		if err := tx.SaveQuestion(ctx, q); err != nil {
			return err
		}
		if err := tx.EndSilences(ctx, deal); err != nil {
			return err
		}
		return s.say(ctx, tx, deal, 0, "Вопрос о способе обмена актами отозван, ссылки больше не открываются. "+v.UserName+".")
	})
	s.wake()
	return err
}
