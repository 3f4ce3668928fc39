package people

import (
	"slices"

	"github.com/lib/pq"

	"acts24/acts"
)

// Visibility lists the employees whose acts and deals a visitor may see; nil means everybody's.
type Visibility []acts.UserID

// Scan reads the list as PostgreSQL has it.
func (s *Visibility) Scan(src any) error {
	var ids pq.Int64Array
	if err := ids.Scan(src); err != nil {
		return err
	}
	*s = nil
	if src == nil {
		return nil
	}
	*s = Visibility{}
	for _, id := range ids {
		*s = append(*s, acts.UserID(id))
	}
	return nil
}

// All reports whether nothing is hidden.
func (s Visibility) All() bool { return s == nil }

// Of reports whether what this employee is responsible for may be seen.
func (s Visibility) Of(responsible acts.UserID) bool {
	return s == nil || slices.Contains(s, responsible)
}

// Arg returns the list as a value of a statement: NULL when nothing is hidden.
func (s Visibility) Arg() any {
	if s == nil {
		return nil
	}
	ids := make(pq.Int64Array, len(s))
	for i, id := range s {
		ids[i] = int64(id)
	}
	return ids
}
