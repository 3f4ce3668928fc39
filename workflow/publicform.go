package workflow

import (
	"context"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// PublicQuestion is what a counterparty sees of a question: nothing that the letter did not tell already.
type PublicQuestion struct {
	Own         acts.Party
	Deal        string
	Buyer       string // masked
	INN         string // masked
	Kind        acts.PartyKind
	Works       []string     // what the acts are about
	Answered    bool         // an answer was given already
	Channel     acts.Channel // what was answered last, "" before
	Participant string       // the id that was given a moment ago; later nobody is shown it
	HasEDO      bool         // SBIS can be asked for ids
}

// justNow is how long the person who answered may read the answer again.
const justNow = 30 * time.Minute

// errNoForm is one answer for wrong, expired and withdrawn links: nobody learns which it was.
var errNoForm = acts.Errorf(acts.NotFound, "Ссылка больше не действует. Попросите прислать новую.")

// Question shows what stands behind a secret link.
func (s *Service) Question(ctx context.Context, token string) (PublicQuestion, error) {
	scope, q, deal, err := s.openQuestion(ctx, token)
	if err != nil {
		return PublicQuestion{}, err
	}
	own, err := scope.OwnCompanies(ctx)
	if err != nil {
		return PublicQuestion{}, err
	}
	view := PublicQuestion{Deal: clip(deal.Title, 300), Buyer: acts.MaskName(clip(deal.Buyer.Name, 300)), INN: acts.Mask(deal.Buyer.INN),
		Kind: acts.KindByINN(deal.Buyer.INN), HasEDO: anyAccount(own) && acts.CheckINN(deal.Buyer.INN) == ""}
	if len(own) > 0 {
		view.Own = ChosenCompany(own, deal.OwnCompany).Party
	}
	if view.Works, err = s.works(ctx, scope, q.Deal); err != nil || q.Answered == nil {
		return view, err
	}
	given, err := scope.AnswersOfDeal(ctx, q.Deal)
	if err != nil || len(given) == 0 {
		return view, err
	}
	view.Answered, view.Channel, view.Kind = true, given[0].Channel, given[0].PartyKind
	if given[0].Source == store.FromForm && s.now().Sub(given[0].At) < justNow {
		view.Participant = given[0].Participant
	}
	return view, nil
}

// mostWorks is how many lines of acts the form names.
const mostWorks = 5

// works are the lines of the acts in preparation, else of the deal.
func (s *Service) works(ctx context.Context, scope store.Scope, id acts.DealID) ([]string, error) {
	all, err := scope.ActsOfDeal(ctx, id)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, one := range all {
		if one.Status != acts.Draft || len(names) >= mostWorks {
			continue
		}
		act, err := scope.Act(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range act.Lines {
			names = append(names, shorten(l.Name, 200))
		}
	}
	return names[:min(len(names), mostWorks)], nil
}

// shorten clips a text and shows that it did.
func shorten(text string, most int) string {
	if short := clip(text, most); short != clip(text, most+1) {
		return strings.TrimSpace(clip(short, most-1)) + "…"
	}
	return clip(text, most)
}

// openQuestion finds the question behind a link that still works, and its deal.
func (s *Service) openQuestion(ctx context.Context, token string) (store.Scope, store.Question, store.Deal, error) {
	fail := func(err error) (store.Scope, store.Question, store.Deal, error) {
		return store.Scope{}, store.Question{}, store.Deal{}, err
	}
	if len(token) != 43 {
		return fail(errNoForm)
	}
	portal, id, ok, err := s.db.QuestionOfLink(ctx, token)
	if err != nil {
		return fail(err)
	}
	if !ok {
		return fail(errNoForm)
	}
	scope := s.db.Scope(portal)
	q, err := scope.Question(ctx, id)
	if err != nil {
		return fail(err)
	}
	deal, err := scope.Deal(ctx, q.Deal)
	if err == nil && (q.State == store.QuestionWithdrawn || s.now().After(q.Expires) || deal.Deleted) {
		err = errNoForm
	}
	return scope, q, deal, err
}

// QuestionOpened keeps when a person first worked with the form; mail scanners, which only look, do not count.
func (s *Service) QuestionOpened(ctx context.Context, token string) error {
	scope, q, _, err := s.openQuestion(ctx, token)
	if err != nil || q.Opened != nil {
		return err
	}
	return s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) error {
		q, err := tx.LockQuestion(ctx, q.ID)
		if err != nil || q.Opened != nil {
			return err
		}
		now := s.now()
		q.Opened = &now
		return tx.SaveQuestion(ctx, q)
	})
}

// findBound is how long a person waits for SBIS.
const findBound = 10 * time.Second

// FindBoxes asks SBIS under which ids it knows the counterparty of a question.
func (s *Service) FindBoxes(ctx context.Context, token string) (acts.Connection, error) {
	scope, _, deal, err := s.openQuestion(ctx, token)
	if err != nil || acts.CheckINN(deal.Buyer.INN) != "" {
		return acts.Connection{}, err
	}
	seen, err := scope.Lookup(ctx, deal.Buyer.INN, deal.Buyer.KPP)
	if err != nil || seen.Asked {
		return seen, err
	}
	own, err := scope.OwnCompanies(ctx)
	if err != nil {
		return seen, err
	}
	for _, c := range own {
		if c.AccountID == 0 {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, findBound)
		defer cancel()
		if seen, err = s.edo.Lookup(ctx, Account{scope.Portal(), c.AccountID}, deal.Buyer); err != nil {
			return seen, err
		}
		return seen, s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) error { return tx.SaveLookup(ctx, deal.Buyer.INN, deal.Buyer.KPP, seen) })
	}
	return seen, nil
}

// Answer keeps what the counterparty chose; a second answer replaces the first, history keeps both. The same answer sent
// again says nothing new.
func (s *Service) Answer(ctx context.Context, token string, a acts.Answer) error {
	scope, q, _, err := s.openQuestion(ctx, token)
	if err != nil {
		return err
	}
	a = tidyAnswer(a)
	if err := joinFaults(a.Check(), a.CheckConsent()); err != nil {
		return err
	}
	err = s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) error {
		d, err := tx.LockDeal(ctx, q.Deal)
		if err != nil {
			return err
		}
		q, err := tx.LockQuestion(ctx, q.ID)
		if err != nil {
			return err
		}
		if q.State == store.QuestionWithdrawn || d.Deleted {
			return errNoForm
		}
		if q.Opened == nil {
			now := s.now()
			q.Opened = &now
			if err := tx.SaveQuestion(ctx, q); err != nil {
				return err
			}
		}
		given, err := tx.AnswersOfDeal(ctx, d.ID)
		if err != nil || q.Answered != nil && len(given) > 0 && given[0].Source == store.FromForm && given[0].Answer == a { // the form was sent twice
			return err
		}
		return s.answered(ctx, tx, d, store.Answer{Answer: a, Question: q.ID, Source: store.FromForm})
	})
	s.wake()
	return err
}

// joinFaults puts the mistakes of several checks together.
func joinFaults(errs ...error) error {
	var all acts.Faults
	for _, err := range errs {
		if faults, ok := err.(acts.Faults); ok {
			all = append(all, faults...)
		}
	}
	return all.Err()
}
