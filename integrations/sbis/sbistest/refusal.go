package sbistest

import (
	"fmt"
	"net/http"
)

// Classes of errors (docs/contracts/sbis.md, "Errors").
const (
	fatalClass    = "{00000000-0000-0000-0000-1fa000001002}"
	nonFatalClass = "{00000000-0000-0000-0000-1aa000001002}"
	makingClass   = "{00000000-0000-0000-0000-1AA0000F1002}" // a PDF is still being made
)

// refusal is an error of the service.
type refusal struct {
	status int
	code   int
	text   string
	detail string // when it differs from the text
	kind   string // error or warning
	class  string
	info   any  // addinfo
	bare   bool // the answer is {"error": text, "id": -1}
}

// refuse returns a business error: code −32000, HTTP 500.
func refuse(format string, args ...any) *refusal {
	return &refusal{status: http.StatusInternalServerError, code: -32000, text: fmt.Sprintf(format, args...), kind: "error", class: fatalClass}
}

// protocol returns an error of the envelope, before any method.
func protocol(code int, text string) *refusal {
	return &refusal{status: http.StatusInternalServerError, code: code, text: text, kind: "error"}
}

var (
	errParse    = protocol(-32700, "Parse error")
	errNoMethod = protocol(-32601, "Method not found")
	errBusy     = &refusal{status: http.StatusInternalServerError, code: -32000, text: "Сервис временно недоступен, повторите запрос позже", kind: "error", class: nonFatalClass}
	errTooMany  = &refusal{status: http.StatusTooManyRequests, bare: true}

	errMaking        = &refusal{status: http.StatusInternalServerError, code: -32000, text: "Документ формируется", kind: "error", class: makingClass}
	errNotAuthorized = &refusal{status: http.StatusUnauthorized, code: -32001, text: "Not authorized.", bare: true}
	errNoDocument    = refuse("Документ не найден")
	errNoEvent       = refuse("Событие не найдено")
	errPassed        = refuse("Отсутствуют документы, требующие отправки")
)

// body returns the JSON of the answer; the error of an expired session is a string, without the member jsonrpc
// (docs/contracts/sbis.md, "Session").
func (r *refusal) body(id any) any {
	if r.bare {
		return dict{"error": r.text, "id": -1}
	}
	var data any
	if r.class != "" {
		data = dict{"classid": r.class, "addinfo": r.info}
	}
	fault := dict{"code": r.code, "message": r.text, "details": orElse(r.detail, r.text), "type": r.kind, "data": data}
	return dict{"jsonrpc": "2.0", "error": fault, "id": id}
}

// unsigned is the refusal of a file in the legal format whose signature was not prepared, with the message and details that public clients
// look for (docs/contracts/sbis.md, "Sending").
func unsigned(file string) *refusal {
	r := refuse("Не приложен файл подписи")
	r.detail = "Не хватает подписи под: " + file
	return r
}

// missing is the refusal of params without a required member (docs/contracts/sbis.md, "Errors").
func missing(name string) *refusal { return refuse("В объекте нет поля %s", name) }
