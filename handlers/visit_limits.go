package handlers

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"

	"acts24/acts"
	"acts24/handlers/limits"
	"acts24/handlers/web"
)

// Limits are the requests that one visitor and one portal may send to this process. The zero value has no limits.
type Limits struct {
	VisitPages  int // requests of one visit a second, with a burst of twice as many
	VisitForms  int // forms of one visit a second, among them
	PortalPages int // requests of one portal a second, with a burst of twice as many
}

const (
	maxRunning     = 4               // requests of a visit at a time, without transfers
	maxHeavy       = 4               // requests of heavy routes at a time, half of them of one portal; a visit has one heavy request
	maxTransfers   = 12              // uploads, archives and exports of all at a time, a third of them of one portal and two of a visit
	slotTimeout    = 2 * time.Second // how long a request waits for a slot
	uploadsOfDay   = 5 << 30         // bytes that the people of a portal upload in a day
	transfersOfDay = 2000            // archives and exports of a portal in a day
	tooManyFiles   = "За сутки на портале загружено слишком много файлов. Загрузите остальные завтра."
	tooManyExports = "За сутки на портале построено слишком много выгрузок и архивов. Повторите завтра или выберите акты реже, но больше за один раз."
)

// visitLimits limit what one visitor and one portal may use at a time. A visit is recognised by its secret and the key of the portal before
// anything is read from the database.
type visitLimits struct {
	now                                        func() time.Time
	pages, forms, portals                      *limits.Buckets
	uploads, transfers                         *limits.Buckets // by portal
	running, heavyOwn, heavyPortal, heavyAll   *limits.Slots
	transferOwn, transferPortal, transferOfAll *limits.Slots
}

func newVisitLimits(l Limits, now func() time.Time) *visitLimits {
	m := &visitLimits{now: now}
	if l.VisitPages > 0 {
		m.pages, m.running = limits.PerSecond(float64(l.VisitPages), 2*l.VisitPages), limits.NewSlots(maxRunning)
		m.heavyOwn, m.heavyPortal, m.heavyAll = limits.NewSlots(1), limits.NewSlots(maxHeavy/2), limits.NewSlots(maxHeavy)
		m.transferOwn, m.transferPortal, m.transferOfAll = limits.NewSlots(2), limits.NewSlots(maxTransfers/3), limits.NewSlots(maxTransfers)
	}
	if l.VisitForms > 0 {
		m.forms = limits.PerSecond(float64(l.VisitForms), l.VisitForms)
	}
	if l.PortalPages > 0 {
		m.portals = limits.PerSecond(float64(l.PortalPages), 2*l.PortalPages)
		m.uploads, m.transfers = limits.PerDay(uploadsOfDay), limits.PerDay(transfersOfDay)
	}
	return m
}

// transfers reports whether a route moves files, for which a visitor may wait minutes.
func transfers(rt web.Route) bool { return rt.Deadline != 0 }

// isHeavy reports whether a request of a visitor computes for long: one of a heavy route, or a search for a text.
func isHeavy(r *http.Request, rt web.Route) bool {
	return rt.Heavy || r.Method == http.MethodGet && r.URL.Query().Get("q") != ""
}

// permit holds the slots with which a request runs; they are given back together.
type permit struct{ release []func() }

func (t *permit) end() {
	for i := len(t.release) - 1; i >= 0; i-- {
		t.release[i]()
	}
	t.release = nil
}

// enter waits for a slot and holds it until the permit ends.
func (t *permit) enter(ctx context.Context, slots *limits.Slots, key string) error {
	leave, err := slots.Enter(ctx, key)
	if err != nil {
		return limits.Exceeded{Wait: slotTimeout}
	}
	t.release = append(t.release, leave)
	return nil
}

// ofVisit counts a request of a visit that is not verified yet, and waits for a slot of that visit.
func (m *visitLimits) ofVisit(r *http.Request, rt web.Route, portal, secret string, t *permit) error {
	sum := sha256.Sum256([]byte(portal + "/" + secret))
	visit := string(sum[:])
	if wait := m.pages.Take(visit, 1, m.now()); wait > 0 {
		return limits.Exceeded{Wait: wait}
	}
	if r.Method == http.MethodPost {
		if wait := m.forms.Take(visit, 1, m.now()); wait > 0 {
			return limits.Exceeded{Wait: wait}
		}
	}
	ctx, stop := context.WithTimeout(r.Context(), slotTimeout)
	defer stop()
	switch {
	case transfers(rt):
		return t.enter(ctx, m.transferOwn, visit)
	case isHeavy(r, rt):
		if err := t.enter(ctx, m.heavyOwn, visit); err != nil {
			return err
		}
	}
	return t.enter(ctx, m.running, visit)
}

// ofPortal counts a request of a verified visit for its portal, and waits for a slot if the request costs much.
func (m *visitLimits) ofPortal(r *http.Request, rt web.Route, portal acts.PortalID, t *permit) error {
	key := web.ID(portal)
	if wait := m.portals.Take(key, 1, m.now()); wait > 0 {
		return limits.Exceeded{Wait: wait}
	}
	ctx, stop := context.WithTimeout(r.Context(), slotTimeout)
	defer stop()
	switch {
	case transfers(rt):
		if err := m.ofDay(r, rt, key); err != nil {
			return err
		}
		if err := t.enter(ctx, m.transferPortal, key); err != nil {
			return err
		}
		return t.enter(ctx, m.transferOfAll, "")
	case rt.Heavy:
		if err := t.enter(ctx, m.heavyPortal, key); err != nil {
			return err
		}
		return t.enter(ctx, m.heavyAll, "")
	}
	return nil
}

// ofDay counts the files that a portal moves in a day. A body without a length counts as the largest allowed one.
func (m *visitLimits) ofDay(r *http.Request, rt web.Route, portal string) error {
	if r.Method != http.MethodPost {
		if wait := m.transfers.Take(portal, 1, m.now()); wait > 0 {
			return limits.Exceeded{Wait: wait, Text: tooManyExports}
		}
		return nil
	}
	size := r.ContentLength
	if size < 0 {
		size = rt.MaxBody
	}
	if size > rt.MaxBody { // refused while it is read
		return nil
	}
	if wait := m.uploads.Take(portal, int(size), m.now()); wait > 0 {
		return limits.Exceeded{Wait: wait, Text: tooManyFiles}
	}
	return nil
}
