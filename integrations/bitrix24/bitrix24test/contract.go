package bitrix24test

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed contract.json
var contractJSON []byte

// Contract is the table of methods that the pretend portal knows, by name.
var Contract = loadContract()

// Method is one row of the contract table.
type Method struct {
	Scope   string            `json:"scope"`   // any of the listed rights; empty for the basic ones
	Kind    string            `json:"kind"`    // read or write
	Params  map[string]string `json:"params"`  // name to type; ! marks a required one
	Fields  map[string]string `json:"fields"`  // known keys inside fields, where they are a closed set
	Admin   bool              `json:"admin"`   // administrators only
	App     bool              `json:"app"`     // needs an application's token
	AnyCase bool              `json:"anyCase"` // old methods take names in any case
	Also    []string          `json:"also"`    // further names that are taken, of any type
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
	for name := range Contract {
		out[strings.ToLower(name)] = name
	}
	return out
}

// find returns the method under its proper name; names are case-insensitive.
func find(name string) (string, Method, bool) {
	proper, ok := methodNames[strings.ToLower(name)]
	return proper, Contract[proper], ok
}

// Check refuses unknown, missing and ill-typed parameters and returns them under their proper names.
func (m Method) Check(in Fields) (Fields, error) {
	out := Fields{}
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
			return nil, bad("100", "Could not find value for parameter {%s}", name)
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

// emptyArray reads "name=" of a form as an empty array.
func emptyArray(v any) any {
	if v == "" {
		return Fields{}
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
		f, ok := number(v)
		_, isBool := v.(bool)
		return ok && !isBool && f == float64(int64(f))
	case "string", "boolean":
		return !isMap && !isList
	}
	return true
}

var typeWords = map[string]string{"integer": "int", "object": "array", "boolean": "bool"}

func wrongType(name, kind string, v any) *Error {
	word := typeWords[kind]
	if word == "" {
		word = kind
	}
	return bad("100", "Invalid value {%s} to match with parameter {%s}. Should be value of type %s.", text(v), name, word)
}

func unknownParam(name string) *Error {
	e := bad("ERROR_ARGUMENT", "Argument '%s' is unknown", name)
	e.Extra = Fields{"argument": name}
	return e
}
