// Package bitrix24 is a client of a Bitrix24 portal and its authorization server in the vendor's terms: calls,
// batches, typed errors, and decoders of what a portal posts to the app (docs/contracts/bitrix24.md). It knows
// nothing of acts and keeps no state: tokens, rate limits and retries are behind interfaces that the caller gives.
package bitrix24
