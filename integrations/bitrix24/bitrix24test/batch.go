package bitrix24test

import (
	"net/http"
	"regexp"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

const maxCommands = 50

// batchReply holds the five maps of a batch answer.
type batchReply struct {
	result, errors, total, next, time Fields
}

// batch executes up to 50 commands in order; later ones may use results of earlier ones.
func (w *work) batch(in php.Params) (int, Fields) {
	out := batchReply{Fields{}, Fields{}, Fields{}, Fields{}, Fields{}}
	cmds := php.Map(in.Values["cmd"])
	if len(cmds) == 0 {
		w.portal.cloud.trace.end(w.line, nil)
	}
	for i, key := range in.Keys.Of("cmd", cmds) {
		refusal := w.batchCommand(out, key, php.Text(cmds[key]), i)
		if refusal == nil {
			continue
		}
		out.errors[key] = refusal.Body()
		if php.Truth(in.Values["halt"]) {
			break
		}
	}
	return http.StatusOK, Fields{"result": Fields{
		"result": out.result, "result_error": out.errors, "result_total": out.total,
		"result_next": out.next, "result_time": out.time,
	}}
}

func (w *work) batchCommand(out batchReply, key, cmd string, position int) *contract.Error {
	if position >= maxCommands {
		return contract.ErrBatchLength
	}
	method, in, err := php.ParseCommand(cmd)
	if err != nil {
		return contract.Refuse("ERROR_ARGUMENT", "%s", err.Error())
	}
	if strings.EqualFold(method, "batch") {
		return contract.ErrBatchMethod
	}
	started := w.portal.cfg.Machine()
	in.Values = substituted(in.Values, out.result)
	c, result, refusal := w.command(method, in, true)
	if refusal != nil {
		return refusal
	}
	out.result[key] = plainResult(result)
	if c.total != nil {
		out.total[key] = *c.total
	}
	if c.next > 0 {
		out.next[key] = c.next
	}
	out.time[key] = w.portal.timeBlock(started, properName(method))
	return nil
}

func properName(method string) string {
	proper, _, _ := contract.Find(method)
	return proper
}

// plainResult converts a result to plain maps and lists, for $result.
func plainResult(v any) any { return php.Copy(php.Array(v)) }

var placeholder = regexp.MustCompile(`\$result((?:\[[^\[\]]*\])+)`)

// substituted replaces $result[key][field] by the result of an earlier command; an unknown reference stays unchanged.
func substituted(in Fields, results Fields) Fields {
	out := Fields{}
	for k, v := range in {
		out[k] = substitute(v, results)
	}
	return out
}

func substitute(v any, results Fields) any {
	switch v := v.(type) {
	case map[string]any:
		return substituted(v, results)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = substitute(x, results)
		}
		return out
	case string:
		if m := placeholder.FindString(v); m == v && m != "" {
			if found, ok := lookup(results, m); ok {
				return found
			}
			return v
		}
		return placeholder.ReplaceAllStringFunc(v, func(m string) string {
			if found, ok := lookup(results, m); ok {
				return php.Text(found)
			}
			return m
		})
	}
	return v
}

// lookup follows $result[a][b] into the results.
func lookup(results Fields, ref string) (any, bool) {
	steps := strings.Split(strings.Trim(strings.TrimPrefix(ref, "$result"), "[]"), "][")
	var at any = results
	for _, step := range steps {
		next, ok := php.Map(at)[step]
		if !ok || next == nil {
			return nil, false
		}
		at = next
	}
	return at, true
}
