package bitrix24

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// errShape means that a value has an unexpected format. It does not contain the value.
var errShape = errors.New("value of a wrong shape")

// ID is the id of an object. It is decoded from a number or a string, and from 0, "", null or false when there is none
// (docs/contracts/bitrix24.md, "Calls and answers").
type ID int64

// UnmarshalJSON reads every format of an id.
func (id *ID) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil {
		return err
	}
	if text == "" {
		*id = 0
		return nil
	}
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(fraction, "0") != "" {
		return errShape
	}
	*id = ID(n)
	return nil
}

// String writes the number.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// Bool is decoded from true, "Y", "1", 1 and their opposites, and encoded as Y or N.
type Bool bool

// UnmarshalJSON reads every format of a boolean.
func (b *Bool) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil {
		return err
	}
	switch strings.ToLower(text) {
	case "y", "1", "true":
		*b = true
	case "n", "0", "", "false":
		*b = false
	default:
		return errShape
	}
	return nil
}

// MarshalJSON writes "Y" or "N".
func (b Bool) MarshalJSON() ([]byte, error) { return []byte(`"` + b.String() + `"`), nil }

// String writes Y or N.
func (b Bool) String() string {
	if b {
		return "Y"
	}
	return "N"
}

// Text is decoded from a string or a number, and from null, false, [] or {} when there is none.
type Text string

// UnmarshalJSON reads every format of a text.
func (t *Text) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil {
		return err
	}
	*t = Text(text)
	return nil
}

// String returns the text.
func (t Text) String() string { return string(t) }

// scalar returns the text of a JSON string or number as PHP prints it: true is "1", every empty value is "".
func scalar(data []byte) (string, error) {
	data = bytes.TrimSpace(data)
	switch {
	case isEmpty(data):
		return "", nil
	case data[0] == '"':
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return "", errShape
		}
		return text, nil
	case string(data) == "true":
		return "1", nil
	case data[0] == '{' || data[0] == '[':
		return "", errShape
	}
	return string(data), nil
}

// isEmpty reports whether a value is one of the empty values of PHP: null, false, "", [] and {}.
func isEmpty(data []byte) bool {
	data = bytes.TrimSpace(data)
	switch string(data) {
	case "", "null", "false", `""`, "[]", "{}":
		return true
	}
	if len(data) > 2 && (data[0] == '[' || data[0] == '{') {
		inner := data[1 : len(data)-1]
		return len(bytes.TrimSpace(inner)) == 0
	}
	return false
}
