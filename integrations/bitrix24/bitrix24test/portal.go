package bitrix24test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/meter"
	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// Portal is one Bitrix24 account. Its embedded types group the methods by subject; all of them share one core.
type Portal struct {
	*core
	people
	requisites
	messages
	files
	fakehttp.Pages
	Automation *automation.Engine
	calls      map[string]*PlacementCall
}

// core is the state of a portal, its settings and the sender of its events. The mutex guards the fields.
type core struct {
	mu     sync.Mutex
	cfg    Config
	cloud  *Cloud
	url    string
	former string // previous host, which redirects
	st     *state
	meter  *meter.Meter
	faults *fakehttp.Faults
	sender *sender
	saver  *saver
}

// people groups the methods about employees, departments and work groups.
type people struct{ *core }

// requisites groups the methods about legal details and the links of deals to them.
type requisites struct{ *core }

// messages groups the methods about letters, notifications, tasks and the timeline.
type messages struct{ *core }

// files groups the methods about the contents of file fields.
type files struct{ *core }

// AddPortal adds a portal. Set its address with SetURL before using it.
func (c *Cloud) AddPortal(cfg Config) *Portal {
	own := &core{
		cfg: cfg.withDefaults(), cloud: c, url: "https://portal.bitrix24.ru",
		st: newState(), meter: meter.New(), faults: &fakehttp.Faults{},
	}
	p := &Portal{
		core: own, people: people{own}, requisites: requisites{own}, messages: messages{own}, files: files{own},
		calls: map[string]*PlacementCall{},
	}
	p.Automation = automation.New(automationHost{p})
	p.sender = newSender(p)
	p.saver = newSaver(p)
	c.mu.Lock()
	c.portals = append(c.portals, p)
	c.mu.Unlock()
	return p
}

// Cloud is the authorization server of the portal.
func (p *core) Cloud() *Cloud { return p.cloud }

// MemberID is the account's own key, independent of its address.
func (p *core) MemberID() string { return p.cfg.MemberID }

// URL is the portal's address, scheme and host.
func (p *core) URL() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.url
}

// SetURL sets the portal's address.
func (p *core) SetURL(base string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.url = strings.TrimSuffix(base, "/")
}

// Rename moves the portal to another address; the previous one answers 302.
func (p *core) Rename(base string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.former = hostOf(p.url)
	p.url = strings.TrimSuffix(base, "/")
}

// Configure changes the settings of the portal; call it before the portal is used or between calls.
func (p *core) Configure(change func(*Config)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.cfg)
}

// Trace is the journal of calls, common to the cloud and all its portals.
func (p *core) Trace() *Trace { return p.cloud.trace }

// Close stops the sender of events and writes the state.
func (p *Portal) Close() error {
	p.sender.close()
	return p.saver.close()
}

// ServeHTTP answers REST, the authorization server's paths and the mounted pages.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if former := p.formerHost(); former != "" && former == r.Host {
		redirect(w, r, p.URL())
		return
	}
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/rest/crm.controller.item.getFile"):
		p.serveFile(w, r)
	case php.MethodName(path) == "rest/app.info" && r.Host == p.cloud.host():
		p.cloud.ServeHTTP(w, r) // one address is portal and authorization server
	case strings.HasPrefix(path, "/rest/"):
		p.serveREST(w, r)
	case strings.HasPrefix(path, "/oauth/authorize"):
		p.serveAuthorize(w, r)
	case strings.HasPrefix(path, "/oauth/token"):
		p.cloud.ServeHTTP(w, r)
	default:
		p.ServePage(w, r)
	}
}

func (p *core) formerHost() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.former
}

// endpoint is the base of REST calls.
func (p *core) endpoint() string { return p.URL() + "/rest/" }

// domain returns the host without default ports, as the portal writes it.
func (p *core) domain() string {
	host := hostOf(p.URL())
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}

// Now is the portal's business time.
func (p *core) Now() time.Time { return p.cfg.Now().In(p.cfg.Zone) }

// Version increases with every change; pages reload when it differs from theirs.
func (p *core) Version() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.Version
}

// touch records a change; the caller does not hold the lock.
func (p *core) touch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed()
}

// Advance moves the business clock by a duration such as "120h".
func (p *Portal) Advance(by string) error {
	d, err := time.ParseDuration(by)
	if err != nil {
		return err
	}
	if p.cfg.OnClock != nil {
		if err := p.cfg.OnClock(d); err != nil {
			return err
		}
	}
	p.touch()
	return nil
}

// changed records a change; the caller holds the lock.
func (p *core) changed() {
	p.st.Version++
	p.saver.wake()
}

// hook calls OnCall of the configuration; stage is "before" or "after".
func (p *core) hook(stage, method string) {
	p.mu.Lock()
	onCall := p.cfg.OnCall
	p.mu.Unlock()
	if onCall != nil {
		onCall(stage, method)
	}
}

func (p *core) uninstalled() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.App.Uninstalled
}

// SetLimits changes the limits of a running portal.
func (p *core) SetLimits(l Limits) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cfg.Limits = l.WithDefaults()
}

func (p *core) limits() Limits {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg.Limits
}
