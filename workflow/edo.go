package workflow

import (
	"context"
	"io"
	"time"

	"acts24/acts"
	"acts24/acts/printform"
	"acts24/acts/signed"
)

// EDO is the part of the operator of electronic documents that the use cases call. Errors as those of CRM.
type EDO interface {
	// Title builds the seller's title of an act: its file name and exact bytes. It makes no call.
	Title(a acts.Act, document string, at time.Time) (name string, body []byte, err error)
	// TitleFaults builds the title as Title does and returns what it refuses; nothing is stored or sent. It makes no
	// call.
	TitleFaults(a acts.Act, at time.Time) ([]acts.DocumentFault, error)
	// Printed returns what the printed УПД of an act shows, from the source of Title, and what its builder refuses. It makes
	// no call.
	Printed(a acts.Act) (printform.UPD, []acts.DocumentFault)
	// PrintedTitle returns what the printed УПД of a stored title shows. It makes no call.
	PrintedTitle(body []byte) (printform.UPD, error)
	// Content reads what a title of ours names of its act besides number, date, parties and rows. It makes no call.
	Content(body []byte) (signed.Content, error)
	// Write writes a document to the account, or updates the one with the same id.
	Write(ctx context.Context, account Account, d Document) (Report, error)
	// Read fetches one document; NotFound when the account does not have it.
	Read(ctx context.Context, account Account, document string) (Report, error)
	// Delete removes a draft; a document that is not there is no error.
	Delete(ctx context.Context, account Account, document string) error
	// Changes fetches what happened since a position. apply stores one document, or none, together with the position
	// behind it.
	Changes(ctx context.Context, account Account, own acts.Party, from Position, apply func(context.Context, []Report, Position) error) error
	// Invite invites a party to exchange documents and returns the invitation's id, "" when it is connected already.
	Invite(ctx context.Context, account Account, own, p acts.Party) (string, error)
	// CheckAccount fetches who owns an account, its organisations and the certificates with which it signs.
	CheckAccount(ctx context.Context, account Account) (acts.OperatorAccount, []acts.Certificate, error)
	// Prepare makes the operator prepare a formal document for its signature and returns the step under the name that it has afterwards.
	Prepare(ctx context.Context, account Account, document string, by Step, thumbprint string) (Step, error)
	// Sign signs and sends a written document with a key that the operator holds, or without a thumbprint submits it to
	// our signer. ErrUnprepared means that it has to be prepared first.
	Sign(ctx context.Context, account Account, document string, by Step, thumbprint string) (Report, error)
	// Annul executes a step of an annulment that the document offers, with the comment if it requires one.
	Annul(ctx context.Context, account Account, document string, by Offer, comment, thumbprint string) (Report, error)
	// Signed fetches the titles of a document with their signatures. ErrNotReady while the operator is making a file, ErrTooLarge for a file
	// above the limits.
	Signed(ctx context.Context, account Account, document string) (SignedDocument, error)
	// PrintForm copies the print form that the operator makes of a document, a PDF of at most limit bytes. Errors as those of Signed.
	PrintForm(ctx context.Context, account Account, document string, w io.Writer, limit int64) error
	// ActivationCode makes the operator send an activation code to the owner of a certificate.
	ActivationCode(ctx context.Context, account Account, thumbprint string) error
	// Activate activates a certificate with that code.
	Activate(ctx context.Context, account Account, thumbprint, code string) error
	// Lookup returns the connection of a party at the operator.
	Lookup(ctx context.Context, account Account, p acts.Party) (acts.Connection, error)
}

// Account names an account of a portal.
type Account struct {
	Portal acts.PortalID
	ID     int64
}

// Document is what is written to the account.
type Document struct {
	ID         string // our UUID, the same at every repeat
	Attachment string // our UUID of the file
	Name       string // of the file
	Body       []byte
	Act        acts.Act
	Power      string // number of our signer's power of attorney, "" when he needs none
}

// Report is the operator's state of one document.
type Report struct {
	acts.DocumentState
	Document string
	Event    string // id of its last event
	EventAt  time.Time
	Link     string // opens it in the account
	Theirs   string // opens it in the account of a counterparty that uses SBIS
	Step     *Step  // signs and sends it, nil when the operator offers several and a person must choose
	Formal   bool   // a title in the format of the law, whose signature is prepared before

	Offers map[acts.AnnulmentStep]Offer // steps of an annulment that the operator would execute, of a whole document

	Act        acts.ActID // our key on it, 0 when it is not ours or its portal is another one
	Number     string     // of the document
	Date       time.Time
	Attachment string // id of our file

	Whole      bool     // the document itself was read, not a line of the list of changes
	Events     []string // ids of all its events, of a whole document
	SeenBefore string   // the last event that we had seen before we fetched the whole document
}

// AboutAnnulment reports whether the last event of the document is about an annulment: it brings no new files.
func (r Report) AboutAnnulment() bool {
	n := len(r.Annulment)
	return n > 0 && r.Annulment[n-1].Event == r.Event && r.Event != ""
}

// Step is the stage and the action by which a document leaves, as the account names them.
type Step struct {
	ID, Stage, Action string
}

// Offer is a step of an annulment as the account names it.
type Offer struct {
	Step     Step
	Signs    bool // it needs a signature
	Comments bool // it needs a comment
	Keys     []acts.Certificate
}

// SignedDocument is what the operator has of a signed document.
type SignedDocument struct {
	Files []SignedFile
	Notes []string // what is missing or does not fit, in sentences for users
}

// SignedFile is a title or a detached signature of it.
type SignedFile struct {
	Part       signed.Part
	Name       string
	Body       []byte
	Signatures []signed.Signature // of a file that is a signature
}

// Position is where we are in the list of changes.
type Position struct {
	EventID string
	EventAt string
	Since   time.Time
}
