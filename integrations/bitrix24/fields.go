package bitrix24

import (
	"encoding/json"
	"strings"
)

// Fields are all fields of an object as they came, also those without a place in its struct: user fields, parents.
type Fields map[string]json.RawMessage

// Text returns a field as text, "" when it is absent or not a scalar.
func (f Fields) Text(name string) string { return loose(f[name]) }

// ID returns a field as an id, 0 when it is absent or not a number.
func (f Fields) ID(name string) ID { return read[ID](f, name) }

// IDs returns a multiple field as ids.
func (f Fields) IDs(name string) []ID { return read[List[ID]](f, name) }

// Texts returns a multiple field as texts.
func (f Fields) Texts(name string) []Text { return read[List[Text]](f, name) }

// Bool returns a field as yes or no, no when it is absent.
func (f Fields) Bool(name string) bool { return bool(read[Bool](f, name)) }

// Amount returns a field as an exact decimal and whether there is one; a money field "100|RUB" gives its sum.
func (f Fields) Amount(name string) (Amount, bool) {
	sum, _, _ := strings.Cut(f.Text(name), "|")
	if sum == "" {
		return Amount{}, false
	}
	a, err := NewAmount(sum)
	return a, err == nil
}

// Files returns the files of a single or multiple file field (section 5).
func (f Fields) Files(name string) []File {
	var one File
	if json.Unmarshal(f[name], &one) == nil && one.ID != 0 {
		return []File{one}
	}
	return read[List[File]](f, name)
}

// File is a file of a CRM field. URLMachine holds the access token: it is good for one download now, never for
// storing or logging.
type File struct {
	ID         ID     `json:"id"`
	URLMachine string `json:"urlMachine"`
}

func read[T any](f Fields, name string) T {
	var value T
	if raw, found := f[name]; !found || json.Unmarshal(raw, &value) != nil {
		var none T
		return none
	}
	return value
}

// withRaw decodes an object into its struct and keeps all its fields; [] for an object is an empty one.
func withRaw(data []byte, plain any, raw *Fields) error {
	*raw = Fields{}
	if vacant(data) {
		return nil
	}
	if err := json.Unmarshal(data, plain); err != nil {
		return err
	}
	return json.Unmarshal(data, raw)
}
