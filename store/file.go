package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// chunkSize is how much of a file one row holds; a 20 MB value in one piece costs 80 MB of memory through the driver.
const chunkSize = 512 << 10

// File is a stored file without its body.
type File struct {
	ID   int64  `db:"id" json:"id"`
	Name string `db:"name" json:"name"`
	Type string `db:"type" json:"type"`
	Size int64  `db:"size" json:"size"`
}

const addFile = `
	INSERT INTO files (portal_id, name, type, size, sha256, created_at) VALUES (:portal, :name, :type, 0, '', :now) RETURNING id`
const addChunk = `INSERT INTO file_chunks (portal_id, file_id, n, body) VALUES (:portal, :file, :n, :body)`
const setFileSize = `UPDATE files SET size = :size, sha256 = :sum WHERE portal_id = :portal AND id = :file`

// Add stores a file, read from body in pieces, and returns its id.
func (tx FilesTx) Add(ctx context.Context, name, mediaType string, body io.Reader, now time.Time) (int64, error) {
	var id int64
	if err := pg.Get(ctx, tx, &id, addFile, pg.Args{"name": name, "type": mediaType, "now": now}); err != nil {
		return 0, fmt.Errorf("add file: %w", err)
	}
	sum, size, buf := sha256.New(), 0, make([]byte, chunkSize)
	for n := 0; ; n++ {
		read, err := io.ReadFull(body, buf)
		if read > 0 {
			sum.Write(buf[:read])
			size += read
			if _, err := pg.Exec(ctx, tx, addChunk, pg.Args{"file": id, "n": n, "body": buf[:read]}); err != nil {
				return 0, fmt.Errorf("add piece %d of file: %w", n, err)
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return 0, fmt.Errorf("read file: %w", err)
		}
	}
	_, err := pg.Exec(ctx, tx, setFileSize, pg.Args{"file": id, "size": size, "sum": sum.Sum(nil)})
	return id, err
}

const fileByID = `SELECT id, name, type, size FROM files WHERE portal_id = :portal AND id = :id`
const chunkOfFile = `SELECT body FROM file_chunks WHERE portal_id = :portal AND file_id = :file AND n = :n`

// Get reads the name, type and size of a file.
func (s Files) Get(ctx context.Context, id int64) (File, error) {
	var f File
	err := pg.Get(ctx, s, &f, fileByID, pg.Args{"id": id})
	return f, pg.NotFound(err, "file", "Такого файла нет.")
}

// Copy streams the body of a file to w, piece by piece.
func (s Files) Copy(ctx context.Context, f File, w io.Writer) error {
	for n := 0; int64(n)*chunkSize < f.Size; n++ {
		var body []byte
		if err := pg.Get(ctx, s, &body, chunkOfFile, pg.Args{"file": f.ID, "n": n}); err != nil {
			return fmt.Errorf("piece %d of file %d: %w", n, f.ID, err)
		}
		if _, err := w.Write(body); err != nil {
			return fmt.Errorf("copy file %d: %w", f.ID, err)
		}
	}
	return nil
}

// Open reads the body of a file piece by piece, on demand.
func (s Files) Open(ctx context.Context, f File) io.ReadCloser {
	return &fileReader{ctx: ctx, scope: s.reads, file: f}
}

type fileReader struct {
	ctx   context.Context
	scope pg.Scope
	file  File
	n     int
	left  []byte
}

func (r *fileReader) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		if int64(r.n)*chunkSize >= r.file.Size {
			return 0, io.EOF
		}
		r.left = nil
		if err := pg.Get(r.ctx, r.scope, &r.left, chunkOfFile, pg.Args{"file": r.file.ID, "n": r.n}); err != nil {
			return 0, fmt.Errorf("piece %d of file %d: %w", r.n, r.file.ID, err)
		}
		r.n++
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

func (r *fileReader) Close() error { return nil }

// xmlOfAct is the file of the newest attempt to exchange the act.
const xmlOfAct = `
	SELECT f.id, f.name, f.type, f.size FROM edo_documents d JOIN files f ON f.portal_id = d.portal_id AND f.id = d.file_id
	WHERE d.portal_id = :portal AND d.act_id = :act ORDER BY d.attempt DESC LIMIT 1`

// XML finds the electronic document of an act; NotFound before the first hand-over.
func (s Acts) XML(ctx context.Context, act acts.ActID) (File, error) {
	var f File
	err := pg.Get(ctx, s, &f, xmlOfAct, pg.Args{"act": act})
	return f, pg.NotFound(err, "xml of act", "Электронный документ ещё не сформирован.")
}
