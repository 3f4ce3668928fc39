package bitrix24

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// answer is the envelope of every method (docs/contracts/bitrix24.md, "Calls and answers").
type answer struct {
	Result json.RawMessage `json:"result"`
	Total  ID              `json:"total"`
	Next   ID              `json:"next"`
	Time   timing          `json:"time"`
	Error  json.RawMessage `json:"error"`
	About  json.RawMessage `json:"error_description"`

	secret string // the token of the call, to be kept out of errors
}

// timing is the part of the time block that tells of limits; a time block of another shape is ignored.
type timing struct {
	Operating float64
	ResetAt   int64
}

// UnmarshalJSON never fails: the time block is an aside.
func (s *timing) UnmarshalJSON(data []byte) error {
	var block struct {
		Operating json.Number `json:"operating"`
		ResetAt   ID          `json:"operating_reset_at"`
	}
	if json.Unmarshal(data, &block) == nil {
		s.Operating, _ = block.Operating.Float64()
		s.ResetAt = int64(block.ResetAt)
	}
	return nil
}

// readAnswer opens the envelope. The presence of "error" decides, whatever the status
// (docs/contracts/bitrix24.md, "Placement methods"). The answer may come together with an error: its time block tells of limits.
func readAnswer(method string, r *reply) (*answer, error) {
	var a answer
	body := bytes.TrimPrefix(r.body, []byte("\uFEFF"))
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, &Error{Method: method, Status: r.status, cause: unreadable(err)}
	}
	if present(a.Error) {
		e := remoteError(method, r.status, readError(a.Error, a.About))
		e.resetAt = a.Time.ResetAt
		return &a, e
	}
	if r.status >= 400 || a.Result == nil {
		return &a, &Error{Method: method, Status: r.status, cause: ErrUnreadable}
	}
	return &a, nil
}

// decode reads the result into out; a result of a foreign shape is an unclear end, for the method has run.
func (a *answer) decode(method string, out any) error {
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(a.Result, out); err != nil {
		return &Error{Method: method, Status: 200, cause: unreadable(err)}
	}
	return nil
}

// unreadable names the place where reading stopped, never what stood there.
func unreadable(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" && len(kind.Field) < 100 {
		return fmt.Errorf("%w at %s", ErrUnreadable, kind.Field)
	}
	return ErrUnreadable
}

// errorText is what the remote system said instead of a result.
type errorText struct{ code, text string }

// readError reads "error", which is a string, a number, or an object in REST 3.0 (docs/contracts/bitrix24.md, "REST 3.0") and in
// batches.
func readError(code, about json.RawMessage) errorText {
	var object struct {
		Code    Text `json:"code"`
		Message Text `json:"message"`
		Error   Text `json:"error"`
		About   Text `json:"error_description"`
	}
	if text, err := scalar(code); err == nil {
		return errorText{tidy(text, 80), tidy(lenientText(about), 300)}
	}
	_ = json.Unmarshal(code, &object)
	text := object.Message + object.About
	return errorText{tidy(string(object.Code+object.Error), 80), tidy(string(text), 300)}
}

func lenientText(data json.RawMessage) string {
	text, _ := scalar(data)
	return text
}

func present(data json.RawMessage) bool {
	return data != nil && string(bytes.TrimSpace(data)) != "null"
}

var tags = regexp.MustCompile(`</?[a-zA-Z!][^<>]*>`)

// tidy makes a line of at most max letters out of a text that may hold tags and control characters
// (docs/contracts/bitrix24.md, "Calls and answers").
func tidy(text string, max int) string {
	text = strings.ToValidUTF8(text[:min(len(text), 8*max)], "")
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, tags.ReplaceAllString(text, " "))
	line := []rune(strings.Join(strings.Fields(text), " "))
	return string(line[:min(len(line), max)])
}
