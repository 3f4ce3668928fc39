package workflow

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"acts24/acts"
)

// SaveUpload stores a file in a temporary file, outside any transaction, checked by its first bytes and its size. drop
// removes it. A file that is not a copy of an act is Invalid.
func SaveUpload(body io.Reader, name string) (f Upload, drop func(), err error) {
	aside, err := os.CreateTemp("", "acts24-*")
	if err != nil {
		return f, func() {}, fmt.Errorf("spool: %w", err)
	}
	drop = func() { aside.Close(); os.Remove(aside.Name()) }
	head := make([]byte, 512)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f, drop, fmt.Errorf("spool: %w", err)
	}
	media, ending, err := acts.SniffCopy(head[:n])
	if err != nil {
		return f, drop, err
	}
	sum := sha256.New()
	out := io.MultiWriter(aside, sum)
	if _, err := out.Write(head[:n]); err != nil {
		return f, drop, fmt.Errorf("spool: %w", err)
	}
	rest, err := io.Copy(out, io.LimitReader(body, int64(acts.MaxCopySize-n)+1))
	if err != nil {
		return f, drop, fmt.Errorf("spool: %w", err)
	}
	if int64(n)+rest > acts.MaxCopySize {
		return f, drop, acts.Errorf(acts.Invalid, "Файл больше 20 МБ. Сохраните скан с меньшим разрешением или разделите на несколько файлов.")
	}
	path := aside.Name()
	return Upload{Name: acts.CopyName(name, ending), Media: media, SHA256: sum.Sum(nil), Open: func() (io.ReadCloser, error) { return os.Open(path) }}, drop, nil
}
