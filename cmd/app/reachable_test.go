package app

import (
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
)

// refusal is an error of PostgreSQL with its SQLSTATE.
type refusal string

func (refusal) Error() string      { return "refused" }
func (r refusal) SQLState() string { return string(r) }

func TestIsUnreachable(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"no error":                    {nil, false},
		"a cut connection":            {fmt.Errorf("read: %w", io.EOF), true},
		"a refused connection":        {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		"PostgreSQL starts":           {fmt.Errorf("read: %w", refusal("57P03")), true},
		"PostgreSQL stops":            {refusal("57P01"), true},
		"PostgreSQL has crashed":      {refusal("57P02"), true},
		"no connection is left":       {refusal("53300"), true},
		"a broken connection":         {refusal("08006"), true},
		"a wrong password":            {refusal("28P01"), false},
		"an unknown database":         {refusal("3D000"), false},
		"a schema that is older":      {errors.New("run `actsd migrate` first"), false},
		"a statement that was ended":  {refusal("57014"), false},
		"a table that does not exist": {refusal("42P01"), false},
	} {
		if got := isUnreachable(tt.err); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
