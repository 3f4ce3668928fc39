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

	secret string // the token of the call, which must not appear in errors
}

// timing is the part of the time block that is about limits; a block in another format is ignored.
type timing struct {
	Operating float64
	ResetAt   int64
	Duration  float64
}

// UnmarshalJSON never fails, because a call must not fail for its time block.
func (s *timing) UnmarshalJSON(data []byte) error {
	var block struct {
		Operating json.Number `json:"operating"`
		ResetAt   ID          `json:"operating_reset_at"`
		Duration  json.Number `json:"duration"`
	}
	if json.Unmarshal(data, &block) == nil {
		s.Operating, _ = block.Operating.Float64()
		s.Duration, _ = block.Duration.Float64()
		s.ResetAt = int64(block.ResetAt)
	}
	return nil
}

// readAnswer decodes the envelope. The presence of "error" makes it an error, regardless of the HTTP status
// (docs/contracts/bitrix24.md, "Placement methods"). The answer is returned beside an error too, for the limits in its time block.
func readAnswer(method string, r *reply) (*answer, error) {
	var a answer
	body := bytes.TrimPrefix(r.body, []byte("\uFEFF"))
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, &Error{Method: method, Status: r.status, cause: unreadable(err)}
	}
	if isPresent(a.Error) {
		e := remoteError(method, r.status, readError(a.Error, a.About))
		e.resetAt = a.Time.ResetAt
		return &a, e
	}
	if r.status >= 400 || a.Result == nil {
		return &a, &Error{Method: method, Status: r.status, cause: ErrUnreadable}
	}
	return &a, nil
}

// decode reads the result into out. A result in an unexpected format is an unclear outcome: the method was executed.
func (a *answer) decode(method string, out any) error {
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(a.Result, out); err != nil {
		return &Error{Method: method, Status: 200, cause: unreadable(err)}
	}
	return nil
}

// unreadable returns an error with the field at which decoding failed, without its value.
func unreadable(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" && len(kind.Field) < 100 {
		return fmt.Errorf("%w at %s", ErrUnreadable, kind.Field)
	}
	return ErrUnreadable
}

// errorText is the error that the remote system returned instead of a result.
type errorText struct{ code, text string }

// readError decodes "error", which is a string, a number, or an object in REST 3.0 (docs/contracts/bitrix24.md, "REST 3.0") and in
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

func isPresent(data json.RawMessage) bool {
	return data != nil && string(bytes.TrimSpace(data)) != "null"
}

var tags = regexp.MustCompile(`</?[a-zA-Z!][^<>]*>`)

// tidy returns the text on one line of at most max letters, without tags and control characters
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
