package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// InstallState is the state of the installation on a portal.
type InstallState string

// The states of an installation.
const (
	InstallAsked   InstallState = "asked" // the plan is shown, and the administrator has not confirmed it
	InstallRunning InstallState = "running"
	InstallFailed  InstallState = "failed" // a person has to do something first
	InstallDone    InstallState = "done"
)

// Install is the progress of the installation on a portal.
type Install struct {
	State     InstallState
	UserName  string // the administrator who installs
	Plan      InstallPlan
	Pipelines []int64 // to which stages may be added
	Problem   string
	Steps     []InstallStep
}

// InstallPlan is what an installation will create, as it was read when the administrator opened it.
type InstallPlan struct {
	Checks  []InstallCheck      `json:"checks"`
	Missing map[string][]string `json:"missing"` // parts → what is to be created, in words
	Stages  []MissingStages     `json:"stages"`  // of deals, to be created
}

// InstallCheck is something the portal must have; Text is the advice when it is missing.
type InstallCheck struct {
	Title    string `json:"title"`
	OK       bool   `json:"ok"`
	Text     string `json:"text,omitempty"`
	Required bool   `json:"bars,omitempty"` // nothing can be installed without it
}

// MissingStages are the stages that are missing in a pipeline of deals.
type MissingStages struct {
	Pipeline int64    `json:"pipeline"`
	Name     string   `json:"name"`
	Stages   []string `json:"stages"`
}

// InstallStep is a part of an installation with what was created for it.
type InstallStep struct {
	Part string   `db:"part"`
	Done bool     `db:"done"`
	Made []string `db:"made"`
}

const readInstall = `SELECT state, user_name, plan, pipelines, problem FROM installs WHERE portal_id = :portal`
const readSteps = `SELECT part, done, made FROM install_steps WHERE portal_id = :portal ORDER BY n`

// Get reads the progress of the installation on the portal.
func (s Installs) Get(ctx context.Context) (Install, error) {
	var in Install
	if err := pg.Get(ctx, s, &in, readInstall, nil); err != nil {
		return in, pg.NotFound(err, "install", "Откройте установку приложения в Битрикс24 ещё раз.")
	}
	if err := pg.Select(ctx, s, &in.Steps, readSteps, nil); err != nil {
		return in, fmt.Errorf("steps of install: %w", err)
	}
	return in, nil
}

const requestInstall = `
	INSERT INTO installs (portal_id, state, user_name, plan, looked_at) VALUES (:portal, 'asked', :user, :plan, '-infinity')
	ON CONFLICT (portal_id) DO UPDATE SET state = 'asked', user_name = EXCLUDED.user_name, plan = EXCLUDED.plan, problem = '', welcomed = false
	WHERE installs.state <> 'running'`

// Request stores the plan of an installation; a running installation is not changed.
func (tx InstallsTx) Request(ctx context.Context, user string, plan InstallPlan) error {
	if _, err := pg.Exec(ctx, tx, requestInstall, pg.Args{"user": user, "plan": pg.AsJSON(plan)}); err != nil {
		return fmt.Errorf("request install: %w", err)
	}
	return nil
}

const runInstall = `
	UPDATE installs SET state = 'running', pipelines = :pipelines, problem = '' WHERE portal_id = :portal AND state IN ('asked', 'failed')`
const dropSteps = `DELETE FROM install_steps WHERE portal_id = :portal`
const addSteps = `
	INSERT INTO install_steps (portal_id, n, part) SELECT :portal, q.n, q.part
	FROM unnest(CAST(:parts AS text[])) WITH ORDINALITY AS q (part, n)`

// Start begins an installation in these parts.
func (tx InstallsTx) Start(ctx context.Context, parts []string, pipelines []int64) error {
	if pipelines == nil {
		pipelines = []int64{}
	}
	err := pg.ExecOne(ctx, tx, "run install", runInstall, pg.Args{"pipelines": pg.AsJSON(pipelines)}, acts.Errorf(acts.Conflict, "Установка уже идёт."))
	if err != nil {
		return err
	}
	if _, err := pg.Exec(ctx, tx, dropSteps, nil); err != nil {
		return fmt.Errorf("steps of install: %w", err)
	}
	if _, err := pg.Exec(ctx, tx, addSteps, pg.Args{"parts": pq.Array(parts)}); err != nil {
		return fmt.Errorf("steps of install: %w", err)
	}
	return nil
}

const doneStep = `
	UPDATE install_steps SET done = true, made = made || CAST(:made AS jsonb) WHERE portal_id = :portal AND part = :part`

// EndStep stores that a part of an installation is complete, with what had to be created.
func (tx InstallsTx) EndStep(ctx context.Context, part string, made []string) error {
	if made == nil {
		made = []string{}
	}
	if _, err := pg.Exec(ctx, tx, doneStep, pg.Args{"part": part, "made": pg.AsJSON(made)}); err != nil {
		return fmt.Errorf("step of install: %w", err)
	}
	return nil
}

const saveInstall = `
	INSERT INTO installs (portal_id, state, problem, welcomed, looked_at) VALUES (:portal, :state, :problem, true, :now)
	ON CONFLICT (portal_id) DO UPDATE SET state = EXCLUDED.state, problem = EXCLUDED.problem, looked_at = EXCLUDED.looked_at`

// Set stores the state of the installation and the problem that stopped it, "" for none. now is business time.
func (tx InstallsTx) Set(ctx context.Context, state InstallState, problem string, now time.Time) error {
	if _, err := pg.Exec(ctx, tx, saveInstall, pg.Args{"state": state, "problem": problem, "now": now}); err != nil {
		return fmt.Errorf("set install: %w", err)
	}
	return nil
}

const completeInstall = `
	INSERT INTO installs (portal_id, state, user_name, looked_at) VALUES (:portal, 'done', :user, :now)
	ON CONFLICT (portal_id) DO UPDATE SET state = 'done', problem = '', looked_at = EXCLUDED.looked_at WHERE installs.state <> 'running'`

// SetComplete stores that the installation is complete because nothing was missing. now is business time.
func (tx InstallsTx) SetComplete(ctx context.Context, user string, now time.Time) error {
	if _, err := pg.Exec(ctx, tx, completeInstall, pg.Args{"user": user, "now": now}); err != nil {
		return fmt.Errorf("set install complete: %w", err)
	}
	return nil
}

const addRestored = `UPDATE portals SET restored = restored || CAST(:made AS jsonb) WHERE id = :portal`

// AddRestored stores what a repair has created, until it is shown to an administrator.
func (tx InstallsTx) AddRestored(ctx context.Context, made []string) error {
	if _, err := pg.Exec(ctx, tx, addRestored, pg.Args{"made": pg.AsJSON(made)}); err != nil {
		return fmt.Errorf("add restored: %w", err)
	}
	return nil
}

const takeRestored = `
	UPDATE portals p SET restored = '[]' FROM (SELECT id, restored FROM portals WHERE id = :portal AND restored <> '[]' FOR UPDATE) was
	WHERE p.id = was.id RETURNING was.restored`

// TakeRestored returns and clears what repairs have created since the last call.
func (tx InstallsTx) TakeRestored(ctx context.Context) ([]string, error) {
	var made pg.JSON[[]string]
	_, err := pg.Find(ctx, tx, &made, takeRestored, nil)
	return made.V, pg.Wrap("take restored", err)
}

const welcome = `UPDATE installs SET welcomed = true WHERE portal_id = :portal AND state = 'done' AND NOT welcomed`

// TakeWelcome returns true once after an installation: the administrator is then shown the setup checklist.
func (tx InstallsTx) TakeWelcome(ctx context.Context) (bool, error) {
	n, err := pg.Exec(ctx, tx, welcome, nil)
	if err != nil {
		return false, fmt.Errorf("welcome: %w", err)
	}
	return n > 0, nil
}

// Setup is the state of the setup checklist of a portal.
type Setup struct {
	HasAccount bool   `db:"account"` // an account at SBIS works
	HasPeople  bool   `db:"people"`
	HasActs    bool   `db:"acts"`
	DeadTokens bool   `db:"dead_tokens"`
	Problem    string `db:"problem"` // why a repair could not continue
}

const readSetup = `
	SELECT EXISTS (SELECT FROM edo_accounts WHERE portal_id = :portal AND problem = '') AS account,
		EXISTS (SELECT FROM people WHERE portal_id = :portal) AS people,
		EXISTS (SELECT FROM acts WHERE portal_id = :portal) AS acts,
		EXISTS (SELECT FROM tokens WHERE portal_id = :portal AND dead) AS dead_tokens,
		coalesce((SELECT problem FROM installs WHERE portal_id = :portal AND state = 'done'), '') AS problem`

// Setup reads the state of the setup checklist.
func (s Portals) Setup(ctx context.Context) (setup Setup, err error) {
	if err := pg.Get(ctx, s, &setup, readSetup, nil); err != nil {
		return setup, fmt.Errorf("read the setup: %w", err)
	}
	return setup, nil
}
