// Package audit stores the audit log: who read files and exports, and who changed settings, accounts, people and keys of a portal. Its
// rows hold ids only, no names and no contents. The role of the program adds and reads them and cannot change or delete any.
package audit

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// The actions of commands of an operator; those of visitors are in the table of routes.
const (
	Archive       = "archive"        // all acts of a portal were handed out
	Reseal        = "reseal"         // secrets were sealed under another key
	Reconcile     = "reconcile"      // a restored database was compared with the CRM and SBIS
	SubjectExport = "subject-export" // the data of a person or counterparty were read
	SubjectErase  = "subject-erase"  // the data of a person or counterparty were erased
)

// Record is a row of the audit log.
type Record struct {
	At      time.Time   `db:"at"`         // machine time, set by the database
	User    acts.UserID `db:"user_id"`    // 0 for the operator of the service
	Action  string      `db:"action"`     // what was done
	Object  string      `db:"object"`     // with what: the address within the portal, without its query
	Request string      `db:"request_id"` // as in the log, "" for a command
}

// maxObjectLength is the largest length of a stored Object.
const maxObjectLength = 200

const addRecord = `
	INSERT INTO audit (portal_id, user_id, action, object, request_id) VALUES (:portal, :user, :action, left(:object, :longest), :request)`

// Add adds a record outside a transaction.
func Add(ctx context.Context, db *store.DB, portal acts.PortalID, r Record) error {
	return AddTo(ctx, pg.Autocommit(db.DB, portal), r)
}

// AddTo adds a record to the portal of a writer.
func AddTo(ctx context.Context, w pg.Writer, r Record) error {
	values := pg.Args{"user": r.User, "action": r.Action, "object": r.Object, "longest": maxObjectLength, "request": r.Request}
	if _, err := pg.Exec(ctx, w, addRecord, values); err != nil {
		return fmt.Errorf("audit %s: %w", r.Action, err)
	}
	return nil
}

const listRecords = `SELECT at, user_id, action, object, request_id FROM audit WHERE portal_id = :portal ORDER BY id`

// List returns the records of a portal, the oldest first.
func List(ctx context.Context, db *store.DB, portal acts.PortalID) (list []Record, err error) {
	if err := pg.Select(ctx, pg.ScopeOf(db.DB, portal), &list, listRecords, nil); err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	return list, nil
}
