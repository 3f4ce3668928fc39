package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/acts/signed"
	"acts24/store/internal/pg"
)

// EDODocument is one attempt to exchange an act through SBIS.
type EDODocument struct {
	ID         string             `db:"id" json:"id"` // our UUID, the document's key at SBIS
	Act        acts.ActID         `db:"act_id" json:"act_id"`
	Attempt    int                `db:"attempt" json:"attempt"`
	Attachment string             `db:"attachment_id" json:"attachment_id"`
	OwnCompany acts.CompanyID     `db:"own_company_id" json:"own_company_id"`
	File       int64              `db:"file_id" json:"file_id"`
	Live       bool               `db:"live" json:"live"`
	Written    bool               `db:"written" json:"written"`
	Dispatched bool               `db:"dispatched" json:"dispatched"`
	Gone       bool               `db:"gone" json:"gone"`     // deleted, recalled or annulled: nothing of it is left in the account
	Unread     bool               `db:"unread" json:"unread"` // it has to be read at SBIS: the list of changes did not have everything
	Phase      acts.DocumentPhase `db:"state_code" json:"state_code"`
	StateName  string             `db:"state_name" json:"state_name"`
	Link       string             `db:"link" json:"link"`
	Signing    acts.Signing       `db:"signing" json:"signing"` // how it is to get our signature
	Prepared   Prepared           `db:"prepared" json:"prepared"`
	LastEvent  string             `db:"last_event" json:"last_event"`
	EventAt    time.Time          `db:"last_event_at" json:"last_event_at"` // by the clock of SBIS; long ago before the first
	CreatedAt  time.Time          `db:"created_at" json:"created_at"`
	ChangedAt  time.Time          `db:"changed_at" json:"changed_at"`

	Package      signed.State `db:"package" json:"package"` // its signed files
	PackageNote  string       `db:"package_note" json:"package_note"`
	PackageAsked int          `db:"package_asked" json:"package_asked"` // how often a file was requested and not ready
}

// Prepared is whether a formal document was prepared for its signature, which is done once.
type Prepared string

// How far the preparation has come.
const (
	NotPrepared          Prepared = ""
	PreparationRequested Prepared = "asked" // the result of the call is unknown
	PreparedForSign      Prepared = "done"
)

const documentColumns = `id, signing, prepared, act_id, attempt, attachment_id, own_company_id, file_id, live, written, dispatched, gone, unread, state_code, state_name,
	link, last_event, greatest(last_event_at, '1970-01-01') AS last_event_at, created_at, changed_at,
	package, package_note, package_asked`

// The phases that statements compare state_code with.
var (
	finalPhases      = phaseList(acts.PhaseDecided, acts.PhaseRefused, acts.PhaseCancelled) // nothing changes without a new step of a person
	cancelledPhase   = phaseList(acts.PhaseCancelled)
	signedPhases     = phaseList(acts.PhaseWaitingConnection, acts.PhaseSent, acts.PhaseDelivered, acts.PhaseDecided) // signed by us and not refused
	dispatchedPhases = phaseList(acts.PhaseWaitingConnection, acts.PhaseSent, acts.PhaseDelivered, acts.PhaseFailed, acts.PhaseDecided, acts.PhaseRefused)
)

// phaseList returns the numbers of phases, separated by commas, for a condition with IN.
func phaseList(phases ...acts.DocumentPhase) string {
	numbers := make([]string, len(phases))
	for i, p := range phases {
		numbers[i] = strconv.Itoa(int(p))
	}
	return strings.Join(numbers, ", ")
}

var (
	liveDocument   = `SELECT ` + documentColumns + ` FROM edo_documents WHERE portal_id = :portal AND act_id = :act AND live`
	lastDocument   = `SELECT ` + documentColumns + ` FROM edo_documents WHERE portal_id = :portal AND act_id = :act ORDER BY attempt DESC LIMIT 1`
	documentByID   = `SELECT ` + documentColumns + ` FROM edo_documents WHERE portal_id = :portal AND id = CAST(:id AS uuid)`
	lockDocument   = documentByID + ` FOR NO KEY UPDATE`
	staleDocuments = `SELECT ` + documentColumns + ` FROM edo_documents
		WHERE portal_id = :portal AND own_company_id = :company AND live AND written AND (state_code NOT IN (` + finalPhases + `) OR ` + beingAnnulled + `) AND changed_at <= :before ORDER BY changed_at LIMIT 20`
	unreadDocuments = `SELECT ` + documentColumns + ` FROM edo_documents WHERE portal_id = :portal AND own_company_id = :company AND unread ORDER BY changed_at LIMIT 20`
	// A document that was marked as gone may have been sent by a person meanwhile.
	leftDocuments = `SELECT ` + documentColumns + ` FROM edo_documents
		WHERE portal_id = :portal AND act_id = :act AND NOT live AND state_code NOT IN (` + cancelledPhase + `) AND (NOT gone OR state_code IN (` + dispatchedPhases + `)) ORDER BY attempt`
	waitingDocuments = `SELECT count(*) FROM (SELECT 1 FROM edo_documents
		WHERE portal_id = :portal AND own_company_id = :company AND live AND (state_code NOT IN (` + finalPhases + `) OR ` + beingAnnulled + `) LIMIT 1) t`

	// beingAnnulled holds for a document whose recall or annulment is under way.
	beingAnnulled = `act_id IN (SELECT a.id FROM acts a WHERE a.portal_id = :portal AND a.own_company_id = :company AND jsonb_exists_any(a.annulment, '{step,proposed}'))`
)

// Live finds the attempt under way; ok is false when there is none.
func (s Documents) Live(ctx context.Context, act acts.ActID) (d EDODocument, ok bool, err error) {
	return s.document(ctx, liveDocument, pg.Args{"act": act})
}

// Last finds the newest attempt, live or not.
func (s Documents) Last(ctx context.Context, act acts.ActID) (d EDODocument, ok bool, err error) {
	return s.document(ctx, lastDocument, pg.Args{"act": act})
}

// Get finds an attempt by its id at SBIS within the portal.
func (s Documents) Get(ctx context.Context, id string) (d EDODocument, ok bool, err error) {
	return s.document(ctx, documentByID, pg.Args{"id": id})
}

// Lock finds an attempt by its id at SBIS within the portal, and locks it.
func (tx DocumentsTx) Lock(ctx context.Context, id string) (d EDODocument, ok bool, err error) {
	return tx.document(ctx, lockDocument, pg.Args{"id": id})
}

func (s Documents) document(ctx context.Context, query string, a pg.Args) (d EDODocument, ok bool, err error) {
	ok, err = pg.FindFixed(ctx, s, &d, query, a)
	return d, ok, pg.Wrap("edo document", err)
}

// Stale lists live documents of a company without events since before.
func (s Documents) Stale(ctx context.Context, company acts.CompanyID, before time.Time) ([]EDODocument, error) {
	var found []EDODocument
	if err := pg.Select(ctx, s, &found, staleDocuments, pg.Args{"company": company, "before": before}); err != nil {
		return nil, fmt.Errorf("stale documents: %w", err)
	}
	return found, nil
}

// Unread lists documents of a company that are to be read, at most 20.
func (s Documents) Unread(ctx context.Context, company acts.CompanyID) ([]EDODocument, error) {
	var found []EDODocument
	if err := pg.Select(ctx, s, &found, unreadDocuments, pg.Args{"company": company}); err != nil {
		return nil, fmt.Errorf("unread documents: %w", err)
	}
	return found, nil
}

// LeftBehind lists earlier documents of an act that may still be in the SBIS account or at the counterparty, the oldest first.
func (s Documents) LeftBehind(ctx context.Context, act acts.ActID) ([]EDODocument, error) {
	var found []EDODocument
	if err := pg.Select(ctx, s, &found, leftDocuments, pg.Args{"act": act}); err != nil {
		return nil, fmt.Errorf("left documents: %w", err)
	}
	return found, nil
}

var openDocuments = `SELECT count(*) FROM edo_documents
	WHERE portal_id = :portal AND own_company_id = :company AND live AND state_code NOT IN (` + finalPhases + `)`

// CountOpen counts the documents of a company that are under way at SBIS.
func (s Documents) CountOpen(ctx context.Context, company acts.CompanyID) (n int, err error) {
	if err := pg.Get(ctx, s, &n, openDocuments, pg.Args{"company": company}); err != nil {
		return 0, fmt.Errorf("open documents: %w", err)
	}
	return n, nil
}

// Waiting reports whether any document of the company is under way; then changes are polled often.
func (s Documents) Waiting(ctx context.Context, company acts.CompanyID) (bool, error) {
	var n int
	if err := pg.Get(ctx, s, &n, waitingDocuments, pg.Args{"company": company}); err != nil {
		return false, fmt.Errorf("waiting documents: %w", err)
	}
	return n > 0, nil
}

const addDocument = `
	INSERT INTO edo_documents (portal_id, id, act_id, attempt, attachment_id, own_company_id, file_id, signing, created_at, changed_at)
	SELECT :portal, CAST(:id AS uuid), :act, coalesce(max(attempt), 0) + 1, CAST(:attachment AS uuid), :company, :file, :signing, :now, :now
	FROM edo_documents WHERE portal_id = :portal AND act_id = :act`

// Add stores an attempt before the first call about it; Conflict when the act has a live document.
func (tx DocumentsTx) Add(ctx context.Context, d EDODocument) error {
	_, err := pg.Exec(ctx, tx, addDocument, pg.Args{"id": d.ID, "act": d.Act, "attachment": d.Attachment, "company": d.OwnCompany,
		"file": d.File, "signing": string(cmp.Or(d.Signing, acts.SigningManual)), "now": d.CreatedAt})
	if pq.As(err, pqerror.UniqueViolation) != nil {
		return acts.Errorf(acts.Conflict, "У акта уже есть документ в СБИС.")
	}
	if err != nil {
		return fmt.Errorf("add document: %w", err)
	}
	return nil
}

const saveDocument = `
	UPDATE edo_documents SET live = :live, written = :written, dispatched = :dispatched, gone = :gone, unread = :unread, state_code = :code, state_name = :name,
		link = CASE WHEN CAST(:link AS text) = '' THEN link ELSE :link END, last_event = :event,
		last_event_at = :event_at, changed_at = :now
	WHERE portal_id = :portal AND id = CAST(:id AS uuid)`

// Save stores what SBIS reported about the document.
func (tx DocumentsTx) Save(ctx context.Context, d EDODocument) error {
	return pg.ExecOne(ctx, tx, "save document", saveDocument, pg.Args{"id": d.ID, "live": d.Live, "written": d.Written, "dispatched": d.Dispatched, "gone": d.Gone,
		"unread": d.Unread, "code": d.Phase, "name": d.StateName, "link": d.Link, "event": d.LastEvent, "event_at": d.EventAt, "now": d.ChangedAt},
		acts.Errorf(acts.NotFound, "Такого документа нет."))
}

const prepareDocument = `UPDATE edo_documents SET prepared = :prepared WHERE portal_id = :portal AND id = CAST(:id AS uuid)`

// SetPrepared stores the progress of preparing the signature of a document.
func (tx DocumentsTx) SetPrepared(ctx context.Context, id string, p Prepared) error {
	return pg.ExecOne(ctx, tx, "prepare document", prepareDocument, pg.Args{"id": id, "prepared": p}, acts.Errorf(acts.NotFound, "Такого документа нет."))
}

const setPackage = `UPDATE edo_documents SET package = :state, package_note = :note, package_asked = :asked WHERE portal_id = :portal AND id = CAST(:id AS uuid)`

// SetPackage stores how far the package of a document has come: d.Package, d.PackageNote and d.PackageAsked.
func (tx DocumentsTx) SetPackage(ctx context.Context, d EDODocument) error {
	return pg.ExecOne(ctx, tx, "set package", setPackage, pg.Args{"id": d.ID, "state": string(d.Package), "note": d.PackageNote, "asked": d.PackageAsked},
		acts.Errorf(acts.NotFound, "Такого документа нет."))
}

const addEDOEvent = `
	INSERT INTO edo_events (portal_id, document_id, event_id) VALUES (:portal, CAST(:document AS uuid), :event) ON CONFLICT DO NOTHING`

// AddEvent stores an event of the list of changes; first is false when it was stored before.
func (tx DocumentsTx) AddEvent(ctx context.Context, document, event string) (first bool, err error) {
	n, err := pg.Exec(ctx, tx, addEDOEvent, pg.Args{"document": document, "event": event})
	if err != nil {
		return false, fmt.Errorf("add event of document: %w", err)
	}
	return n > 0, nil
}
