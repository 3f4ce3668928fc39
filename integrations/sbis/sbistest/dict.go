package sbistest

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// dict is a JSON object.
type dict map[string]any

// text is a member as a string; numbers count too.
func (d dict) text(name string) string {
	switch v := d[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// object returns a member that is an object, else nil.
func (d dict) object(name string) dict {
	m, _ := d[name].(map[string]any)
	return m
}

// list returns a member that is a list of objects; a single object counts as a list of one
// (docs/contracts/sbis.md, "Writing a document": Вложение).
func (d dict) list(name string) []dict {
	switch v := d[name].(type) {
	case map[string]any:
		return []dict{v}
	case []any:
		var out []dict
		for _, item := range v {
			if m, ok := item.(map[string]any); ok {
				out = append(out, m)
			}
		}
		return out
	}
	return nil
}

// has reports whether the member exists and is not null.
func (d dict) has(name string) bool { return d[name] != nil }

func (d dict) number(name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(d.text(name)))
	return n, err == nil
}

// moscow is the zone of the service.
var moscow = time.FixedZone("MSK", 3*60*60)

const (
	dateLayout   = "02.01.2006"
	momentLayout = "02.01.2006 15.04.05"
)

func moment(t time.Time) string { return t.In(moscow).Format(momentLayout) }

func day(t time.Time) string { return t.In(moscow).Format(dateLayout) }

// readMoment parses a date with a time; like the service it refuses a date alone
// (docs/contracts/sbis.md, "Errors").
func readMoment(s string) (time.Time, bool) {
	t, err := time.ParseInLocation(momentLayout, strings.ReplaceAll(s, ":", "."), moscow)
	return t, err == nil
}

func validDay(s string) bool {
	_, err := time.Parse(dateLayout, s)
	return err == nil
}

func yesNo(b bool) string {
	if b {
		return "Да"
	}
	return "Нет"
}
