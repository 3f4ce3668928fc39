package php

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Text converts a scalar to the string that PHP prints.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "1"
		}
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	case int, int64:
		return fmt.Sprint(v)
	}
	return ""
}

// Number converts a number or a numeric string.
func Number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(strings.ReplaceAll(v, ",", ".")), 64)
		return f, err == nil
	}
	return 0, false
}

// Integer converts an id; other values are 0, as in PHP.
func Integer(v any) int64 {
	f, _ := Number(v)
	return int64(f)
}

// Truth reports whether a value is one of the values for true.
func Truth(v any) bool {
	switch strings.ToUpper(strings.TrimSpace(Text(v))) {
	case "Y", "1", "TRUE":
		return true
	}
	return false
}

// YesNo returns a boolean in the format of the CRM.
func YesNo(b bool) string {
	if b {
		return "Y"
	}
	return "N"
}

// List converts a PHP array to a list: a JSON array, or a map in the numeric order of its keys.
func List(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case map[string]any:
		out := make([]any, 0, len(v))
		for _, k := range SortedKeys(v) {
			out = append(out, v[k])
		}
		return out
	}
	return nil
}

// ListOrOne converts a list or a single value to a list.
func ListOrOne(v any) []any {
	if out := List(v); out != nil || v == nil {
		return out
	}
	return []any{v}
}

// Map converts a PHP array to a map.
func Map(v any) Fields {
	switch v := v.(type) {
	case map[string]any:
		return v
	case []any:
		out := Fields{}
		for i, x := range v {
			out[strconv.Itoa(i)] = x
		}
		return out
	}
	return Fields{}
}

// SortedKeys orders keys as numbers where both are numbers, else as text.
func SortedKeys(m map[string]any) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if errX == nil && errY == nil {
			return x - y
		}
		return strings.Compare(a, b)
	})
}

// Array converts an answer to the output of json_encode: an empty map becomes an empty list.
func Array(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return []any{}
		}
		out := make(Fields, len(v))
		for k, x := range v {
			out[k] = Array(x)
		}
		return out
	case []Fields:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = Array(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = Array(x)
		}
		return out
	case []string:
		if v == nil {
			return []any{}
		}
	}
	return v
}

// IDs converts ids to a JSON list.
func IDs[T ~int | ~int64](in []T) []any {
	out := make([]any, len(in))
	for i, x := range in {
		out[i] = float64(x)
	}
	return out
}

// Copy returns a deep copy of a value, made through JSON.
func Copy[T any](v T) T {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("bitrix24test: copy: %v", err))
	}
	var out T
	if err := json.Unmarshal(raw, &out); err != nil {
		panic(fmt.Sprintf("bitrix24test: copy: %v", err))
	}
	return out
}

// AsHTML returns copies of rows whose field of this name, a text, is HTML.
func AsHTML(rows []Fields, name string) []Fields {
	out := Copy(rows)
	for _, r := range out {
		if text, ok := r[name]; ok {
			r[name] = strings.ReplaceAll(html.EscapeString(Text(text)), "\n", "<br />\n")
		}
	}
	return out
}
