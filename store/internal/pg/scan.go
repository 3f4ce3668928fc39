package pg

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
)

// Rows are read into the types of the domain. A column goes to the field that has its name in snake case, or in the tag db; "totals.net"
// is the field Net of the field Totals. NULL is the zero value, jsonb is decoded, a date is midnight UTC.

var mapper = reflectx.NewMapperFunc("db", columnName)

// columnName returns the column of a field: VATGround has vat_ground.
func columnName(field string) string {
	var name strings.Builder
	letters := []rune(field)
	for i, r := range letters {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToLower(r))
	}
	return name.String()
}

var timeType = reflect.TypeFor[time.Time]()

// scanner reads rows of one query into values of one type.
type scanner struct {
	rows   *sqlx.Rows
	fields [][]int // of each column, nil when the only column is the whole value
	dates  []bool  // which columns are dates
	cells  []any
}

// newScanner finds the field of each column: a struct is read by its fields, anything else from the only column.
func newScanner(rows *sqlx.Rows, into reflect.Type) (*scanner, error) {
	columns, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	s := &scanner{rows: rows, cells: make([]any, len(columns))}
	for _, c := range columns {
		s.dates = append(s.dates, c.DatabaseTypeName() == "DATE")
	}
	if into.Kind() != reflect.Struct || into == timeType || reflect.PointerTo(into).Implements(reflect.TypeFor[sql.Scanner]()) {
		if len(columns) != 1 {
			return nil, fmt.Errorf("%d columns for one %s", len(columns), into)
		}
		return s, nil
	}
	names := mapper.TypeMap(into).Names
	for _, c := range columns {
		field := names[c.Name()]
		if field == nil {
			return nil, fmt.Errorf("%s has no field for the column %s", into, c.Name())
		}
		s.fields = append(s.fields, field.Index)
	}
	return s, nil
}

// scan reads the current row.
func (s *scanner) scan(into reflect.Value) error {
	for i := range s.cells {
		field := into
		if s.fields != nil {
			field = reflectx.FieldByIndexes(into, s.fields[i])
		}
		s.cells[i] = cell{field, s.dates[i]}
	}
	return s.rows.Scan(s.cells...)
}

// cell is the value that a column is read into.
type cell struct {
	into reflect.Value
	day  bool // the column is a date
}

// Scan reads the column.
func (c cell) Scan(src any) error {
	if src == nil {
		c.into.SetZero()
		return nil
	}
	if s, ok := c.into.Addr().Interface().(sql.Scanner); ok {
		return s.Scan(src)
	}
	if c.into.Kind() == reflect.Pointer {
		c.into.Set(reflect.New(c.into.Type().Elem()))
		return cell{c.into.Elem(), c.day}.Scan(src)
	}
	switch value := src.(type) {
	case []byte:
		return c.text(value)
	case string:
		return c.text([]byte(value))
	case time.Time:
		if c.day {
			src = UTCDay(value)
		}
	}
	from := reflect.ValueOf(src)
	if !from.CanConvert(c.into.Type()) || from.Kind() == reflect.Int64 && c.into.Kind() == reflect.String {
		return fmt.Errorf("a %T cannot be a %s", src, c.into.Type())
	}
	c.into.Set(from.Convert(c.into.Type()))
	return nil
}

// text reads a column that the driver gives as text or bytes.
func (c cell) text(src []byte) error {
	switch kind := c.into.Kind(); {
	case kind == reflect.String:
		c.into.SetString(string(src))
	case kind == reflect.Slice && c.into.Type().Elem().Kind() == reflect.Uint8:
		c.into.SetBytes(bytes.Clone(src))
	case c.into.CanInt():
		n, err := strconv.ParseInt(string(src), 10, 64)
		c.into.SetInt(n)
		return err
	case c.into.CanFloat():
		n, err := strconv.ParseFloat(string(src), 64)
		c.into.SetFloat(n)
		return err
	default:
		return json.Unmarshal(src, c.into.Addr().Interface())
	}
	return nil
}

// List is rows that the function Rows has folded into one column, and rows that a statement unfolds with jsonb_to_recordset.
type List[T any] []T

// First returns the first row, the zero value when there is none.
func (l List[T]) First() (first T) {
	if len(l) > 0 {
		first = l[0]
	}
	return first
}

// Scan reads the column.
func (l *List[T]) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("read rows: unexpected %T", src)
	}
	return l.UnmarshalJSON(text)
}

// UnmarshalJSON reads the rows.
func (l *List[T]) UnmarshalJSON(text []byte) error {
	var rows []map[string]json.RawMessage
	if err := json.Unmarshal(text, &rows); err != nil {
		return err
	}
	*l = make(List[T], len(rows))
	fields := mapper.TypeMap(reflect.TypeFor[T]()).Names
	for i, row := range rows {
		for name, value := range row {
			field := fields[name]
			if field == nil {
				return fmt.Errorf("%T has no field for the column %s", (*l)[i], name)
			}
			if err := setJSON(reflectx.FieldByIndexes(reflect.ValueOf(&(*l)[i]).Elem(), field.Index), value); err != nil {
				return fmt.Errorf("column %s: %w", name, err)
			}
		}
	}
	return nil
}

// setJSON reads a value as to_jsonb writes it.
func setJSON(into reflect.Value, value json.RawMessage) error {
	if string(value) == "null" {
		into.SetZero()
		return nil
	}
	if into.Type() == timeType && len(value) == len(`"2006-01-02"`) {
		day, err := time.Parse(`"2006-01-02"`, string(value))
		into.Set(reflect.ValueOf(day))
		return err
	}
	return json.Unmarshal(value, into.Addr().Interface())
}

// MarshalJSON writes the rows by the names of their columns.
func (l List[T]) MarshalJSON() ([]byte, error) {
	rows := make([]map[string]any, len(l))
	for i := range l {
		rows[i] = map[string]any{}
		for name, field := range mapper.TypeMap(reflect.TypeFor[T]()).Names {
			if !strings.Contains(name, ".") {
				rows[i][name] = reflectx.FieldByIndexesReadOnly(reflect.ValueOf(l[i]), field.Index).Interface()
			}
		}
	}
	return json.Marshal(rows)
}

// Value writes the rows as a value of a statement.
func (l List[T]) Value() (driver.Value, error) {
	text, err := json.Marshal(l)
	return string(text), err
}
