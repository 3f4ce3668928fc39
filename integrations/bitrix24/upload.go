package bitrix24

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
)

// FileBody is a file as a parameter of a call. It is sent as its name and its content in base64 (docs/contracts/bitrix24.md,
// "Files"). The content is read while the request is sent, so memory does not depend on the size of the files. Open is called once for
// every attempt. Files cannot be part of a batch.
type FileBody struct {
	Name string
	Size int64 // exact, in bytes
	Open func() (io.ReadCloser, error)
}

// MarshalJSON returns an error: direct calls extract files from the parameters before encoding them. The error keeps files out of
// batches.
func (FileBody) MarshalJSON() ([]byte, error) { return nil, errParameter }

func (b *FileBody) isComplete() bool { return b.Size >= 0 && b.Open != nil }

// KeepFile returns the value that keeps a file in a multiple field: an update deletes files that it does not name
// (docs/contracts/bitrix24.md, "Files").
func KeepFile(id ID) Params { return Params{"id": int64(id)} }

// FileData returns a file in the format of activities and other older methods.
func FileData(b FileBody) Params { return Params{"fileData": b} }

// payload is a request body as a sequence of texts and files.
type payload struct {
	parts []part
	size  int64
}

// part is text, or a file when file is set.
type part struct {
	text []byte
	file *FileBody
}

// textPayload returns a body without files.
func textPayload(text []byte) payload {
	return payload{parts: []part{{text: text}}, size: int64(len(text))}
}

// newPayload encodes params as JSON with their files.
func newPayload(params Params) (payload, error) {
	c := fileExtractor{mark: fileMark()}
	text, err := plainJSON(c.params(params))
	if err != nil {
		return payload{}, err
	}
	var p payload
	for n, piece := range bytes.Split(text, []byte(`"`+c.mark)) {
		if n > 0 {
			number, rest, _ := bytes.Cut(piece, []byte(`"`))
			at, err := strconv.Atoi(string(number))
			if err != nil || at >= len(c.files) || !c.files[at].isComplete() {
				return payload{}, errParameter
			}
			p.addFile(c.files[at])
			piece = append([]byte(`"`), rest...)
		}
		p.addText(piece)
	}
	return p, nil
}

func (p *payload) addText(text []byte) {
	p.parts = append(p.parts, part{text: text})
	p.size += int64(len(text))
}

func (p *payload) addFile(file *FileBody) {
	p.addText([]byte(`"`))
	p.parts = append(p.parts, part{file: file})
	p.size += int64(base64.StdEncoding.EncodedLen(int(file.Size)))
}

// fileExtractor replaces files in parameters by marks that cannot occur in a text.
type fileExtractor struct {
	mark  string
	files []*FileBody
}

func (c *fileExtractor) params(in Params) Params {
	out := make(Params, len(in))
	for name, value := range in {
		out[name] = c.value(value)
	}
	return out
}

// value handles the types that our commands use; a file in any other place fails in its MarshalJSON.
func (c *fileExtractor) value(v any) any {
	switch v := v.(type) {
	case FileBody:
		c.files = append(c.files, &v)
		return []string{v.Name, c.mark + strconv.Itoa(len(c.files)-1)}
	case []FileBody:
		return extractFromList(c, v)
	case Params:
		return c.params(v)
	case []Params:
		return extractFromList(c, v)
	case []any:
		return extractFromList(c, v)
	}
	return v
}

func extractFromList[T any](c *fileExtractor, list []T) []any {
	out := make([]any, 0, len(list))
	for _, item := range list {
		out = append(out, c.value(item))
	}
	return out
}

// fileMark returns a random mark, so that no text of a user can be taken for a file.
func fileMark() string {
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	return fmt.Sprintf("file-%s-", hex.EncodeToString(secret))
}

// ErrFileSize means that a file was longer or shorter than its Size. The request was aborted and cannot have been executed.
var ErrFileSize = errors.New("the size of a file differs from the announced one")

// openPayload reads a payload for one attempt to send it.
type openPayload struct {
	io.Reader
	files []*base64Reader
}

// fileError is the error of reading a file. The transport reads files in its own goroutines.
type fileError struct{ atomic.Pointer[error] }

func (f *fileError) note(err error) error {
	err = fmt.Errorf("read a file to send: %w", err)
	f.Store(&err)
	return err
}

// open starts reading the payload from its beginning.
func (p payload) open(broken *fileError) *openPayload {
	out := &openPayload{}
	var readers []io.Reader
	for _, part := range p.parts {
		if part.file == nil {
			readers = append(readers, bytes.NewReader(part.text))
			continue
		}
		file := &base64Reader{file: part.file, failure: broken}
		out.files, readers = append(out.files, file), append(readers, file)
	}
	out.Reader = io.MultiReader(readers...)
	return out
}

// Close closes the open files.
func (o *openPayload) Close() error {
	for _, f := range o.files {
		f.close()
	}
	return nil
}

// chunk is the number of bytes of a file in memory: a multiple of 3, so that base64 has no padding between chunks.
const chunk = 24 << 10

// base64Reader reads a file as base64, a chunk at a time.
type base64Reader struct {
	file    *FileBody
	source  io.ReadCloser
	left    int64
	raw     []byte
	text    []byte
	ready   []byte // the part of text not yet returned
	done    bool
	failure *fileError

	mu     sync.Mutex // the transport may close while it reads
	closed bool
}

// Read returns the next part of the text.
func (e *base64Reader) Read(p []byte) (int, error) {
	for len(e.ready) == 0 {
		if e.done {
			return 0, io.EOF
		}
		if err := e.fill(); err != nil {
			return 0, e.failure.note(err)
		}
	}
	n := copy(p, e.ready)
	e.ready = e.ready[n:]
	return n, nil
}

// fill encodes the next chunk, and at the end checks that the file has no more bytes.
func (e *base64Reader) fill() error {
	if err := e.begin(); err != nil {
		return err
	}
	if e.left == 0 {
		e.done = true
		return e.end()
	}
	n, err := io.ReadFull(e.source, e.raw[:min(e.left, chunk)])
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrFileSize
	}
	if err != nil {
		return err
	}
	e.left -= int64(n)
	e.ready = e.text[:base64.StdEncoding.EncodedLen(n)]
	base64.StdEncoding.Encode(e.ready, e.raw[:n])
	return nil
}

func (e *base64Reader) begin() error {
	if e.source != nil {
		return nil
	}
	source, err := e.file.Open()
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.source, e.left = source, e.file.Size
	e.raw, e.text = make([]byte, chunk), make([]byte, base64.StdEncoding.EncodedLen(chunk))
	if e.closed {
		return errors.Join(source.Close(), io.ErrClosedPipe)
	}
	return nil
}

func (e *base64Reader) end() error {
	n, err := io.ReadFull(e.source, e.raw[:1])
	if n > 0 {
		return ErrFileSize
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (e *base64Reader) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.source != nil && !e.closed {
		_ = e.source.Close()
	}
	e.closed = true
}
