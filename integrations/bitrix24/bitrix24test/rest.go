package bitrix24test

import (
	"errors"
	"net/http"
	"time"
)

// call is one command on its way through a method.
type call struct {
	*Portal
	p       Fields
	user    *User
	token   string // the access token, to bind file links to
	keys    keyOrder
	atCloud bool
	total   *int
	next    int
	ignored []string
}

// serveREST answers /rest/{method}.
func (p *Portal) serveREST(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if r.Method == http.MethodOptions {
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
		return
	}
	in, err := readParams(r)
	if err != nil {
		writeError(w, bad("INVALID_REQUEST", "%s", err.Error()))
		return
	}
	p.serveCall(w, r, methodName(r.URL.Path[len("/rest/"):]), in)
}

// serveCall carries out one HTTP request: limits, token, faults, the work, the answer.
func (p *Portal) serveCall(w http.ResponseWriter, r *http.Request, method string, in params) {
	started := p.cfg.Machine()
	line := p.cloud.trace.begin(r, method, in.values)
	line.Portal = p.cfg.MemberID
	plan := p.faults.plan(commands(method, in.values)...)
	line.Fault = plan.name()
	if refusal := p.refusedAtDoor(line, in.atCloud); refusal != nil {
		p.cloud.trace.end(line, refusal)
		writeError(w, refusal)
		return
	}
	if refused := p.faultAtDoor(w, r, plan, line); refused {
		return
	}
	user, refusal := p.authorize(in.token)
	if refusal != nil {
		p.cloud.trace.end(line, refusal)
		writeError(w, refusal)
		return
	}
	line.User = user.ID
	work := &work{portal: p, user: user, token: in.token, plan: plan, line: line}
	status, body := work.run(method, in)
	p.addTime(body, started, method)
	plan.answer(w, r, status, body)
}

// refusedAtDoor applies the bucket; the authorization server has none.
func (p *Portal) refusedAtDoor(line *Line, atCloud bool) *Error {
	if !atCloud && !p.meter.admit(p.limits(), line.Source, p.cfg.Machine()) {
		return errQueryLimit
	}
	return nil
}

// faultAtDoor lets a fault answer before the work. A closed connection is written down too.
func (p *Portal) faultAtDoor(w http.ResponseWriter, r *http.Request, plan plan, line *Line) bool {
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

// statusWriter remembers the status that was sent.
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
func (p *Portal) authorize(token string) (*User, *Error) {
	g, ok := p.cloud.access(token)
	switch {
	case p.uninstalled():
		return nil, errAppGone
	case !ok || g.Member != p.cfg.MemberID:
		return nil, errNoAuth
	case p.cfg.Machine().After(g.Expires):
		return nil, errExpired
	}
	user, ok := p.User(g.User)
	switch {
	case !ok || !user.Active:
		return nil, errDismissed
	case user.NoApp:
		return nil, errNoAppAccess
	}
	return &user, nil
}

// addTime adds the block that every answer carries.
func (p *Portal) addTime(body Fields, started time.Time, method string) {
	if body["error"] != nil {
		return
	}
	body["time"] = p.timeBlock(started, method)
}

func (p *Portal) timeBlock(started time.Time, method string) Fields {
	now := p.cfg.Machine()
	spent, reset := p.meter.operating(method, now)
	return Fields{
		"start": seconds(started), "finish": seconds(now),
		"duration": now.Sub(started).Seconds(), "processing": now.Sub(started).Seconds(),
		"date_start": p.stamp(started), "date_finish": p.stamp(now),
		"operating_reset_at": reset.Unix(), "operating": spent.Seconds(),
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// asRefusal reads an error of a method as a refusal.
func asRefusal(err error) *Error {
	if err == nil {
		return nil
	}
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal
	}
	return &Error{Status: http.StatusInternalServerError, Code: errUnexpectedReply.Code, Text: err.Error()}
}
