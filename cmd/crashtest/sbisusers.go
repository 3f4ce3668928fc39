package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"acts24/acts"
	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// sbisUsers are our signer and the counterparties, who process the documents in SBIS at random.
type sbisUsers struct {
	harness  *harness
	rng      *rand.Rand
	portalOf map[string]int // by the login of the account

	mu       sync.Mutex
	planned  map[string]*plannedMove // by document
	proposed map[string]bool         // documents that the counterparty has proposed to annul
	done     bool                    // at the last poll nothing was left to do
}

// plannedMove is the next move of a document in its present state.
type plannedMove struct {
	state      int
	comment    string
	proposedBy string        // who has proposed to annul it
	move       sbistest.Move // "" leaves the document unchanged
	at         time.Time
}

func newSBISUsers(h *harness) *sbisUsers {
	return &sbisUsers{harness: h, rng: newRand(h.plan.seed, sbisStream), portalOf: h.portalsByLogin(), planned: map[string]*plannedMove{}, proposed: map[string]bool{}}
}

// run lets them work until ctx is done.
func (u *sbisUsers) run(ctx context.Context) {
	for ctx.Err() == nil {
		u.poll()
		u.harness.waitForNextPoll(ctx, 20*time.Millisecond)
	}
}

// idle reports whether nothing was left to do for any document at the last poll.
func (u *sbisUsers) idle() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.done
}

// poll makes the moves that are due, and plans one for each document that has changed.
func (u *sbisUsers) poll() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.done = true
	for _, d := range u.harness.world.SBIS.Documents() {
		next := u.planned[d.ID]
		if next == nil || next.state != d.State || next.comment != d.Comment || next.proposedBy != d.Annulment {
			next = u.plan(d)
			u.planned[d.ID] = next
		}
		if next.move == "" {
			continue
		}
		u.done = false
		if time.Now().After(next.at) {
			request := sbistest.MoveRequest{Move: next.move, In: []int{next.state}}
			if next.move == sbistest.MoveAnnul {
				request.By, request.Comment, u.proposed[d.ID] = "counterparty", "Услуга оплачена дважды", true
			}
			_ = u.harness.world.SBIS.PerformMove(d.ID, request) // it is refused when the document has changed meanwhile, and planned again
			next.move = ""
		}
	}
}

// plan chooses the next move of a document. A third of the moves are made as soon as the document is in its state.
func (u *sbisUsers) plan(d sbistest.DocumentView) *plannedMove {
	m := &plannedMove{state: d.State, comment: d.Comment, proposedBy: d.Annulment, at: time.Now()}
	if u.rng.IntN(3) > 0 {
		m.at = m.at.Add(time.Duration(u.rng.Float64() * float64(u.harness.callTimeout)))
	}
	percent := u.rng.IntN(100)
	switch {
	case d.Deleted:
	case d.Annulment == "us":
		m.move = moveBelow(percent, 60, sbistest.MoveAgreeAnnulment, 100, sbistest.MoveDeclineAnnulment)
	case d.State == sbis.StateDraft && d.Comment == "" && u.leavesToProgram(d):
	case d.State == sbis.StateDraft && d.Comment == "" || d.State == sbis.StateWaitingSignature:
		m.move = moveBelow(percent, 85, sbistest.MoveSignByUs, 94, sbistest.MoveRefuseByUs)
	case d.State == sbis.StateDraft: // our signer has refused; some are signed after all, if they still exist
		m.move = moveBelow(percent, 25, sbistest.MoveSignByUs, 25, "")
	case d.State == sbis.StateCompleted && d.Annulment == "" && !u.proposed[d.ID] && percent < 12:
		m.move = sbistest.MoveAnnul
	case d.State == sbis.StateSent || d.State == sbis.StateDelivered:
		m.move = moveBelow(percent, 75, sbistest.MoveSignByCounterparty, 90, sbistest.MoveReject)
	}
	return m
}

// leavesToProgram reports whether people leave a draft alone because the program signs it or submits it to the signer.
// A third of these drafts is processed by people nevertheless.
func (u *sbisUsers) leavesToProgram(d sbistest.DocumentView) bool {
	return signingOf(u.portalOf[d.Account]) != acts.SigningManual && u.rng.IntN(3) > 0
}

// moveBelow returns one when percent is below first, other when it is below second, else "".
func moveBelow(percent, first int, one sbistest.Move, second int, other sbistest.Move) sbistest.Move {
	switch {
	case percent < first:
		return one
	case percent < second:
		return other
	}
	return ""
}
