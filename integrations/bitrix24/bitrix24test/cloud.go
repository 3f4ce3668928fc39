package bitrix24test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Cloud is the authorization server of one application and the portals that know it.
type Cloud struct {
	mu      sync.Mutex
	app     App
	url     string
	books   books
	crowd   int // size of the books at which the dead are forgotten
	portals []*Portal
	trace   *Trace
	faults  *faults
}

// NewCloud makes an authorization server. Its address is set with SetURL.
func NewCloud(app App) *Cloud {
	return &Cloud{
		app: app.withDefaults(), url: "https://oauth.bitrix24.tech",
		books: newBooks(), trace: &Trace{}, faults: &faults{},
	}
}

// SetURL tells the server its own address, scheme and host.
func (c *Cloud) SetURL(base string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.url = strings.TrimSuffix(base, "/")
}

// App is the application of this cloud.
func (c *Cloud) App() App {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.app
}

// SetApp changes the application: addresses known only after its server started, a new version.
func (c *Cloud) SetApp(change func(*App)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.app)
}

// Trace is the journal of all calls to the cloud and its portals.
func (c *Cloud) Trace() *Trace { return c.trace }

// Portals lists the portals in the order in which they were added.
func (c *Cloud) Portals() []*Portal {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*Portal(nil), c.portals...)
}

// ServeHTTP answers /oauth/token/ and /rest/app.info.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := strings.TrimSuffix(r.URL.Path, "/"); {
	case path == "/oauth/token":
		c.serveToken(w, r)
	case strings.EqualFold(strings.TrimSuffix(path, ".json"), "/rest/app.info"):
		c.serveInfo(w, r)
	default:
		http.NotFound(w, r)
	}
}

// serveInfo answers app.info for a token of any portal.
func (c *Cloud) serveInfo(w http.ResponseWriter, r *http.Request) {
	params, err := readParams(r)
	if err != nil {
		writeError(w, bad("INVALID_REQUEST", "%s", err.Error()))
		return
	}
	g, ok := c.access(params.token)
	portal := c.portal(g.Member)
	if !ok || portal == nil {
		writeError(w, errNoAuth)
		return
	}
	params.atCloud = true
	portal.serveCall(w, r, "app.info", params)
}

// portal finds a portal by its member id.
func (c *Cloud) portal(member string) *Portal {
	for _, p := range c.Portals() {
		if p.cfg.MemberID == member {
			return p
		}
	}
	return nil
}

// host is the name of the authorization server, as it stands in token answers.
func (c *Cloud) host() string {
	u, err := url.Parse(c.URL())
	if err != nil {
		return ""
	}
	return u.Host
}

// URL is the address of the authorization server.
func (c *Cloud) URL() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.url
}

func (c *Cloud) serverEndpoint() string { return c.URL() + "/rest/" }
