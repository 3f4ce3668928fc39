package edo

import (
	"context"
	"errors"
	"strings"
	"time"

	"acts24/acts"
	"acts24/integrations/sbis"
	"acts24/store"
	"acts24/workflow"
	"acts24/workflow/breaker"
)

// sessions keeps the session of one account in the store. One replica at a time logs in, under a lease with a fence, and a refused login is
// not repeated until a person has changed the account.
type sessions struct {
	db      *store.DB
	account workflow.Account
	lease   time.Duration
}

// Session returns the stored session.
func (s *sessions) Session(ctx context.Context) (sbis.Session, error) {
	text, err := s.db.Scope(s.account.Portal).Accounts().Session(ctx, s.account.ID)
	if err != nil || text == "" {
		return sbis.Session{}, err
	}
	header, value, _ := strings.Cut(text, " ")
	return sbis.Session{Header: header, Value: value}, nil
}

// Renew replaces the session whose value is stale.
func (s *sessions) Renew(ctx context.Context, stale string, login func(context.Context) (sbis.Session, error)) (sbis.Session, error) {
	scope := s.db.Scope(s.account.Portal)
	for {
		stored, err := s.Session(ctx)
		if err != nil || stored.Value != "" && stored.Value != stale {
			return stored, err
		}
		account, err := scope.Accounts().Get(ctx, s.account.ID)
		if err != nil {
			return stored, err
		}
		if account.Problem != "" {
			return stored, acts.Errorf(acts.Refused, "%s", account.Problem)
		}
		fence, ok, err := scope.Accounts().LeaseLogin(ctx, s.account.ID, s.lease)
		if err != nil {
			return stored, err
		}
		if ok {
			return s.logIn(ctx, fence, stale, login)
		}
		select {
		case <-ctx.Done():
			return stored, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// logIn logs in; it is called while the lease is held. It reads the stored session again, because another replica may have logged in before.
func (s *sessions) logIn(ctx context.Context, fence int64, stale string, login func(context.Context) (sbis.Session, error)) (sbis.Session, error) {
	stored, err := s.Session(ctx)
	if err != nil {
		return stored, err
	}
	if stored.Value != "" && stored.Value != stale {
		return stored, s.endLogin(ctx, fence, stored, "")
	}
	bounded, cancel := context.WithTimeout(ctx, s.lease*3/4) // ends before another replica can get the lease
	defer cancel()
	fresh, err := login(bounded)
	problem := ""
	if sbis.IsCredentials(err) {
		problem = "СБИС не принял вход" + loginMessage(err) + ". Проверьте логин или ключи приложения в настройках."
	}
	return fresh, errors.Join(err, s.endLogin(ctx, fence, fresh, problem))
}

// loginMessage returns the message of SBIS for users, "" for a code of OAuth such as invalid_client.
func loginMessage(err error) string {
	var e *sbis.Error
	if errors.As(err, &e) && strings.ContainsRune(e.UserMessage(), ' ') {
		return ": " + strings.Trim(e.UserMessage(), " .")
	}
	return ""
}

// endLogin stores the session, or the problem of a refused login, and ends the lease.
func (s *sessions) endLogin(ctx context.Context, fence int64, session sbis.Session, problem string) error {
	text := ""
	if session.Value != "" {
		text = session.Header + " " + session.Value
	}
	return s.db.InTx(ctx, s.account.Portal, func(tx store.Tx) error {
		if err := tx.Accounts().EndLogin(ctx, s.account.ID, fence, text, problem); err != nil {
			return err
		}
		switch {
		case problem != "":
			return breaker.Opened(ctx, tx, s.account.ID, problem)
		case text != "":
			return breaker.Closed(ctx, tx, s.account.ID)
		}
		return nil
	})
}
