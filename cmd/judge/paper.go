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

// paper is an act on paper and what people did with it.
type paper struct {
	Portal int // number of the portal in the world
	Act    int64
	Letter bool // it goes by e-mail
	Fate   fate
	Copies []copied    // that were uploaded
	Status acts.Status // where people have put it
}

// copied is an uploaded copy.
type copied struct {
	Side acts.Side
	Sum  [sha256.Size]byte
}

// fate is what becomes of a paper act after it has left.
type fate struct {
	answer string // "scan", or the mark that is set; "" when nobody ever says anything
	late   bool   // only the status task brings the answer
	byHand bool   // the first task is ended in the portal and says nothing
}

// drawFate leaves half of the acts until the days are over; those that leave near the end of a run are answered at once,
// so that nobody waits for them alone.
func drawFate(rng *rand.Rand, done float64) fate {
	f := fate{answer: "scan", late: rng.IntN(2) == 0 && done < 0.8}
	f.byHand = f.late && rng.IntN(2) == 0 && done < 0.6
	switch rng.IntN(6) {
	case 0:
		f.answer = string(acts.AcceptUnsigned)
	case 1:
		f.answer = string(acts.Refusal)
	case 2:
		if f.late {
			f.answer = ""
		}
	}
	return f
}

// status is where an answer leads.
func (f fate) status() acts.Status {
	return map[string]acts.Status{"": acts.Sent, "scan": acts.Signed, string(acts.AcceptUnsigned): acts.AcceptedUnsigned, string(acts.Refusal): acts.StatusRefused}[f.answer]
}

// progress is the share of the acts that are begun.
func (l *load) progress() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return float64(l.started) / float64(l.stage.plan.acts)
}

// signAndSend uploads our copy of an act on paper and sends it, by e-mail or by post, some of them weeks ago.
func (m *manager) signAndSend(ctx context.Context, act int64) {
	p := &paper{Portal: m.portal, Act: act, Letter: m.rng.IntN(2) == 0, Fate: drawFate(m.rng, m.load.progress()), Status: acts.SignedByUs}
	if !m.upload(ctx, p, acts.Ours, 1+m.rng.IntN(2)) {
		return
	}
	fields := url.Values{"channel": {"post"}, "track": {fmt.Sprint(80090900000000 + act)}, "seen": {m.seen(ctx, p)}}
	if p.Letter {
		fields = url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}, "seen": fields["seen"]}
	} else if m.rng.IntN(2) == 0 {
		fields.Set("on", time.Now().AddDate(0, 0, -25).Format(time.DateOnly))
	}
	m.does(ctx, p, "/paper", fields)
	p.Status = acts.Sent
	m.load.mu.Lock()
	m.load.papers = append(m.load.papers, p)
	m.load.mu.Unlock()
}

func (m *manager) page(ctx context.Context, p *paper) string {
	return fmt.Sprintf("%s/acts/%d", m.load.base(ctx, p.Portal), p.Act)
}

// seen is where the act's page says that the act stands.
func (m *manager) seen(ctx context.Context, p *paper) string {
	page, ok := m.insist(ctx, func() (apptest.Page, error) { return m.visitor.Get(m.page(ctx, p)) })
	_, rest, found := strings.Cut(page.Body, `name="seen" value="`)
	if ok && !found {
		m.load.complain("act %d of portal %d cannot be sent: %s", p.Act, p.Portal, alertOf(page.Body))
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// upload sends pages of a scan, now and then twice at once; some are larger than one piece of a file.
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
	_, ok := m.twice(func() (apptest.Page, bool) {
		return m.insist(ctx, func() (apptest.Page, error) {
			return m.visitor.Upload(m.page(ctx, p)+"/files/"+string(side), nil, files...)
		})
	})
	return ok
}

// does posts what may have been done already, when only its answer was lost.
func (m *manager) does(ctx context.Context, p *paper, what string, fields url.Values) {
	m.twice(func() (apptest.Page, bool) {
		return m.insist(ctx, func() (apptest.Page, error) {
			page, err := m.visitor.Post(m.page(ctx, p)+what, fields)
			if page.Status == http.StatusConflict {
				page.Status = http.StatusOK
			}
			return page, err
		})
	})
}

// answer is what came back from the counterparty.
func (m *manager) answer(ctx context.Context, p *paper) {
	switch p.Fate.answer {
	case "":
	case "scan":
		m.upload(ctx, p, acts.Theirs, 1)
	default:
		m.does(ctx, p, "/mark", url.Values{"event": {p.Fate.answer}, "reason": {"так сказал заявитель"}})
	}
	p.Status = p.Fate.status()
}

// office are the people who wait for papers to come back: they answer at once, or when a status task reminds them.
type office struct {
	load   *load
	clerks map[int]*manager
	seen   map[*paper]int64 // the task that was ended by hand
	done   map[*paper]bool
}

// work goes on until ctx ends.
func (o *office) work(ctx context.Context) {
	for ctx.Err() == nil {
		o.look(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (o *office) look(ctx context.Context) {
	for _, p := range o.load.paperActs() {
		if o.done[p] || ctx.Err() != nil {
			continue
		}
		var status string
		if err := o.load.stage.db.QueryRowContext(ctx, `SELECT status FROM acts WHERE id = $1`, p.Act).Scan(&status); err != nil || status != string(acts.Sent) {
			continue
		}
		if p.Fate.late && !o.reminded(ctx, p) {
			continue
		}
		o.clerk(ctx, p.Portal).answer(ctx, p)
		o.load.settled(p)
		o.done[p] = true
	}
}

const openTaskOf = `SELECT task_id FROM reminders WHERE act_id = $1 AND kind = 'unsigned' AND task_id <> 0 AND closed_at IS NULL AND NOT task_done`

// reminded reports whether a status task lies before the people; the first is ended there by those who say nothing.
func (o *office) reminded(ctx context.Context, p *paper) bool {
	var id int64
	if err := o.load.stage.db.QueryRowContext(ctx, openTaskOf, p.Act).Scan(&id); err != nil || id == o.seen[p] {
		return false
	}
	if !p.Fate.byHand || o.seen[p] != 0 {
		return true
	}
	portal := o.load.stage.world.Portals[p.Portal]
	if portal.CompleteTask(portal.Manager(), id, true) {
		o.seen[p] = id
	}
	return false
}

func (o *office) clerk(ctx context.Context, portal int) *manager {
	if o.clerks[portal] == nil {
		m := o.load.manager(portal, 800)
		m.insist(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(o.load.firstDeal(portal)) })
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

// idle tells that every paper act has met its fate.
func (l *load) paperIdle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answered == len(l.papers)
}

// base is where the pages of a portal are.
func (l *load) base(ctx context.Context, portal int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bases[portal] == "" {
		if id, err := l.stage.portalID(ctx, l.stage.world.Portals[portal].MemberID()); err == nil {
			l.bases[portal] = fmt.Sprintf("/p/%d", id)
		}
	}
	return l.bases[portal]
}

// daysPass moves what is to be brought some weeks ahead, a later reminder of an act a day less far: working days are over
// for the program as though its clock had been moved. Of electronic acts half are spared.
const daysPass = `
	WITH soon AS (
		SELECT r.portal_id, r.id, 60 - CAST((SELECT count(*) FROM reminders o
			WHERE o.portal_id = r.portal_id AND o.act_id = r.act_id AND o.id < r.id) AS int) AS days
		FROM reminders r JOIN acts a ON a.portal_id = r.portal_id AND a.id = r.act_id
		WHERE (a.medium = 'paper' OR r.id % 2 = 0) AND r.kind IN ('unsigned', 'our_signature')
			AND r.fired_at IS NULL AND r.closed_at IS NULL AND r.due_at > clock_timestamp()
	)
	UPDATE reminders r SET since = since - make_interval(days => s.days), due_at = due_at - make_interval(days => s.days), due_on = due_on - s.days
	FROM soon s WHERE s.portal_id = r.portal_id AND s.id = r.id`

// calendar lets days pass until ctx ends.
func (l *load) calendar(ctx context.Context) {
	for ctx.Err() == nil {
		if _, err := l.stage.db.ExecContext(ctx, daysPass); err != nil && ctx.Err() == nil {
			l.complain("days do not pass: %v", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}
