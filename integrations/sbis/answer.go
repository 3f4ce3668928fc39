package sbis

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// reply is the undecoded answer of the service: `error` may be an object or a string, `result` anything or missing
// (docs/contracts/sbis.md, "Session" and "Errors").
type reply struct {
	Version json.RawMessage `json:"jsonrpc"`
	Result  json.RawMessage `json:"result"`
	Error   json.RawMessage `json:"error"`
}

// isOfService reports whether the answer comes from the service and not from a gateway.
func (r reply) isOfService() bool { return r.Version != nil || r.Result != nil || r.Error != nil }

// fault is the error member as an object.
type fault struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Details string `json:"details"`
	Data    struct {
		ClassID string `json:"classid"`
		AddInfo struct {
			Message    string `json:"Сообщение"`
			CodeMethod string `json:"МетодОтправкиКодаПодтверждения"`
		} `json:"addinfo"`
	} `json:"data"`
}

// readAnswer decodes the body before it checks the status: business errors have HTTP status 200 or 500, and a page of a gateway is no
// answer (docs/contracts/sbis.md, "Errors").
func readAnswer(method string, status int, body []byte, out any) error {
	var r reply
	if err := json.Unmarshal(body, &r); err != nil || !r.isOfService() {
		return unreadableError(method, status)
	}
	if r.Error != nil && !bytes.Equal(r.Error, []byte("null")) {
		return serviceError(method, status, r.Error)
	}
	if status == http.StatusUnauthorized {
		return &Error{Method: method, Status: status, kind: session}
	}
	if status >= 300 {
		return unreadableError(method, status)
	}
	if err := decode(r.Result, out); err != nil {
		return &Error{Method: method, Status: status, cause: err}
	}
	return nil
}

// serviceError converts the error member to an Error.
func serviceError(method string, status int, raw json.RawMessage) error {
	var f fault
	switch v := anyValue(raw).(type) {
	case string:
		f.Message = v
	default:
		fill(reflect.ValueOf(&f).Elem(), v)
	}
	e := &Error{
		Method: method, Status: status, Code: f.Code,
		Message: tidy(f.Message), Details: tidy(nonEmpty(f.Details, f.Data.AddInfo.Message)),
		ClassID: tidy(f.Data.ClassID), SecondFactor: f.Data.AddInfo.CodeMethod != "",
	}
	e.kind = e.classify()
	return e
}

// decode reads a result into out. Members are read leniently, but a result of an unexpected JSON type is an error.
func decode(raw json.RawMessage, out any) error {
	if out == nil {
		return nil
	}
	v := anyValue(raw)
	target := reflect.ValueOf(out).Elem()
	if !fits(target, v) {
		return fmt.Errorf("result is %T, which is not the type of the method's result", v)
	}
	fill(target, v)
	return nil
}

// fits reports whether the JSON type of the value fits the target: an object for a struct, else a string.
func fits(target reflect.Value, v any) bool {
	if target.Kind() == reflect.Struct {
		_, ok := v.(map[string]any)
		return ok
	}
	_, ok := v.(string)
	return ok
}

// anyValue decodes JSON and keeps numbers as text; invalid JSON gives nil.
func anyValue(raw []byte) any {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil
	}
	return v
}

// unreadableError returns the error of an answer that does not come from the service. By its status it is a refusal of a gateway before
// execution, or unclear.
func unreadableError(method string, status int) error {
	e := &Error{Method: method, Status: status, lost: true, cause: errors.New("no readable answer")}
	switch status {
	case http.StatusUnauthorized:
		e.kind, e.lost = session, false
	case http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusRequestEntityTooLarge, http.StatusTooManyRequests:
		e.kind = busy
	}
	return e
}

// tidy returns a message of SBIS shortened and on one line.
func tidy(s string) string {
	const longest = 500
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}
