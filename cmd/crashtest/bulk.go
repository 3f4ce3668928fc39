package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"

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
	if l.formed = time.Since(began); ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Printf("crashtest: %d acts are formed, in %v\n", len(l.forms), l.formed.Round(time.Second))
	l.harness.nemesis.allowKills(min(1, l.harness.plan.kills)) // the first kill may happen at any time, during the check or soon after
	var wg sync.WaitGroup
	for n := range l.harness.world.Portals {
		wg.Go(func() { l.handAllOver(ctx, n) })
	}
	wg.Wait()
	l.killed = time.Since(began)
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

func (l *load) formDrafts(ctx context.Context) {
	var managers sync.WaitGroup
	for portal, deals := range l.share() {
		work := make(chan task, len(deals))
		for _, t := range deals {
			work <- t
		}
		close(work)
		for n := range managersPerPortal {
			m := l.manager(portal, n)
			managers.Go(func() {
				for t := range work {
					for part := range t.parts {
						m.form(ctx, t.deal, part == actsPerDeal-1, func(f url.Values) { f.Set("type", strings.Replace(f.Get("type"), "paper", "electronic", 1)) })
					}
				}
			})
		}
	}
	managers.Wait()
}

// handAllOver selects all acts of a portal in its registry, opens the check and starts the bulk action.
func (l *load) handAllOver(ctx context.Context, portal int) {
	m := l.manager(portal, 500)
	m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(l.firstDeal(portal)) })
	list, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Get(l.base(ctx, portal) + "/acts") })
	if !ok {
		return
	}
	action, choice, err := readForm(list.Body, "form.choice")
	if err != nil {
		l.recordFailure("the registry: %v", err)
		return
	}
	choice.Set("action", "send")
	choice.Set("all", "1")
	page, ok := m.post(ctx, action, choice)
	if !ok {
		return
	}
	b := &bulkWatch{manager: m, path: page.Path, acts: l.formsOf(portal)}
	if b.until(ctx, "ждёт подтверждения"); b.can != b.acts {
		l.recordFailure("the dry run of %d acts says that %d can be handed over", b.acts, b.can)
	}
	m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Post(b.path+"/run", url.Values{}) })
	})
	b.until(ctx, "выполнено")
}

func (l *load) formsOf(portal int) (n int) {
	for _, f := range l.forms {
		if f.Portal == portal {
			n++
		}
	}
	return n
}

// bulkWatch polls the page of a bulk action and allows a kill of a replica whenever it has progressed.
type bulkWatch struct {
	manager   *manager
	path      string
	acts, can int
	last      int // acts done at the last poll
	killed    int
}

var (
	canWords  = regexp.MustCompile(`Готовы: (\d+), пропустим: (\d+)\.`)
	goneWords = regexp.MustCompile(`Выполнено: (\d+), не получилось: (\d+), осталось: (\d+)\.`)
)

// until polls until the bulk action is in the given state.
func (b *bulkWatch) until(ctx context.Context, state string) {
	bounded, cancel := context.WithTimeout(ctx, 4*b.manager.load.harness.plan.settleTimeout)
	defer cancel()
	at := ""
	_ = apptest.Await(bounded, func() bool {
		at = b.poll(bounded)
		return at == state
	})
	if at != state && ctx.Err() == nil {
		b.manager.load.recordFailure("the bulk of portal %d is «%s» after %d acts, want «%s»", b.manager.portal, at, b.last, state)
	}
}

// poll reads the page and compares its numbers with the database before and after.
func (b *bulkWatch) poll(ctx context.Context) (state string) {
	l := b.manager.load
	before := b.handedOver(ctx)
	page, ok := b.manager.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return b.manager.visitor.Get(b.path) })
	after := b.handedOver(ctx)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page.Body))
	if !ok || err != nil {
		return ""
	}
	if page.Status != http.StatusOK {
		return ""
	}
	words := doc.Find(`[data-testid="bulk-words"]`).Text()
	if match := canWords.FindStringSubmatch(words); match != nil {
		b.can = number(match[1])
	}
	if match := goneWords.FindStringSubmatch(words); match != nil {
		done, failed, left := number(match[1]), number(match[2]), number(match[3])
		switch {
		case done+failed+left != b.acts:
			l.recordFailure("the page says %q of %d acts", words, b.acts)
		case done < before || done > after || done < b.last:
			l.recordFailure("the page says %q, and between %d and %d were handed over; before it said %d", words, before, after, b.last)
		}
		b.last = done
		b.allowMoreKills(done)
	}
	return strings.TrimSpace(doc.Find(`[data-testid="bulk-state"] .chip`).Text())
}

// allowMoreKills allows one more kill for every part of the progress.
func (b *bulkWatch) allowMoreKills(done int) {
	h := b.manager.load.harness
	share := (h.plan.kills - 1) / h.plan.portals
	if b.manager.portal < (h.plan.kills-1)%h.plan.portals {
		share++
	}
	for b.killed < share && done >= b.killed*b.acts/(share+1) {
		b.killed++
		h.nemesis.allowKill()
	}
}

// handedOver counts the acts that have a number: each got it in the transaction that marked it as done.
func (b *bulkWatch) handedOver(ctx context.Context) int {
	portal, _ := strconv.ParseInt(strings.Split(b.path, "/")[2], 10, 64)
	n, err := b.manager.load.harness.list(ctx, `SELECT count(*), 0 FROM acts WHERE portal_id = $1 AND number <> ''`, portal)
	if err != nil {
		return b.last
	}
	return int(n[0][0])
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern allows digits only
	return n
}
