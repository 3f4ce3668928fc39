// Package fakehttp holds what the fake servers of Bitrix24 and SBIS share: the journal of calls, faults, a clock that
// tests move, saved state, and the JSON that controls a fake. It is for tests and the sandbox.
package fakehttp
