package store_test

import (
	"bytes"
	"testing"
	"time"

	"acts24/store"
)

func TestFilesComeBackWhole(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	body := bytes.Repeat([]byte("0123456789abcdef"), 80_000) // 1.28 MB, three pieces
	var id int64
	inTx(t, db, p, func(tx store.Tx) (err error) {
		id, err = tx.Files().Add(ctx, "act.xml", "application/xml", bytes.NewReader(body), time.Now())
		return err
	})
	f, err := db.Scope(p).Files().Get(ctx, id)
	if err != nil || f.Size != int64(len(body)) {
		t.Fatalf("File = %+v, %v", f, err)
	}
	var got bytes.Buffer
	if err := db.Scope(p).Files().Copy(ctx, f, &got); err != nil || !bytes.Equal(got.Bytes(), body) {
		t.Errorf("%d bytes came back of %d: %v", got.Len(), len(body), err)
	}
}
