package bitrix24test

import "strings"

// The filter prefixes, longest first.
var operators = []string{">=", "<=", "!=%", "!%=", "=%", "%=", "!@", "!%", "!=", ">", "<", "@", "%", "=", "!"}

// splitOp cuts the prefix off a filter key; no prefix means equal.
func splitOp(key string) (op, name string) {
	for _, op := range operators {
		if name, ok := strings.CutPrefix(key, op); ok {
			return op, name
		}
	}
	return "=", key
}

// matchesAny compares a value, or any of the values of a list, with the wanted one.
func matchesAny(op string, have, want any) bool {
	switch op {
	case "@", "=", "":
		return oneOf(have, want)
	case "!@", "!", "!=":
		return !oneOf(have, want)
	}
	for _, h := range listOrOne(have) {
		if matches(op, h, want) {
			return true
		}
	}
	return have == nil && matches(op, nil, want)
}

func oneOf(have, want any) bool {
	wanted := listOrOne(want)
	if want == nil || len(wanted) == 0 {
		wanted = []any{nil}
	}
	values := listOrOne(have)
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

// equal compares as the database does: an empty value is empty text and zero.
func equal(a, b any) bool {
	if isEmpty(a) && isEmpty(b) {
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
	if _, date := moment(s); isS && isT && !date {
		return false // "007" is not "7" when both are text
	}
	return compare(a, b) == 0
}

func isEmpty(v any) bool {
	switch t := text(v); v.(type) {
	case bool:
		return false
	case []any, map[string]any:
		return len(listOrOne(v)) == 0
	default:
		return t == "" || t == "0"
	}
}

func matches(op string, have, want any) bool {
	h, w := strings.ToLower(text(have)), strings.ToLower(text(want))
	switch op {
	case "%":
		return strings.Contains(h, w)
	case "!%":
		return !strings.Contains(h, w)
	case "=%", "%=":
		return like(h, w)
	case "!=%", "!%=":
		return !like(h, w)
	}
	if have == nil {
		return false
	}
	n := compare(have, want)
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

// like is LIKE with % at either end.
func like(s, pattern string) bool {
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
