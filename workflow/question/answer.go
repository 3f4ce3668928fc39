package question

import (
	"context"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// RecordAnswerOfPerson stores the answer that a manager enters himself. confirmed are the questions that he has
// confirmed.
func (s *Service) RecordAnswerOfPerson(ctx context.Context, v workflow.Visit, deal acts.DealID, a acts.Answer, confirmed []string) error {
	a = workflow.TidyAnswer(a)
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if a.PartyKind == "" {
			a.PartyKind = d.Buyer.KindOrINN()
		}
		if err := workflow.JoinFaults(a.Check(), confirmParticipant(&a, d.Buyer, confirmed)); err != nil {
			return err
		}
		return s.questions.RecordAnswer(ctx, tx, d, store.Answer{Answer: a, Source: store.FromManager, User: v.User, UserName: v.UserName})
	})
	s.wake()
	return err
}

// confirmParticipant records that the doubts about the id of an answer were confirmed, or adds a fault.
func confirmParticipant(a *acts.Answer, buyer acts.Party, confirmed []string) error {
	q, ok := workflow.ParticipantQuestion(buyer.WithParticipant(a.Participant, ""))
	if ok && !slices.Contains(confirmed, q.Token) {
		return acts.Faults{{Field: q.Field, Text: q.Text}}
	}
	a.Seen = q.Token
	return nil
}
