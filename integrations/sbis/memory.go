package sbis

import (
	"context"
	"sync"
)

// MemorySessions keeps one session in memory: for tests and for programs of one process.
// A refused login is remembered until Reset, so that nothing repeats a wrong password.
type MemorySessions struct {
	mu      sync.Mutex
	kept    Session
	refused error
	flight  *flight
}

// flight is a login on its way; done is closed when its outcome is there.
type flight struct {
	done    chan struct{}
	session Session
	err     error
}

// Session returns the kept session.
func (m *MemorySessions) Session(context.Context) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept, m.refused
}

// Renew logs in once for all callers that wait.
func (m *MemorySessions) Renew(ctx context.Context, stale string, login func(context.Context) (Session, error)) (Session, error) {
	f := m.join(ctx, stale, login)
	select {
	case <-f.done:
		return f.session, f.err
	case <-ctx.Done():
		return Session{}, ctx.Err()
	}
}

// Reset forgets the session and the refusal: the login data have changed.
func (m *MemorySessions) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept, m.refused = Session{}, nil
}

// join returns the login under way, starts one, or answers at once with a newer session.
func (m *MemorySessions) join(ctx context.Context, stale string, login func(context.Context) (Session, error)) *flight {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refused != nil || (m.kept.Value != "" && m.kept.Value != stale) {
		f := &flight{done: make(chan struct{}), session: m.kept, err: m.refused}
		close(f.done)
		return f
	}
	if m.flight == nil {
		m.flight = &flight{done: make(chan struct{})}
		// The login outlives the caller who began it: others wait for it too.
		go m.run(context.WithoutCancel(ctx), m.flight, login)
	}
	return m.flight
}

func (m *MemorySessions) run(ctx context.Context, f *flight, login func(context.Context) (Session, error)) {
	f.session, f.err = login(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept, m.flight = f.session, nil
	if IsCredentials(f.err) {
		m.refused = f.err
	}
	close(f.done)
}
