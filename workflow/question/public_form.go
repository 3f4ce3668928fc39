package question

import (
	"context"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// PublicQuestion is what a counterparty sees of a question: nothing beyond the letter.
type PublicQuestion struct {
	Own         acts.Party
	Deal        string
	Buyer       string // masked
	INN         string // masked
	Kind        acts.PartyKind
	Works       []string     // works of the acts
	Answered    bool         // an answer was given already
	Channel     acts.Channel // what was answered last, "" before
	Participant string       // the id that was given a moment ago; it is not shown later
	HasEDO      bool         // ids can be looked up at SBIS
}

// answerShownFor is how long the person who answered may see the answer again.
const answerShownFor = 30 * time.Minute

// errNoForm is the same answer for wrong, expired and withdrawn links, so that it reveals nothing.
var errNoForm = acts.Errorf(acts.NotFound, "Ссылка больше не действует. Попросите прислать новую.")

// Form returns the question of a secret link.
func (s *Service) Form(ctx context.Context, token string) (PublicQuestion, error) {
	scope, q, deal, err := s.openQuestion(ctx, token)
	if err != nil {
		return PublicQuestion{}, err
	}
	own, err := scope.Companies().List(ctx)
	if err != nil {
		return PublicQuestion{}, err
	}
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return PublicQuestion{}, err
	}
	view := PublicQuestion{Buyer: acts.MaskName(workflow.Clip(deal.Buyer.Name, 300)), INN: acts.Mask(deal.Buyer.INN),
		Kind: deal.Buyer.KindOrINN(), HasEDO: workflow.AnyAccount(own) && acts.CheckINN(deal.Buyer.INN) == ""}
	if workflow.LetterTemplate(settings.Question).NamesDeal() {
		view.Deal = workflow.Clip(deal.Title, 300)
	}
	if len(own) > 0 {
		view.Own = workflow.ChosenCompany(own, deal.OwnCompany).Party
	}
	if view.Works, err = s.works(ctx, scope, q.Deal); err != nil || q.Answered == nil {
		return view, err
	}
	given, err := scope.Questions().Answers(ctx, q.Deal)
	if err != nil || len(given) == 0 {
		return view, err
	}
	view.Answered, view.Channel, view.Kind = true, given[0].Channel, given[0].PartyKind
	if given[0].Source == store.FromForm && s.now().Sub(given[0].At) < answerShownFor {
		view.Participant = given[0].Participant
	}
	return view, nil
}

// maxWorks is how many lines of acts the form shows.
const maxWorks = 5

// works returns the lines of the drafts, otherwise of the deal.
func (s *Service) works(ctx context.Context, scope store.Scope, id acts.DealID) ([]string, error) {
	all, err := scope.Acts().OfDeal(ctx, id)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, one := range all {
		if one.Status != acts.StatusDraft || len(names) >= maxWorks {
			continue
		}
		act, err := scope.Acts().Get(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range act.Lines {
			names = append(names, shorten(l.Name, 200))
		}
	}
	return names[:min(len(names), maxWorks)], nil
}

// shorten truncates a text with an ellipsis.
func shorten(text string, most int) string {
	if short := workflow.Clip(text, most); short != workflow.Clip(text, most+1) {
		return strings.TrimSpace(workflow.Clip(short, most-1)) + "…"
	}
	return workflow.Clip(text, most)
}

// openQuestion finds the question of a valid link, and its deal.
func (s *Service) openQuestion(ctx context.Context, token string) (store.Scope, store.Question, store.Deal, error) {
	fail := func(err error) (store.Scope, store.Question, store.Deal, error) {
		return store.Scope{}, store.Question{}, store.Deal{}, err
	}
	if len(token) != 43 { // 32 bytes in base64
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
	q, err := scope.Questions().Get(ctx, id)
	if err != nil {
		return fail(err)
	}
	deal, err := scope.Deals().Get(ctx, q.Deal)
	if err == nil && (q.State == store.QuestionWithdrawn || s.now().After(q.Expires) || deal.Deleted) {
		err = errNoForm
	}
	return scope, q, deal, err
}

// FormOpened records when a person first used the form; mail scanners, which only fetch it, do not count.
func (s *Service) FormOpened(ctx context.Context, token string) error {
	scope, q, _, err := s.openQuestion(ctx, token)
	if err != nil || q.Opened != nil {
		return err
	}
	return s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) error {
		q, err := tx.Questions().Lock(ctx, q.ID)
		if err != nil || q.Opened != nil {
			return err
		}
		now := s.now()
		q.Opened = &now
		return tx.Questions().Save(ctx, q)
	})
}

// findTimeout is the timeout of SBIS for a waiting person.
const findTimeout = 10 * time.Second

// FindBoxes requests from SBIS the ids of the counterparty of a question.
func (s *Service) FindBoxes(ctx context.Context, token string) (acts.Connection, error) {
	scope, _, deal, err := s.openQuestion(ctx, token)
	if err != nil || acts.CheckINN(deal.Buyer.INN) != "" {
		return acts.Connection{}, err
	}
	seen, err := scope.Counterparties().Lookup(ctx, deal.Buyer.INN, deal.Buyer.KPP)
	if err != nil || seen.Asked {
		return seen, err
	}
	own, err := scope.Companies().List(ctx)
	if err != nil {
		return seen, err
	}
	for _, c := range own {
		if c.AccountID == 0 {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, findTimeout)
		defer cancel()
		if seen, err = s.edo.Lookup(ctx, workflow.Account{Portal: scope.Portal(), ID: c.AccountID}, deal.Buyer); err != nil {
			return seen, err
		}
		return seen, s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) error {
			return tx.Counterparties().SaveLookup(ctx, deal.Buyer.INN, deal.Buyer.KPP, seen)
		})
	}
	return seen, nil
}

// TakeAnswer stores the counterparty's choice; a second answer replaces the first, the history keeps both. Sending the
// same answer again changes nothing. confirmed is the unusual id that the counterparty has confirmed.
func (s *Service) TakeAnswer(ctx context.Context, token string, a acts.Answer, confirmed string) error {
	scope, q, deal, err := s.openQuestion(ctx, token)
	if err != nil {
		return err
	}
	a = workflow.TidyAnswer(a)
	if err := workflow.JoinFaults(a.Check(), a.CheckConsent(), invalidAnswer(&a, deal.Buyer, confirmed)); err != nil {
		return err
	}
	err = s.db.InTx(ctx, scope.Portal(), func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, q.Deal)
		if err != nil {
			return err
		}
		q, err := tx.Questions().Lock(ctx, q.ID)
		if err != nil {
			return err
		}
		if q.State == store.QuestionWithdrawn || d.Deleted {
			return errNoForm
		}
		if q.Opened == nil {
			now := s.now()
			q.Opened = &now
			if err := tx.Questions().Save(ctx, q); err != nil {
				return err
			}
		}
		given, err := tx.Questions().Answers(ctx, d.ID)
		if err != nil || q.Answered != nil && len(given) > 0 && given[0].Source == store.FromForm && given[0].Answer == a { // the form was sent twice
			return err
		}
		return s.questions.RecordAnswer(ctx, tx, d, store.Answer{Answer: a, Question: q.ID, Source: store.FromForm})
	})
	s.wake()
	return err
}

// invalidAnswer returns a fault when the counterparty has not confirmed its own unusual id. An id with the number of
// another company must be confirmed by our people.
func invalidAnswer(a *acts.Answer, buyer acts.Party, confirmed string) error {
	buyer = buyer.WithParticipant(a.Participant, "")
	doubts := buyer.Doubts()
	if len(doubts) > 0 && acts.TrimParticipant(confirmed) != a.Participant {
		masked := make([]acts.Doubt, len(doubts))
		for i, d := range doubts {
			masked[i] = d.Masked()
		}
		return acts.Faults{{Field: "participant", Text: acts.DoubtMessage(masked)}}
	}
	if !acts.IsForeign(doubts) {
		a.Seen = buyer.DoubtToken()
	}
	return nil
}
