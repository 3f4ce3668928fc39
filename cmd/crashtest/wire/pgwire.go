package wire

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// message is one message of the PostgreSQL protocol with its header, ready to be forwarded.
type message struct {
	typ byte // 0 for the first one of a connection, which has no type
	raw []byte
}

func (m message) body() []byte { return m.raw[5:] }

// The types of the messages that are followed (PostgreSQL documentation, "Message Formats").
const (
	msgParse         = 'P'
	msgBind          = 'B'
	msgExecute       = 'E'
	msgQuery         = 'Q'
	msgSync          = 'S'
	msgReadyForQuery = 'Z'
)

// maxMessage is the largest length of a message that is forwarded.
const maxMessage = 64 << 20

var errMalformed = errors.New("not a message of PostgreSQL")

// readStartup reads the message that opens a connection.
func readStartup(r io.Reader) (message, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil {
		return message{}, err
	}
	return readBody(r, message{raw: head}, head)
}

// readMessage reads a message that has a type.
func readMessage(r *bufio.Reader) (message, error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil {
		return message{}, err
	}
	return readBody(r, message{typ: head[0], raw: head}, head[1:])
}

// readBody reads the rest of a message, whose length field counts itself and the body.
func readBody(r io.Reader, m message, length []byte) (message, error) {
	n := binary.BigEndian.Uint32(length)
	if n < 4 || n > maxMessage {
		return m, errMalformed
	}
	body := make([]byte, n-4)
	if _, err := io.ReadFull(r, body); err != nil {
		return m, err
	}
	m.raw = append(m.raw, body...)
	return m, nil
}

// statementTracker follows the statements of one connection: the prepared statement of each name, and what runs.
type statementTracker struct {
	kinds       map[string]string // prepared statements by name
	boundKind   string            // the kind that the next Execute runs
	runningKind string            // the kind that has run since the last Sync
	tx          transactionTracker
}

func newStatementTracker() statementTracker { return statementTracker{kinds: map[string]string{}} }

// follow follows a message of the program. run is the kind of statement that the message executes, "" for none. When awaits is true,
// ReadyForQuery will answer the message and complete the kind done.
func (s *statementTracker) follow(m message) (run, done string, awaits bool) {
	switch m.typ {
	case msgParse:
		name, rest := cutString(m.body())
		sql, _ := cutString(rest)
		s.kinds[name] = kindOf(sql)
	case msgBind:
		_, rest := cutString(m.body())
		name, _ := cutString(rest)
		s.boundKind = s.kinds[name]
	case msgExecute:
		s.runningKind = s.tx.nextKind(s.boundKind)
		return s.runningKind, "", false
	case msgQuery:
		sql, _ := cutString(m.body())
		run = s.tx.nextKind(kindOf(sql))
		return run, run, true
	case msgSync:
		done, s.runningKind = s.runningKind, ""
		return "", done, true
	}
	return "", "", false
}

// cutString returns the string before the first zero byte, and what follows it.
func cutString(b []byte) (string, []byte) {
	head, rest, _ := bytes.Cut(b, []byte{0})
	return string(head), rest
}
