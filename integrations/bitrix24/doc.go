// Package bitrix24 speaks to a Bitrix24 portal and its authorisation server in their own words: calls, batches,
// typed errors, and decoders of what a portal posts to us (contracts/bitrix24.md). It knows nothing of acts and
// keeps no state: tokens, budgets and retries live behind the interfaces that its callers give.
package bitrix24
