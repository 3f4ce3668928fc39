package bitrix24test

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// work is one authorized HTTP request: a single command or a batch of them.
type work struct {
	portal *Portal
	user   *User
	token  string
	plan   plan
	line   *Line
}

// run carries out the request and returns status and body of the answer, still without its time.
func (w *work) run(method string, in params) (int, Fields) {
	if strings.EqualFold(method, "batch") {
		return w.batch(in)
	}
	c, result, refusal := w.command(method, in, false)
	if refusal != nil {
		return refusal.Status, refusal.body()
	}
	body := Fields{"result": result}
	if c.total != nil {
		body["total"] = *c.total
	}
	if c.next > 0 {
		body["next"] = c.next
	}
	return http.StatusOK, body
}

// command runs one method and writes its line of the journal.
func (w *work) command(method string, in params, batch bool) (*call, any, *Error) {
	line := *w.line
	line.Method, line.Batch, line.Params, line.Time = method, batch, withoutSecrets(in.values), machine()
	proper, m, known := find(method)
	if !known {
		w.portal.cloud.trace.end(&line, errMethodNotFound)
		return nil, nil, errMethodNotFound
	}
	line.Method = proper
	c := &call{Portal: w.portal, user: w.user, token: w.token, keys: in.keys, atCloud: in.atCloud}
	result, refusal := w.attempt(c, proper, m, in.values)
	line.Ignored = c.ignored
	w.portal.cloud.trace.end(&line, refusal)
	return c, result, refusal
}

// attempt checks rights, parameters and the operating limit, then does the work under the portal's lock.
func (w *work) attempt(c *call, name string, m Method, in Fields) (any, *Error) {
	p := w.portal
	if refusal := w.mayCall(m); refusal != nil {
		return nil, refusal
	}
	checked, err := m.Check(in)
	if err != nil {
		return nil, asRefusal(err)
	}
	c.p = checked
	limits := p.limits()
	if spent, _ := p.meter.operating(name, p.cfg.Machine()); !limits.Off && spent >= limits.Operating {
		return nil, errOperatingLimit
	}
	if refusal := w.plan.refusal(name); refusal != nil {
		return nil, refusal
	}
	started := p.cfg.Machine()
	p.hook("before", name)
	result, err := p.locked(c, name, m)
	p.meter.spend(name, w.cost(limits, name, started), p.cfg.Machine())
	p.hook("after", name)
	return result, asRefusal(err)
}

// cost is the run time to be counted; a configured one is really spent.
func (w *work) cost(l Limits, name string, started time.Time) time.Duration {
	if l.Cost == nil {
		return w.portal.cfg.Machine().Sub(started)
	}
	d := l.Cost(name)
	time.Sleep(d)
	return d
}

func (w *work) mayCall(m Method) *Error {
	granted := strings.Split(w.portal.cloud.App().Scope, ",")
	wanted := strings.Split(m.Scope, ",")
	if m.Scope != "" && !slices.ContainsFunc(wanted, func(s string) bool { return slices.Contains(granted, s) }) {
		return errScope
	}
	if m.Admin && !w.user.Admin {
		return errAdminOnly
	}
	return nil
}

// locked runs the method alone on the portal's state.
func (p *Portal) locked(c *call, name string, m Method) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.Kind == "write" {
		p.changed()
	}
	return methods[name](c)
}

// commands lists the methods inside a request, for the draw of faults.
func commands(method string, in Fields) []string {
	out := []string{method}
	if strings.EqualFold(method, "batch") {
		for _, cmd := range list(in["cmd"]) {
			name, _, _ := strings.Cut(text(cmd), "?")
			out = append(out, methodName(name))
		}
	}
	return out
}
