package sbis

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// The service varies its JSON types: numbers are strings, flags are «Да», one object replaces a list, null or "" replaces an object
// (docs/contracts/sbis.md, "Envelope", "Writing a document" and "Counterparties"). fill reads all of them into plain Go values;
// a value that does not fit leaves the default.

// defaulter is a type with defaults for values that SBIS omits.
type defaulter interface{ setDefaults() }

// textSetter is a type that SBIS sometimes sends as a string.
type textSetter interface{ setText(string) }

// fill sets v from a decoded JSON value.
func fill(v reflect.Value, raw any) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(textOf(raw))
	case reflect.Bool:
		v.SetBool(isYes(raw))
	case reflect.Int:
		if n, ok := numberOf(raw); ok {
			v.SetInt(int64(n))
		}
	case reflect.Slice:
		fillList(v, raw)
	case reflect.Pointer:
		fillPointer(v, raw)
	case reflect.Struct:
		fillStruct(v, raw)
	}
}

func fillList(v reflect.Value, raw any) {
	for _, item := range listOf(raw) {
		element := reflect.New(v.Type().Elem()).Elem()
		fill(element, item)
		v.Set(reflect.Append(v, element))
	}
}

func fillPointer(v reflect.Value, raw any) {
	if objectOf(raw) == nil {
		return
	}
	v.Set(reflect.New(v.Type().Elem()))
	fill(v.Elem(), raw)
}

func fillStruct(v reflect.Value, raw any) {
	own := v.Addr().Interface()
	if d, ok := own.(defaulter); ok {
		d.setDefaults()
	}
	members := objectOf(raw)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			fill(v.Field(i), members)
		} else if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			fill(v.Field(i), members[name])
		}
	}
	if s, isText := raw.(string); isText && s != "" {
		if t, ok := own.(textSetter); ok {
			t.setText(s)
		}
	}
}

// objectOf returns the members of an object, or of the first object of a list.
func objectOf(raw any) map[string]any {
	switch v := raw.(type) {
	case map[string]any:
		return v
	case []any:
		if len(v) > 0 {
			first, _ := v[0].(map[string]any)
			return first
		}
	}
	return nil
}

// listOf returns the items of a list; a lone object or string counts as a list of one.
func listOf(raw any) []any {
	switch v := raw.(type) {
	case []any:
		items := make([]any, 0, len(v))
		for _, item := range v {
			if item != nil {
				items = append(items, item)
			}
		}
		return items
	case map[string]any:
		return []any{v}
	case string:
		if v != "" {
			return []any{v}
		}
	}
	return nil
}

func textOf(raw any) string {
	switch v := raw.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return yesNo(v)
	}
	return ""
}

func isYes(raw any) bool {
	switch strings.ToLower(strings.TrimSpace(textOf(raw))) {
	case "да", "true", "1", "yes":
		return true
	}
	return false
}

func numberOf(raw any) (int, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(textOf(raw)), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
		return 0, false
	}
	return int(f), true
}

func yesNo(b bool) string {
	if b {
		return "Да"
	}
	return "Нет"
}
