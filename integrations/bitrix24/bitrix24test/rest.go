package bitrix24test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// call is the execution of one command.
type call struct {
	*Portal
	p       Fields // parameters
	user    *User  // of the token; nil for a robot of the portal
	token   string // the access token, for file links
	keys    php.KeyOrder
	atCloud bool     // received by the authorization server
	total   *int     // of the answer, nil to omit it
	next    int      // of the answer, 0 to omit it
	ignored []string // parameters that were ignored, for the trace
}

// serveREST answers /rest/{method}.
func (p *Portal) serveREST(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if r.Method == http.MethodOptions {
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
		return
	}
	in, err := php.ReadParams(r)
	if err != nil {
		writeError(w, contract.Refuse("INVALID_REQUEST", "%s", err.Error()))
		return
	}
	p.serveCall(w, r, php.MethodName(r.URL.Path[len("/rest/"):]), in)
}

// serveCall handles one HTTP request: limits, token, faults, execution, answer.
func (p *Portal) serveCall(w http.ResponseWriter, r *http.Request, method string, in php.Params) {
	started := p.cfg.Machine()
	line := p.cloud.trace.begin(r, method, in.Values)
	line.Portal = p.cfg.MemberID
	plan := drawCall(p.faults, commands(method, in.Values)...)
	line.Fault = strings.Join(plan.Kinds(), ",")
	if refusal := p.admit(line, in.AtCloud); refusal != nil {
		p.cloud.trace.end(line, refusal)
		writeError(w, refusal)
		return
	}
	if refused := p.applyFault(w, r, plan, line); refused {
		return
	}
	user, refusal := p.authorize(in.Token)
	if refusal != nil {
		p.cloud.trace.end(line, refusal)
		writeError(w, refusal)
		return
	}
	line.User = user.ID
	work := &work{portal: p, user: user, token: in.Token, plan: plan, line: line}
	status, body := work.run(method, in)
	p.addTime(body, started, method)
	plan.answer(w, r, status, body)
}

// admit applies the rate limit, which the authorization server does not have.
func (p *Portal) admit(line *Line, atCloud bool) *contract.Error {
	if !atCloud && !p.meter.Admit(p.limits(), line.Source, p.cfg.Machine()) {
		return contract.ErrQueryLimit
	}
	return nil
}

// applyFault applies faults before the execution. Closed connections are recorded in the trace too.
func (p *Portal) applyFault(w http.ResponseWriter, r *http.Request, plan plan, line *Line) bool {
	watched := &statusWriter{ResponseWriter: w}
	aborted := true
	defer func() {
		if aborted {
			line.Status = 0
			p.cloud.trace.end(line, nil)
		}
	}()
	refused := plan.before(watched, r)
	aborted = false
	if refused {
		line.Status = watched.status
		p.cloud.trace.end(line, nil)
	}
	return refused
}

// statusWriter records the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps the status for the journal.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// authorize finds the user of a token.
func (p *Portal) authorize(token string) (*User, *contract.Error) {
	g, ok := p.cloud.access(token)
	switch {
	case p.uninstalled():
		return nil, contract.ErrAppGone
	case !ok || g.Member != p.cfg.MemberID:
		return nil, contract.ErrNoAuth
	case p.cfg.Machine().After(g.Expires):
		return nil, contract.ErrExpired
	}
	user, ok := p.User(g.User)
	switch {
	case !ok || !user.Active:
		return nil, contract.ErrDismissed
	case user.NoApp:
		return nil, contract.ErrNoAppAccess
	}
	return &user, nil
}

// addTime adds the time block of every answer.
func (p *Portal) addTime(body Fields, started time.Time, method string) {
	if body["error"] != nil {
		return
	}
	body["time"] = p.timeBlock(started, method)
}

func (p *Portal) timeBlock(started time.Time, method string) Fields {
	now, limits := p.cfg.Machine(), p.limits()
	spent, reset := p.meter.Operating(limits, method, now)
	took := now.Sub(started).Seconds() * max(limits.Pace, 1)
	return Fields{
		"start": seconds(started), "finish": seconds(now),
		"duration": took, "processing": took,
		"date_start": p.stamp(started), "date_finish": p.stamp(now),
		"operating_reset_at": reset.Unix(), "operating": spent.Seconds(),
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// asRefusal converts an error of a method to a refusal.
func asRefusal(err error) *contract.Error {
	if err == nil {
		return nil
	}
	var refusal *contract.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	return &contract.Error{Status: http.StatusInternalServerError, Code: contract.ErrUnexpectedReply.Code, Text: err.Error()}
}

// work is one authorized HTTP request: a single command or a batch of them.
type work struct {
	portal *Portal
	user   *User
	token  string
	plan   plan
	line   *Line
}

// run executes the request and returns status and body of the answer without the time block.
func (w *work) run(method string, in php.Params) (int, Fields) {
	if strings.EqualFold(method, "batch") {
		return w.batch(in)
	}
	c, result, refusal := w.command(method, in, false)
	if refusal != nil {
		return refusal.Status, refusal.Body()
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

// command executes one method and records it in the trace.
func (w *work) command(method string, in php.Params, batch bool) (*call, any, *contract.Error) {
	line := *w.line
	line.Method, line.Batch, line.Params, line.Time = method, batch, withoutSecrets(in.Values), wallClock()
	proper, m, known := contract.Find(method)
	if !known {
		w.portal.cloud.trace.end(&line, contract.ErrMethodNotFound)
		return nil, nil, contract.ErrMethodNotFound
	}
	line.Method = proper
	c := &call{Portal: w.portal, user: w.user, token: w.token, keys: in.Keys, atCloud: in.AtCloud}
	result, refusal := w.attempt(c, proper, m, in.Values)
	line.Ignored = c.ignored
	w.portal.cloud.trace.end(&line, refusal)
	return c, result, refusal
}

// attempt checks rights, parameters and the operating limit, then executes the method under the portal's lock.
func (w *work) attempt(c *call, name string, m contract.Method, in Fields) (any, *contract.Error) {
	p := w.portal
	if refusal := w.checkRights(m); refusal != nil {
		return nil, refusal
	}
	checked, err := m.Check(in)
	if err != nil {
		return nil, asRefusal(err)
	}
	c.p = checked
	limits := p.limits()
	if spent, _ := p.meter.Operating(limits, name, p.cfg.Machine()); !limits.Off && spent >= limits.Operating {
		return nil, contract.ErrOperatingLimit
	}
	if refusal := w.plan.refusal(name); refusal != nil {
		return nil, refusal
	}
	started := p.cfg.Machine()
	p.hook("before", name)
	result, err := p.locked(c, name, m)
	p.meter.Spend(limits, name, w.cost(limits, name, started), p.cfg.Machine())
	p.hook("after", name)
	return result, asRefusal(err)
}

// cost returns the counted run time; a configured one is really spent.
func (w *work) cost(l Limits, name string, started time.Time) time.Duration {
	if l.Cost == nil {
		return w.portal.cfg.Machine().Sub(started)
	}
	d := l.Cost(name)
	time.Sleep(l.Spent(d))
	return d
}

func (w *work) checkRights(m contract.Method) *contract.Error {
	granted := strings.Split(w.portal.cloud.App().Scope, ",")
	wanted := strings.Split(m.Scope, ",")
	if m.Scope != "" && !slices.ContainsFunc(wanted, func(s string) bool { return slices.Contains(granted, s) }) {
		return contract.ErrScope
	}
	if m.Admin && !w.user.Admin {
		return contract.ErrAdminOnly
	}
	return nil
}

// locked executes the method under the portal's lock.
func (p *Portal) locked(c *call, name string, m contract.Method) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.Kind == "write" {
		p.changed()
	}
	return methods[name](c)
}

// commands returns the methods in a request, to select faults.
func commands(method string, in Fields) []string {
	out := []string{method}
	if strings.EqualFold(method, "batch") {
		for _, cmd := range php.List(in["cmd"]) {
			name, _, _ := strings.Cut(php.Text(cmd), "?")
			out = append(out, php.MethodName(name))
		}
	}
	return out
}
