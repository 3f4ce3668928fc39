package app

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
)

// awayStates are the SQLSTATEs of a PostgreSQL that stops, has crashed, starts, or has no connection left.
var awayStates = []string{"57P01", "57P02", "57P03", "53300"}

// isUnreachable reports whether an error means that PostgreSQL cannot be reached now: it is away for a time, or the network is broken. A refusal, such as
// that of a password or of an unknown database, is none.
func isUnreachable(err error) bool {
	if cut := (*net.OpError)(nil); errors.As(err, &cut) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	var refused interface{ SQLState() string }
	if !errors.As(err, &refused) {
		return false
	}
	state := refused.SQLState()
	return slices.Contains(awayStates, state) || strings.HasPrefix(state, "08") // connection exceptions
}
