package bitrix24test

import (
	"net/http"
	"time"
)

// App is the application as the vendor's cabinet describes it.
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
	// TellsPortal makes app.info of the authorization server name the portal and the user too, inside "install".
	// The documentation does not promise it.
	TellsPortal bool
}

// Limits are the two limits of the cloud. The zero value means the real ones.
type Limits struct {
	Burst     float64       // size of the leaky bucket, 50
	PerSecond float64       // its leak, 2 a second
	Operating time.Duration // run time of one method in ten minutes, 480 s
	// Cost is the run time of one command, counted as operating and really spent. Nil counts the real time.
	Cost func(method string) time.Duration
	Off  bool // no limit at all
}

// Config describes one portal.
type Config struct {
	MemberID   string
	License    string // ru_std and the like
	Language   string
	Zone       *time.Location
	Mailbox    string // the common mailbox of CRM; empty: letters need MESSAGE_FROM
	Limits     Limits
	EventDelay time.Duration
	// Now is the business clock: dates of records. Machine is the clock of limits, tokens and queues.
	Now     func() time.Time
	Machine func() time.Time
	// OnCall is told about every command: "before" its effect and "after" it, before the answer leaves.
	OnCall func(stage, method string)
	// OnClock is asked to move the business clock.
	OnClock func(advance time.Duration) error
	// Client sends events; the default gives up after five seconds.
	Client *http.Client
	// SavePath is where the state is kept; empty: nowhere.
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
		a.Scope = "crm,placement,im,task,user_basic,userfieldconfig,calendar,department,sonet_group"
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
		c.Machine = machine
	}
	if c.Now == nil {
		c.Now = c.Machine
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 5 * time.Second}
	}
	c.Limits = c.Limits.withDefaults()
	return c
}

func (l Limits) withDefaults() Limits {
	if l.Burst == 0 {
		l.Burst = 50
	}
	if l.PerSecond == 0 {
		l.PerSecond = 2
	}
	if l.Operating == 0 {
		l.Operating = 480 * time.Second
	}
	return l
}

// machine is the clock of the computer: limits, tokens, the journal.
var machine = time.Now
