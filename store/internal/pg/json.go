package pg

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// JSON carries a value in a jsonb column.
type JSON[T any] struct{ V T }

// AsJSON makes v a value for a jsonb column.
func AsJSON[T any](v T) JSON[T] { return JSON[T]{V: v} }

// Scan reads the column.
func (j *JSON[T]) Scan(src any) error {
	switch text := src.(type) {
	case []byte:
		return json.Unmarshal(text, &j.V)
	case string:
		return json.Unmarshal([]byte(text), &j.V)
	case nil:
		return nil
	}
	return fmt.Errorf("read jsonb: unexpected %T", src)
}

// UnmarshalJSON reads the value inside a larger document.
func (j *JSON[T]) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &j.V) }

// MarshalJSON writes the value inside a larger document.
func (j JSON[T]) MarshalJSON() ([]byte, error) { return json.Marshal(j.V) }

// Value writes the column.
func (j JSON[T]) Value() (driver.Value, error) {
	text, err := json.Marshal(j.V)
	if err != nil {
		return nil, fmt.Errorf("write jsonb: %w", err)
	}
	return string(text), nil
}
