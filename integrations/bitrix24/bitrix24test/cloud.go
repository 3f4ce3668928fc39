package bitrix24test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/meter"
	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// Cloud is the authorization server of one application, and the portals on which it can be installed.
type Cloud struct {
	mu      sync.Mutex
	app     App
	url     string
	tokens  tokenStore
	cleanAt int // number of tokens at which expired ones are removed
	portals []*Portal
	trace   *Trace
	faults  *fakehttp.Faults
}

// NewCloud returns an authorization server. Set its address with SetURL.
func NewCloud(app App) *Cloud {
	return &Cloud{
		app: app.withDefaults(), url: "https://oauth.bitrix24.tech",
		tokens: newTokenStore(), trace: &Trace{}, faults: &fakehttp.Faults{},
	}
}

// SetURL sets the server's address, scheme and host.
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
	params, err := php.ReadParams(r)
	if err != nil {
		writeError(w, contract.Refuse("INVALID_REQUEST", "%s", err.Error()))
		return
	}
	g, ok := c.access(params.Token)
	portal := c.portal(g.Member)
	if !ok || portal == nil {
		writeError(w, contract.ErrNoAuth)
		return
	}
	params.AtCloud = true
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

// host returns the host of the authorization server in token answers.
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

// App is the registration of the application.
type App struct {
	ID      string // client_id
	Secret  string // client_secret
	Code    string // code in /marketplace/view/{code}/; the client id for a local app
	Name    string
	Scope   string // comma list of granted rights
	Status  string // L local, F free, S subscription
	Version int
	URL     string // main page
	Install string // page of the install wizard, or the address for ONAPPINSTALL
	// NamesPortal makes app.info of the authorization server name the portal and the user too, inside "install".
	// The documentation does not promise it.
	NamesPortal bool
}

// Limits are the rate limits of the cloud. The zero value means the real ones.
type Limits = meter.Limits

// Config describes one portal.
type Config struct {
	MemberID   string
	License    string // ru_std and the like
	Language   string
	Zone       *time.Location
	Mailbox    string // the common mailbox of CRM; empty: e-mails need MESSAGE_FROM
	Limits     Limits
	EventDelay time.Duration
	// Now is the business clock of dates in records. Machine is the clock of limits, tokens and queues.
	Now     func() time.Time
	Machine func() time.Time
	// OnCall is called for every command "before" its execution and "after" it, before the answer is sent.
	OnCall func(stage, method string)
	// OnClock is called to move the business clock.
	OnClock func(advance time.Duration) error
	// Client sends events; the default has a timeout of five seconds.
	Client *http.Client
	// SavePath is the file of the state; empty: it is not saved.
	SavePath string
}

func (a App) withDefaults() App {
	if a.ID == "" {
		a.ID = "local.66f1c2a7b5d3e4.81234567"
	}
	if a.Secret == "" {
		a.Secret = "sandbox-secret-0000000000000000000000000000"
	}
	if a.Code == "" {
		a.Code = a.ID
	}
	if a.Name == "" {
		a.Name = "Акты"
	}
	if a.Scope == "" {
		a.Scope = "crm,placement,im,task,user_basic,userfieldconfig,calendar,department,sonet_group,bizproc"
	}
	if a.Status == "" {
		a.Status = "L"
	}
	if a.Version == 0 {
		a.Version = 1
	}
	return a
}

func (c Config) withDefaults() Config {
	if c.MemberID == "" {
		c.MemberID = secret(16)
	}
	if c.License == "" {
		c.License = "ru_std"
	}
	if c.Language == "" {
		c.Language = "ru"
	}
	if c.Zone == nil {
		c.Zone = time.FixedZone("MSK", 3*60*60)
	}
	if c.Machine == nil {
		c.Machine = wallClock
	}
	if c.Now == nil {
		c.Now = c.Machine
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 5 * time.Second}
	}
	c.Limits = c.Limits.WithDefaults()
	return c
}

// wallClock is the clock of limits, tokens and the journal.
var wallClock = time.Now
