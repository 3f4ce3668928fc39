// Package plans stores which deals get an act every month, and the result of each month.
package plans

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store/internal/pg"
)

// Scope reads the plans of monthly acts.
type Scope struct{ reads }

// Tx reads and writes the plans of monthly acts.
type Tx struct {
	Scope
	writes
}

type (
	reads  = pg.Scope
	writes = pg.Writing
)

// ScopeOf returns the plans of a portal.
func ScopeOf(s pg.Scope) Scope { return Scope{s} }

// TxOf returns the plans of a portal in a transaction.
func TxOf(s pg.Scope, w pg.Writing) Tx { return Tx{Scope{s}, w} }

// Plan is the decision that a deal gets an act every month.
type Plan struct {
	Deal    acts.DealID
	Enabled bool
	Stopped string // why the program has switched it off, "" when a person did
	Rule    period.Rule

	// Quantities are the quantities of an act by rows; without any, the act takes the whole remainder.
	Quantities map[acts.RowID]decimal.Decimal

	Sender     acts.UserID // who allowed to hand acts over without his confirmation, 0 for nobody
	SenderName string
	AllowedAt  time.Time
	SetBy      string // who changed the plan last
	SetAt      time.Time
	NextMonth  time.Time // the month whose act is to be formed next
	CheckAt    time.Time // when to look whether it is due; at most a day ahead, because calendars change
}

// SendsFor reports whether the present responsible of the deal has allowed to hand its acts over without his confirmation.
func (p Plan) SendsFor(responsible acts.UserID) bool { return p.Sender != 0 && p.Sender == responsible }

// The states of a run.
const (
	Queued  = "queued"  // the act is to be formed
	Formed  = "formed"  // it is formed and waits for a person
	Sent    = "sent"    // it is formed and handed over
	Nothing = "nothing" // nothing was left in the deal
	Refused = "refused" // it could not be formed
)

// Run is the result of a plan for one month.
type Run struct {
	Deal    acts.DealID
	Month   time.Time
	State   string
	Act     acts.ActID
	Problem string
	At      time.Time
}

const planOf = `
	SELECT deal_id AS deal, enabled, stopped, day AS "rule.day", covers AS "rule.covers", quantities, sender_id AS sender, sender_name, allowed_at, set_by, set_at,
		next_month, check_at
	FROM monthly_plans WHERE portal_id = :portal AND deal_id = :deal`

const lockPlan = planOf + ` FOR NO KEY UPDATE`

// Get reads the plan of a deal; ok is false when it has none.
func (s Scope) Get(ctx context.Context, deal acts.DealID) (p Plan, ok bool, err error) {
	return plan(ctx, s, planOf, deal)
}

// Lock reads the plan of a deal and locks it until the transaction ends.
func (tx Tx) Lock(ctx context.Context, deal acts.DealID) (p Plan, ok bool, err error) {
	return plan(ctx, tx, lockPlan, deal)
}

func plan(ctx context.Context, r pg.Reader, query string, deal acts.DealID) (p Plan, ok bool, err error) {
	var found []struct {
		Plan
		Quantities pg.JSON[map[acts.RowID]decimal.Decimal]
	}
	if err := pg.Select(ctx, r, &found, query, pg.Args{"deal": deal}); err != nil {
		return p, false, fmt.Errorf("monthly plan: %w", err)
	}
	if len(found) == 0 {
		return p, false, nil
	}
	p = found[0].Plan
	p.Quantities = found[0].Quantities.V
	return p, true, nil
}

const savePlan = `
	INSERT INTO monthly_plans (portal_id, deal_id, enabled, stopped, day, covers, quantities, sender_id, sender_name, allowed_at, set_by, set_at, next_month, check_at)
	VALUES (:portal, :deal, :enabled, :stopped, :day, :covers, :quantities, :sender, :sender_name, :allowed_at, :set_by, :set_at, :next_month, :check_at)
	ON CONFLICT (portal_id, deal_id) DO UPDATE SET enabled = EXCLUDED.enabled, stopped = EXCLUDED.stopped, day = EXCLUDED.day, covers = EXCLUDED.covers,
		quantities = EXCLUDED.quantities, sender_id = EXCLUDED.sender_id, sender_name = EXCLUDED.sender_name, allowed_at = EXCLUDED.allowed_at,
		set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at, next_month = EXCLUDED.next_month, check_at = EXCLUDED.check_at`

// Save stores the plan of a deal.
func (tx Tx) Save(ctx context.Context, p Plan) error {
	_, err := pg.Exec(ctx, tx, savePlan, pg.Args{"deal": p.Deal, "enabled": p.Enabled, "stopped": p.Stopped, "day": p.Rule.Day, "covers": string(p.Rule.Covers),
		"quantities": pg.AsJSON(p.Quantities), "sender": p.Sender, "sender_name": p.SenderName, "allowed_at": pg.NullTime(p.AllowedAt), "set_by": p.SetBy,
		"set_at": p.SetAt, "next_month": p.NextMonth, "check_at": p.CheckAt})
	if err != nil {
		return fmt.Errorf("save monthly plan: %w", err)
	}
	return nil
}

const addRun = `
	INSERT INTO monthly_runs (portal_id, deal_id, month, state, at) VALUES (:portal, :deal, :month, 'queued', :now)
	ON CONFLICT (portal_id, deal_id, month) DO NOTHING`

// AddRun queues the act of a month; added is false when the month has had its run.
func (tx Tx) AddRun(ctx context.Context, deal acts.DealID, month, now time.Time) (added bool, err error) {
	n, err := pg.Exec(ctx, tx, addRun, pg.Args{"deal": deal, "month": month, "now": now})
	if err != nil {
		return false, fmt.Errorf("add monthly run: %w", err)
	}
	return n > 0, nil
}

const setRun = `
	UPDATE monthly_runs SET state = :state, act_id = :act, problem = :problem, at = :at
	WHERE portal_id = :portal AND deal_id = :deal AND month = :month AND state = :from`

// SetRun stores the result of a month; Conflict when its state is no longer from.
func (tx Tx) SetRun(ctx context.Context, from string, r Run) error {
	return pg.ExecOne(ctx, tx, "set monthly run", setRun, pg.Args{"deal": r.Deal, "month": r.Month, "from": from, "state": r.State, "act": r.Act,
		"problem": r.Problem, "at": r.At}, acts.Errorf(acts.Conflict, "Этот месяц уже обработан. Обновите страницу."))
}

const runColumns = `deal_id AS deal, month, state, act_id AS act, problem, at`

const runsOfDeal = `SELECT ` + runColumns + ` FROM monthly_runs WHERE portal_id = :portal AND deal_id = :deal ORDER BY month DESC LIMIT 12`

// Runs lists the results of the last months of a deal, the newest first.
func (s Scope) Runs(ctx context.Context, deal acts.DealID) ([]Run, error) {
	return runs(ctx, s, runsOfDeal, pg.Args{"deal": deal})
}

const queuedRuns = `SELECT ` + runColumns + ` FROM monthly_runs
	WHERE portal_id = :portal AND deal_id = ANY (CAST(:deals AS bigint[])) AND state = 'queued' ORDER BY deal_id, month`

// QueuedRuns lists the months of deals whose acts are to be formed, the oldest of each deal first.
func (s Scope) QueuedRuns(ctx context.Context, deals []acts.DealID) ([]Run, error) {
	return runs(ctx, s, queuedRuns, pg.Args{"deals": pg.IDs(deals)})
}

func runs(ctx context.Context, r pg.Reader, query string, a pg.Args) ([]Run, error) {
	var found []Run
	if err := pg.Select(ctx, r, &found, query, a); err != nil {
		return nil, fmt.Errorf("monthly runs: %w", err)
	}
	return found, nil
}
