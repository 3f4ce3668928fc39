package php

import (
	"net/url"
	"strconv"
	"strings"
)

// ParseBrackets parses a query string or a form body like PHP: a[b][]=1 becomes nested arrays.
func ParseBrackets(raw string) (Fields, error) {
	out := Fields{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		k, err := url.QueryUnescape(key)
		if err != nil {
			return nil, err
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, err
		}
		put(out, bracketPath(k), v)
	}
	for k, v := range out {
		out[k] = compact(v)
	}
	return out, nil
}

// pairPath is the path of one key=value pair; nil when it cannot be read.
func pairPath(pair string) []string {
	key, _, _ := strings.Cut(pair, "=")
	k, err := url.QueryUnescape(key)
	if err != nil {
		return nil
	}
	return bracketPath(k)
}

// bracketPath splits a[b][] into a, b and an empty step.
func bracketPath(key string) []string {
	head, rest, found := strings.Cut(key, "[")
	path := []string{head}
	for found {
		var step string
		step, rest, _ = strings.Cut(rest, "]")
		path = append(path, step)
		_, rest, found = strings.Cut(rest, "[")
	}
	return path
}

// put stores a value at the path; an empty step gets the next free index.
func put(m Fields, path []string, value any) {
	step := path[0]
	if step == "" {
		step = strconv.Itoa(len(m))
	}
	if len(path) == 1 {
		m[step] = value
		return
	}
	inner, ok := m[step].(map[string]any)
	if !ok {
		inner = Fields{}
		m[step] = inner
	}
	put(inner, path[1:], value)
}

// compact converts maps with keys 0..n-1 to lists.
func compact(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for k, x := range m {
		m[k] = compact(x)
	}
	out := make([]any, len(m))
	for i := range out {
		x, ok := m[strconv.Itoa(i)]
		if !ok {
			return m
		}
		out[i] = x
	}
	return out
}

// EncodeBrackets encodes nested data as a form body in PHP's notation.
func EncodeBrackets(data Fields) string {
	var parts []string
	for _, k := range SortedKeys(data) {
		parts = encodeBracket(parts, url.QueryEscape(k), data[k])
	}
	return strings.Join(parts, "&")
}

func encodeBracket(parts []string, key string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range SortedKeys(v) {
			parts = encodeBracket(parts, key+url.QueryEscape("["+k+"]"), v[k])
		}
		return parts
	case []any:
		for i, x := range v {
			parts = encodeBracket(parts, key+url.QueryEscape("["+strconv.Itoa(i)+"]"), x)
		}
		return parts
	}
	return append(parts, key+"="+url.QueryEscape(Text(v)))
}
