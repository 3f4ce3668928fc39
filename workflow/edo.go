package workflow

import (
	"context"
	"time"

	"acts24/acts"
	"acts24/store"
)

// EDO is what we ask of the operator of electronic documents. Errors as those of CRM.
type EDO interface {
	// Title makes the seller's title of an act: its file name and exact bytes. It calls nobody.
	Title(a acts.Act, document string, at time.Time) (name string, body []byte, err error)
	// Write puts a document into the cabinet, or updates the one with the same id.
	Write(ctx context.Context, account Account, d Document) (Report, error)
	// Read reads one document; NotFound when the cabinet does not have it.
	Read(ctx context.Context, account Account, document string) (Report, error)
	// Delete removes a draft; a document that is not there is no error.
	Delete(ctx context.Context, account Account, document string) error
	// Changes reads what happened since a position, page by page; apply keeps the page and the position together.
	Changes(ctx context.Context, account Account, own acts.Party, from Position, apply func(context.Context, []Report, Position) error) error
	// Invite invites a party to exchange documents and returns the invitation's id, "" when it is connected already.
	Invite(ctx context.Context, account Account, own, p acts.Party) (string, error)
	// Cabinet asks who enters an account, which organisations it has and with which certificates it signs.
	Cabinet(ctx context.Context, account Account) (acts.Cabinet, []acts.Certificate, error)
	// Sign has a written document signed and sent with a key that the operator holds, or without a thumbprint puts it before our signer.
	Sign(ctx context.Context, account Account, document, thumbprint string) (Report, error)
	// ActivationCode has the operator send the owner of a certificate an activation code.
	ActivationCode(ctx context.Context, account Account, thumbprint string) error
	// Activate activates a certificate with that code.
	Activate(ctx context.Context, account Account, thumbprint, code string) error
	// Lookup asks what the operator knows of a party.
	Lookup(ctx context.Context, account Account, p acts.Party) (acts.Connection, error)
}

// Account names an account of a portal.
type Account struct {
	Portal acts.PortalID
	ID     int64
}

// Document is what is written to the cabinet.
type Document struct {
	ID         string // our UUID, the same at every repeat
	Attachment string // our UUID of the file
	Name       string // of the file
	Body       []byte
	Act        acts.Act
	Power      string // number of our signer's power of attorney, "" when he needs none
}

// Report is what the operator says of one document.
type Report struct {
	acts.Report
	Document string
	Event    string // id of its last event
	EventAt  time.Time
	Link     string // opens it in the cabinet
}

// Position is where we are in the list of changes.
type Position struct {
	EventID string
	EventAt string
	Since   time.Time
}

func position(f store.Feed) Position {
	return Position{EventID: f.EventID, EventAt: f.EventAt, Since: f.Since}
}
