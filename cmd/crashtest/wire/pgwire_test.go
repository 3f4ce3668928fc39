package wire

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// newMessage returns a message of the program in the wire format.
func newMessage(typ byte, parts ...string) message {
	body := []byte(strings.Join(parts, "\x00") + "\x00")
	raw := binary.BigEndian.AppendUint32([]byte{typ}, uint32(len(body)+4))
	return message{typ, append(raw, body...)}
}

// A transaction as the driver sends it: the executed statements, and what each ReadyForQuery completes.
func TestStatementsAreFollowed(t *testing.T) {
	s := newStatementTracker()
	var ran, done []string
	for _, m := range []message{
		newMessage(msgQuery, "BEGIN"),
		newMessage(msgParse, "", "UPDATE acts SET status = $1"), newMessage('D', "S"), newMessage(msgSync), // Parse and Describe: a prepare
		newMessage(msgBind, "", ""), newMessage(msgExecute, ""), newMessage(msgSync),
		newMessage(msgParse, "one", "INSERT INTO tasks (kind) VALUES ($1)"), newMessage(msgBind, "", "one"), newMessage(msgExecute, ""), newMessage(msgSync),
		newMessage(msgQuery, "COMMIT"),
		newMessage(msgQuery, "COMMIT"),
	} {
		run, answered, awaits := s.follow(m)
		if run != "" {
			ran = append(ran, run)
		}
		if awaits {
			done = append(done, answered)
		}
	}
	if want := []string{"BEGIN", "UPDATE acts status", "INSERT tasks", "COMMIT of UPDATE acts status", "COMMIT"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	if want := []string{"BEGIN", "", "UPDATE acts status", "INSERT tasks", "COMMIT of UPDATE acts status", "COMMIT"}; !slices.Equal(done, want) {
		t.Errorf("answered %q, want %q", done, want)
	}
}
