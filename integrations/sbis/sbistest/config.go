// Package sbistest is a fake SBIS: an HTTP server that keeps accounts, documents and the list of changes, validates
// requests, enforces the limits and can be made to fail. It behaves as docs/contracts/sbis.md describes. What that
// does not tell is decided here and marked «assumed».
package sbistest

import "time"

// Limits are those of a real account (docs/contracts/sbis.md, "Session"). The zero value means the real ones.
type Limits struct {
	Parallel int // calls of one session at once, 5
	Logins   int // logins a minute, 300
	Sessions int // sessions of one account; an older one ends, 5
	Off      bool
}

// Config describes the pretend service.
type Config struct {
	// Now is the business clock: dates of documents and events, life of sessions and links.
	// Machine is the clock of limits and of the journal.
	Now     func() time.Time
	Machine func() time.Time
	// OnCall is told about every method call: "before" its effect and "after" it, before
	// the answer leaves.
	OnCall func(stage, method string)
	Limits Limits
	// SavePath is where the state is kept, written before every answer; empty: nowhere.
	SavePath string
}

// wallClock is the clock of the computer.
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

// orElse returns v, or otherwise when v is the zero value.
func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
