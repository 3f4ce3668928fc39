// Package bitrix24 is a client of a Bitrix24 portal and its authorization server in the vendor's terms: calls,
// batches, typed errors, and decoders of what a portal posts to the app (docs/contracts/bitrix24.md). It has no
// knowledge of acts and no state: tokens, rate limits and the breaker are interfaces that the caller implements.
package bitrix24
