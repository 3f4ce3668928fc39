package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// approved is the stage of the furnished portals at which counterparties are asked about the way of exchange.
const approved = "ACTS_2"

// dealOfPortal is a deal of a portal of the world.
type dealOfPortal struct {
	Portal int
	Deal   int64
}

// drawQuestion decides at random whether the counterparty of a deal is asked, and gives it an e-mail address.
func (m *manager) drawQuestion(t task) bool {
	if m.rng.IntN(3) > 0 {
		return false
	}
	p := m.load.harness.world.Portals[m.portal]
	company, _ := p.Item(bitrix24test.Deal, t.deal)["companyId"].(float64)
	mail := bitrix24test.Fields{"n0": bitrix24test.Fields{"typeId": "EMAIL", "valueType": "WORK", "value": fmt.Sprintf("deal-%d@client.ru", t.deal)}}
	if err := p.Change(p.Admin(), bitrix24test.Company, int64(company), bitrix24test.Fields{"fm": mail}); err != nil {
		m.load.recordFailure("give deal %d an address: %v", t.deal, err)
		return false
	}
	m.load.mu.Lock()
	defer m.load.mu.Unlock()
	m.load.asked = append(m.load.asked, dealOfPortal{m.portal, t.deal})
	return true
}

// formWithQuestion forms an act and moves its deal to the approved stage, in either order, waits for the answer and hands the act
// over.
func (m *manager) formWithQuestion(ctx context.Context, deal int64, last bool) {
	before := m.rng.IntN(2) == 0
	if before {
		m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(deal) }) // so that the program has a copy of the deal
		m.approve(deal)
	}
	act, ok := m.form(ctx, deal, last, func(url.Values) {})
	if !ok {
		return
	}
	if !before {
		m.approve(deal)
	}
	base := m.load.base(ctx, m.portal)
	portal, _ := strconv.ParseInt(strings.TrimPrefix(base, "/p/"), 10, 64)
	if !m.awaitAnswer(ctx, portal, deal) && ctx.Err() == nil {
		m.load.recordFailure("the counterparty of deal %d of portal %d has not answered", deal, m.portal)
	}
	m.handOver(ctx, base, act)
}

// awaitAnswer waits for the answer about a deal. It gives up when no answers and no kills have happened for the
// settle timeout, because on a busy machine an answer may take long.
func (m *manager) awaitAnswer(ctx context.Context, portal, deal int64) bool {
	const answers = `SELECT count(*) FILTER (WHERE portal_id = $1 AND deal_id = $2), count(*) FROM answers`
	done, moved := false, int64(-1)
	for going := true; going && !done && ctx.Err() == nil; {
		before := moved
		bounded, cancel := context.WithTimeout(ctx, m.load.harness.plan.settleTimeout)
		_ = apptest.Await(bounded, func() bool {
			n, err := m.load.harness.list(bounded, answers, portal, deal)
			if err != nil {
				return false
			}
			kills, _ := m.load.harness.nemesis.progress()
			done, moved = n[0][0] > 0, n[0][1]+int64(kills)
			return done
		})
		cancel()
		going = moved != before
	}
	return done
}

func (m *manager) approve(deal int64) {
	p := m.load.harness.world.Portals[m.portal]
	if err := p.Move(p.Manager(), bitrix24test.Deal, deal, approved); err != nil {
		m.load.recordFailure("deal %d cannot be approved: %v", deal, err)
	}
}

var linkInLetter = regexp.MustCompile(`href="[^"]*(/f/[A-Za-z0-9_-]{43})"`)

// buyers read the letters and answer the question, sometimes twice concurrently.
func (l *load) buyers(ctx context.Context) {
	rng := newRand(l.harness.plan.seed, answerStream)
	read := map[string]bool{}
	for ctx.Err() == nil {
		for n, p := range l.harness.world.Portals {
			for _, letter := range p.Letters() {
				link := linkInLetter.FindStringSubmatch(letter.Body)
				if link == nil || read[link[1]] || ctx.Err() != nil {
					continue
				}
				read[link[1]] = true
				buyer := &manager{load: l, portal: n, rng: rng, visitor: apptest.NewVisitor(p, 0, l.harness.balancer.url())}
				buyer.submitAnswer(ctx, link[1], letter.Owner)
			}
		}
		l.harness.rest(ctx, 50*time.Millisecond)
	}
}

// submitAnswer submits the form: EDO, with the counterparty's participant id.
func (m *manager) submitAnswer(ctx context.Context, link, owner string) {
	page, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Get(link) })
	if !ok {
		return
	}
	_, fields, err := readForm(page.Body, `form[data-testid="form"]`)
	if err != nil {
		m.load.recordFailure("the form of %s: %v", owner, err)
		return
	}
	_, number, _ := strings.Cut(owner, ":")
	deal, _ := strconv.ParseInt(number, 10, 64)
	box, _ := m.load.harness.world.Portals[m.portal].Item(bitrix24test.Deal, deal)["ufCrmDealActsParticipant"].(string)
	fields.Set("channel", string(acts.ChannelEDO))
	fields.Set("participant", box)
	m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) {
			page, err := m.visitor.Post(link, fields)
			if page.Status == http.StatusForbidden {
				m.load.recordFailure("the form of deal %d was refused", deal)
			}
			return page, err
		})
	})
}
