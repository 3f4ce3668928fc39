// Package reseal seals stored secrets again under the newest key, so that an older key can be removed from the configuration. It runs
// beside the program: a row that the program has changed meanwhile is left alone and read again.
package reseal

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/store/audit"
	"acts24/store/internal/pg"
	"acts24/store/internal/seal"
)

// column is a column of sealed values.
type column struct {
	cell  string // seal.Cell.Column
	stale string // reads values under other keys than :key, at most :most, with the row of their cell
	write string // replaces the value :old of the row :row by :new
}

// columns are all columns of sealed values; the function sealed_keys of the schema lists the same.
var columns = []column{
	{"access",
		`SELECT '' AS row, access AS value FROM tokens WHERE portal_id = :portal AND access <> '' AND substring(access FROM 2 FOR get_byte(access, 0)) <> :key LIMIT :most`,
		`UPDATE tokens SET access = :new WHERE portal_id = :portal AND :row = '' AND access = :old`},
	{"refresh",
		`SELECT '' AS row, refresh AS value FROM tokens WHERE portal_id = :portal AND refresh <> '' AND substring(refresh FROM 2 FOR get_byte(refresh, 0)) <> :key LIMIT :most`,
		`UPDATE tokens SET refresh = :new WHERE portal_id = :portal AND :row = '' AND refresh = :old`},
	{"application",
		`SELECT '' AS row, application AS value FROM tokens WHERE portal_id = :portal AND application <> '' AND substring(application FROM 2 FOR get_byte(application, 0)) <> :key LIMIT :most`,
		`UPDATE tokens SET application = :new WHERE portal_id = :portal AND :row = '' AND application = :old`},
	{"login",
		`SELECT CAST(id AS text) AS row, login AS value FROM edo_accounts WHERE portal_id = :portal AND login <> '' AND substring(login FROM 2 FOR get_byte(login, 0)) <> :key LIMIT :most`,
		`UPDATE edo_accounts SET login = :new WHERE portal_id = :portal AND id = CAST(:row AS bigint) AND login = :old`},
	{"session",
		`SELECT CAST(id AS text) AS row, session AS value FROM edo_accounts WHERE portal_id = :portal AND session <> '' AND substring(session FROM 2 FOR get_byte(session, 0)) <> :key LIMIT :most`,
		`UPDATE edo_accounts SET session = :new WHERE portal_id = :portal AND id = CAST(:row AS bigint) AND session = :old`},
	{"visit",
		`SELECT encode(id_hash, 'hex') AS row, token AS value FROM visits WHERE portal_id = :portal AND token <> '' AND substring(token FROM 2 FOR get_byte(token, 0)) <> :key LIMIT :most`,
		`UPDATE visits SET token = :new WHERE portal_id = :portal AND id_hash = decode(:row, 'hex') AND token = :old`},
}

// batch is the largest number of values that one transaction seals again.
const batch = 200

const portals = `SELECT id FROM portals ORDER BY id`

// All seals the secrets of all portals under the newest key and returns the number of values that it changed. It fails when a value
// needs a key that is not configured; what was sealed until then stays, and a second run goes on.
func All(ctx context.Context, db *store.DB) (n int, err error) {
	var ids []acts.PortalID
	if err := pg.Select(ctx, db.DB, &ids, portals, pg.Args{}); err != nil {
		return 0, fmt.Errorf("portals to seal again: %w", err)
	}
	for _, id := range ids {
		before := n
		for _, c := range columns {
			for {
				done, err := c.sealBatch(ctx, db, id)
				if err != nil {
					return n, fmt.Errorf("seal %s of portal %d again: %w", c.cell, id, err)
				}
				if n += done; done == 0 {
					break
				}
			}
		}
		if n == before {
			continue
		}
		if err := audit.Add(ctx, db, id, audit.Record{Action: audit.Reseal, Object: fmt.Sprintf("%d values", n-before)}); err != nil {
			return n, err
		}
	}
	return n, nil
}

// sealBatch seals a batch of values of one column and returns how many values were under another key.
func (c column) sealBatch(ctx context.Context, db *store.DB, portal acts.PortalID) (found int, err error) {
	err = pg.InTx(ctx, db.DB, portal, func(scope pg.Scope) error {
		keys := scope.Keys()
		var rows []struct {
			Row   string
			Value []byte
		}
		if err := pg.Select(ctx, scope, &rows, c.stale, pg.Args{"key": []byte(keys.Newest()), "most": batch}); err != nil {
			return err
		}
		found = len(rows)
		w := struct {
			pg.Scope
			pg.Writing
		}{Scope: scope}
		for _, r := range rows {
			at := seal.Cell{Portal: portal, Column: c.cell, Row: r.Row}
			secret, err := keys.Open(at, r.Value)
			if err != nil {
				return err
			}
			if _, err := pg.Exec(ctx, w, c.write, pg.Args{"row": r.Row, "old": r.Value, "new": keys.Seal(at, secret)}); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

const sealedKeys = `SELECT id FROM sealed_keys() AS id`

// KeysInUse returns the ids of the keys that stored values need.
func KeysInUse(ctx context.Context, db *store.DB) (ids []string, err error) {
	if err := pg.Select(ctx, db.DB, &ids, sealedKeys, pg.Args{}); err != nil {
		return nil, fmt.Errorf("keys in use: %w", err)
	}
	return ids, nil
}

// CheckKeys returns an error that names the keys that stored values need and keys lacks. Without them nothing that they sealed opens again.
func CheckKeys(ctx context.Context, db *store.DB, keys *store.Keys) error {
	used, err := KeysInUse(ctx, db)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(used, func(id string) bool { return slices.Contains(keys.IDs(), id) })
	if len(missing) > 0 {
		return fmt.Errorf("ACTS_KEYS lacks the keys %q, which stored secrets need: add them after the newest key, or run `actsd reseal` before they are removed", missing)
	}
	return nil
}
