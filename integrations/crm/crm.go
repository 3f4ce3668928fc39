// Package crm implements workflow.CRM with the Bitrix24 client: placements, deals, effects of tasks and the
// installer. Tokens and rate limits of each portal are kept in the store.
package crm

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/crm/refused"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
	"acts24/workflow/breaker"
)

// Config is the configuration of an Adapter.
type Config struct {
	AuthURL      string // "https://oauth.bitrix24.tech"
	ClientID     string
	ClientSecret string
	PublicURL    string // our own address, for handlers: "https://acts.example.ru"
	HTTP         *http.Client
	Timeout      time.Duration // of one call to the portal
	PageTimeout  time.Duration // of one call while a user waits for a page
	RenewalLease time.Duration
	Probe        time.Duration // interval between attempts to reach a portal whose breaker is open
	AllowPlain   bool          // portals over http: the sandbox and tests

	// Patient makes background work, which must then only read, wait for the limits of a portal as long as it takes instead of failing.
	Patient bool
	// OnWait, unless nil, is called before each wait of patient work.
	OnWait func(portal acts.PortalID, wait time.Duration)
}

// Adapter implements workflow.CRM with the Bitrix24 client.
type Adapter struct {
	cfg  Config
	db   *store.DB
	auth bitrix24.AuthServer

	refused *refused.Tokens // of clients without a visit
}

var _ workflow.CRM = (*Adapter)(nil)

// New returns an adapter that keeps tokens and budgets in db.
func New(cfg Config, db *store.DB) *Adapter {
	return &Adapter{cfg: cfg, db: db, refused: &refused.Tokens{}, auth: bitrix24.AuthServer{URL: cfg.AuthURL, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret,
		HTTP: cfg.HTTP, Timeout: min(cfg.Timeout, withinLease(cfg.RenewalLease)), AllowPlain: cfg.AllowPlain}}
}

// withinLease returns the timeout of a call under a lease, so that it ends before another replica can get the lease.
func withinLease(lease time.Duration) time.Duration { return lease * 3 / 4 }

// asUser returns a client with a user's own token, which has priority over background work.
func (a *Adapter) asUser(p store.Portal, access string) (*bitrix24.Client, error) {
	return a.client(p, bitrix24.FixedToken(access), a.budget(p, interactive), a.cfg.PageTimeout, nil)
}

// asPortal returns a client with the portal's own token. checkLease, if not nil, is called after a renewal of the token and after a wait for the
// budget, before the call is made.
func (a *Adapter) asPortal(p store.Portal, checkLease func(context.Context) error) (*bitrix24.Client, error) {
	tokens := &portalTokens{db: a.db, portal: p.ID, member: p.MemberID, auth: a.auth, lease: a.cfg.RenewalLease, checkLease: checkLease}
	own := portalBreaker{breaker.Breaker{DB: a.db, Portal: p.ID, Account: queue.PortalItself, Every: a.cfg.Probe}}
	b := a.budget(p, background)
	b.checkLease = checkLease
	return a.client(p, tokens, b, a.cfg.Timeout, own)
}

// asPortalForPage returns a client with the portal's own token for a page that a user waits for.
func (a *Adapter) asPortalForPage(p store.Portal) (*bitrix24.Client, error) {
	tokens := &portalTokens{db: a.db, portal: p.ID, member: p.MemberID, auth: a.auth, lease: a.cfg.RenewalLease}
	return a.client(p, tokens, a.budget(p, interactive), a.cfg.PageTimeout, nil)
}

// budget returns the limits of a portal for a kind of work.
func (a *Adapter) budget(p store.Portal, share float64) *budget {
	leak, size := p.Bucket()
	return &budget{db: a.db, portal: p.ID, leak: leak, size: size, share: share, patient: a.cfg.Patient, onWait: a.cfg.OnWait}
}

func (a *Adapter) client(p store.Portal, tokens bitrix24.TokenSource, limits *budget, timeout time.Duration, breaker bitrix24.Breaker) (*bitrix24.Client, error) {
	cfg := bitrix24.Config{Endpoint: p.Endpoint, HTTP: a.cfg.HTTP, Timeout: timeout, Tokens: tokens, Breaker: breaker, AllowPlain: a.cfg.AllowPlain}
	if p.ID != 0 { // a portal that is being installed has no stored budget yet
		cfg.Budget = limits
		cfg.Patient = a.cfg.Patient
	}
	return bitrix24.New(cfg)
}

// ParsePlacementCall decodes what a portal posted when a user opened the app; nothing in it is verified.
func (a *Adapter) ParsePlacementCall(query, form url.Values) (workflow.PlacementCall, error) {
	o, err := bitrix24.DecodePlacementCall(query, form)
	if err != nil {
		return workflow.PlacementCall{}, err
	}
	return workflow.PlacementCall{Member: o.MemberID, Access: o.AccessToken, AccessLifetime: o.ExpiresIn, Refresh: o.RefreshToken,
		Application: o.ApplicationToken, Scope: o.Scope, Placement: o.Placement, Object: int64(o.Options.ID), Params: o.Options.Params}, nil
}

// ParseEvent decodes an event that a portal posted; nothing in it is verified.
func (a *Adapter) ParseEvent(form url.Values) (workflow.PortalEvent, error) {
	e, err := bitrix24.DecodeEvent(form)
	if err != nil {
		return workflow.PortalEvent{}, err
	}
	event := workflow.PortalEvent{Name: e.Name, Member: e.Auth.MemberID, Application: e.Auth.ApplicationToken, SentAt: e.SentAt}
	switch e.Name {
	case bitrix24.EventUninstall:
		event.About, event.WithData = workflow.AboutApp, e.Data("CLEAN") == "1"
	case bitrix24.EventInstall, bitrix24.EventUpdate:
		event.About, event.Access, event.Refresh = workflow.AboutSetup, e.Auth.AccessToken, e.Auth.RefreshToken
	}
	if t, id, ok := e.Object(); ok {
		event.About, event.EntityType, event.Object = aboutOf(t), int64(t), int64(id)
	}
	if id, ok := e.Task(); ok {
		event.About, event.Object = workflow.AboutTask, int64(id)
	}
	return event, nil
}

func aboutOf(t bitrix24.EntityType) workflow.About {
	switch t {
	case bitrix24.DealType:
		return workflow.AboutDeal
	case bitrix24.CompanyType:
		return workflow.AboutCompany
	case bitrix24.ContactType:
		return workflow.AboutContact
	}
	return workflow.AboutItem
}

// Identify returns the portal and the user of a placement call as the token server names them. It uses up the refresh token.
func (a *Adapter) Identify(ctx context.Context, o workflow.PlacementCall) (workflow.Identity, error) {
	if a.refused.Has(o.Refresh) {
		return workflow.Identity{}, errNotConfirmed
	}
	pair, err := a.auth.Renew(ctx, o.Refresh)
	if err != nil {
		return workflow.Identity{}, a.refusedToken(o.Refresh, err)
	}
	endpoint, err := bitrix24.ParseEndpoint(pair.ClientEndpoint, a.cfg.AllowPlain)
	if err != nil {
		return workflow.Identity{}, err
	}
	info, err := a.auth.AppInfo(ctx, pair.Access)
	if err != nil {
		return workflow.Identity{}, verificationError(err)
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return workflow.Identity{}, err
	}
	return workflow.Identity{Member: pair.MemberID, Endpoint: endpoint, Origin: u.Scheme + "://" + u.Host, Access: pair.Access,
		Refresh: pair.Refresh, User: acts.UserID(pair.UserID), AppCode: string(info.Code), Family: string(info.LicenseFamily),
		License: string(info.License), Unpaid: bool(info.PaymentExpired)}, nil
}

// IsOurs reports whether the token server issued an access token to our app on the portal.
func (a *Adapter) IsOurs(ctx context.Context, p store.Portal, access string) (bool, error) {
	if a.refused.Has(access) {
		return false, nil
	}
	info, err := a.auth.AppInfo(ctx, access)
	if err != nil {
		if err := a.refusedToken(access, err); acts.KindOf(err) != acts.Forbidden {
			return false, err
		}
		return false, nil
	}
	sameMember := info.MemberID == "" || string(info.MemberID) == p.MemberID
	return sameMember && p.AppCode != "" && strings.EqualFold(string(info.Code), p.AppCode), nil
}

var errNotConfirmed = acts.Errorf(acts.Forbidden, "Битрикс24 не подтвердил этот вход. Откройте приложение из портала ещё раз.")

// refusedToken converts the error of a request about a posted token, and stores a token that is not valid.
func (a *Adapter) refusedToken(token string, err error) error {
	if bitrix24.IsInvalidGrant(err) || bitrix24.IsBadToken(err) || bitrix24.IsExpired(err) {
		a.refused.Add(token)
	}
	return verificationError(err)
}

// verificationError converts an error of the token server for the user.
func verificationError(err error) error {
	if bitrix24.IsFreeTariff(err) {
		return writeError(err)
	}
	if bitrix24.Refused(err) || bitrix24.IsInvalidGrant(err) || bitrix24.IsBadToken(err) || bitrix24.IsExpired(err) {
		return errNotConfirmed
	}
	return unavailable(err, 0)
}
