package acts

// Identifiers. Those of the CRM are valid only within their portal.
type (
	PortalID  int64 // our tenant: one Bitrix24 account
	ActID     int64 // our act
	DealID    int64 // CRM deal
	CompanyID int64 // CRM company, ours or theirs
	ContactID int64 // CRM contact
	RowID     int64 // product row of a deal
	ItemID    int64 // CRM item of the smart process «Акты»
	UserID    int64 // employee of the portal
)

// PortalState is whether a portal may be worked with.
type PortalState string

// The states of a portal.
const (
	PortalInstalling PortalState = "installing"
	PortalActive     PortalState = "active"
	PortalFrozen     PortalState = "frozen" // the app was removed
	PortalHeld       PortalState = "held"   // its data come from a backup that was not reconciled yet
)
