package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
)

// paper is a paper act with the actions of people.
type paper struct {
	Portal  int // number of the portal in the world
	Act     int64
	Letter  bool // sent by e-mail
	Outcome paperOutcome
	Copies  []copied    // uploaded copies
	Status  acts.Status // the status set by people
}

// copied is an uploaded copy.
type copied struct {
	Side acts.Side
	Sum  [sha256.Size]byte
}

// paperOutcome is what happens to a paper act after it was sent.
type paperOutcome struct {
	answer string // "scan", or the mark that is set; "" when there is never an answer
	late   bool   // the answer comes only after the status task
	byHand bool   // the first task is completed in the portal without an answer
}

// drawOutcome leaves half of the acts until their term is over; acts sent near the end of a run are answered
// immediately, so that the run does not wait for them alone.
func drawOutcome(rng *rand.Rand, done float64) paperOutcome {
	o := paperOutcome{answer: "scan", late: rng.IntN(2) == 0 && done < 0.8}
	o.byHand = o.late && rng.IntN(2) == 0 && done < 0.6
	switch rng.IntN(6) {
	case 0:
		o.answer = string(acts.EventAcceptUnsigned)
	case 1:
		o.answer = string(acts.EventRefusal)
	case 2:
		if o.late {
			o.answer = ""
		}
	}
	return o
}

// status returns the status after the answer.
func (o paperOutcome) status() acts.Status {
	return map[string]acts.Status{"": acts.StatusSent, "scan": acts.StatusSigned, string(acts.EventAcceptUnsigned): acts.StatusAcceptedUnsigned, string(acts.EventRefusal): acts.StatusRefused}[o.answer]
}

// signAndSend uploads our copy of a paper act and sends it, by e-mail or by post, some of them dated weeks ago.
func (m *manager) signAndSend(ctx context.Context, act int64) {
	p := &paper{Portal: m.portal, Act: act, Letter: m.rng.IntN(2) == 0, Outcome: drawOutcome(m.rng, m.load.progress()), Status: acts.StatusSignedByUs}
	if !m.upload(ctx, p, acts.SideOurs, 1+m.rng.IntN(2)) {
		return
	}
	fields := url.Values{"channel": {"post"}, "track": {fmt.Sprint(80090900000000 + act)}, "seen": {m.stateToken(ctx, p)}}
	if p.Letter {
		fields = url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}, "seen": fields["seen"]}
	} else if m.rng.IntN(2) == 0 {
		fields.Set("on", time.Now().AddDate(0, 0, -25).Format(time.DateOnly))
	}
	m.postAction(ctx, p, "/paper", fields)
	p.Status = acts.StatusSent
	m.load.mu.Lock()
	m.load.papers = append(m.load.papers, p)
	m.load.mu.Unlock()
}

func (m *manager) page(ctx context.Context, p *paper) string {
	return fmt.Sprintf("%s/acts/%d", m.load.base(ctx, p.Portal), p.Act)
}

// stateToken returns the token of the act's state on its page.
func (m *manager) stateToken(ctx context.Context, p *paper) string {
	page, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Get(m.page(ctx, p)) })
	_, rest, found := strings.Cut(page.Body, `name="seen" value="`)
	if ok && !found {
		m.load.recordFailure("act %d of portal %d cannot be sent: %s", p.Act, p.Portal, alertOf(page.Body))
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// upload uploads pages of a scan, sometimes twice concurrently; some are larger than one part of a file.
func (m *manager) upload(ctx context.Context, p *paper, side acts.Side, pages int) bool {
	var files []apptest.UploadFile
	for n := range pages {
		body := fmt.Appendf(nil, "%%PDF-1.4 portal %d, act %d, %s, page %d", p.Portal, p.Act, side, n+1)
		if m.rng.IntN(5) == 0 {
			body = append(body, make([]byte, 700<<10)...)
		}
		p.Copies = append(p.Copies, copied{side, sha256.Sum256(body)})
		files = append(files, apptest.UploadFile{Name: fmt.Sprintf("Скан %d.pdf", n+1), Body: body})
	}
	_, ok := m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) {
			return m.visitor.Upload(m.page(ctx, p)+"/files/"+string(side), nil, files...)
		})
	})
	return ok
}

// postAction posts an action that may have been executed already with a lost response.
func (m *manager) postAction(ctx context.Context, p *paper, what string, fields url.Values) {
	m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) {
			page, err := m.visitor.Post(m.page(ctx, p)+what, fields)
			if page.Status == http.StatusConflict {
				page.Status = http.StatusOK
			}
			return page, err
		})
	})
}

// answer records the counterparty's answer.
func (m *manager) answer(ctx context.Context, p *paper) {
	switch p.Outcome.answer {
	case "":
	case "scan":
		m.upload(ctx, p, acts.SideTheirs, 1)
	default:
		m.postAction(ctx, p, "/mark", url.Values{"event": {p.Outcome.answer}, "reason": {"так сказал заявитель"}})
	}
	p.Status = p.Outcome.status()
}

// paperClients is the people who wait for paper acts: they answer immediately, or when a status task reminds them.
type paperClients struct {
	load   *load
	clerks map[int]*manager
	seen   map[*paper]int64 // the task that was completed by hand
	done   map[*paper]bool
}

// work runs until ctx is done.
func (o *paperClients) work(ctx context.Context) {
	for ctx.Err() == nil {
		o.poll(ctx)
		o.load.harness.rest(ctx, 50*time.Millisecond)
	}
}

func (o *paperClients) poll(ctx context.Context) {
	for _, p := range o.load.paperActs() {
		if o.done[p] || ctx.Err() != nil {
			continue
		}
		var status string
		if err := o.load.harness.db.QueryRowContext(ctx, `SELECT status FROM acts WHERE id = $1`, p.Act).Scan(&status); err != nil || status != string(acts.StatusSent) {
			continue
		}
		if p.Outcome.late && !o.reminded(ctx, p) {
			continue
		}
		o.clerk(ctx, p.Portal).answer(ctx, p)
		o.load.settled(p)
		o.done[p] = true
	}
}

const openTaskOf = `SELECT task_id FROM reminders WHERE act_id = $1 AND kind = 'unsigned' AND task_id <> 0 AND closed_at IS NULL AND NOT task_done`

// reminded reports whether there is a status task; those who never answer complete the first one in the portal.
func (o *paperClients) reminded(ctx context.Context, p *paper) bool {
	var id int64
	if err := o.load.harness.db.QueryRowContext(ctx, openTaskOf, p.Act).Scan(&id); err != nil || id == o.seen[p] {
		return false
	}
	if !p.Outcome.byHand || o.seen[p] != 0 {
		return true
	}
	portal := o.load.harness.world.Portals[p.Portal]
	if portal.CompleteTask(portal.Manager(), id, true) {
		o.seen[p] = id
	}
	return false
}

func (o *paperClients) clerk(ctx context.Context, portal int) *manager {
	if o.clerks[portal] == nil {
		m := o.load.manager(portal, 800)
		m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(o.load.firstDeal(portal)) })
		o.clerks[portal] = m
	}
	return o.clerks[portal]
}

func (l *load) paperActs() []*paper {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.papers)
}

func (l *load) settled(*paper) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered++
}

// paperIdle reports whether the fate of every paper act is over.
func (l *load) paperIdle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answered == len(l.papers)
}

// base returns the base URL of a portal's pages.
func (l *load) base(ctx context.Context, portal int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bases[portal] == "" {
		if id, err := l.harness.portalID(ctx, l.harness.world.Portals[portal].MemberID()); err == nil {
			l.bases[portal] = fmt.Sprintf("/p/%d", id)
		}
	}
	return l.bases[portal]
}

// daysPass moves due dates some weeks back, a later reminder of an act one day less: for the program this has the effect of
// passing days. Half of the electronic acts are left out. The days of letters to the counterparty count from the sending of the act, which stays.
const daysPass = `
	WITH soon AS (
		SELECT r.portal_id, r.id, 60 - CAST((SELECT count(*) FROM reminders o
			WHERE o.portal_id = r.portal_id AND o.act_id = r.act_id AND o.id < r.id) AS int) AS days
		FROM reminders r JOIN acts a ON a.portal_id = r.portal_id AND a.id = r.act_id
		WHERE (a.medium = 'paper' OR r.id % 2 = 0) AND r.kind IN ('unsigned', 'our_signature', 'counterparty')
			AND r.sent_at IS NULL AND r.closed_at IS NULL AND r.due_at > clock_timestamp()
	)
	UPDATE reminders r SET since = CASE r.kind WHEN 'counterparty' THEN since ELSE since - make_interval(days => s.days) END, due_at = due_at - make_interval(days => s.days), due_on = due_on - s.days
	FROM soon s WHERE s.portal_id = r.portal_id AND s.id = r.id`

// calendar lets days pass until ctx is done.
func (l *load) calendar(ctx context.Context) {
	for ctx.Err() == nil {
		err := l.harness.patiently(ctx, func() error {
			_, err := l.harness.db.ExecContext(ctx, daysPass)
			return err
		})
		if err != nil && ctx.Err() == nil {
			l.recordFailure("move due dates: %v", err)
		}
		l.harness.rest(ctx, 200*time.Millisecond)
	}
}
