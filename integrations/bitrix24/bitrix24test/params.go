package bitrix24test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

const maxBody = 64 << 20

// params are the parameters of one command and the token that came with the request.
type params struct {
	values  Fields
	token   string
	keys    keyOrder
	atCloud bool // asked at the authorization server
}

// keyOrder remembers the order of keys inside cmd and order, where PHP keeps it and a map does not.
type keyOrder map[string][]string

var ordered = []string{"cmd", "order"}

// readParams merges query and body, JSON or form; the token may be in either or in the Authorization header.
func readParams(r *http.Request) (params, error) {
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
	for k, v := range body.values {
		out.values[k] = v
	}
	for k, keys := range body.keys {
		out.keys[k] = keys
	}
	out.token = text(out.values["auth"])
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && out.token == "" {
		out.token = bearer
	}
	delete(out.values, "auth")
	return out, nil
}

func decodeBody(contentType string, raw []byte) (params, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return params{}, nil
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind != "application/json" && raw[0] != '{' {
		return parseQuery(string(raw))
	}
	var body any
	if err := json.Unmarshal(raw, &body); err != nil {
		return params{}, fmt.Errorf("body is not JSON: %w", err)
	}
	return params{values: fields(body), keys: jsonOrder(raw)}, nil
}

// jsonOrder reads the order of keys of the ordered members.
func jsonOrder(raw []byte) keyOrder {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	out := keyOrder{}
	for _, name := range ordered {
		if keys := objectKeys(members[name]); keys != nil {
			out[name] = keys
		}
	}
	return out
}

// objectKeys lists the keys of a JSON object as they stand.
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

// parseQuery reads a query string with the order of its keys.
func parseQuery(raw string) (params, error) {
	values, err := ParseBrackets(raw)
	out := params{values: values, keys: keyOrder{}}
	if err != nil {
		return out, err
	}
	for pair := range strings.SplitSeq(raw, "&") {
		path := pairPath(pair)
		for _, name := range ordered {
			if len(path) == 2 && path[0] == name && path[1] != "" {
				out.keys[name] = append(out.keys[name], path[1])
			}
		}
	}
	return out, nil
}

// parseCommand splits a batch command "method?query" into its parts.
func parseCommand(cmd string) (string, params, error) {
	method, query, _ := strings.Cut(cmd, "?")
	out, err := parseQuery(query)
	delete(out.values, "auth")
	return methodName(method), out, err
}

// methodName cuts what may stand around a method name.
func methodName(s string) string {
	return strings.TrimSuffix(strings.Trim(s, "/ "), ".json")
}

// of lists the keys of a map in the order in which they came.
func (k keyOrder) of(name string, m Fields) []string {
	if keys := k[name]; len(keys) == len(m) {
		return keys
	}
	return sortedKeys(m)
}
