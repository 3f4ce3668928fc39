package main

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// runBulk forms all acts without kills and then hands them over with one bulk action per portal, while replicas are killed.
func (l *load) runBulk(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go l.removeCallLimits(ctx)
	began := time.Now()
	l.formDrafts(ctx)
	if l.formedAfter = time.Since(began); ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Printf("crashtest: %d acts are formed, in %v\n", len(l.forms), l.formedAfter.Round(time.Second))
	l.harness.nemesis.allowKills(min(1, l.harness.plan.kills)) // the first kill may happen at any time, during the check or soon after
	var wg sync.WaitGroup
	for n := range l.harness.world.Portals {
		wg.Go(func() { l.handOverAll(ctx, n) })
	}
	wg.Wait()
	l.killedAfter = time.Since(began)
	if kills, _ := l.harness.nemesis.progress(); kills < l.harness.plan.kills {
		l.recordFailure("only %d kills happened before the bulk action was done", kills)
	}
	l.harness.nemesis.endFaults()
	return ctx.Err()
}

// removeCallLimits removes the limits of calls, which would slow a thousand acts down and are not tested here.
func (l *load) removeCallLimits(ctx context.Context) {
	for _, p := range l.harness.world.Portals {
		p.SetLimits(bitrix24test.Limits{Off: true})
	}
	for ctx.Err() == nil {
		_, _ = l.harness.db.ExecContext(ctx, `UPDATE budgets SET level = 0`) // the next attempt may succeed
		time.Sleep(20 * time.Millisecond)
	}
}

// formDrafts forms all acts as electronic drafts.
func (l *load) formDrafts(ctx context.Context) {
	l.eachDeal(func(m *manager, d dealWork) {
		for n := range d.acts {
			l.countStarted()
			m.submitAct(ctx, d.deal, n == actsPerDeal-1, func(fields url.Values) { setMedium(fields, acts.MediumElectronic) })
		}
	})
}

// handOverAll selects all acts of a portal in its registry, opens the check and starts the bulk action.
func (l *load) handOverAll(ctx context.Context, portal int) {
	m := l.openedManager(ctx, portal, bulkManager)
	list, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Get(l.basePath(ctx, portal) + "/acts") })
	if !ok {
		return
	}
	action, choice, err := readForm(list.Body, "form.choice")
	if err != nil {
		l.recordFailure("read the registry of portal %d: %v", portal, err)
		return
	}
	choice.Set("action", "send")
	choice.Set("all", "1")
	page, ok := m.postForm(ctx, action, choice)
	if !ok {
		return
	}
	b := &bulkWatch{manager: m, path: page.Path, acts: l.countForms(portal)}
	if b.awaitState(ctx, "ждёт подтверждения"); b.ready != b.acts {
		l.recordFailure("of %d acts of portal %d the check finds %d that can be handed over", b.acts, portal, b.ready)
	}
	m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Post(b.path+"/run", url.Values{}) })
	})
	b.awaitState(ctx, "выполнено")
}

// countForms counts the acknowledged forms of a portal.
func (l *load) countForms(portal int) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.forms {
		if f.Portal == portal {
			n++
		}
	}
	return n
}

// bulkWatch polls the page of a bulk action and allows a kill of a replica whenever it has progressed.
type bulkWatch struct {
	manager      *manager
	path         string
	acts         int // selected acts
	ready        int // acts that can be handed over, by the page of the check
	done         int // acts done at the last poll
	killsAllowed int
}

// The texts of the page after the check, and during the bulk action.
var (
	readyPattern = regexp.MustCompile(`Готовы: (\d+), пропустим: (\d+)\.`)
	donePattern  = regexp.MustCompile(`Выполнено: (\d+), не получилось: (\d+), осталось: (\d+)\.`)
)

// awaitState polls until the bulk action is in the given state.
func (b *bulkWatch) awaitState(ctx context.Context, want string) {
	bounded, cancel := context.WithTimeout(ctx, 4*b.manager.load.harness.plan.settleTimeout)
	defer cancel()
	state := ""
	_ = apptest.Await(bounded, func() bool { // that it is not reached in time is recorded below
		state = b.poll(bounded)
		return state == want
	})
	if state != want && ctx.Err() == nil {
		b.manager.load.recordFailure("the bulk action of portal %d is in state «%s» after %d acts, want «%s»", b.manager.portal, state, b.done, want)
	}
}

// poll reads the page, compares its numbers with the database before and after, and returns the state, "" when the page could not be read.
func (b *bulkWatch) poll(ctx context.Context) (state string) {
	l := b.manager.load
	before := b.countHandedOver(ctx)
	page, ok := b.manager.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return b.manager.visitor.Get(b.path) })
	after := b.countHandedOver(ctx)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page.Body))
	if !ok || err != nil {
		return ""
	}
	text := doc.Find(`[data-testid="bulk-words"]`).Text()
	if match := readyPattern.FindStringSubmatch(text); match != nil {
		b.ready = atoi(match[1])
	}
	if match := donePattern.FindStringSubmatch(text); match != nil {
		done, failed, left := atoi(match[1]), atoi(match[2]), atoi(match[3])
		switch {
		case done+failed+left != b.acts:
			l.recordFailure("the page of a bulk action of %d acts shows %q", b.acts, text)
		case done < before || done > after || done < b.done:
			l.recordFailure("the page of a bulk action shows %q, but between %d and %d acts were handed over, and before it showed %d", text, before, after, b.done)
		}
		b.done = done
		b.allowMoreKills(done)
	}
	return strings.TrimSpace(doc.Find(`[data-testid="bulk-state"] .chip`).Text())
}

// allowMoreKills allows one more kill for every part of the progress. The first kill of the run is allowed before; the others are shared by the portals.
func (b *bulkWatch) allowMoreKills(done int) {
	h := b.manager.load.harness
	share := (h.plan.kills - 1) / h.plan.portals
	if b.manager.portal < (h.plan.kills-1)%h.plan.portals {
		share++
	}
	for b.killsAllowed < share && done >= b.killsAllowed*b.acts/(share+1) {
		b.killsAllowed++
		h.nemesis.allowKill()
	}
}

// countHandedOver counts the acts that have a number: each got it in the transaction that marked it as done. When they cannot be counted it returns the
// number of the last poll.
func (b *bulkWatch) countHandedOver(ctx context.Context) int {
	portal, _ := strconv.ParseInt(strings.Split(b.path, "/")[2], 10, 64) // the path is /p/{portal}/…
	n, err := b.manager.load.harness.queryNumber(ctx, `SELECT count(*) FROM acts WHERE portal_id = $1 AND number <> ''`, portal)
	if err != nil {
		return b.done
	}
	return int(n)
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern allows digits only
	return n
}
