package bitrix24

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// ErrFileSize says that a file was longer or shorter than promised; the request was cut and cannot have been executed.
var ErrFileSize = errors.New("a file of another size than promised")

// outgoing is a payload on its way: one attempt to send it.
type outgoing struct {
	io.Reader
	files []*encoded
}

// fault is what went wrong on our own side while files were read. The transport reads in goroutines of its own.
type fault struct{ atomic.Pointer[error] }

func (f *fault) note(err error) error {
	err = fmt.Errorf("read a file to send: %w", err)
	f.Store(&err)
	return err
}

// open starts reading the payload from its beginning.
func (p payload) open(broken *fault) *outgoing {
	out := &outgoing{}
	var readers []io.Reader
	for _, part := range p.parts {
		if part.file == nil {
			readers = append(readers, bytes.NewReader(part.text))
			continue
		}
		file := &encoded{file: part.file, broken: broken}
		out.files, readers = append(out.files, file), append(readers, file)
	}
	out.Reader = io.MultiReader(readers...)
	return out
}

// Close closes the files that are still open.
func (o *outgoing) Close() error {
	for _, f := range o.files {
		f.close()
	}
	return nil
}

// chunk is how much of a file is held at once: a multiple of 3, so that base64 needs no padding inside.
const chunk = 24 << 10

// encoded reads a file as base64, a chunk at a time.
type encoded struct {
	file   *Body
	source io.ReadCloser
	left   int64
	raw    []byte
	text   []byte
	ready  []byte // the part of text that was not taken yet
	done   bool
	broken *fault

	mu     sync.Mutex // the transport may close while it reads
	closed bool
}

// Read gives the next part of the text.
func (e *encoded) Read(p []byte) (int, error) {
	for len(e.ready) == 0 {
		if e.done {
			return 0, io.EOF
		}
		if err := e.fill(); err != nil {
			return 0, e.broken.note(err)
		}
	}
	n := copy(p, e.ready)
	e.ready = e.ready[n:]
	return n, nil
}

// fill encodes the next chunk, and at the end sees that nothing is left.
func (e *encoded) fill() error {
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

func (e *encoded) begin() error {
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

func (e *encoded) end() error {
	n, err := io.ReadFull(e.source, e.raw[:1])
	if n > 0 {
		return ErrFileSize
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (e *encoded) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.source != nil && !e.closed {
		_ = e.source.Close()
	}
	e.closed = true
}
