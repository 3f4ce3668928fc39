package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// message is one message of the PostgreSQL protocol with its header, ready to be forwarded.
type message struct {
	kind byte // 0 for the first one of a connection, which has no type
	raw  []byte
}

func (m message) body() []byte { return m.raw[5:] }

const maxMessage = 64 << 20

var errMessage = errors.New("not a message of PostgreSQL")

// readStartup reads the message that opens a connection.
func readStartup(r io.Reader) (message, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil {
		return message{}, err
	}
	return readBody(r, message{raw: head}, head)
}

func readMessage(r *bufio.Reader) (message, error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil {
		return message{}, err
	}
	return readBody(r, message{kind: head[0], raw: head}, head[1:])
}

func readBody(r io.Reader, m message, length []byte) (message, error) {
	n := binary.BigEndian.Uint32(length)
	if n < 4 || n > maxMessage {
		return m, errMessage
	}
	body := make([]byte, n-4)
	if _, err := io.ReadFull(r, body); err != nil {
		return m, err
	}
	m.raw = append(m.raw, body...)
	return m, nil
}

// statements follows one connection: the statement of each name, and the next expected response.
type statements struct {
	kinds   map[string]string // prepared statements by name
	bound   string            // the kind that the next Execute runs
	running string            // run since the last Sync
	tx      transaction
}

// handle follows a message of the program. run is the kind of statement that the message executes, "" for none. When awaits is true,
// ReadyForQuery will answer the message and complete the kind done.
func (s *statements) handle(m message) (run, done string, awaits bool) {
	switch m.kind {
	case 'P':
		name, rest := text(m.body())
		sql, _ := text(rest)
		s.kinds[name] = kindOf(sql)
	case 'B':
		_, rest := text(m.body())
		name, _ := text(rest)
		s.bound = s.kinds[name]
	case 'E':
		s.running = s.tx.name(s.bound)
		return s.running, "", false
	case 'Q':
		sql, _ := text(m.body())
		run = s.tx.name(kindOf(sql))
		return run, run, true
	case 'S':
		done, s.running = s.running, ""
		return "", done, true
	}
	return "", "", false
}

// text reads a string that ends with a zero byte.
func text(b []byte) (string, []byte) {
	head, rest, _ := bytes.Cut(b, []byte{0})
	return string(head), rest
}
