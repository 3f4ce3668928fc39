package bitrix24

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// List is a list in the formats of PHP: an array, an object whose keys are ignored, or an empty value
// (docs/contracts/bitrix24.md, "Calls and answers").
type List[T any] []T

// UnmarshalJSON reads every format of a list.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	if isEmpty(data) {
		return nil
	}
	return members(data, func(_ string, value json.RawMessage) error {
		var item T
		if err := json.Unmarshal(value, &item); err != nil {
			return err
		}
		*l = append(*l, item)
		return nil
	})
}

// Map is a map in the formats of PHP: an object, an array when its keys are 0, 1, 2…, or an empty value.
type Map[T any] map[string]T

// UnmarshalJSON reads every format of a map.
func (m *Map[T]) UnmarshalJSON(data []byte) error {
	*m = Map[T]{}
	if isEmpty(data) {
		return nil
	}
	return members(data, func(key string, value json.RawMessage) error {
		var item T
		if err := json.Unmarshal(value, &item); err != nil {
			return err
		}
		(*m)[key] = item
		return nil
	})
}

// members calls visit for each member of an object or array in order; the keys of an array are its indexes.
func members(data []byte, visit func(key string, value json.RawMessage) error) error {
	in := json.NewDecoder(bytes.NewReader(data))
	open, err := in.Token()
	if err != nil {
		return err
	}
	bracket, ok := open.(json.Delim)
	if !ok {
		return errShape
	}
	for n := 0; in.More(); n++ {
		if err := member(in, bracket, n, visit); err != nil {
			return err
		}
	}
	return nil
}

func member(in *json.Decoder, bracket json.Delim, n int, visit func(string, json.RawMessage) error) error {
	key := strconv.Itoa(n)
	if bracket == '{' {
		token, err := in.Token()
		if err != nil {
			return err
		}
		key, _ = token.(string)
	}
	var value json.RawMessage
	if err := in.Decode(&value); err != nil {
		return err
	}
	return visit(key, value)
}
