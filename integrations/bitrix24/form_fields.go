package bitrix24

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxFields is more than any portal sends in one POST.
	maxFields = 200
	// maxValue bounds one value of a POST.
	maxValue = 8 << 10
)

// FormError means that a field of a POST is not in the format that portals send. It does not contain the value.
type FormError struct {
	Field  string
	Reason string
}

// Error names the field and the reason.
func (e *FormError) Error() string { return "bitrix24: field " + e.Field + ": " + e.Reason }

// fieldReader reads single values of a form and keeps the first error.
type fieldReader struct {
	form url.Values
	err  error
}

func (f *fieldReader) fail(field, reason string) {
	if f.err == nil {
		f.err = &FormError{strings.ReplaceAll(field, separator, "."), reason}
	}
}

// text returns the value of a field that ok accepts, or "" when the field is absent or empty.
func (f *fieldReader) text(field string, ok func(string) bool) string {
	values := f.form[field]
	switch {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return ""
	case len(values) > 1:
		f.fail(field, "repeated")
	case !ok(values[0]):
		f.fail(field, "of a wrong shape")
	default:
		return values[0]
	}
	return ""
}

// required returns the value of a field and fails when it is absent.
func (f *fieldReader) required(field string, ok func(string) bool) string {
	value := f.text(field, ok)
	if value == "" {
		f.fail(field, "missing")
	}
	return value
}

// Formats of values. They prove nothing about the sender.

func hasTokenShape(s string) bool {
	return len(s) <= 512 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func hasWordShape(s string) bool {
	return len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool { return !isWordRune(r) })
}

func hasNumberShape(s string) bool {
	return s != "" && len(s) <= 18 && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

func hasLineShape(s string) bool {
	return len(s) <= maxValue && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
