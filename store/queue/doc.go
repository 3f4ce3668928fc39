// Package queue holds the outbox of tasks and what limits background work: leases, budgets of calls and circuit breakers.
package queue
