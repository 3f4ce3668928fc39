// Package edo brings acts to the operator of electronic documents, SBIS: it writes, signs, withdraws and polls documents, and invites counterparties.
// What enqueues these tasks is in package workflow.
package edo
