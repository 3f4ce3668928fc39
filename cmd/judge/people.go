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

// people sit in the cabinets of SBIS and do what they like with the documents they find there.
type people struct {
	stage  *stage
	rng    *rand.Rand
	owners map[string]int // portals by their accounts

	mu    sync.Mutex
	moves map[string]*move // by document
	done  bool             // at the last look nothing was to be done
}

// move is what comes next for a document that stands where it stands.
type move struct {
	state   int
	comment string
	kind    sbistest.Move // "" leaves the document as it is
	at      time.Time
}

func newPeople(s *stage) *people {
	return &people{stage: s, rng: rand.New(rand.NewPCG(s.plan.seed, 2)), owners: s.owners(), moves: map[string]*move{}}
}

// work goes on until ctx ends.
func (p *people) work(ctx context.Context) {
	for {
		p.look()
		select {
		case <-ctx.Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// idle tells that every document has met its fate.
func (p *people) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

func (p *people) look() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done = true
	for _, d := range p.stage.world.SBIS.Documents() {
		m := p.moves[d.ID]
		if m == nil || m.state != d.State || m.comment != d.Comment {
			m = p.decide(d)
			p.moves[d.ID] = m
		}
		if m.kind == "" {
			continue
		}
		p.done = false
		if time.Now().After(m.at) {
			_ = p.stage.world.SBIS.Act(d.ID, sbistest.Do{Move: m.kind}) // what came in between decides
			m.kind = ""
		}
	}
}

// decide draws the fate of a document. Some are signed in the instant in which they appear.
func (p *people) decide(d sbistest.DocumentView) *move {
	m := &move{state: d.State, comment: d.Comment, at: time.Now()}
	if p.rng.IntN(3) > 0 {
		m.at = m.at.Add(time.Duration(p.rng.Float64() * float64(p.stage.bound)))
	}
	dice := p.rng.IntN(100)
	switch {
	case d.Deleted:
	case d.State == 0 && d.Comment == "" && p.waits(d):
	case d.State == 0 && d.Comment == "" || d.State == 23:
		m.kind = oneOf(dice, 85, sbistest.SignByUs, 94, sbistest.RefuseByUs)
	case d.State == 0: // our signer has refused; some sign it after all, if it is still there
		m.kind = oneOf(dice, 25, sbistest.SignByUs, 25, "")
	case d.State == 3 || d.State == 4:
		m.kind = oneOf(dice, 75, sbistest.SignByCounterparty, 90, sbistest.Reject)
	}
	return m
}

// waits tells that nobody touches a draft because the program is to sign it or to put it before the signer. A third of them is touched.
func (p *people) waits(d sbistest.DocumentView) bool {
	return wayOf(p.owners[d.Account]) != acts.SignInCabinet && p.rng.IntN(3) > 0
}

// oneOf picks a move: the first below its mark, else the second below its mark, else none.
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

// mend hands acts over again whose document our signer refused, until ctx ends.
func (l *load) mend(ctx context.Context) {
	menders := map[int64]*manager{}
	for ctx.Err() == nil {
		rows, err := l.stage.list(ctx, sentBack)
		if err != nil && ctx.Err() == nil {
			l.complain("look for acts that came back: %v", err)
		}
		for _, r := range rows {
			portal, act := r[0], r[1]
			m := menders[portal]
			if m == nil {
				m = l.mender(ctx, portal)
				menders[portal] = m
			}
			page, err := m.visitor.Post(fmt.Sprintf("/p/%d/acts/%d/send", portal, act), url.Values{})
			if err == nil && page.Status != http.StatusOK && page.Status < 500 && page.Status != http.StatusConflict {
				l.complain("act %d handed over again: %d %s", act, page.Status, alertOf(page.Body))
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// mender is a manager who has the app open on the portal with this id in the database.
func (l *load) mender(ctx context.Context, portal int64) *manager {
	n := l.stage.portalNumber(ctx, portal)
	m := l.manager(n, 900)
	m.insist(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(l.firstDeal(n)) })
	return m
}
