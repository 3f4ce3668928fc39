package bitrix24

import (
	"strconv"
)

// Codes of the placements where we are embedded (docs/contracts/bitrix24.md, "Places").
const (
	DefaultPlace    = "DEFAULT"
	DealTabPlace    = "CRM_DEAL_DETAIL_TAB"
	CompanyTabPlace = "CRM_COMPANY_DETAIL_TAB"
	ContactTabPlace = "CRM_CONTACT_DETAIL_TAB"
	LeftMenuPlace   = "LEFT_MENU"
	AppURIPlace     = "REST_APP_URI"

	DealMenuPlace      = "CRM_DEAL_LIST_MENU"
	AnalyticsMenuPlace = "CRM_ANALYTICS_MENU"
)

// ItemTabPlace returns the code of the tab on the card of a smart process.
func ItemTabPlace(t EntityType) string { return "CRM_DYNAMIC_" + strconv.Itoa(int(t)) + "_DETAIL_TAB" }

// Placement is a handler of ours that is bound to a placement.
type Placement struct {
	Code        Text      `json:"placement"`
	UserID      ID        `json:"userId"`
	Handler     Text      `json:"handler"`
	Title       Text      `json:"title"`
	Description Text      `json:"description"`
	Options     Map[Text] `json:"options"`
}

// PlacementDraft is a handler to be bound.
type PlacementDraft struct {
	Code, Handler, Title, Description string
}

// GetPlacements reads our handlers; it needs an administrator. The answer is a List of Placement.
func GetPlacements() Command { return Command{Method: "placement.get"} }

// BindPlacement binds a handler; binding it twice is an error for which IsDuplicateHandler is true.
func BindPlacement(d PlacementDraft) Command {
	p := Params{"PLACEMENT": d.Code, "HANDLER": d.Handler}
	setText(p, "TITLE", d.Title)
	setText(p, "DESCRIPTION", d.Description)
	if d.Title != "" {
		texts := Params{"TITLE": d.Title}
		setText(texts, "DESCRIPTION", d.Description)
		p["LANG_ALL"] = Params{"ru": texts}
	}
	return Command{Method: "placement.bind", Params: p}
}

// UnbindPlacement removes one handler of ours, or all of ours at the placement when handler is empty.
func UnbindPlacement(code, handler string) Command {
	p := Params{"PLACEMENT": code}
	setText(p, "HANDLER", handler)
	return Command{Method: "placement.unbind", Params: p}
}
