package sbis

import (
	"context"
	"sync"
)

// memorySessions is a source that stores one session. A refused login is stored too, so that a wrong password is not repeated.
type memorySessions struct {
	mu      sync.Mutex
	session Session
	refused error
}

func (m *memorySessions) Session(context.Context) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.session, m.refused
}

func (m *memorySessions) Renew(ctx context.Context, stale string, login func(context.Context) (Session, error)) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refused != nil || m.session.Value != "" && m.session.Value != stale {
		return m.session, m.refused
	}
	var err error
	if m.session, err = login(ctx); IsCredentials(err) {
		m.refused = err
	}
	return m.session, err
}
