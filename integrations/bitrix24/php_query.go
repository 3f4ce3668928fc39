package bitrix24

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxVariables is the number of values of a query that PHP reads by default; it silently drops the rest.
const maxVariables = 1000

var (
	errParameter = errors.New("a parameter that cannot be sent")
	errTooMany   = errors.New("too many values for one command of a batch")
)

// queryWriter encodes parameters as PHP decodes them in the commands of a batch: a[b][0]=1&c=2
// (docs/contracts/bitrix24.md, "Batches").
type queryWriter struct {
	out  strings.Builder
	vars int
	refs []Reference
}

// phpQuery encodes params and returns the references to other commands in them.
func phpQuery(params Params) (string, []Reference, error) {
	var w queryWriter
	for _, name := range sortedKeys(params) {
		if strings.ContainsAny(name, ". ") || !isBracketKey(name) {
			return "", nil, errParameter
		}
		if err := w.value(url.QueryEscape(name), params[name]); err != nil {
			return "", nil, err
		}
	}
	return w.out.String(), w.refs, nil
}

func (w *queryWriter) value(name string, v any) error {
	switch v := v.(type) {
	case nil:
		return w.pair(name, "")
	case Reference:
		w.refs = append(w.refs, v)
		return w.literal(name, string(v))
	case OptionalReference:
		return w.literal(name, string(v))
	case json.Marshaler:
		return w.viaJSON(name, v)
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Map:
		return w.entries(name, rv)
	case reflect.Slice, reflect.Array:
		return w.items(name, rv)
	case reflect.Struct, reflect.Pointer:
		return w.viaJSON(name, v)
	}
	text, err := plainText(rv)
	if err != nil {
		return err
	}
	return w.pair(name, text)
}

// plainText writes a scalar as PHP does: true is 1, false is 0.
func plainText(v reflect.Value) (string, error) {
	switch {
	case v.Kind() == reflect.String:
		return escapePlaceholders(v.String()), nil
	case v.Kind() == reflect.Bool && v.Bool():
		return "1", nil
	case v.Kind() == reflect.Bool:
		return "0", nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), nil
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'f', -1, 64), nil
	}
	return "", errParameter
}

func (w *queryWriter) entries(name string, m reflect.Value) error {
	if m.Len() == 0 {
		return w.pair(name, "")
	}
	if m.Type().Key().Kind() != reflect.String {
		return errParameter
	}
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		if !isBracketKey(key.String()) {
			return errParameter
		}
		if err := w.value(name+"["+url.QueryEscape(key.String())+"]", m.MapIndex(key).Interface()); err != nil {
			return err
		}
	}
	return nil
}

// items writes the members of a list with indexes; an empty list becomes an empty value, which clears a multiple field.
func (w *queryWriter) items(name string, list reflect.Value) error {
	if list.Len() == 0 {
		return w.pair(name, "")
	}
	for i := range list.Len() {
		if err := w.value(name+"["+strconv.Itoa(i)+"]", list.Index(i).Interface()); err != nil {
			return err
		}
	}
	return nil
}

func (w *queryWriter) viaJSON(name string, v any) error {
	data, err := plainJSON(v)
	if err != nil {
		return err
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	var plain any
	if err := in.Decode(&plain); err != nil {
		return errParameter
	}
	return w.value(name, plain)
}

func (w *queryWriter) pair(name, text string) error { return w.literal(name, url.QueryEscape(text)) }

func (w *queryWriter) literal(name, text string) error {
	if w.vars++; w.vars > maxVariables {
		return errTooMany
	}
	if w.out.Len() > 0 {
		w.out.WriteByte('&')
	}
	w.out.WriteString(name + "=" + text)
	return nil
}

func isBracketKey(key string) bool { return key != "" && !strings.ContainsAny(key, "[]\x00") }

var livePlaceholder = regexp.MustCompile(`(?i)\$(result|next|total|time|error)`)

// escapePlaceholders inserts an invisible word joiner after the dollar sign of $result[…] in a text: the portal would replace the placeholder in any
// value of a batch, also inside a title.
func escapePlaceholders(text string) string {
	if !strings.Contains(text, "$") || !strings.Contains(text, "[") {
		return text
	}
	return livePlaceholder.ReplaceAllString(text, "$$\u2060$1")
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
