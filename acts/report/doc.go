// Package report has what summarizes many acts: how long they wait for a signature, and what an employee is told in the morning.
package report
