// Package contract contains the table of the methods of Bitrix24, checks parameters against it, and defines the errors.
package contract

import (
	"net/http"

	"acts24/integrations/bitrix24/bitrix24test/php"

	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed contract.json
var contractJSON []byte

// Methods is the table of the methods of the fake portal, by name.
var Methods = loadContract()

// Method is one row of the contract table.
type Method struct {
	Scope   string            `json:"scope"`   // any of the listed rights; empty for the basic ones
	Kind    string            `json:"kind"`    // read or write
	Params  map[string]string `json:"params"`  // name to type; ! marks a required one
	Fields  map[string]string `json:"fields"`  // allowed keys inside fields, when they are a fixed set
	Admin   bool              `json:"admin"`   // administrators only
	App     bool              `json:"app"`     // needs an application's token
	AnyCase bool              `json:"anyCase"` // old methods take names in any case
	Also    []string          `json:"also"`    // further accepted names, of any type
}

var methodNames = foldedNames()

func loadContract() map[string]Method {
	var out map[string]Method
	if err := json.Unmarshal(contractJSON, &out); err != nil {
		panic(fmt.Sprintf("bitrix24test: contract.json: %v", err))
	}
	return out
}

func foldedNames() map[string]string {
	out := map[string]string{}
	for name := range Methods {
		out[strings.ToLower(name)] = name
	}
	return out
}

// Find returns the method under its proper name; names are case-insensitive.
func Find(name string) (string, Method, bool) {
	proper, ok := methodNames[strings.ToLower(name)]
	return proper, Methods[proper], ok
}

// Check refuses unknown, missing and wrongly typed parameters and returns them under their proper names.
func (m Method) Check(in php.Fields) (php.Fields, error) {
	out := php.Fields{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		proper, kind, ok := m.param(name)
		if !ok {
			return nil, unknownParam(name)
		}
		v := in[name]
		if v == nil {
			continue
		}
		if kind == "object" || kind == "array" {
			v = emptyArray(v)
		}
		if !fits(kind, v) {
			return nil, wrongType(proper, kind, v)
		}
		out[proper] = v
	}
	for _, name := range slices.Sorted(maps.Keys(m.Params)) {
		if _, ok := out[name]; !ok && strings.HasSuffix(m.Params[name], "!") {
			return nil, Refuse("100", "Could not find value for parameter {%s}", name)
		}
	}
	return out, nil
}

// param finds the proper name and the type of a parameter.
func (m Method) param(name string) (proper, kind string, ok bool) {
	if kind, ok = m.Params[name]; ok {
		return name, strings.TrimSuffix(kind, "!"), true
	}
	if m.AnyCase {
		for p, kind := range m.Params {
			if strings.EqualFold(p, name) {
				return p, strings.TrimSuffix(kind, "!"), true
			}
		}
	}
	return name, "any", slices.Contains(m.Also, name)
}

// emptyArray converts "name=" of a form to an empty array.
func emptyArray(v any) any {
	if v == "" {
		return php.Fields{}
	}
	return v
}

func fits(kind string, v any) bool {
	_, isMap := v.(map[string]any)
	_, isList := v.([]any)
	switch kind {
	case "array", "object":
		return isMap || isList
	case "integer":
		f, ok := php.Number(v)
		_, isBool := v.(bool)
		return ok && !isBool && f == float64(int64(f))
	case "string", "boolean":
		return !isMap && !isList
	}
	return true
}

var phpTypeNames = map[string]string{"integer": "int", "object": "array", "boolean": "bool"}

func wrongType(name, kind string, v any) *Error {
	word := phpTypeNames[kind]
	if word == "" {
		word = kind
	}
	return Refuse("100", "Invalid value {%s} to match with parameter {%s}. Should be value of type %s.", php.Text(v), name, word)
}

func unknownParam(name string) *Error {
	e := Refuse("ERROR_ARGUMENT", "Argument '%s' is unknown", name)
	e.Extra = php.Fields{"argument": name}
	return e
}

// Error is an error of Bitrix24. Extra keys are sent beside the code.
type Error struct {
	Status int
	Code   string
	Text   string
	Extra  php.Fields
}

// Error names status, code and text.
func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Text) }

// Body is the body of the answer.
func (e *Error) Body() php.Fields {
	out := php.Fields{"error": e.Code, "error_description": e.Text}
	for k, v := range e.Extra {
		out[k] = v
	}
	return out
}

// Refuse returns an error with status 400 and a code.
func Refuse(code, text string, args ...any) *Error {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return &Error{Status: http.StatusBadRequest, Code: code, Text: text}
}

// The errors before a method is executed.
var (
	ErrNoAuth          = &Error{Status: 401, Code: "NO_AUTH_FOUND", Text: "Wrong authorization data"}
	ErrExpired         = &Error{Status: 401, Code: "expired_token", Text: "The access token provided has expired."}
	ErrAppGone         = &Error{Status: 401, Code: "APPLICATION_NOT_FOUND", Text: "Application not found"}
	ErrDismissed       = &Error{Status: 401, Code: "authorization_error", Text: "Unable to authorize user"}
	ErrNoAppAccess     = &Error{Status: 403, Code: "user_access_error", Text: "The user does not have access to the application"}
	ErrScope           = &Error{Status: 403, Code: "insufficient_scope", Text: "The request requires higher privileges than provided by the access token"}
	ErrAdminOnly       = &Error{Status: 403, Code: "ACCESS_DENIED", Text: "Access denied!"}
	ErrMethodNotFound  = &Error{Status: 404, Code: "ERROR_METHOD_NOT_FOUND", Text: "Method not found!"}
	ErrBatchMethod     = &Error{Status: 405, Code: "ERROR_BATCH_METHOD_NOT_ALLOWED", Text: "Method is not allowed for batch usage"}
	ErrBatchLength     = &Error{Status: 400, Code: "ERROR_BATCH_LENGTH_EXCEEDED", Text: "Max batch length exceeded"}
	ErrQueryLimit      = &Error{Status: 503, Code: "QUERY_LIMIT_EXCEEDED", Text: "Too many requests"}
	ErrOverload        = &Error{Status: 503, Code: "OVERLOAD_LIMIT", Text: "REST API is blocked due to overload"}
	ErrOperatingLimit  = &Error{Status: 429, Code: "OPERATION_TIME_LIMIT", Text: "Method is blocked due to operation time limit."}
	ErrPortalDeleted   = &Error{Status: 500, Code: "PORTAL_DELETED", Text: "Portal was deleted"}
	ErrNoTariff        = &Error{Status: 403, Code: "ACCESS_DENIED", Text: "REST API is available only on commercial plans"}
	ErrUnexpectedReply = &Error{Status: 500, Code: "INTERNAL_SERVER_ERROR", Text: "Internal server error"}
)

// ErrItemNotFound is the answer about an object that does not exist.
func ErrItemNotFound() *Error { return Refuse("NOT_FOUND", "Элемент не найден") }

// ErrTypeNotFound is the answer about an unknown entity type.
func ErrTypeNotFound() *Error {
	return Refuse("NOT_FOUND", "Смарт-процесс не найден")
}

// ErrItemDenied is the answer about an object that the user may not see.
func ErrItemDenied() *Error {
	return Refuse("ACCESS_DENIED", "У Вас нет прав на просмотр этого элемента")
}
