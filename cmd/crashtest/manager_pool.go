package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"acts24/cmd/app/apptest"
)

// managerPool holds managers who have the app open on their portals, one on each.
type managerPool struct {
	load     *load
	byPortal map[int64]*manager // by the id of the portal in the database
}

// post sends a form of an act as the manager of a portal, once. answered is false when it has to be sent again: there was no answer, or the token of the
// manager has expired, so that another one opens the app next time. An answer that no manager should get is recorded as a failure of what.
func (c *managerPool) post(ctx context.Context, portal, act int64, action string, fields url.Values, what string) (answered bool) {
	m := c.byPortal[portal]
	if m == nil {
		n, err := c.load.harness.portalNumber(ctx, portal)
		if err != nil {
			return false
		}
		m = c.load.openedManager(ctx, n, correctingManager)
		c.byPortal[portal] = m
	}
	page, err := m.visitor.Post(fmt.Sprintf("/p/%d/acts/%d/%s", portal, act, action), fields)
	switch {
	case err != nil || page.Status >= 500:
		return false
	case page.Status == http.StatusUnauthorized || page.Status == http.StatusForbidden:
		delete(c.byPortal, portal)
		return false
	case page.Status != http.StatusOK && page.Status != http.StatusConflict:
		c.load.recordFailure("%s of act %d: %d %s", what, act, page.Status, alertOf(page.Body))
	}
	return true
}

// openedManager returns the manager of a portal with a number, who has opened the app.
func (l *load) openedManager(ctx context.Context, portal, number int) *manager {
	m := l.manager(portal, number)
	m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(l.firstDeal(portal)) })
	return m
}

// returnedActs lists acts whose document our signer has refused, or whose hand-over has failed.
const returnedActs = `
	SELECT a.portal_id, a.id FROM acts a
	WHERE a.status = 'draft' AND a.delivery IN ('', 'error') AND EXISTS (SELECT FROM edo_documents d WHERE d.portal_id = a.portal_id AND d.act_id = a.id)`

// handOverAgain hands the acts of returnedActs over again until ctx is done.
func (l *load) handOverAgain(ctx context.Context) {
	managers := managerPool{l, map[int64]*manager{}}
	for ctx.Err() == nil {
		rows, err := l.harness.queryPairs(ctx, returnedActs)
		if err != nil && ctx.Err() == nil {
			l.recordFailure("look for returned acts: %v", err)
		}
		for _, r := range rows { // an act whose hand-over is not answered is found again
			managers.post(ctx, r[0], r[1], "send", url.Values{}, "the second hand-over")
		}
		l.harness.waitForNextPoll(ctx, 100*time.Millisecond)
	}
}
