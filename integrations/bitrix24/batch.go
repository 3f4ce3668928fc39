package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// MaxBatch is the largest number of commands in a batch.
const MaxBatch = 50

var (
	errBatchSize = errors.New("a batch takes 1 to 50 commands")
	errBatchKey  = errors.New("a key of a batch is a letter with letters, digits and _, and occurs once")
	errBatchRef  = errors.New("a reference points to no earlier command of the batch")
)

// Batch runs up to 50 commands in one request, in their order (docs/contracts/bitrix24.md, "Batches"). With halt the portal stops
// at the first command that fails. The returned error concerns the whole request; errors of single commands are in the result. Commands
// before a failed one stay executed, so never repeat a partly failed batch unchanged.
func (c *Client) Batch(ctx context.Context, commands []Command, halt bool) (*BatchResult, error) {
	p, err := newBatchRequest(commands)
	if err != nil {
		return nil, notSent("batch", err)
	}
	a, err := c.guarded(ctx, request{
		method: "batch", runs: p.methods, params: Params{"halt": zeroOrOne(halt), "cmd": p.lines},
		usage: p.usage,
	})
	if err != nil {
		return nil, err
	}
	if p.fault != nil {
		return nil, &Error{Method: "batch", Status: http.StatusOK, cause: unreadable(p.fault)}
	}
	return &BatchResult{request: p, halt: halt, secret: a.secret}, nil
}

func zeroOrOne(b bool) int {
	if b {
		return 1
	}
	return 0
}

// batchRequest is a batch and the body of its last answer.
type batchRequest struct {
	commands []Command
	methods  []string
	lines    orderedTexts
	refs     [][]Reference
	body     batchBody
	fault    error
}

// orderedTexts holds the commands in their order, which a Go map does not keep.
type orderedTexts []keyedText

type keyedText struct{ key, text string }

// MarshalJSON writes an object in this order.
func (l orderedTexts) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	for i, one := range l {
		text, err := plainJSON(one.text)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(`"` + one.key + `":`)
		out.Write(text)
	}
	return []byte("{" + out.String() + "}"), nil
}

func newBatchRequest(commands []Command) (*batchRequest, error) {
	if len(commands) == 0 || len(commands) > MaxBatch {
		return nil, errBatchSize
	}
	p := &batchRequest{commands: commands}
	seen := map[string]bool{}
	for _, cmd := range commands {
		if err := p.add(cmd, seen); err != nil {
			return nil, err
		}
		seen[cmd.Key] = true
	}
	return p, nil
}

func (p *batchRequest) add(cmd Command, seen map[string]bool) error {
	if !keyShape.MatchString(cmd.Key) || seen[cmd.Key] {
		return errBatchKey
	}
	if !isMethodName(cmd.Method) || cmd.Method == "batch" {
		return errMethodName
	}
	query, refs, err := phpQuery(cmd.Params)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if steps := ref.steps(); len(steps) == 0 || !seen[steps[0]] {
			return errBatchRef
		}
	}
	text := cmd.Method
	if query != "" {
		text += "?" + query
	}
	p.methods = append(p.methods, cmd.Method)
	p.lines = append(p.lines, keyedText{cmd.Key, text})
	p.refs = append(p.refs, refs)
	return nil
}

// batchBody is the result of batch. Every part is a map by the keys of the commands; an empty one is [].
type batchBody struct {
	Result Map[json.RawMessage] `json:"result"`
	Error  Map[json.RawMessage] `json:"result_error"`
	Total  Map[ID]              `json:"result_total"`
	Next   Map[ID]              `json:"result_next"`
	Time   Map[timing]          `json:"result_time"`
}

// usage decodes the body and returns the operating time of each method.
func (p *batchRequest) usage(a *answer) []Usage {
	p.body, p.fault = batchBody{}, nil
	if !isEmpty(a.Result) {
		p.fault = json.Unmarshal(a.Result, &p.body)
	}
	if p.fault != nil {
		return nil
	}
	sums := usageByMethod{}
	for _, cmd := range p.commands {
		sums.add(cmd.Method, p.body.Time[cmd.Key])
		if raw, failed := p.body.Error[cmd.Key]; failed && commandError(cmd.Method, raw).limited() {
			sums.markLimited(cmd.Method)
		}
	}
	return sums.list()
}

// ErrSkipped means that a command was not executed because an earlier one failed and the batch was sent with halt.
var ErrSkipped = errors.New("skipped after a failure before it")

// ErrReference means that a command was executed with a reference to a missing value. Its result is meaningless: the portal inserts
// the nearest list or object instead.
var ErrReference = errors.New("a reference without a value")

var errNoAnswer = errors.New("the answer of the batch lacks this command")

// BatchResult holds the results of the commands of a batch.
type BatchResult struct {
	request *batchRequest
	halt    bool
	secret  string
}

// Get decodes the result of one command into out, which may be nil, or returns the error of that command.
func (r *BatchResult) Get(key string, out any) error {
	i := r.index(key)
	if i < 0 {
		return fmt.Errorf("bitrix24: no command %q in this batch", key)
	}
	if err := r.failure(i); err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(r.request.body.Result[key], out); err != nil {
		return &Error{Method: r.request.methods[i], Status: http.StatusOK, cause: unreadable(err)}
	}
	return nil
}

// Err returns the error of one command, or nil.
func (r *BatchResult) Err(key string) error { return r.Get(key, nil) }

// Total returns the total number of rows of a list, 0 when the portal did not count them.
func (r *BatchResult) Total(key string) int { return int(r.request.body.Total[key]) }

// Next returns the start of the next page of a list and whether there is one.
func (r *BatchResult) Next(key string) (int, bool) {
	next := r.request.body.Next[key]
	return int(next), next > 0
}

func (r *BatchResult) index(key string) int {
	return slices.IndexFunc(r.request.commands, func(c Command) bool { return c.Key == key })
}

// failure returns why the command at i has no usable result: its own error, a halt before it, a missing answer or a reference without a
// value.
func (r *BatchResult) failure(i int) error {
	cmd := r.request.commands[i]
	if raw, failed := r.request.body.Error[cmd.Key]; failed && isPresent(raw) {
		return commandError(cmd.Method, raw).redact(r.secret)
	}
	if _, answered := r.request.body.Result[cmd.Key]; !answered {
		if r.halt && r.failedBefore(i) {
			return notSent(cmd.Method, ErrSkipped)
		}
		return &Error{Method: cmd.Method, Status: http.StatusOK, cause: errNoAnswer}
	}
	for _, ref := range r.request.refs[i] {
		if !r.hasValue(ref.steps()) {
			return &Error{Method: cmd.Method, Status: http.StatusOK, cause: ErrReference}
		}
	}
	return nil
}

func (r *BatchResult) failedBefore(i int) bool {
	return slices.ContainsFunc(r.request.commands[:i], func(c Command) bool {
		raw, failed := r.request.body.Error[c.Key]
		return failed && isPresent(raw)
	})
}

// hasValue reports whether a reference leads to a number or a text in the answer.
func (r *BatchResult) hasValue(steps []string) bool {
	at, found := r.request.body.Result[steps[0]]
	for _, step := range steps[1:] {
		var inner Map[json.RawMessage]
		if !found || json.Unmarshal(at, &inner) != nil {
			return false
		}
		at, found = inner[step]
	}
	text, err := scalar(at)
	return found && err == nil && text != ""
}

// commandError decodes the error of one command, which has no HTTP status.
func commandError(method string, raw json.RawMessage) *Error {
	return remoteError(method, http.StatusOK, readError(raw, nil))
}

// Command is one method with its parameters, to be called alone with Run or with others in Batch. Key identifies its result in a batch
// and in references; the functions that create commands leave it empty.
type Command struct {
	Key    string
	Method string
	Params Params
}

// As returns the command with a key.
func (c Command) As(key string) Command {
	c.Key = key
	return c
}

// With returns the command with one parameter replaced: With(Ref("deal", "item", "companyId"), "filter", "ENTITY_ID").
// The maps of the original are not changed.
func (c Command) With(value any, path ...string) Command {
	c.Params = c.Params.with(value, path)
	return c
}

// Check returns an error when the command cannot be part of a batch: PHP silently drops values of a command beyond the thousandth. A
// direct call has no such limit.
func (c Command) Check() error {
	_, _, err := phpQuery(c.Params)
	if err != nil {
		return notSent(c.Method, err)
	}
	return nil
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

// Reference is a placeholder for a value in the result of an earlier command of the same batch.
type Reference string

// Ref returns a reference into the result of the command with this key: Ref("deal", "item", "companyId"). Members of a list are
// addressed by their index (docs/contracts/bitrix24.md, "Batches").
func Ref(key string, path ...string) Reference {
	return Reference("$result[" + strings.Join(append([]string{key}, path...), "][") + "]")
}

// OptionalRef returns a reference to a value that may be missing, for one member of a list filter. What the portal inserts for a missing
// value matches nothing or something unrelated, so the caller must filter the result. Unlike with Ref the command does not fail.
func OptionalRef(key string, path ...string) OptionalReference {
	return OptionalReference(Ref(key, path...))
}

// OptionalReference is returned by OptionalRef.
type OptionalReference Reference

var (
	keyShape  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	stepShape = regexp.MustCompile(`^[A-Za-z0-9_]{1,100}$`)
)

// steps returns the key and the path of a reference, nil when it is malformed.
func (r Reference) steps() []string {
	inner, opened := strings.CutPrefix(string(r), "$result[")
	inner, closed := strings.CutSuffix(inner, "]")
	steps := strings.Split(inner, "][")
	if !opened || !closed || slices.ContainsFunc(steps, func(s string) bool { return !stepShape.MatchString(s) }) {
		return nil
	}
	return steps
}
