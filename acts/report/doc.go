// Package report summarizes many acts: how long they wait for a signature, and the morning digest of an employee.
package report
