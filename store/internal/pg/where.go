package pg

import (
	"maps"
	"strings"
)

// Where gathers the conditions of a list with their values. A filter adds only the conditions that are set, so that PostgreSQL plans
// the statement for exactly this filter.
type Where struct {
	Args       Args
	conditions []string
}

// And adds a condition with its values.
func (w *Where) And(condition string, values Args) {
	w.conditions = append(w.conditions, condition)
	if w.Args == nil {
		w.Args = Args{}
	}
	maps.Copy(w.Args, values)
}

// String returns the text after WHERE.
func (w Where) String() string { return strings.Join(w.conditions, " AND ") }

// Order is the column by which a list is sorted; rows with an equal value are sorted by their id.
type Order struct {
	Column, Type string // of the table without NULL, and its SQL type
	Descending   bool
}

// By returns the ORDER BY clause. alias is that of the table.
func (o Order) By(alias string) string {
	direction := ""
	if o.Descending {
		direction = " DESC"
	}
	return " ORDER BY " + alias + "." + o.Column + direction + ", " + alias + ".id" + direction
}

// After returns the condition that a row comes after the one whose values are :key and :id.
func (o Order) After(alias string) string {
	sign := ">"
	if o.Descending {
		sign = "<"
	}
	return "(" + alias + "." + o.Column + ", " + alias + ".id) " + sign + " (CAST(:key AS " + o.Type + "), CAST(:id AS bigint))"
}
