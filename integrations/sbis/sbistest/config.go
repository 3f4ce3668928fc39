// Package sbistest is a fake SBIS: an HTTP server that keeps accounts, documents and the list of changes, validates
// requests, enforces the limits and can be made to fail. It behaves as docs/contracts/sbis.md describes. Behaviour
// that is not documented is decided here and marked «assumed».
package sbistest

import "time"

// Limits are those of a real account (docs/contracts/sbis.md, "Session"). The zero value means the real ones.
type Limits struct {
	Parallel int // calls of one session at once, 5
	Logins   int // logins a minute, 300
	Sessions int // sessions of one account, 5; then the oldest one ends
	Off      bool
}

// Config is the configuration of the fake service.
type Config struct {
	// Now is the business clock of documents, events, sessions and links.
	// Machine is the clock of limits and of the journal.
	Now     func() time.Time
	Machine func() time.Time
	// OnCall is called for every method call "before" its execution and "after" it, before the answer is sent.
	OnCall func(stage, method string)
	Limits Limits
	// SavePath is the file of the state, written after every change, before its answer; empty: it is not saved.
	SavePath string
}

// wallClock is the clock of limits and of the journal.
var wallClock = time.Now

func (c Config) withDefaults() Config {
	if c.Machine == nil {
		c.Machine = wallClock
	}
	if c.Now == nil {
		c.Now = c.Machine
	}
	c.Limits = c.Limits.withDefaults()
	return c
}

func (l Limits) withDefaults() Limits {
	l.Parallel = orElse(l.Parallel, 5)
	l.Logins = orElse(l.Logins, 300)
	l.Sessions = orElse(l.Sessions, 5)
	return l
}

// orElse returns v, or fallback when v is the zero value.
func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
