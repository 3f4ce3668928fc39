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
	"acts24/cmd/crashtest/rules"
	"acts24/integrations/bitrix24/bitrix24test"
)

// prepareQuestion gives the counterparty of a deal an e-mail address and records that it must be asked exactly once.
func (m *manager) prepareQuestion(deal int64) (ok bool) {
	p := m.load.harness.world.Portals[m.portal]
	company, _ := p.Item(bitrix24test.Deal, deal)["companyId"].(float64)
	mail := bitrix24test.Fields{"n0": bitrix24test.Fields{"typeId": "EMAIL", "valueType": "WORK", "value": fmt.Sprintf("deal-%d@client.ru", deal)}}
	if err := p.Change(p.Admin(), bitrix24test.Company, int64(company), bitrix24test.Fields{"fm": mail}); err != nil {
		m.load.recordFailure("give deal %d of portal %d an address: %v", deal, m.portal, err)
		return false
	}
	m.load.mu.Lock()
	defer m.load.mu.Unlock()
	m.load.askedDeals = append(m.load.askedDeals, rules.Ref{Portal: m.portal, ID: deal})
	return true
}

// formWithQuestion forms an act and moves its deal to the approved stage, in either order, waits for the answer and hands the act
// over.
func (m *manager) formWithQuestion(ctx context.Context, deal int64, everything bool) {
	approveFirst := m.rng.IntN(2) == 0
	if approveFirst {
		m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(deal) }) // so that the program has a copy of the deal
		m.load.moveDeal(rules.Ref{Portal: m.portal, ID: deal}, approvedStage)
	}
	act, ok := m.submitAct(ctx, deal, everything, func(url.Values) {})
	if !ok {
		return
	}
	if !approveFirst {
		m.load.moveDeal(rules.Ref{Portal: m.portal, ID: deal}, approvedStage)
	}
	base := m.load.basePath(ctx, m.portal)
	portal, _ := strconv.ParseInt(strings.TrimPrefix(base, "/p/"), 10, 64) // without a base no answer is found, which is recorded
	if !m.awaitAnswer(ctx, portal, deal) && ctx.Err() == nil {
		m.load.recordFailure("the counterparty of deal %d of portal %d has not answered", deal, m.portal)
	}
	m.handOver(ctx, base, act)
}

// awaitAnswer waits for the answer about a deal of the portal with this id in the database. It gives up when no answers have come and no kills have
// happened for the settle timeout, because on a busy machine an answer may take long.
func (m *manager) awaitAnswer(ctx context.Context, portal, deal int64) (answered bool) {
	const answers = `SELECT count(*) FILTER (WHERE portal_id = $1 AND deal_id = $2), count(*) FROM answers`
	activity := int64(-1) // answers and faults of the run
	for !answered && ctx.Err() == nil {
		before := activity
		bounded, cancel := context.WithTimeout(ctx, m.load.harness.plan.settleTimeout)
		_ = apptest.Await(bounded, func() bool {
			n, err := m.load.harness.queryPairs(bounded, answers, portal, deal)
			if err != nil {
				return false
			}
			faults, _ := m.load.harness.nemesis.progress()
			answered, activity = n[0][0] > 0, n[0][1]+int64(faults)
			return answered
		})
		cancel()
		if activity == before {
			break
		}
	}
	return answered
}

// formLink matches the link to the form in a letter.
var formLink = regexp.MustCompile(`href="[^"]*(/f/[A-Za-z0-9_-]{43})"`)

// answerQuestions lets counterparties read the letters and answer the question, sometimes twice concurrently, until ctx is done.
func (l *load) answerQuestions(ctx context.Context) {
	rng := newRand(l.harness.plan.seed, answerStream)
	read := map[string]bool{}
	for ctx.Err() == nil {
		for n, p := range l.harness.world.Portals {
			for _, letter := range p.Letters() {
				link := formLink.FindStringSubmatch(letter.Body)
				if link == nil || read[link[1]] || ctx.Err() != nil {
					continue
				}
				read[link[1]] = true
				counterparty := &manager{load: l, portal: n, rng: rng, visitor: apptest.NewVisitor(p, 0, l.harness.balancer.url())}
				counterparty.submitAnswer(ctx, link[1], letter.Owner)
			}
		}
		l.harness.waitForNextPoll(ctx, 50*time.Millisecond)
	}
}

// submitAnswer submits the form: EDO, with the participant id of the counterparty. owner is the deal as the letter names it, such as "2:15".
func (m *manager) submitAnswer(ctx context.Context, link, owner string) {
	page, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Get(link) })
	if !ok {
		return
	}
	_, fields, err := readForm(page.Body, `form[data-testid="form"]`)
	if err != nil {
		m.load.recordFailure("read the form about %s of portal %d: %v", owner, m.portal, err)
		return
	}
	_, number, _ := strings.Cut(owner, ":")
	deal, _ := strconv.ParseInt(number, 10, 64) // the fake portal has given it
	participant, _ := m.load.harness.world.Portals[m.portal].Item(bitrix24test.Deal, deal)["ufCrmDealActsParticipant"].(string)
	fields.Set("channel", string(acts.ChannelEDO))
	fields.Set("participant", participant)
	m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) {
			page, err := m.visitor.Post(link, fields)
			if page.Status == http.StatusForbidden {
				m.load.recordFailure("the form about deal %d of portal %d was refused", deal, m.portal)
			}
			return page, err
		})
	})
}
