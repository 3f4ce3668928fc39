package main

import (
	"context"
	"fmt"
	"math/rand/v2"
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

// approved is the stage of the furnished portals at which counterparties are asked.
const approved = "ACTS_2"

// asked is a deal whose counterparty is to be asked once how to exchange acts.
type asked struct {
	Portal int
	Deal   int64
}

// asks draws whether the counterparty of a deal is asked, and gives it an address.
func (m *manager) asks(t task) bool {
	if m.rng.IntN(3) > 0 {
		return false
	}
	p := m.load.stage.world.Portals[m.portal]
	company, _ := p.Item(bitrix24test.Deal, t.deal)["companyId"].(float64)
	mail := bitrix24test.Fields{"n0": bitrix24test.Fields{"typeId": "EMAIL", "valueType": "WORK", "value": fmt.Sprintf("deal-%d@client.ru", t.deal)}}
	if err := p.Change(p.Admin(), bitrix24test.Company, int64(company), bitrix24test.Fields{"fm": mail}); err != nil {
		m.load.complain("deal %d gets no address: %v", t.deal, err)
		return false
	}
	m.load.mu.Lock()
	defer m.load.mu.Unlock()
	m.load.asked = append(m.load.asked, asked{m.portal, t.deal})
	return true
}

// formAsked forms an act and has its deal approved, in either order, waits for the answer and hands the act over.
func (m *manager) formAsked(ctx context.Context, deal int64, last bool) {
	before := m.rng.IntN(2) == 0
	if before {
		m.insist(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(deal) }) // we get to know the deal
		m.approve(deal)
	}
	act, ok := m.form(ctx, deal, last, func(url.Values) {})
	if !ok {
		return
	}
	if !before {
		m.approve(deal)
	}
	patient, cancel := context.WithTimeout(ctx, m.load.stage.plan.patience)
	defer cancel()
	const answers = `SELECT count(*), 0 FROM answers WHERE portal_id = $1 AND deal_id = $2`
	base := m.load.base(ctx, m.portal)
	portal, _ := strconv.ParseInt(strings.TrimPrefix(base, "/p/"), 10, 64)
	err := apptest.Await(patient, func() bool {
		n, err := m.load.stage.list(patient, answers, portal, deal)
		return err == nil && n[0][0] > 0
	})
	if err != nil && ctx.Err() == nil {
		m.load.complain("the counterparty of deal %d of portal %d has not answered", deal, m.portal)
	}
	m.handOver(ctx, base, act)
}

func (m *manager) approve(deal int64) {
	p := m.load.stage.world.Portals[m.portal]
	if err := p.Move(p.Manager(), bitrix24test.Deal, deal, approved); err != nil {
		m.load.complain("deal %d cannot be approved: %v", deal, err)
	}
}

var linkInLetter = regexp.MustCompile(`href="[^"]*(/f/[A-Za-z0-9_-]{43})"`)

// buyers read their mail and answer the question, now and then twice at once.
func (l *load) buyers(ctx context.Context) {
	rng := rand.New(rand.NewPCG(l.stage.plan.seed, 3))
	read := map[string]bool{}
	for ctx.Err() == nil {
		for n, p := range l.stage.world.Portals {
			for _, letter := range p.Letters() {
				link := linkInLetter.FindStringSubmatch(letter.Body)
				if link == nil || read[link[1]] || ctx.Err() != nil {
					continue
				}
				read[link[1]] = true
				buyer := &manager{load: l, portal: n, rng: rng, visitor: apptest.NewVisitor(p, 0, l.stage.front.url())}
				buyer.answers(ctx, link[1], letter.Owner)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// answers fills the form in: EDO, with the id that the counterparty has.
func (m *manager) answers(ctx context.Context, link, owner string) {
	page, ok := m.insist(ctx, func() (apptest.Page, error) { return m.visitor.Get(link) })
	if !ok {
		return
	}
	_, fields, err := readForm(page.Body, `form[data-testid="form"]`)
	if err != nil {
		m.load.complain("the form of %s: %v", owner, err)
		return
	}
	_, number, _ := strings.Cut(owner, ":")
	deal, _ := strconv.ParseInt(number, 10, 64)
	box, _ := m.load.stage.world.Portals[m.portal].Item(bitrix24test.Deal, deal)["ufCrmActsParticipant"].(string)
	fields.Set("channel", string(acts.ByEDO))
	fields.Set("participant", box)
	m.twice(func() (apptest.Page, bool) {
		return m.insist(ctx, func() (apptest.Page, error) {
			page, err := m.visitor.Post(link, fields)
			if page.Status == http.StatusForbidden {
				m.load.complain("the form of deal %d was refused", deal)
			}
			return page, err
		})
	})
}
