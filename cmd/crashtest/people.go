package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// people process the documents in SBIS at random.
type people struct {
	harness *harness
	rng     *rand.Rand
	owners  map[string]int // portals by their accounts

	mu       sync.Mutex
	moves    map[string]*move // by document
	proposed map[string]bool  // documents that the counterparty has proposed to annul
	done     bool             // at the last poll nothing was left to do
}

// move is the next action for a document in its present state.
type move struct {
	state      int
	comment    string
	proposedBy string        // who has proposed to annul it
	kind       sbistest.Move // "" leaves the document unchanged
	at         time.Time
}

func newPeople(h *harness) *people {
	return &people{harness: h, rng: newRand(h.plan.seed, sbisStream), owners: h.owners(), moves: map[string]*move{}, proposed: map[string]bool{}}
}

// work runs until ctx is done.
func (p *people) work(ctx context.Context) {
	for ctx.Err() == nil {
		p.poll()
		p.harness.rest(ctx, 20*time.Millisecond)
	}
}

// idle reports whether nothing was left to do for any document at the last poll.
func (p *people) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

func (p *people) poll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done = true
	for _, d := range p.harness.world.SBIS.Documents() {
		m := p.moves[d.ID]
		if m == nil || m.state != d.State || m.comment != d.Comment || m.proposedBy != d.Annulment {
			m = p.decide(d)
			p.moves[d.ID] = m
		}
		if m.kind == "" {
			continue
		}
		p.done = false
		if time.Now().After(m.at) {
			do := sbistest.MoveRequest{Move: m.kind, In: []int{m.state}}
			if m.kind == sbistest.Annul {
				do.By, do.Comment, p.proposed[d.ID] = "counterparty", "Услуга оплачена дважды", true
			}
			_ = p.harness.world.SBIS.Act(d.ID, do) // what happened in between decides
			m.kind = ""
		}
	}
}

// decide chooses the next action for a document. Some are signed immediately when they appear.
func (p *people) decide(d sbistest.DocumentView) *move {
	m := &move{state: d.State, comment: d.Comment, proposedBy: d.Annulment, at: time.Now()}
	if p.rng.IntN(3) > 0 {
		m.at = m.at.Add(time.Duration(p.rng.Float64() * float64(p.harness.callTimeout)))
	}
	dice := p.rng.IntN(100)
	switch {
	case d.Deleted:
	case d.Annulment == "us":
		m.kind = oneOf(dice, 60, sbistest.AgreeAnnulment, 100, sbistest.DeclineAnnulment)
	case d.State == 0 && d.Comment == "" && p.leavesToProgram(d):
	case d.State == 0 && d.Comment == "" || d.State == 23:
		m.kind = oneOf(dice, 85, sbistest.SignByUs, 94, sbistest.RefuseByUs)
	case d.State == 0: // our signer has refused; some are signed after all, if they still exist
		m.kind = oneOf(dice, 25, sbistest.SignByUs, 25, "")
	case d.State == 7 && d.Annulment == "" && !p.proposed[d.ID] && dice < 12:
		m.kind = sbistest.Annul
	case d.State == 3 || d.State == 4:
		m.kind = oneOf(dice, 75, sbistest.SignByCounterparty, 90, sbistest.Reject)
	}
	return m
}

// leavesToProgram reports whether people leave a draft alone because the program signs it or submits it to the signer.
// A third of these drafts is processed by people nevertheless.
func (p *people) leavesToProgram(d sbistest.DocumentView) bool {
	return wayOf(p.owners[d.Account]) != acts.SigningManual && p.rng.IntN(3) > 0
}

// oneOf returns one when dice is below first, other when it is below second, else "".
func oneOf(dice, first int, one sbistest.Move, second int, other sbistest.Move) sbistest.Move {
	switch {
	case dice < first:
		return one
	case dice < second:
		return other
	}
	return ""
}

const sentBack = `
	SELECT a.portal_id, a.id FROM acts a
	WHERE a.status = 'draft' AND a.delivery IN ('', 'error') AND EXISTS (SELECT FROM edo_documents d WHERE d.portal_id = a.portal_id AND d.act_id = a.id)`

// handOverAgain hands acts over again whose document our signer refused, until ctx is done.
func (l *load) handOverAgain(ctx context.Context) {
	managers := map[int64]*manager{}
	for ctx.Err() == nil {
		rows, err := l.harness.list(ctx, sentBack)
		if err != nil && ctx.Err() == nil {
			l.recordFailure("look for returned acts: %v", err)
		}
		for _, r := range rows {
			portal, act := r[0], r[1]
			m := managers[portal]
			if m == nil {
				m = l.managerOf(ctx, portal)
				managers[portal] = m
			}
			page, err := m.visitor.Post(fmt.Sprintf("/p/%d/acts/%d/send", portal, act), url.Values{})
			if err == nil && (page.Status == http.StatusUnauthorized || page.Status == http.StatusForbidden) { // his token has expired: he opens the app again
				delete(managers, portal)
				continue
			}
			if err == nil && page.Status != http.StatusOK && page.Status < 500 && page.Status != http.StatusConflict {
				l.recordFailure("act %d handed over again: %d %s", act, page.Status, alertOf(page.Body))
			}
		}
		l.harness.rest(ctx, 100*time.Millisecond)
	}
}

// managerOf returns a manager who has the app open on the portal with this id in the database.
func (l *load) managerOf(ctx context.Context, portal int64) *manager {
	n := l.harness.portalNumber(ctx, portal)
	m := l.manager(n, 900)
	m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(l.firstDeal(n)) })
	return m
}
