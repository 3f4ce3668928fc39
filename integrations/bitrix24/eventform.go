package bitrix24

import (
	"net/url"
	"strings"
)

// Limits of one event; real ones have a dozen fields, three levels and a kilobyte.
const (
	maxEventFields = maxFields
	maxEventDepth  = 5
	maxEventName   = 200
	maxEventSize   = 64 << 10
)

// flatForm is a form with bracket keys: data[FIELDS][ID] is found at "data", "FIELDS", "ID" (section 8.2).
type flatForm map[string]string

// flatten reads bracket keys within the limits. Arrays without a key, repeated values, and a name that is both a
// value and a branch are refused.
func flatten(form url.Values) (flatForm, error) {
	if len(form) > maxEventFields {
		return nil, &FormError{"(body)", "too many fields"}
	}
	flat, size := make(flatForm, len(form)), 0
	for name, values := range form {
		path, ok := bracketPath(name)
		if !ok {
			return nil, &FormError{"(body)", "a name of a wrong shape"}
		}
		if len(values) != 1 {
			return nil, &FormError{path[0], "repeated"}
		}
		if size += len(name) + len(values[0]); size > maxEventSize {
			return nil, &FormError{"(body)", "too long"}
		}
		flat[join(path)] = values[0]
	}
	return flat, flat.noBranchIsValue()
}

// bracketPath splits a[b][c] into its steps.
func bracketPath(name string) ([]string, bool) {
	if len(name) > maxEventName || strings.Count(name, "[") > maxEventDepth {
		return nil, false
	}
	root, rest, nested := strings.Cut(name, "[")
	path := []string{root}
	if nested {
		inner, closed := strings.CutSuffix(rest, "]")
		if !closed {
			return nil, false
		}
		path = append(path, strings.Split(inner, "][")...)
	}
	for _, step := range path {
		if step == "" || !lineShape(step) || strings.ContainsAny(step, "[]") {
			return nil, false
		}
	}
	return path, true
}

func (f flatForm) noBranchIsValue() error {
	for key := range f {
		for i := range len(key) {
			if key[i] != separator[0] {
				continue
			}
			if _, both := f[key[:i]]; both {
				root, _, _ := strings.Cut(key, separator)
				return &FormError{root, "a value and a branch"}
			}
		}
	}
	return nil
}

// values are the same form with its paths as names.
func (f flatForm) values() url.Values {
	form := make(url.Values, len(f))
	for path, value := range f {
		form[path] = []string{value}
	}
	return form
}

// at returns the value at a path, "" when there is none.
func (f flatForm) at(path ...string) string { return f[join(path)] }

// separator cannot occur in a step: steps hold no control characters.
const separator = "\x00"

func join(path []string) string { return strings.Join(path, separator) }
