package sbistest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"acts24/integrations/fakehttp"
)

// Server is the fake service.
type Server struct {
	cfg    Config
	trace  *Trace
	faults *fakehttp.Faults
	fakehttp.Pages
	meter *meter

	mu    sync.Mutex // guards the following fields
	base  string
	st    *state
	index index
}

// index holds lookups of documents and feed positions; it is rebuilt after a load.
type index struct {
	documents map[string]*document
	places    map[string]place    // by event id
	served    map[string]int      // start of the last page of a feed
	sessions  map[string]*session // by value
}

// place is the position of an event in the feed of an organisation.
type place struct {
	feed string
	at   int
}

// New returns a service with the state saved at cfg.SavePath.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg.withDefaults(), faults: &fakehttp.Faults{}, meter: newMeter(), st: newState()}
	s.trace = &Trace{machine: s.cfg.Machine}
	s.reindex()
	if s.cfg.SavePath == "" {
		return s, nil
	}
	return s, s.Load(s.cfg.SavePath)
}

// reindex builds the index of the state; the caller holds the lock or is the only user.
func (s *Server) reindex() {
	s.index = index{documents: map[string]*document{}, places: map[string]place{}, served: map[string]int{}, sessions: map[string]*session{}}
	for _, d := range s.st.Documents {
		s.index.documents[d.ID] = d
	}
	for feed, entries := range s.st.Feeds {
		for i, e := range entries {
			s.index.places[e.Event] = place{feed, i}
		}
	}
	for _, one := range s.st.Sessions {
		s.index.sessions[one.Value] = one
	}
}

// Configure changes the settings; call it before the service is used or between calls.
func (s *Server) Configure(change func(*Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.cfg)
}

// SetURL sets the address of the service; without it links have the host of the request.
func (s *Server) SetURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(base, "/")
}

// URL is the service's own address as it was set.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.base
}

// Trace is the journal of received calls.
func (s *Server) Trace() *Trace { return s.trace }

// Version increases with every change; pages reload when it differs from theirs.
func (s *Server) Version() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.st.Version
}

// Now is the service's clock in Moscow time (docs/contracts/sbis.md, "Addresses").
func (s *Server) Now() time.Time { return s.cfg.Now().In(moscow) }

// ServeHTTP answers the protocol, file links, the sandbox's JSON and the pages.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/auth/service/", path == "/service/":
		s.serveRPC(w, r)
	case path == "/oauth/service/":
		s.serveTokens(w, r)
	case strings.HasPrefix(path, "/disk/"), strings.HasPrefix(path, "/pdfservice/"), strings.HasPrefix(path, "/archive/"):
		s.serveLink(w, r)
	case strings.HasPrefix(path, "/_sandbox/"):
		s.serveSandbox(w, r)
	default:
		s.ServePage(w, r)
	}
}

// AddAccount adds an account, or changes the one with this login (or these keys).
func (s *Server) AddAccount(a Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Accounts = slices.DeleteFunc(s.st.Accounts, func(old *Account) bool { return old.key() == a.key() })
	s.st.Accounts = append(s.st.Accounts, &a)
	s.changed()
}

// key identifies the account in sessions and documents.
func (a *Account) key() string { return orElse(a.Login, a.AppClientID) }

// AddCounterparty adds a counterparty, or changes the one with this INN and KPP.
func (s *Server) AddCounterparty(c Counterparty) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Counterparties = slices.DeleteFunc(s.st.Counterparties, func(old *Counterparty) bool {
		return old.INN == c.INN && old.KPP == c.KPP
	})
	s.st.Counterparties = append(s.st.Counterparties, &c)
	s.changed()
}

// Invitations returns the number of invited counterparties.
func (s *Server) Invitations() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.st.Invitations)
}

// account returns an account by its key; the caller holds the lock.
func (s *Server) account(key string) *Account {
	for _, a := range s.st.Accounts {
		if a.key() == key {
			return a
		}
	}
	return nil
}

// own finds an organisation of the account.
func (a *Account) own(inn, kpp string) *Organization {
	for i := range a.Own {
		if o := &a.Own[i]; o.INN == inn && (kpp == "" || o.KPP == kpp) {
			return o
		}
	}
	return nil
}

// counterparty returns a counterparty; without KPP by INN alone.
func (s *Server) counterparty(inn, kpp string) *Counterparty {
	for _, c := range s.st.Counterparties {
		if c.INN == inn && (kpp == "" || c.KPP == kpp) {
			return c
		}
	}
	return nil
}

// hook calls OnCall.
func (s *Server) hook(stage, method string) {
	if s.cfg.OnCall != nil {
		s.cfg.OnCall(stage, method)
	}
}
