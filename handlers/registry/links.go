package registry

import (
	"net/url"
	"strconv"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/handlers/web"
	"acts24/store/list"
)

// NotificationPath returns the page below the base of its portal that a notification links to, "" for an unknown name.
func NotificationPath(params map[string]string) string {
	var user acts.UserID
	if n, err := strconv.ParseInt(params["user"], 10, 64); err == nil && n > 0 {
		user = acts.UserID(n)
	}
	rows := func(f list.ActFilter) string {
		f.Responsible = user
		return address("acts", filterQuery(f, ""))
	}
	switch name := params["page"]; report.DigestLine(name) {
	case "me", "state":
		return name
	case "acts":
		return rows(list.ActFilter{})
	case "signed":
		return rows(list.ActFilter{Statuses: []acts.Status{acts.StatusSigned}})
	case "annulled":
		return rows(list.ActFilter{Statuses: []acts.Status{acts.StatusAnnulled}})
	case "failed":
		return rows(list.ActFilter{Failed: true})
	case report.LineOverdue:
		return rows(list.ActFilter{Overdue: true})
	case report.LineRefused:
		return rows(list.ActFilter{Refused: true})
	case report.LineOurs:
		return rows(list.ActFilter{Statuses: []acts.Status{acts.StatusDraft}, Conditions: list.Conditions{Delivery: string(acts.DeliveryWaitingSignature)}})
	case report.LineTheirs:
		return rows(list.ActFilter{Statuses: []acts.Status{acts.StatusSent, acts.StatusAcceptedUnsigned}})
	case report.LineDealsWithoutActs:
		if user == 0 {
			return "deals"
		}
		return address("deals", url.Values{"responsible": {web.ID(user)}})
	}
	return ""
}
