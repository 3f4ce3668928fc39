package workflow

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"acts24/acts"
	"acts24/acts/scan"
)

// TemporaryFiles is the pattern of the names of our files in the folder for temporary files.
const TemporaryFiles = "acts24-*"

// SaveUpload stores a file in a temporary file, outside any transaction, checked by its first bytes and its size. The temporary file is
// closed; drop removes it. A file that is not a copy of an act is Invalid, and nothing of it is kept.
func SaveUpload(body io.Reader, name string) (f Upload, drop func(), err error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f, func() {}, fmt.Errorf("spool: %w", err)
	}
	media, ending, err := scan.Sniff(head[:n])
	if err != nil {
		return f, func() {}, err
	}
	aside, err := os.CreateTemp("", TemporaryFiles)
	if err != nil {
		return f, func() {}, fmt.Errorf("spool: %w", err)
	}
	path := aside.Name()
	sum, err := writeUpload(aside, io.MultiReader(bytes.NewReader(head[:n]), body))
	if err != nil {
		os.Remove(path)
		return f, func() {}, err
	}
	return Upload{Name: scan.SafeName(name, ending), Media: media, SHA256: sum, Open: func() (io.ReadCloser, error) { return os.Open(path) }},
		func() { os.Remove(path) }, nil
}

// writeUpload writes a file of limited size, closes it and returns its hash.
func writeUpload(aside *os.File, body io.Reader) (sum []byte, err error) {
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(aside, hash), io.LimitReader(body, scan.MaxSize+1))
	if err = errors.Join(err, aside.Close()); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	if size > scan.MaxSize {
		return nil, acts.Errorf(acts.Invalid, "Файл больше 20 МБ. Сохраните скан с меньшим разрешением или разделите на несколько файлов.")
	}
	return hash.Sum(nil), nil
}
