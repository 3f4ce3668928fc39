// Package bitrix24test is a fake Bitrix24: an HTTP server that answers as the cloud does.
//
// A Cloud is the authorization server, a Portal is one account with its CRM, tasks, notifications and mail.
// Both are http.Handlers, so that tests, the sandbox and the crash test use the same code:
//
//	portal := bitrix24test.Start(t)
//	answer, err := portal.Call(portal.Admin(), "crm.item.get", map[string]any{"entityTypeId": 2, "id": deal})
//
// Allowed methods and their parameters are listed in contract/contract.json; everything else is refused. Limits, tokens and
// the peculiarities of PHP (empty maps as [], numbers as strings) are those of the real service. Tests inject faults,
// and each call is written to a trace.
package bitrix24test
