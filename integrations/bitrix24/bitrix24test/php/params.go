package php

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"strings"
)

const maxBody = 64 << 20

// Params are the parameters of one command and the token that came with the request.
type Params struct {
	Values  Fields
	Token   string
	Keys    KeyOrder
	AtCloud bool // sent to the authorization server
}

// KeyOrder holds the order of the keys inside cmd and order, which PHP keeps and a Go map does not.
type KeyOrder map[string][]string

// orderedParams are the parameters whose keys keep their order.
var orderedParams = []string{"cmd", "order"}

// ReadParams merges query and body, JSON or form; the token may be in either or in the Authorization header.
func ReadParams(r *http.Request) (Params, error) {
	out, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return out, fmt.Errorf("query: %w", err)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return out, fmt.Errorf("body: %w", err)
	}
	body, err := decodeBody(r.Header.Get("Content-Type"), raw)
	if err != nil {
		return out, err
	}
	maps.DeleteFunc(out.Values, func(name string, _ any) bool { return strings.HasPrefix(name, "bx24_") }) // the vendor's SDK adds them to the address
	for k, v := range body.Values {
		out.Values[k] = v
	}
	for k, keys := range body.Keys {
		out.Keys[k] = keys
	}
	out.Token = Text(out.Values["auth"])
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && out.Token == "" {
		out.Token = bearer
	}
	delete(out.Values, "auth")
	return out, nil
}

func decodeBody(contentType string, raw []byte) (Params, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return Params{}, nil
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind != "application/json" && raw[0] != '{' {
		return parseQuery(string(raw))
	}
	var body any
	if err := json.Unmarshal(raw, &body); err != nil {
		return Params{}, fmt.Errorf("body is not JSON: %w", err)
	}
	return Params{Values: Map(body), Keys: jsonOrder(raw)}, nil
}

// jsonOrder reads the order of keys of the ordered members.
func jsonOrder(raw []byte) KeyOrder {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	out := KeyOrder{}
	for _, name := range orderedParams {
		if keys := objectKeys(members[name]); keys != nil {
			out[name] = keys
		}
	}
	return out
}

// objectKeys returns the keys of a JSON object in their order.
func objectKeys(raw json.RawMessage) []string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var keys []string
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil
		}
		keys = append(keys, fmt.Sprint(t))
		var skip json.RawMessage
		if dec.Decode(&skip) != nil {
			return nil
		}
	}
	return keys
}

// maxVariables is the number of values that PHP keeps of a query (max_input_vars); it silently drops the rest.
const maxVariables = 1000

// parseQuery parses a query string with the order of its keys, within the limit of PHP.
func parseQuery(raw string) (Params, error) {
	if pairs := strings.SplitN(raw, "&", maxVariables+1); len(pairs) > maxVariables {
		raw = strings.Join(pairs[:maxVariables], "&")
	}
	values, err := ParseBrackets(raw)
	out := Params{Values: values, Keys: KeyOrder{}}
	if err != nil {
		return out, err
	}
	for pair := range strings.SplitSeq(raw, "&") {
		path := pairPath(pair)
		for _, name := range orderedParams {
			if len(path) == 2 && path[0] == name && path[1] != "" {
				out.Keys[name] = append(out.Keys[name], path[1])
			}
		}
	}
	return out, nil
}

// ParseCommand splits a batch command "method?query" into its parts.
func ParseCommand(cmd string) (string, Params, error) {
	method, query, _ := strings.Cut(cmd, "?")
	out, err := parseQuery(query)
	delete(out.Values, "auth")
	return MethodName(method), out, err
}

// MethodName returns a method name without slashes and extension.
func MethodName(s string) string {
	return strings.TrimSuffix(strings.Trim(s, "/ "), ".json")
}

// Of returns the keys of m, the parameter of this name, in the order of the request, and sorted when that is not known.
func (k KeyOrder) Of(name string, m Fields) []string {
	if keys := k[name]; len(keys) == len(m) {
		return keys
	}
	return SortedKeys(m)
}
