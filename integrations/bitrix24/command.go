package bitrix24

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Command is one method with its parameters, to be called alone with Run or among others in Batch. Key names it in
// the answer of a batch and in references; builders leave it empty.
type Command struct {
	Key    string
	Method string
	Params Params
}

// As gives the command the key under which its result is found.
func (c Command) As(key string) Command {
	c.Key = key
	return c
}

// With returns the command with one parameter replaced: With(Ref("deal", "item", "companyId"), "filter", "ENTITY_ID").
// The maps of the original stay as they were.
func (c Command) With(value any, path ...string) Command {
	c.Params = c.Params.with(value, path)
	return c
}

func (p Params) with(value any, path []string) Params {
	out := maps.Clone(p)
	if out == nil {
		out = Params{}
	}
	switch len(path) {
	case 0:
	case 1:
		out[path[0]] = value
	default:
		inner, _ := out[path[0]].(Params)
		out[path[0]] = inner.with(value, path[1:])
	}
	return out
}

// Reference stands for a value of an earlier command of the same batch.
type Reference string

// Ref points into the result of the command with this key: Ref("deal", "item", "companyId"). The members of a list
// are named by their index (section 10.3).
func Ref(key string, path ...string) Reference {
	return Reference("$result[" + strings.Join(append([]string{key}, path...), "][") + "]")
}

var (
	keyShape  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	stepShape = regexp.MustCompile(`^[A-Za-z0-9_]{1,100}$`)
)

// steps are the key and the path of a reference; nil when it was not made by Ref out of plain names.
func (r Reference) steps() []string {
	inner, opened := strings.CutPrefix(string(r), "$result[")
	inner, closed := strings.CutSuffix(inner, "]")
	steps := strings.Split(inner, "][")
	if !opened || !closed || slices.ContainsFunc(steps, func(s string) bool { return !stepShape.MatchString(s) }) {
		return nil
	}
	return steps
}
