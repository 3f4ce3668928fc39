package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
)

// Login is how we enter an SBIS account: application keys, or login and password.
type Login struct {
	AppClientID string `json:"app_client_id,omitempty"`
	AppSecret   string `json:"app_secret,omitempty"`
	SecretKey   string `json:"secret_key,omitempty"`
	Login       string `json:"login,omitempty"`
	Password    string `json:"password,omitempty"`
}

// EDOAccount is an account at SBIS.
type EDOAccount struct {
	ID        int64
	Name      string
	Login     Login
	Problem   string // why it may not be used until a person mends it
	Signing   acts.Signing
	Cabinet   *acts.Cabinet // what SBIS says of it, nil before the first check
	CheckedAt time.Time     // business time of that answer
}

const edoAccounts = `SELECT id, name, problem, signing, cabinet, checked_at FROM edo_accounts WHERE portal_id = :portal ORDER BY id`

// EDOAccounts lists the accounts of the portal without their secrets.
func (s Scope) EDOAccounts(ctx context.Context) ([]EDOAccount, error) {
	var rows []struct {
		ID            int64
		Name, Problem string
		Signing       string
		Cabinet       jsonb[*acts.Cabinet]
		CheckedAt     *time.Time `db:"checked_at"`
	}
	if err := s.list(ctx, &rows, edoAccounts, nil); err != nil {
		return nil, fmt.Errorf("edo accounts: %w", err)
	}
	accounts := make([]EDOAccount, len(rows))
	for i, r := range rows {
		accounts[i] = EDOAccount{ID: r.ID, Name: r.Name, Problem: r.Problem, Signing: acts.Signing(r.Signing), Cabinet: r.Cabinet.V, CheckedAt: orZeroTime(r.CheckedAt)}
	}
	return accounts, nil
}

const edoAccount = `SELECT id, name, login, problem FROM edo_accounts WHERE portal_id = :portal AND id = :id`

// EDOAccount reads an account with its login.
func (s Scope) EDOAccount(ctx context.Context, id int64) (EDOAccount, error) {
	var row struct {
		ID            int64
		Name, Problem string
		Login         []byte
	}
	if err := s.get(ctx, &row, edoAccount, args{"id": id}); err != nil {
		return EDOAccount{}, missing(err, "edo account", "Аккаунт СБИС не подключён.")
	}
	a := EDOAccount{ID: row.ID, Name: row.Name, Problem: row.Problem}
	text, err := s.db.keys.open(s.portal, "login", row.Login)
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

const addAccount = `INSERT INTO edo_accounts (portal_id, name, login) VALUES (:portal, :name, :login) RETURNING id`
const changeAccount = `
	UPDATE edo_accounts SET name = :name, login = :login, session = '', problem = '', fence = fence + 1, renewing_until = '-infinity'
	WHERE portal_id = :portal AND id = :id RETURNING id`

// SaveEDOAccount adds an account (id 0) or replaces its login, and returns its id.
func (tx Tx) SaveEDOAccount(ctx context.Context, a EDOAccount) (id int64, err error) {
	text, err := json.Marshal(a.Login)
	if err != nil {
		return 0, fmt.Errorf("save edo account: %w", err)
	}
	query := changeAccount
	if a.ID == 0 {
		query = addAccount
	}
	err = tx.get(ctx, &id, query, args{"id": a.ID, "name": a.Name, "login": tx.db.keys.seal(tx.portal, "login", string(text))})
	return id, missing(err, "save edo account", "Аккаунт СБИС не подключён.")
}

const edoSession = `SELECT session FROM edo_accounts WHERE portal_id = :portal AND id = :id`

// EDOSession reads the kept session of an account, "" when there is none.
func (s Scope) EDOSession(ctx context.Context, account int64) (string, error) {
	var sealed []byte
	if err := s.get(ctx, &sealed, edoSession, args{"id": account}); err != nil {
		return "", missing(err, "edo session", "Аккаунт СБИС не подключён.")
	}
	return s.db.keys.open(s.portal, "session", sealed)
}

const leaseLogin = `
	UPDATE edo_accounts SET renewing_until = clock_timestamp() + make_interval(secs => :term), fence = fence + 1
	WHERE portal_id = :portal AND id = :id AND renewing_until < clock_timestamp() AND problem = ''
	RETURNING fence`

// LeaseLogin takes the right to log in for a term; ok is false when another replica has it.
func (s Scope) LeaseLogin(ctx context.Context, account int64, term time.Duration) (fence int64, ok bool, err error) {
	err = s.get(ctx, &fence, leaseLogin, args{"id": account, "term": term.Seconds()})
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

// EndLogin keeps the new session, or the problem that only a person can mend, if the lease is still ours.
func (tx Tx) EndLogin(ctx context.Context, account, fence int64, session, problem string) error {
	return tx.one(ctx, "end login", endLogin, args{"id": account, "fence": fence, "problem": problem,
		"session": tx.db.keys.seal(tx.portal, "session", session)},
		acts.Errorf(acts.Conflict, "Вход в СБИС уже выполнен другим процессом."))
}
