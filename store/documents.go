package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
)

// EDODocument is one attempt to exchange an act through SBIS.
type EDODocument struct {
	ID         string         `db:"id" json:"id"` // our UUID, the document's key at SBIS
	Act        acts.ActID     `db:"act_id" json:"act_id"`
	Attempt    int            `db:"attempt" json:"attempt"`
	Attachment string         `db:"attachment_id" json:"attachment_id"`
	OwnCompany acts.CompanyID `db:"own_company_id" json:"own_company_id"`
	File       int64          `db:"file_id" json:"file_id"`
	Live       bool           `db:"live" json:"live"`
	Written    bool           `db:"written" json:"written"`
	Dispatched bool           `db:"dispatched" json:"dispatched"`
	Gone       bool           `db:"gone" json:"gone"` // nothing of it can still be signed in the cabinet
	StateCode  int            `db:"state_code" json:"state_code"`
	StateName  string         `db:"state_name" json:"state_name"`
	Link       string         `db:"link" json:"link"`
	Signing    acts.Signing   `db:"signing" json:"signing"` // how it is to get our signature
	LastEvent  string         `db:"last_event" json:"last_event"`
	EventAt    time.Time      `db:"last_event_at" json:"last_event_at"` // by the clock of SBIS; long ago before the first
	CreatedAt  time.Time      `db:"created_at" json:"created_at"`
	ChangedAt  time.Time      `db:"changed_at" json:"changed_at"`
}

const documentColumns = `id, signing, act_id, attempt, attachment_id, own_company_id, file_id, live, written, dispatched, gone, state_code, state_name,
	link, last_event, greatest(last_event_at, '1970-01-01') AS last_event_at, created_at, changed_at`

const (
	liveDocument   = `SELECT ` + documentColumns + ` FROM edo_documents WHERE portal_id = :portal AND act_id = :act AND live`
	lastDocument   = `SELECT ` + documentColumns + ` FROM edo_documents WHERE portal_id = :portal AND act_id = :act ORDER BY attempt DESC LIMIT 1`
	documentByID   = `SELECT ` + documentColumns + ` FROM edo_documents WHERE portal_id = :portal AND id = CAST(:id AS uuid) FOR NO KEY UPDATE`
	staleDocuments = `SELECT ` + documentColumns + ` FROM edo_documents
		WHERE portal_id = :portal AND own_company_id = :company AND live AND written AND state_code NOT IN (7, 9, 20) AND changed_at <= :before ORDER BY changed_at LIMIT 20`
	orphanDocuments = `SELECT ` + documentColumns + ` FROM edo_documents
		WHERE portal_id = :portal AND act_id = :act AND NOT live AND NOT gone AND state_code IN (-1, 0, 10, 23) ORDER BY attempt`
	waitingDocuments = `SELECT count(*) FROM (SELECT 1 FROM edo_documents
		WHERE portal_id = :portal AND own_company_id = :company AND live AND state_code NOT IN (7, 9, 20) LIMIT 1) t`
)

// LiveDocument finds the attempt under way; ok is false when there is none.
func (s Scope) LiveDocument(ctx context.Context, act acts.ActID) (d EDODocument, ok bool, err error) {
	return s.document(ctx, liveDocument, args{"act": int64(act)})
}

// LastDocument finds the newest attempt, live or not.
func (s Scope) LastDocument(ctx context.Context, act acts.ActID) (d EDODocument, ok bool, err error) {
	return s.document(ctx, lastDocument, args{"act": int64(act)})
}

// LockDocument finds an attempt by its id at SBIS within the portal, and locks it.
func (tx Tx) LockDocument(ctx context.Context, id string) (d EDODocument, ok bool, err error) {
	return tx.document(ctx, documentByID, args{"id": id})
}

func (s Scope) document(ctx context.Context, query string, a args) (d EDODocument, ok bool, err error) {
	err = s.get(ctx, &d, query, a)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("edo document: %w", err)
	}
	return d, true, nil
}

// StaleDocuments lists live documents of a company that nothing has been heard of since before.
func (s Scope) StaleDocuments(ctx context.Context, company acts.CompanyID, before time.Time) ([]EDODocument, error) {
	var found []EDODocument
	if err := s.list(ctx, &found, staleDocuments, args{"company": int64(company), "before": before}); err != nil {
		return nil, fmt.Errorf("stale documents: %w", err)
	}
	return found, nil
}

// OrphanDocuments lists the unsigned documents of an act that it has left behind in the cabinet.
func (s Scope) OrphanDocuments(ctx context.Context, act acts.ActID) ([]EDODocument, error) {
	var found []EDODocument
	if err := s.list(ctx, &found, orphanDocuments, args{"act": int64(act)}); err != nil {
		return nil, fmt.Errorf("orphan documents: %w", err)
	}
	return found, nil
}

const openDocuments = `SELECT count(*) FROM edo_documents
	WHERE portal_id = :portal AND own_company_id = :company AND live AND state_code NOT IN (7, 9, 20)`

// OpenDocuments counts the documents of a company that are under way at SBIS.
func (s Scope) OpenDocuments(ctx context.Context, company acts.CompanyID) (n int, err error) {
	if err := s.get(ctx, &n, openDocuments, args{"company": int64(company)}); err != nil {
		return 0, fmt.Errorf("open documents: %w", err)
	}
	return n, nil
}

// Waiting reports whether any document of the company is under way, so that SBIS is asked often.
func (s Scope) Waiting(ctx context.Context, company acts.CompanyID) (bool, error) {
	var n int
	if err := s.get(ctx, &n, waitingDocuments, args{"company": int64(company)}); err != nil {
		return false, fmt.Errorf("waiting documents: %w", err)
	}
	return n > 0, nil
}

const addDocument = `
	INSERT INTO edo_documents (portal_id, id, act_id, attempt, attachment_id, own_company_id, file_id, signing, created_at, changed_at)
	SELECT :portal, CAST(:id AS uuid), :act, coalesce(max(attempt), 0) + 1, CAST(:attachment AS uuid), :company, :file, :signing, :now, :now
	FROM edo_documents WHERE portal_id = :portal AND act_id = :act`

// AddDocument keeps the intent of an exchange before the first call about it.
func (tx Tx) AddDocument(ctx context.Context, d EDODocument) error {
	_, err := tx.exec(ctx, addDocument, args{"id": d.ID, "act": int64(d.Act), "attachment": d.Attachment, "company": int64(d.OwnCompany),
		"file": d.File, "signing": string(cmp.Or(d.Signing, acts.SignInCabinet)), "now": d.CreatedAt})
	if err != nil {
		return fmt.Errorf("add document: %w", err)
	}
	return nil
}

const saveDocument = `
	UPDATE edo_documents SET live = :live, written = :written, dispatched = :dispatched, gone = :gone, state_code = :code, state_name = :name,
		link = CASE WHEN CAST(:link AS text) = '' THEN link ELSE :link END, last_event = :event,
		last_event_at = :event_at, changed_at = :now
	WHERE portal_id = :portal AND id = CAST(:id AS uuid)`

// SaveDocument keeps what SBIS said of the document.
func (tx Tx) SaveDocument(ctx context.Context, d EDODocument) error {
	return tx.one(ctx, "save document", saveDocument, args{"id": d.ID, "live": d.Live, "written": d.Written, "dispatched": d.Dispatched, "gone": d.Gone,
		"code": d.StateCode, "name": d.StateName, "link": d.Link, "event": d.LastEvent, "event_at": d.EventAt, "now": d.ChangedAt},
		acts.Errorf(acts.NotFound, "Такого документа нет."))
}

const hearEvent = `
	INSERT INTO edo_events (portal_id, document_id, event_id) VALUES (:portal, CAST(:document AS uuid), :event) ON CONFLICT DO NOTHING`

// HearEvent keeps an event of the list of changes; first is false when it was applied before.
func (tx Tx) HearEvent(ctx context.Context, document, event string) (first bool, err error) {
	n, err := tx.exec(ctx, hearEvent, args{"document": document, "event": event})
	if err != nil {
		return false, fmt.Errorf("hear event: %w", err)
	}
	return n > 0, nil
}

const lookup = `
	SELECT known, boxes, note, invitation, invited_at FROM edo_lookups
	WHERE portal_id = :portal AND inn = :inn AND kpp = :kpp AND asked_at > clock_timestamp() - interval '1 day'`

// Lookup reads what SBIS told of a counterparty in the last day.
func (s Scope) Lookup(ctx context.Context, inn, kpp string) (acts.Connection, error) {
	var row struct {
		Known      bool
		Boxes      jsonb[[]string]
		Note       string
		Invitation string
		InvitedAt  *time.Time `db:"invited_at"`
	}
	err := s.get(ctx, &row, lookup, args{"inn": inn, "kpp": kpp})
	if errors.Is(err, sql.ErrNoRows) {
		return acts.Connection{}, nil
	}
	if err != nil {
		return acts.Connection{}, fmt.Errorf("lookup: %w", err)
	}
	return acts.Connection{Asked: true, Known: row.Known, Boxes: row.Boxes.V, Note: row.Note, Invitation: row.Invitation,
		InvitedAt: orZeroTime(row.InvitedAt)}, nil
}

const saveInvitation = `UPDATE edo_lookups SET invitation = :invitation, invited_at = :now WHERE portal_id = :portal AND inn = :inn AND kpp = :kpp`

// SaveInvitation keeps our invitation of a counterparty to SBIS. now is business time.
func (tx Tx) SaveInvitation(ctx context.Context, inn, kpp, invitation string, now time.Time) error {
	return tx.one(ctx, "save invitation", saveInvitation, args{"inn": inn, "kpp": kpp, "invitation": invitation, "now": now},
		acts.Errorf(acts.NotFound, "Контрагент ещё не проверен в СБИС."))
}

const saveLookup = `
	INSERT INTO edo_lookups (portal_id, inn, kpp, known, boxes, note) VALUES (:portal, :inn, :kpp, :known, :boxes, :note)
	ON CONFLICT (portal_id, inn, kpp) DO UPDATE SET known = EXCLUDED.known, boxes = EXCLUDED.boxes, note = EXCLUDED.note,
		asked_at = clock_timestamp()`

// SaveLookup keeps what SBIS told of a counterparty.
func (tx Tx) SaveLookup(ctx context.Context, inn, kpp string, c acts.Connection) error {
	_, err := tx.exec(ctx, saveLookup, args{"inn": inn, "kpp": kpp, "known": c.Known, "boxes": asJSON(c.Boxes), "note": c.Note})
	if err != nil {
		return fmt.Errorf("save lookup: %w", err)
	}
	return nil
}
