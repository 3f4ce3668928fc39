package recovery

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// ArchivedAct is an act with its rows, its history and its documents as JSON, and the ids of its files.
type ArchivedAct struct {
	ID    acts.ActID      `db:"id"`
	Data  json.RawMessage `db:"data"`
	Files pq.Int64Array   `db:"files"`
}

// archivePage is how many acts are read at once.
const archivePage = 100

const archivedActs = `
	SELECT a.id, CAST(jsonb_pretty(to_jsonb(a) - 'portal_id' - 'form_key' - 'item_base' - 'deal_state' || jsonb_build_object(
			'lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'portal_id' - 'act_id' ORDER BY l.n), '[]') FROM act_lines l WHERE l.portal_id = :portal AND l.act_id = a.id),
			'history', (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'portal_id' - 'act_id' ORDER BY e.id), '[]') FROM act_events e WHERE e.portal_id = :portal AND e.act_id = a.id),
			'documents', (SELECT coalesce(jsonb_agg(to_jsonb(d) - 'portal_id' - 'act_id' ORDER BY d.attempt), '[]') FROM edo_documents d WHERE d.portal_id = :portal AND d.act_id = a.id)
		)) AS text) AS data,
		(SELECT coalesce(array_agg(f.id ORDER BY f.id), '{}') FROM (
			SELECT file_id AS id FROM act_files WHERE portal_id = :portal AND act_id = a.id
			UNION SELECT file_id FROM edo_documents WHERE portal_id = :portal AND act_id = a.id) f) AS files
	FROM acts a WHERE a.portal_id = :portal AND a.id > :after ORDER BY a.id LIMIT :most`

// ArchivedActs reads acts of a portal with larger ids than after, for the archive that its owner may ask for after the app was removed.
func ArchivedActs(ctx context.Context, s store.Scope, after acts.ActID) (list []ArchivedAct, err error) {
	if err := pg.Select(ctx, s, &list, archivedActs, pg.Args{"after": after, "most": archivePage}); err != nil {
		return nil, fmt.Errorf("archived acts: %w", err)
	}
	return list, nil
}
