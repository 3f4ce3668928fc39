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

// reply is an answer of the service before its members are looked at: `error` may be an
// object or a string, `result` may be anything or absent (docs/contracts/sbis.md, "Session" and "Errors").
type reply struct {
	Version json.RawMessage `json:"jsonrpc"`
	Result  json.RawMessage `json:"result"`
	Error   json.RawMessage `json:"error"`
}

// isOfService reports whether the answer is the service's own at all.
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

// readAnswer looks at the body first and at the status second: business errors arrive with
// HTTP 200 as well as 500, and a page of a gateway is no answer at all (docs/contracts/sbis.md, "Errors").
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

// serviceError turns the error member into an Error.
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

// decode reads a result into out. Members are taken leniently, but a result of quite
// another kind than the one expected is a broken answer.
func decode(raw json.RawMessage, out any) error {
	if out == nil {
		return nil
	}
	v := anyValue(raw)
	target := reflect.ValueOf(out).Elem()
	if !fits(target, v) {
		return fmt.Errorf("result is %T, not what the method promises", v)
	}
	fill(target, v)
	return nil
}

// fits reports whether the outermost value has the kind that target stands for.
func fits(target reflect.Value, v any) bool {
	if target.Kind() == reflect.Struct {
		_, ok := v.(map[string]any)
		return ok
	}
	_, ok := v.(string)
	return ok
}

// anyValue decodes JSON with numbers kept as written; broken JSON gives nil.
func anyValue(raw []byte) any {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil
	}
	return v
}

// unreadableError is an answer that is not the service's own: by its status either a gateway's
// refusal before the work, or something that says nothing about the work.
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

// tidy keeps a sentence of the remote system short and printable.
func tidy(s string) string {
	const longest = 500
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}
