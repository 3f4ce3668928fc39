// Package edo exchanges acts through the operator of electronic documents, SBIS: it writes, signs, withdraws and polls documents, and invites
// counterparties. Package workflow enqueues these tasks.
package edo
