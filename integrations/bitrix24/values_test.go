package bitrix24

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// decodedText decodes a JSON text into a T and returns the T as text, or "error".
func decodedText[T any](text string) string {
	var v T
	if json.Unmarshal([]byte(text), &v) != nil {
		return "error"
	}
	return fmt.Sprint(v)
}

func TestScalars(t *testing.T) {
	longDecimal := "1." + strings.Repeat("3", 58) // the longest accepted one: 60 characters
	for _, tt := range []struct{ json, id, flag, text, amount string }{
		{`5`, "5", "error", "5", "5"},
		{`"5"`, "5", "error", "5", "5"},
		{`0`, "0", "N", "0", "0"},
		{`1`, "1", "Y", "1", "1"},
		{`"1"`, "1", "Y", "1", "1"},
		{`""`, "0", "N", "", "0"},
		{`null`, "0", "N", "", "0"},
		{`false`, "0", "N", "", "0"},
		{`true`, "1", "Y", "1", "1"},
		{`[]`, "0", "N", "", "0"},
		{`[ ]`, "0", "N", "", "0"},
		{`{}`, "0", "N", "", "0"},
		{`"Y"`, "error", "Y", "Y", "error"},
		{`"n"`, "error", "N", "n", "error"},
		{`"true"`, "error", "Y", "true", "error"},
		{`7.0`, "7", "error", "7.0", "7"},
		{`7.5`, "error", "error", "7.5", "7.5"},
		{`-3`, "-3", "error", "-3", "-3"},
		{`9223372036854775808`, "error", "error", "9223372036854775808", "9223372036854775808"},
		{`1e3`, "error", "error", "1e3", "1000"},
		{`"90909.09"`, "error", "error", "90909.09", "90909.09"},
		{`0.000000001`, "error", "error", "0.000000001", "0.000000001"},
		{`1e999999999`, "error", "error", "1e999999999", "error"},
		{`1e-999999999`, "error", "error", "1e-999999999", "error"},
		{`1e31`, "error", "error", "1e31", "error"},
		{`1e-61`, "error", "error", "1e-61", "error"},
		{longDecimal, "error", "error", longDecimal, longDecimal},
		{longDecimal + "1", "error", "error", longDecimal + "1", "error"},
		{`"1 OR 1=1"`, "error", "error", "1 OR 1=1", "error"},
		{`"Ёлка 🎄"`, "error", "error", "Ёлка 🎄", "error"},
		{`[1]`, "error", "error", "error", "error"},
		{`{"a":1}`, "error", "error", "error", "error"},
	} {
		got := [4]string{decodedText[ID](tt.json), decodedText[Bool](tt.json), decodedText[Text](tt.json), decodedText[Amount](tt.json)}
		if want := [4]string{tt.id, tt.flag, tt.text, tt.amount}; got != want {
			t.Errorf("%s is decoded as %q, want %q (ID, Bool, Text, Amount)", tt.json, got, want)
		}
	}
}

func TestOptionalAmount(t *testing.T) {
	for text, want := range map[string]string{
		`null`: `null`, `""`: `null`, `false`: `null`, `[]`: `null`, `0`: `0`, `"20"`: `20`, `20.50`: `20.5`,
	} {
		var a OptAmount
		err := json.Unmarshal([]byte(text), &a)
		got, _ := json.Marshal(a)
		if err != nil || string(got) != want {
			t.Errorf("%s is decoded as %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestLists(t *testing.T) {
	for text, want := range map[string]string{
		`[1,"2"]`:       "[1 2]",
		`{"7":1,"3":2}`: "[1 2]",
		`[]`:            "[]",
		`{}`:            "[]",
		`null`:          "[]",
		`false`:         "[]",
		`""`:            "[]",
		`[null,[]]`:     "[0 0]",
		`5`:             "error",
		`"x"`:           "error",
		`[{"a":1}]`:     "error",
	} {
		if got := decodedText[List[ID]](text); got != want {
			t.Errorf("%s is decoded as the list %s, want %s", text, got, want)
		}
	}
}

func TestMaps(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"b":"2"}`: "map[a:1 b:2]",
		`[4,5]`:           "map[0:4 1:5]",
		`[]`:              "map[]",
		`null`:            "map[]",
		`false`:           "map[]",
		`7`:               "error",
		`{"a":"x"}`:       "error",
	} {
		if got := decodedText[Map[ID]](text); got != want {
			t.Errorf("%s is decoded as the map %s, want %s", text, got, want)
		}
	}
	if got := decodedText[Map[Text]](`"Общая подпись"`); got != "error" {
		t.Errorf("a text is decoded as the map %s, want an error", got)
	}
}

func TestValuesAreEncoded(t *testing.T) {
	got, err := plainJSON(Params{"a": amount(t, "100000000000000000.01"), "b": Bool(true), "c": ID(7), "d": DealType, "e": Text("<т>"), "f": DateTime{}})
	if want := `{"a":100000000000000000.01,"b":"Y","c":7,"d":2,"e":"<т>","f":""}`; err != nil || string(got) != want {
		t.Errorf("encoded as %s, %v; want %s", got, err, want)
	}
}
