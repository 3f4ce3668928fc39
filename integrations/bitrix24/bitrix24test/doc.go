// Package bitrix24test is a pretend Bitrix24: a real HTTP server that answers the way the cloud does.
//
// A Cloud is the authorization server, a Portal is one account with its CRM, tasks, notifications and mail.
// Both are http.Handlers, so that a test, the sandbox and a judge use the same code:
//
//	portal := bitrix24test.Start(t)
//	answer := portal.Call(portal.Admin(), "crm.item.get", map[string]any{"entityTypeId": 2, "id": deal})
//
// Allowed methods and their parameters are listed in contract.json; everything else is refused. Limits, tokens and
// the oddities of PHP (empty maps as [], numbers as strings) are those of the real service. Faults can be asked for
// one by one, and every call is written to a trace.
package bitrix24test
