package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// MaxBatch is how many commands one batch takes.
const MaxBatch = 50

var (
	errBatchSize = errors.New("a batch takes 1 to 50 commands")
	errBatchKey  = errors.New("a key of a batch is a letter with letters, digits and _, and occurs once")
	errBatchRef  = errors.New("a reference points to no earlier command of the batch")
)

// Batch runs up to 50 commands in one request, in their order (section 10.3). With halt the portal stops at the first
// command that fails. The error is about the whole request; those of single commands are in the result, and the
// commands before them stay done, so a batch that failed halfway is never repeated as it is.
func (c *Client) Batch(ctx context.Context, commands []Command, halt bool) (*BatchResult, error) {
	p, err := pack(commands)
	if err != nil {
		return nil, notSent("batch", err)
	}
	a, err := c.exchange(ctx, request{
		method: "batch", runs: p.methods, params: Params{"halt": bit(halt), "cmd": p.lines},
		usage: p.usage,
	})
	if err != nil {
		return nil, err
	}
	if p.fault != nil {
		return nil, &Error{Method: "batch", Status: http.StatusOK, cause: unreadable(p.fault)}
	}
	return &BatchResult{parcel: p, halt: halt, secret: a.secret}, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// parcel is a batch as it is sent, and the body of its last answer.
type parcel struct {
	commands []Command
	methods  []string
	lines    lines
	refs     [][]Reference
	body     batchBody
	fault    error
}

// lines are the commands in their order, which a Go map would lose.
type lines []line

type line struct{ key, text string }

// MarshalJSON writes an object that keeps the order.
func (l lines) MarshalJSON() ([]byte, error) {
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

func pack(commands []Command) (*parcel, error) {
	if len(commands) == 0 || len(commands) > MaxBatch {
		return nil, errBatchSize
	}
	p := &parcel{commands: commands}
	seen := map[string]bool{}
	for _, cmd := range commands {
		if err := p.add(cmd, seen); err != nil {
			return nil, err
		}
		seen[cmd.Key] = true
	}
	return p, nil
}

func (p *parcel) add(cmd Command, seen map[string]bool) error {
	if !keyShape.MatchString(cmd.Key) || seen[cmd.Key] {
		return errBatchKey
	}
	if !methodName(cmd.Method) || cmd.Method == "batch" {
		return errMethodName
	}
	query, refs, err := brackets(cmd.Params)
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
	p.lines = append(p.lines, line{cmd.Key, text})
	p.refs = append(p.refs, refs)
	return nil
}

// batchBody is the result of batch; every part is keyed by the keys of the commands and is [] when empty.
type batchBody struct {
	Result Map[json.RawMessage] `json:"result"`
	Error  Map[json.RawMessage] `json:"result_error"`
	Total  Map[ID]              `json:"result_total"`
	Next   Map[ID]              `json:"result_next"`
	Time   Map[span]            `json:"result_time"`
}

// usage opens the body and reads what each command cost.
func (p *parcel) usage(a *answer) []Usage {
	p.body, p.fault = batchBody{}, nil
	if !vacant(a.Result) {
		p.fault = json.Unmarshal(a.Result, &p.body)
	}
	if p.fault != nil {
		return nil
	}
	sums := usageOf{}
	for _, cmd := range p.commands {
		sums.add(cmd.Method, p.body.Time[cmd.Key])
		if raw, failed := p.body.Error[cmd.Key]; failed && commandError(cmd.Method, raw).limited() {
			sums.refuse(cmd.Method)
		}
	}
	return sums.list()
}
