// Package people stores the employees of a portal: their departments, their membership of the group «Работа с актами», the rights that
// follow from it, and their visits.
package people

import "acts24/store/internal/pg"

type (
	reads  = pg.Scope
	writes = pg.Writing
)

// Scope reads employees, their departments and their rights.
type Scope struct{ reads }

// Tx reads and writes employees, their departments and their rights.
type Tx struct {
	Scope
	writes
}

// Visits reads visits of users.
type Visits struct{ reads }

// VisitsTx reads and writes visits of users.
type VisitsTx struct {
	Visits
	writes
}

// ScopeOf returns the people of a portal.
func ScopeOf(s pg.Scope) Scope { return Scope{s} }

// TxOf returns the people of a portal in a transaction.
func TxOf(s pg.Scope, w pg.Writing) Tx { return Tx{Scope{s}, w} }

// VisitsOf returns the visits of a portal.
func VisitsOf(s pg.Scope) Visits { return Visits{s} }

// VisitsTxOf returns the visits of a portal in a transaction.
func VisitsTxOf(s pg.Scope, w pg.Writing) VisitsTx { return VisitsTx{Visits{s}, w} }
