// Package accounts stores the accounts of a portal at SBIS: how we log in, what SBIS reports about them, and their certificates; and what
// SBIS reports about counterparties.
package accounts

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
	"acts24/store/internal/seal"
)

// Scope reads accounts at SBIS with their certificates.
type Scope struct{ reads }

// Tx reads and writes accounts at SBIS with their certificates.
type Tx struct {
	Scope
	writes
}

type (
	reads  = pg.Scope
	writes = pg.Writing
)

// ScopeOf returns the accounts of a portal.
func ScopeOf(s pg.Scope) Scope { return Scope{s} }

// TxOf returns the accounts of a portal in a transaction.
func TxOf(s pg.Scope, w pg.Writing) Tx { return Tx{Scope{s}, w} }

// Login is how we enter an SBIS account: application keys, or login and password.
type Login struct {
	AppClientID string `json:"app_client_id,omitempty"`
	AppSecret   string `json:"app_secret,omitempty"`
	SecretKey   string `json:"secret_key,omitempty"`
	Login       string `json:"login,omitempty"`
	Password    string `json:"password,omitempty"`
}

// Account is an account at SBIS.
type Account struct {
	ID        int64
	Name      string
	Login     Login
	Problem   string // why it cannot be used until a person fixes it
	Signing   acts.Signing
	Details   *acts.OperatorAccount // what SBIS reported about it, nil before the first check
	CheckedAt time.Time             // business time of that answer
}

const edoAccounts = `SELECT id, name, problem, signing, details, checked_at FROM edo_accounts WHERE portal_id = :portal ORDER BY id`

// List lists the accounts of the portal without their secrets.
func (s Scope) List(ctx context.Context) ([]Account, error) {
	accounts := []Account{}
	if err := pg.Select(ctx, s, &accounts, edoAccounts, nil); err != nil {
		return nil, fmt.Errorf("edo accounts: %w", err)
	}
	return accounts, nil
}

const edoAccount = `SELECT id, name, login, problem FROM edo_accounts WHERE portal_id = :portal AND id = :id`

// Get reads an account with its login.
func (s Scope) Get(ctx context.Context, id int64) (Account, error) {
	var row struct {
		ID            int64
		Name, Problem string
		Login         []byte
	}
	if err := pg.Get(ctx, s, &row, edoAccount, pg.Args{"id": id}); err != nil {
		return Account{}, pg.NotFound(err, "edo account", "Аккаунт СБИС не подключён.")
	}
	a := Account{ID: row.ID, Name: row.Name, Problem: row.Problem}
	text, err := s.Keys().Open(loginOf(s.Portal(), id), row.Login)
	if err != nil {
		return a, err
	}
	if text == "" {
		return a, acts.Errorf(acts.Conflict, "Аккаунт СБИС отключён.")
	}
	if err := json.Unmarshal([]byte(text), &a.Login); err != nil {
		return a, fmt.Errorf("read login of account %d: %w", id, err)
	}
	return a, nil
}

// addAccount leaves the login empty: the login is sealed with the id of its row.
const addAccount = `INSERT INTO edo_accounts (portal_id, name, login) VALUES (:portal, :name, '') RETURNING id`
const changeAccount = `
	UPDATE edo_accounts SET name = :name, login = :login, session = '', problem = '', fence = fence + 1, renewing_until = '-infinity'
	WHERE portal_id = :portal AND id = :id`

// Save adds an account (id 0) or replaces its login, and returns its id.
func (tx Tx) Save(ctx context.Context, a Account) (id int64, err error) {
	text, err := json.Marshal(a.Login)
	if err != nil {
		return 0, fmt.Errorf("save edo account: %w", err)
	}
	if id = a.ID; id == 0 {
		if err := pg.Get(ctx, tx, &id, addAccount, pg.Args{"name": a.Name}); err != nil {
			return 0, fmt.Errorf("add edo account: %w", err)
		}
	}
	return id, pg.ExecOne(ctx, tx, "save edo account", changeAccount, pg.Args{"id": id, "name": a.Name, "login": tx.Keys().Seal(loginOf(tx.Portal(), id), string(text))},
		acts.Errorf(acts.NotFound, "Аккаунт СБИС не подключён."))
}

func loginOf(portal acts.PortalID, account int64) seal.Cell {
	return seal.Cell{Portal: portal, Column: "login", Row: strconv.FormatInt(account, 10)}
}

func sessionOf(portal acts.PortalID, account int64) seal.Cell {
	return seal.Cell{Portal: portal, Column: "session", Row: strconv.FormatInt(account, 10)}
}

const edoSession = `SELECT session FROM edo_accounts WHERE portal_id = :portal AND id = :id`

// Session reads the stored session of an account, "" when there is none.
func (s Scope) Session(ctx context.Context, account int64) (string, error) {
	var sealed []byte
	if err := pg.Get(ctx, s, &sealed, edoSession, pg.Args{"id": account}); err != nil {
		return "", pg.NotFound(err, "edo session", "Аккаунт СБИС не подключён.")
	}
	return s.Keys().Open(sessionOf(s.Portal(), account), sealed)
}

// leaseLogin spends one login of a bucket that all portals share: SBIS accepts 300 logins a minute from one address (docs/contracts/sbis.md,
// "Session"). A bucket of 50 that loses four a second lets at most 290 pass in any minute.
const leaseLogin = `
	WITH room AS (
		UPDATE logins SET level = greatest(0, level - 4 * extract(epoch FROM clock_timestamp() - at)) + 1, at = clock_timestamp()
		WHERE greatest(0, level - 4 * extract(epoch FROM clock_timestamp() - at)) + 1 <= 50 AND EXISTS (
			SELECT FROM edo_accounts WHERE portal_id = :portal AND id = :id AND renewing_until < clock_timestamp() AND problem = '')
		RETURNING only_row
	)
	UPDATE edo_accounts SET renewing_until = clock_timestamp() + make_interval(secs => :term), fence = fence + 1 FROM room
	WHERE portal_id = :portal AND id = :id AND renewing_until < clock_timestamp() AND problem = ''
	RETURNING fence`

// LeaseLogin obtains the right to log in for a term; ok is false when another replica has it, or too many accounts of any portal log in.
func (s Scope) LeaseLogin(ctx context.Context, account int64, term time.Duration) (fence int64, ok bool, err error) {
	err = pg.Get(ctx, s, &fence, leaseLogin, pg.Args{"id": account, "term": term.Seconds()})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("lease login: %w", err)
	}
	return fence, true, nil
}

const endLogin = `
	UPDATE edo_accounts SET session = :session, problem = :problem, renewing_until = '-infinity', renewed_at = clock_timestamp()
	WHERE portal_id = :portal AND id = :id AND fence = :fence`

// EndLogin stores the new session, or the problem that only a person can fix, if the lease is still ours.
func (tx Tx) EndLogin(ctx context.Context, account, fence int64, session, problem string) error {
	return pg.ExecOne(ctx, tx, "end login", endLogin, pg.Args{"id": account, "fence": fence, "problem": problem,
		"session": tx.Keys().Seal(sessionOf(tx.Portal(), account), session)},
		acts.Errorf(acts.Conflict, "Вход в СБИС уже выполнен другим процессом."))
}
