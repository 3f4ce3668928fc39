package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"acts24/acts"
)

// Args are the named values of a statement.
type Args map[string]any

// bind turns a named query into a positional one. A name that occurs several times is one value.
func bind(query string, a Args) (string, []any, error) {
	names := make(map[string]any, len(a)) // sqlx finds the names: each is given as its own value
	for name := range a {
		names[name] = name
	}
	text, found, err := sqlx.Named(query, names)
	if err != nil {
		return "", nil, fmt.Errorf("bind query: %w", err)
	}
	var out strings.Builder
	var values []any
	places := map[string]int{}
	parts := strings.Split(text, "?")
	for i, part := range parts[:len(parts)-1] {
		name := found[i].(string)
		if places[name] == 0 {
			values = append(values, a[name])
			places[name] = len(values)
		}
		fmt.Fprintf(&out, "%s$%d", part, places[name])
	}
	return out.String() + parts[len(parts)-1], values, nil
}

// Get reads one row into dst. Without a row it returns sql.ErrNoRows.
func Get(ctx context.Context, r Reader, dst any, query string, a Args) error {
	q, values, err := bind(query, r.fill(a))
	if err != nil {
		return err
	}
	found := false
	err = r.run(ctx, func(on runner) error {
		into := reflect.ValueOf(dst).Elem()
		return eachRow(ctx, on, q, values, into.Type(), func(row *scanner) error {
			if found {
				return nil
			}
			found = true
			return row.scan(into)
		})
	})
	if err == nil && !found {
		return sql.ErrNoRows
	}
	return err
}

// GetFixed is Get for a query with a fixed text that pages or tasks often run and whose indexes suit all values: each connection plans it once.
func GetFixed(ctx context.Context, r Reader, dst any, query string, a Args) error {
	return Get(context.WithValue(ctx, fixedText{}, true), r, dst, query, a)
}

// Find reads one row into dst, and reports whether there is one.
func Find(ctx context.Context, r Reader, dst any, query string, a Args) (ok bool, err error) {
	err = Get(ctx, r, dst, query, a)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// FindFixed is Find for a query with a fixed text; see GetFixed.
func FindFixed(ctx context.Context, r Reader, dst any, query string, a Args) (ok bool, err error) {
	return Find(context.WithValue(ctx, fixedText{}, true), r, dst, query, a)
}

// Select reads all rows into dst, a pointer to a slice.
func Select(ctx context.Context, r Reader, dst any, query string, a Args) error {
	q, values, err := bind(query, r.fill(a))
	if err != nil {
		return err
	}
	list := reflect.ValueOf(dst).Elem()
	return r.run(ctx, func(on runner) error {
		return eachRow(ctx, on, q, values, list.Type().Elem(), func(row *scanner) error {
			one := reflect.New(list.Type().Elem()).Elem()
			err := row.scan(one)
			list.Set(reflect.Append(list, one))
			return err
		})
	})
}

// ForEachRow calls f with the rows of a query one by one and keeps none of them. When f fails, the rest is not read.
func ForEachRow[T any](ctx context.Context, r Reader, query string, a Args, f func(T) error) error {
	q, values, err := bind(query, r.fill(a))
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return r.run(ctx, func(on runner) error {
		return eachRow(ctx, on, q, values, reflect.TypeFor[T](), func(row *scanner) error {
			var one T
			if err := row.scan(reflect.ValueOf(&one).Elem()); err != nil {
				return err
			}
			err := f(one)
			if err != nil {
				stop()
			}
			return err
		})
	})
}

// eachRow calls f for every row of a query, to be read into values of a type.
func eachRow(ctx context.Context, on runner, query string, values []any, into reflect.Type, f func(*scanner) error) error {
	rows, err := on.QueryxContext(ctx, query, values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	row, err := newScanner(rows, into)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := f(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Exec executes a statement and returns how many rows it changed.
func Exec(ctx context.Context, w Writer, query string, a Args) (n int64, err error) {
	q, values, err := bind(query, w.fill(a))
	if err != nil {
		return 0, err
	}
	err = w.run(ctx, func(on runner) error {
		res, err := on.ExecContext(ctx, q, values...)
		if err == nil {
			n, err = res.RowsAffected()
		}
		return err
	})
	return n, err
}

// ExecOne executes a statement that must change a row, and returns the error none when it changes no row. what names the statement in other errors.
func ExecOne(ctx context.Context, w Writer, what, query string, a Args, none error) error {
	n, err := Exec(ctx, w, query, a)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		return none
	}
	return nil
}

// NotFound turns sql.ErrNoRows into an error of the kind NotFound with the message, and wraps any other error.
func NotFound(err error, what, message string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return acts.Errorf(acts.NotFound, "%s", message)
	}
	return Wrap(what, err)
}

// Wrap adds what was being done to an error; nil stays nil.
func Wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// IDs returns ids as a value for = ANY (CAST(:ids AS bigint[])). It is never NULL.
func IDs[T ~int64](ids []T) any {
	plain := make(pq.Int64Array, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return plain
}

// Rows returns the SQL expression for the rows of a query as one jsonb array.
func Rows(query string) string {
	return `coalesce((SELECT jsonb_agg(to_jsonb(q)) FROM (` + query + `) q), '[]')`
}

// Day returns the day of t at midnight UTC, the format of days in acts; the zero time for NULL.
func Day(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return UTCDay(*t)
}

// UTCDay returns the day of t at midnight UTC, the format of days in acts.
func UTCDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Time returns t, the zero time for NULL.
func Time(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// NullTime returns t as a value, NULL for the zero time.
func NullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// ParseDay reads a day that PostgreSQL has written into JSON; the zero time for null.
func ParseDay(text *string) time.Time {
	if text == nil {
		return time.Time{}
	}
	day, _ := time.Parse(time.DateOnly, *text) // PostgreSQL writes the days that we store in no other form
	return day
}
