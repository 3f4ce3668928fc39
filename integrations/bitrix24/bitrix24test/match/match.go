// Package match compares values as the lists of Bitrix24 do: filter prefixes, order, dates.
package match

import (
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// The filter prefixes, longest first.
var operators = []string{">=", "<=", "!=%", "!%=", "=%", "%=", "!@", "!%", "!=", ">", "<", "@", "%", "=", "!"}

// Split splits a filter key into its operator and name; no prefix means equal.
func Split(key string) (op, name string) {
	for _, op := range operators {
		if name, ok := strings.CutPrefix(key, op); ok {
			return op, name
		}
	}
	return "=", key
}

// Any reports whether a value, or any value of a list, fits a condition.
func Any(op string, have, want any) bool {
	switch op {
	case "@", "=", "":
		return oneOf(have, want)
	case "!@", "!", "!=":
		return !oneOf(have, want)
	}
	for _, h := range php.ListOrOne(have) {
		if matches(op, h, want) {
			return true
		}
	}
	return have == nil && matches(op, nil, want)
}

func oneOf(have, want any) bool {
	wanted := php.ListOrOne(want)
	if want == nil || len(wanted) == 0 {
		wanted = []any{nil}
	}
	values := php.ListOrOne(have)
	if len(values) == 0 {
		values = []any{nil}
	}
	for _, w := range wanted {
		for _, h := range values {
			if equal(h, w) {
				return true
			}
		}
	}
	return false
}

// equal compares like the database: an empty value equals empty text and zero.
func equal(a, b any) bool {
	if IsEmpty(a) && IsEmpty(b) {
		return true
	}
	x, isX := a.(bool)
	y, isY := b.(bool)
	if isX || isY {
		return isX == isY && x == y
	}
	s, isS := a.(string)
	t, isT := b.(string)
	if isS && isT && strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(t)) {
		return true
	}
	if _, date := Moment(s); isS && isT && !date {
		return false // "007" is not "7" when both are text
	}
	return Compare(a, b) == 0
}

// IsEmpty reports whether a value is empty for a filter: no value, an empty text or list, and zero; false is not.
func IsEmpty(v any) bool {
	switch t := php.Text(v); v.(type) {
	case bool:
		return false
	case []any, map[string]any:
		return len(php.ListOrOne(v)) == 0
	default:
		return t == "" || t == "0"
	}
}

func matches(op string, have, want any) bool {
	h, w := strings.ToLower(php.Text(have)), strings.ToLower(php.Text(want))
	switch op {
	case "%":
		return strings.Contains(h, w)
	case "!%":
		return !strings.Contains(h, w)
	case "=%", "%=":
		return Like(h, w)
	case "!=%", "!%=":
		return !Like(h, w)
	}
	if have == nil {
		return false
	}
	n := Compare(have, want)
	switch op {
	case ">":
		return n > 0
	case ">=":
		return n >= 0
	case "<":
		return n < 0
	case "<=":
		return n <= 0
	}
	return false
}

// Like is LIKE with % at both ends.
func Like(s, pattern string) bool {
	core := strings.Trim(pattern, "%")
	switch {
	case strings.HasPrefix(pattern, "%") && strings.HasSuffix(pattern, "%"):
		return strings.Contains(s, core)
	case strings.HasPrefix(pattern, "%"):
		return strings.HasSuffix(s, core)
	case strings.HasSuffix(pattern, "%"):
		return strings.HasPrefix(s, core)
	}
	return s == core
}
