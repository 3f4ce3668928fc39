package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/acts/signed"
	"acts24/store/internal/pg"
)

// ActFile is a signed copy of an act: uploaded by a person, or with SideSigned a file of its document that was fetched from the operator.
type ActFile struct {
	File
	Side    acts.Side `db:"side" json:"side"`
	Current bool      `db:"current" json:"current"` // a replaced one stays in history
	CRMFile int64     `db:"crm_file_id" json:"-"`
	SHA256  []byte    `db:"sha256" json:"-"`
	AddedBy string    `db:"added_by" json:"added_by"`
	AddedAt time.Time `db:"added_at" json:"added_at"`

	Part       signed.Part        `db:"part" json:"part"`
	Document   string             `db:"document_id" json:"document_id"` // at the operator
	Signatures []signed.Signature `db:"signatures" json:"signatures"`   // of a file that is a signature
}

// RemovedFromCard marks a copy that a person removed from the card in the CRM: it is not put there again.
const RemovedFromCard = -1

const filesOfAct = `
	SELECT f.id, f.name, f.type, f.size, f.sha256, a.side, a.current, a.crm_file_id, a.added_by, a.added_at,
		a.part, a.document_id, a.signatures
	FROM act_files a JOIN files f ON f.portal_id = a.portal_id AND f.id = a.file_id
	WHERE a.portal_id = :portal AND a.act_id = :act ORDER BY a.current DESC, f.id LIMIT 200`

// Files lists the copies of an act, the current ones first.
func (s Acts) Files(ctx context.Context, act acts.ActID) ([]ActFile, error) {
	var files []ActFile
	if err := pg.Select(ctx, s, &files, filesOfAct, pg.Args{"act": act}); err != nil {
		return nil, fmt.Errorf("files of act: %w", err)
	}
	return files, nil
}

// SignaturesOf returns the signatures in the current files of the operator, ours first.
func SignaturesOf(files []ActFile) (list []signed.Signature) {
	for _, part := range signed.Parts {
		for _, f := range files {
			if f.Current && f.Side == acts.SideSigned && f.Part == part {
				list = append(list, f.Signatures...)
			}
		}
	}
	return list
}

const fileOfAct = `
	SELECT f.id, f.name, f.type, f.size FROM act_files a JOIN files f ON f.portal_id = a.portal_id AND f.id = a.file_id
	WHERE a.portal_id = :portal AND a.act_id = :act AND a.file_id = :file`

// File finds one copy of an act.
func (s Acts) File(ctx context.Context, act acts.ActID, file int64) (File, error) {
	var f File
	err := pg.Get(ctx, s, &f, fileOfAct, pg.Args{"act": act, "file": file})
	return f, pg.NotFound(err, "file of act", "Такого файла у акта нет.")
}

const addActFile = `
	INSERT INTO act_files (portal_id, act_id, file_id, side, crm_file_id, added_by, added_at, part, document_id, signatures)
	VALUES (:portal, :act, :file, :side, :crm, :by, :now, :part, CAST(NULLIF(CAST(:document AS text), '') AS uuid), :signatures)`

// AddFile makes a stored file a copy of the act. now is business time.
func (tx ActsTx) AddFile(ctx context.Context, act acts.ActID, f ActFile, now time.Time) error {
	_, err := pg.Exec(ctx, tx, addActFile, pg.Args{"act": act, "file": f.ID, "side": f.Side, "crm": f.CRMFile, "by": f.AddedBy, "now": now,
		"part": string(f.Part), "document": f.Document, "signatures": pg.AsJSON(append([]signed.Signature{}, f.Signatures...))})
	if err != nil {
		return fmt.Errorf("add act file: %w", err)
	}
	return nil
}

const retireFiles = `
	UPDATE act_files a SET current = false FROM files f
	WHERE a.portal_id = :portal AND a.act_id = :act AND a.side = :side AND a.current AND f.portal_id = a.portal_id AND f.id = a.file_id
	RETURNING f.name`

// RetireFiles marks the current copies of a side as replaced, and returns their names.
func (tx ActsTx) RetireFiles(ctx context.Context, act acts.ActID, side acts.Side) ([]string, error) {
	var names []string
	if err := pg.Select(ctx, tx, &names, retireFiles, pg.Args{"act": act, "side": side}); err != nil {
		return nil, fmt.Errorf("retire files: %w", err)
	}
	return names, nil
}

const retireFile = `UPDATE act_files SET current = false WHERE portal_id = :portal AND act_id = :act AND file_id = :file`

// RetireFile marks one copy as replaced.
func (tx ActsTx) RetireFile(ctx context.Context, act acts.ActID, file int64) error {
	return pg.ExecOne(ctx, tx, "retire file", retireFile, pg.Args{"act": act, "file": file}, acts.Errorf(acts.NotFound, "Такого файла у акта нет."))
}

const setCRMFile = `UPDATE act_files SET crm_file_id = :crm WHERE portal_id = :portal AND act_id = :act AND file_id = :file`

// SetCRMFile stores the id that a copy has in the CRM.
func (tx ActsTx) SetCRMFile(ctx context.Context, act acts.ActID, file, crm int64) error {
	return pg.ExecOne(ctx, tx, "set CRM file", setCRMFile, pg.Args{"act": act, "file": file, "crm": crm},
		acts.Errorf(acts.NotFound, "Такого файла у акта нет."))
}
