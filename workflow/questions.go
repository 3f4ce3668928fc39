package workflow

import (
	"cmp"
	"context"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// askAutomatically sends the automatic question, one per deal, as soon as a deal is approved and has a draft. entered
// reports that the deal has just come to the stage.
func (s *Questions) askAutomatically(ctx context.Context, tx store.Tx, id acts.DealID, entered bool) error {
	deal, err := tx.Deals().GetWithoutRows(ctx, id)
	if err != nil {
		return err
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	rules := settings.Question
	if rules.Off || deal.Deleted || deal.Semantics == "F" || settings.Pipeline(deal.Category).Mapped.StageOf(deal.StageID) != acts.StageApproved {
		return nil
	}
	draft, err := s.HasDraft(ctx, tx, id)
	if err != nil {
		return err
	}
	if !draft {
		if !entered {
			return nil
		}
		return s.history.Notify(ctx, tx, id, deal.Responsible, MessageApprovedUnacted, "сделка одобрена, а акта ещё нет. Сформируйте его на вкладке «Акты»: контрагент получит вопрос о способе обмена.")
	}
	asked, err := tx.Questions().OfDeal(ctx, id)
	if err != nil {
		return err
	}
	for _, q := range asked {
		if q.State == store.QuestionNoAddress && deal.Email != "" {
			return s.WriteQuestion(ctx, tx, deal, q, deal.Email, nil)
		}
	}
	if len(asked) > 0 {
		return nil
	}
	return s.startQuestion(ctx, tx, deal, rules)
}

// HasDraft reports whether an act of the deal can still take over an answer.
func (s *Questions) HasDraft(ctx context.Context, tx store.Tx, deal acts.DealID) (bool, error) {
	all, err := tx.Acts().OfDeal(ctx, deal)
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

// startQuestion asks for the first time, unless the answer is already known.
func (s *Questions) startQuestion(ctx context.Context, tx store.Tx, deal store.Deal, rules store.QuestionRules) error {
	given, err := tx.Questions().Answers(ctx, deal.ID)
	if err != nil || len(given) > 0 {
		return err
	}
	if rules.Once {
		a, ok, err := tx.Questions().AnswerOfParty(ctx, deal.Company, deal.Contact)
		if err != nil {
			return err
		}
		if ok {
			return s.applyAnswerToActs(ctx, tx, deal, a)
		}
	}
	q := store.Question{Deal: deal.ID, Automatic: true, State: store.QuestionNoAddress, CreatedAt: s.now(), Expires: s.ValidUntil(rules)}
	if q.ID, err = tx.Questions().Add(ctx, q); err != nil {
		return err
	}
	if deal.Email == "" {
		return s.history.Notify(ctx, tx, deal.ID, deal.Responsible, MessageNowhereToAsk, "некуда отправить вопрос о способе обмена актами. Добавьте e-mail в карточку контакта или компании, "+
			"и письмо уйдёт само, или скопируйте ссылку на вкладке «Акты».")
	}
	return s.WriteQuestion(ctx, tx, deal, q, deal.Email, nil)
}

// ValidUntil returns until when the links of a new question work.
func (s *Questions) ValidUntil(rules store.QuestionRules) time.Time {
	return LinksValidUntil(rules, s.now())
}

// LinksValidUntil returns until when the links of a question that is sent now work.
func LinksValidUntil(rules store.QuestionRules, now time.Time) time.Time {
	return now.AddDate(0, 0, cmp.Or(rules.Valid, store.DefaultLinkDays))
}

// QuestionLetter returns the portal's letter of a question about a deal, whose links work until a moment in the zone of the portal.
func QuestionLetter(d store.Deal, own []store.OwnCompany, rules store.QuestionRules, until time.Time) letters.Question {
	q := letters.Question{Template: LetterTemplate(rules), Deal: d.Title, Until: until, Buyer: d.Buyer.Name}
	if len(own) > 0 {
		q.Own = ChosenCompany(own, d.OwnCompany).Party
	}
	return q
}

// LetterTemplate returns the portal's template of the letter of a question.
func LetterTemplate(rules store.QuestionRules) letters.Template {
	return letters.Template{Subject: rules.Subject, Body: rules.Body}
}

// WriteQuestion stores and enqueues the letter of a question: as a person has typed it, or with nil the portal's letter.
func (s *Questions) WriteQuestion(ctx context.Context, tx store.Tx, deal store.Deal, q store.Question, to string, typed *letters.TypedQuestion) error {
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	own, err := tx.Companies().List(ctx)
	if err != nil {
		return err
	}
	q.State, q.Address, q.Problem, q.Expires = store.QuestionQueued, to, "", s.ValidUntil(settings.Question)
	if err := tx.Questions().Save(ctx, q); err != nil {
		return err
	}
	zone, err := s.calendar.Zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	text := QuestionLetter(deal, own, settings.Question, q.Expires.In(zone))
	letter := store.Letter{Deal: deal.ID, Question: q.ID, Purpose: "question", Address: to, Subject: text.Subject(), Body: text.HTML(), User: cmp.Or(q.User, deal.Responsible),
		UserName: q.UserName, CreatedAt: s.now()}
	if typed != nil {
		letter.Subject, letter.Body = strings.TrimSpace(typed.Subject), typed.HTML()
	}
	id, err := tx.Letters().Add(ctx, letter)
	if err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.SendLetter(id))
}

// LinkTo creates a new link to the form of a question.
func (s *Questions) LinkTo(ctx context.Context, tx store.Tx, q store.Question) (string, error) {
	token, err := tx.Questions().AddLink(ctx, q.ID)
	return s.public + "/f/" + token, err
}
