package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/cmd/crashtest/rules"
)

// paperAct is an act on paper with the actions of people, past and planned.
type paperAct struct {
	rules.PaperAct
	Outcome paperOutcome
}

// paperOutcome is what happens to a paper act after it was sent.
type paperOutcome struct {
	answer string // answerScan, or the event that is marked; "" when there is never an answer
	late   bool   // the answer comes only after the status task
	byHand bool   // the first status task is completed in the portal without an answer
}

// answerScan is the answer that the counterparty returns the signed act and its scan is uploaded.
const answerScan = "scan"

// drawOutcome leaves half of the acts until their status task; acts sent near the end of a run are answered immediately, so that the run does not
// wait for them alone. done is the share of the acts that were started.
func drawOutcome(rng *rand.Rand, done float64) paperOutcome {
	o := paperOutcome{answer: answerScan, late: rng.IntN(2) == 0 && done < 0.8}
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
	return map[string]acts.Status{"": acts.StatusSent, answerScan: acts.StatusSigned, string(acts.EventAcceptUnsigned): acts.StatusAcceptedUnsigned, string(acts.EventRefusal): acts.StatusRefused}[o.answer]
}

// sendOnPaper uploads our copy of a paper act and marks it as sent, by e-mail or by post, some of them dated weeks ago.
func (m *manager) sendOnPaper(ctx context.Context, act int64) {
	p := &paperAct{rules.PaperAct{Portal: m.portal, Act: act, ByEmail: m.rng.IntN(2) == 0, Status: acts.StatusSignedByUs}, drawOutcome(m.rng, m.load.progress())}
	if !m.upload(ctx, p, acts.SideOurs, 1+m.rng.IntN(2)) {
		return
	}
	fields := url.Values{"channel": {"post"}, "track": {fmt.Sprint(80090900000000 + act)}, "seen": {m.stateToken(ctx, p)}}
	if p.ByEmail {
		fields = url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}, "seen": fields["seen"]}
	} else if m.rng.IntN(2) == 0 {
		fields.Set("on", time.Now().AddDate(0, 0, -25).Format(time.DateOnly))
	}
	m.postPaperAction(ctx, p, "/paper", fields)
	p.Status = acts.StatusSent
	m.load.mu.Lock()
	m.load.papers = append(m.load.papers, p)
	m.load.mu.Unlock()
}

// actPath returns the path of the page of an act.
func (m *manager) actPath(ctx context.Context, p *paperAct) string {
	return fmt.Sprintf("%s/acts/%d", m.load.basePath(ctx, p.Portal), p.Act)
}

// stateToken returns the token of the act's state on its page.
func (m *manager) stateToken(ctx context.Context, p *paperAct) string {
	page, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Get(m.actPath(ctx, p)) })
	_, rest, found := strings.Cut(page.Body, `name="seen" value="`)
	if ok && !found {
		m.load.recordFailure("act %d of portal %d has no form to send it: %s", p.Act, p.Portal, alertOf(page.Body))
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// upload uploads pages of a scan, sometimes twice concurrently; some are larger than one part of a file.
func (m *manager) upload(ctx context.Context, p *paperAct, side acts.Side, pages int) bool {
	var files []apptest.UploadFile
	for n := range pages {
		body := fmt.Appendf(nil, "%%PDF-1.4 portal %d, act %d, %s, page %d", p.Portal, p.Act, side, n+1)
		if m.rng.IntN(5) == 0 {
			body = append(body, make([]byte, 700<<10)...)
		}
		p.Copies = append(p.Copies, rules.UploadedCopy{Side: side, Sum: sha256.Sum256(body)})
		files = append(files, apptest.UploadFile{Name: fmt.Sprintf("Скан %d.pdf", n+1), Body: body})
	}
	_, ok := m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) {
			return m.visitor.Upload(m.actPath(ctx, p)+"/files/"+string(side), nil, files...)
		})
	})
	return ok
}

// postPaperAction posts an action on a paper act, sometimes twice concurrently.
func (m *manager) postPaperAction(ctx context.Context, p *paperAct, action string, fields url.Values) {
	m.maybeDoubleClick(func() (apptest.Page, bool) { return m.postAction(ctx, m.actPath(ctx, p)+action, fields) })
}

// answer records the counterparty's answer.
func (m *manager) answer(ctx context.Context, p *paperAct) {
	switch p.Outcome.answer {
	case "":
	case answerScan:
		m.upload(ctx, p, acts.SideTheirs, 1)
	default:
		m.postPaperAction(ctx, p, "/mark", url.Values{"event": {p.Outcome.answer}, "reason": {"так сказал заявитель"}})
	}
	p.Status = p.Outcome.status()
}

// answerRecorder records the answers to paper acts: immediately, or when a status task requests them.
type answerRecorder struct {
	load           *load
	managers       map[int]*manager    // by portal
	completedTasks map[*paperAct]int64 // the status task that was completed by hand
	done           map[*paperAct]bool
}

// run records answers until ctx is done.
func (r *answerRecorder) run(ctx context.Context) {
	for ctx.Err() == nil {
		r.poll(ctx)
		r.load.harness.waitForNextPoll(ctx, 50*time.Millisecond)
	}
}

// poll records the answers that have come. What cannot be read from the database now is tried again at the next poll.
func (r *answerRecorder) poll(ctx context.Context) {
	for _, p := range r.load.paperActs() {
		if r.done[p] || ctx.Err() != nil {
			continue
		}
		var status string
		if err := r.load.harness.db.QueryRowContext(ctx, `SELECT status FROM acts WHERE id = $1`, p.Act).Scan(&status); err != nil || status != string(acts.StatusSent) {
			continue
		}
		if p.Outcome.late && !r.handleStatusTask(ctx, p) {
			continue
		}
		r.manager(ctx, p.Portal).answer(ctx, p)
		r.load.countAnsweredPaper()
		r.done[p] = true
	}
}

const openTaskOf = `SELECT task_id FROM reminders WHERE act_id = $1 AND kind = 'unsigned' AND task_id <> 0 AND closed_at IS NULL AND NOT task_done`

// handleStatusTask looks for an open status task of an act and reports whether its answer is recorded now. The first task of an act whose outcome is
// byHand is completed in the portal instead.
func (r *answerRecorder) handleStatusTask(ctx context.Context, p *paperAct) (answerNow bool) {
	var id int64
	if err := r.load.harness.db.QueryRowContext(ctx, openTaskOf, p.Act).Scan(&id); err != nil || id == r.completedTasks[p] {
		return false
	}
	if !p.Outcome.byHand || r.completedTasks[p] != 0 {
		return true
	}
	portal := r.load.harness.world.Portals[p.Portal]
	if portal.CompleteTask(portal.Manager(), id, true) {
		r.completedTasks[p] = id
	}
	return false
}

// manager returns the manager of a portal who records the answers.
func (r *answerRecorder) manager(ctx context.Context, portal int) *manager {
	if r.managers[portal] == nil {
		r.managers[portal] = r.load.openedManager(ctx, portal, paperManager)
	}
	return r.managers[portal]
}

// paperActs returns the paper acts that were sent.
func (l *load) paperActs() []*paperAct {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.papers)
}

// countAnsweredPaper counts a paper act for which people have nothing left to do.
func (l *load) countAnsweredPaper() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answeredPapers++
}

// paperIdle reports whether people have nothing left to do for any paper act.
func (l *load) paperIdle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answeredPapers == len(l.papers)
}

// moveDueDates moves due dates sixty days back, that of each later reminder of an act one day less: for the program this looks as if days had passed. Half
// of the electronic acts are left out. The days of letters to the counterparty count from the sending of the act, which stays.
const moveDueDates = `
	WITH soon AS (
		SELECT r.portal_id, r.id, 60 - CAST((SELECT count(*) FROM reminders o
			WHERE o.portal_id = r.portal_id AND o.act_id = r.act_id AND o.id < r.id) AS int) AS days
		FROM reminders r JOIN acts a ON a.portal_id = r.portal_id AND a.id = r.act_id
		WHERE (a.medium = 'paper' OR r.id % 2 = 0) AND r.kind IN ('unsigned', 'our_signature', 'counterparty')
			AND r.sent_at IS NULL AND r.closed_at IS NULL AND r.due_at > clock_timestamp()
	)
	UPDATE reminders r SET since = CASE r.kind WHEN 'counterparty' THEN since ELSE since - make_interval(days => s.days) END, due_at = due_at - make_interval(days => s.days), due_on = due_on - s.days
	FROM soon s WHERE s.portal_id = r.portal_id AND s.id = r.id`

// passDays moves due dates until ctx is done.
func (l *load) passDays(ctx context.Context) {
	for ctx.Err() == nil {
		err := l.harness.retryDuringOutages(ctx, func() error {
			_, err := l.harness.db.ExecContext(ctx, moveDueDates)
			return err
		})
		if err != nil && ctx.Err() == nil {
			l.recordFailure("move due dates: %v", err)
		}
		l.harness.waitForNextPoll(ctx, 200*time.Millisecond)
	}
}
