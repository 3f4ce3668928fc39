package bitrix24test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Fields is one record or one set of parameters as PHP sees it: names and values of JSON kinds.
type Fields = map[string]any

// text turns any scalar into the string PHP would print.
func text(v any) string {
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

// number reads a number out of a number or a numeric string.
func number(v any) (float64, bool) {
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

// integer reads an id; what is not a number is 0, as in PHP.
func integer(v any) int64 {
	f, _ := number(v)
	return int64(f)
}

// truth reads the many ways of saying yes.
func truth(v any) bool {
	switch strings.ToUpper(strings.TrimSpace(text(v))) {
	case "Y", "1", "TRUE":
		return true
	}
	return false
}

// yesNo prints a boolean the way CRM stores it.
func yesNo(b bool) string {
	if b {
		return "Y"
	}
	return "N"
}

// list reads a PHP array as a list: a JSON array, or a map whose keys are put in numeric order.
func list(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case map[string]any:
		out := make([]any, 0, len(v))
		for _, k := range sortedKeys(v) {
			out = append(out, v[k])
		}
		return out
	}
	return nil
}

// listOrOne reads a list where a single value is allowed too.
func listOrOne(v any) []any {
	if out := list(v); out != nil || v == nil {
		return out
	}
	return []any{v}
}

// fields reads a PHP array as a map.
func fields(v any) Fields {
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

// sortedKeys orders keys as numbers where both are numbers, else as text.
func sortedKeys(m map[string]any) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if errX == nil && errY == nil {
			return x - y
		}
		return strings.Compare(a, b)
	})
}

// php rewrites an answer the way json_encode prints PHP arrays: an empty map becomes an empty list.
func php(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return []any{}
		}
		out := make(Fields, len(v))
		for k, x := range v {
			out[k] = php(x)
		}
		return out
	case []Fields:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = php(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = php(x)
		}
		return out
	case []string:
		if v == nil {
			return []any{}
		}
	}
	return v
}

// ids turns numbers into a JSON list.
func ids[T ~int | ~int64](in []T) []any {
	out := make([]any, len(in))
	for i, x := range in {
		out[i] = float64(x)
	}
	return out
}

// plain copies a value through JSON, so that nothing of the state leaves the portal by reference.
func plain[T any](v T) T {
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
