package bitrix24test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Portal is one Bitrix24 account.
type Portal struct {
	mu       sync.Mutex
	cfg      Config
	cloud    *Cloud
	url      string
	former   string // host that now only redirects
	st       *state
	meter    *meter
	faults   *faults
	openings map[string]*Opening
	sender   *sender
	saver    *saver
	pages    http.Handler
	robots   []*Robot
}

// AddPortal opens an account. Its address is set with SetURL before it is used.
func (c *Cloud) AddPortal(cfg Config) *Portal {
	p := &Portal{
		cfg: cfg.withDefaults(), cloud: c, url: "https://portal.bitrix24.ru",
		st: newState(), meter: newMeter(), faults: &faults{}, openings: map[string]*Opening{},
	}
	p.sender = newSender(p)
	p.saver = newSaver(p)
	c.mu.Lock()
	c.portals = append(c.portals, p)
	c.mu.Unlock()
	return p
}

// Cloud is the authorization server of the portal.
func (p *Portal) Cloud() *Cloud { return p.cloud }

// MemberID is the account's own key, independent of its address.
func (p *Portal) MemberID() string { return p.cfg.MemberID }

// URL is the portal's address, scheme and host.
func (p *Portal) URL() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.url
}

// SetURL tells the portal its own address.
func (p *Portal) SetURL(base string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.url = strings.TrimSuffix(base, "/")
}

// Rename moves the portal to another address; the old one answers 302 from now on.
func (p *Portal) Rename(base string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.former = hostOf(p.url)
	p.url = strings.TrimSuffix(base, "/")
}

// Configure changes the settings of the portal; call it before the portal is used or between calls.
func (p *Portal) Configure(change func(*Config)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.cfg)
}

// SetPages mounts the pages that people see; the protocol's own paths stay in front of them.
func (p *Portal) SetPages(pages http.Handler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages = pages
}

// Trace is the journal of calls, common to the cloud and all its portals.
func (p *Portal) Trace() *Trace { return p.cloud.trace }

// Close stops the sender of events and writes the state.
func (p *Portal) Close() error {
	p.sender.close()
	return p.saver.close()
}

// ServeHTTP answers REST, the authorization server's paths, the sandbox's JSON and the pages.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if former := p.formerHost(); former != "" && former == r.Host {
		redirect(w, r, p.URL())
		return
	}
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/rest/crm.controller.item.getFile"):
		p.serveFile(w, r)
	case methodName(path) == "rest/app.info" && r.Host == p.cloud.host():
		p.cloud.ServeHTTP(w, r) // one address is portal and authorization server
	case strings.HasPrefix(path, "/rest/"):
		p.serveREST(w, r)
	case strings.HasPrefix(path, "/oauth/authorize"):
		p.serveAuthorize(w, r)
	case strings.HasPrefix(path, "/oauth/token"):
		p.cloud.ServeHTTP(w, r)
	case strings.HasPrefix(path, "/_sandbox/"):
		p.serveSandbox(w, r)
	default:
		p.servePages(w, r)
	}
}

func (p *Portal) servePages(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	pages := p.pages
	p.mu.Unlock()
	if pages == nil {
		http.NotFound(w, r)
		return
	}
	pages.ServeHTTP(w, r)
}

func (p *Portal) formerHost() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.former
}

// endpoint is the base of REST calls.
func (p *Portal) endpoint() string { return p.URL() + "/rest/" }

// domain is the host as the portal writes it, without the usual ports.
func (p *Portal) domain() string {
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
func (p *Portal) Now() time.Time { return p.cfg.Now().In(p.cfg.Zone) }

// Version grows with every change, so that a page knows when to read again.
func (p *Portal) Version() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.Version
}

// touch marks a change from outside the lock.
func (p *Portal) touch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed()
}

// changed marks a change; the caller holds the lock.
func (p *Portal) changed() {
	p.st.Version++
	p.saver.wake()
}

func (p *Portal) hook(stage, method string) {
	p.mu.Lock()
	told := p.cfg.OnCall
	p.mu.Unlock()
	if told != nil {
		told(stage, method)
	}
}

func (p *Portal) uninstalled() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.App.Uninstalled
}
