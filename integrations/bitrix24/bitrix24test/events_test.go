package bitrix24test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// inbox is an event handler of an app: it keeps the events that it receives and signals their arrival.
type inbox struct {
	mu      sync.Mutex
	forms   []Fields
	url     string
	arrived chan struct{}
}

// newInbox serves an inbox that answers every event with the status.
func newInbox(t *testing.T, status int) *inbox {
	t.Helper()
	box := &inbox{arrived: make(chan struct{}, 100)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		form, err := php.ParseBrackets(string(raw))
		if err != nil {
			t.Error(err)
		}
		box.mu.Lock()
		box.forms = append(box.forms, form)
		box.mu.Unlock()
		box.arrived <- struct{}{}
		w.WriteHeader(status)
	}))
	t.Cleanup(srv.Close)
	box.url = srv.URL
	return box
}

// takeEvents waits until the portal has sent its events, and returns and removes the received ones.
func (b *inbox) takeEvents(p *Portal) []Fields {
	p.Drain()
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.forms
	b.forms = nil
	return out
}

// bindEvents binds the inbox to events.
func (p *Portal) bindEvents(t *testing.T, box *inbox, names ...string) {
	t.Helper()
	for _, name := range names {
		p.mustCall(t, 1, "event.bind", Fields{"event": name, "handler": box.url})
	}
}

// eventField returns a value of data[FIELDS] of an event.
func eventField(event Fields, name string) any {
	return php.Map(php.Map(event["data"])["FIELDS"])[name]
}

// startWithInbox serves a portal with an installed app whose inbox is bound to events.
func startWithInbox(t *testing.T, events ...string) (*Portal, *inbox) {
	t.Helper()
	p, box := Start(t, unlimited), newInbox(t, 200)
	p.FinishInstall(true)
	p.bindEvents(t, box, events...)
	return p, box
}

func TestEventBindRefuses(t *testing.T) {
	p := Start(t, unlimited)
	handler := func(event string) Fields { return Fields{"event": event, "handler": "https://app.example/events"} }
	p.refusedWith(t, 1, "event.bind", handler("ONSOMETHING"), "ERROR_EVENT_NOT_FOUND", "Event not found")
	p.mustCall(t, 1, "event.bind", handler("ONCRMDEALUPDATE"))
	p.refusedWith(t, 1, "event.bind", handler("ONCRMDEALUPDATE"), "ERROR_CORE", "Unable to set event handler: Handler already binded")
}

// An event is sent once, whatever the handler answers, and carries a token of the user who caused it.
func TestEventsAreSentAfterInstall(t *testing.T) {
	p := Start(t, unlimited, func(c *Config) { c.EventDelay = time.Millisecond })
	box := newInbox(t, 500)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.bindEvents(t, box, "ONCRMDEALUPDATE")
	if err := p.Move(2, Deal, deal, "EXECUTING"); err != nil {
		t.Fatal(err)
	}
	if got := box.takeEvents(p); len(got) != 0 {
		t.Errorf("events before the installation is finished = %v, want none", got)
	}
	p.FinishInstall(true)
	if err := p.Move(2, Deal, deal, "WON"); err != nil {
		t.Fatal(err)
	}
	got := box.takeEvents(p)
	if len(got) != 1 || eventField(got[0], "ID") != "1" || got[0]["event_handler_id"] == nil {
		t.Fatalf("events = %v, want one of deal 1 with the id of its handler", got)
	}
	auth := php.Map(got[0]["auth"])
	if auth["application_token"] != p.ApplicationToken() || auth["refresh_token"] != nil || auth["expires_in"] != "3600" {
		t.Errorf("auth = %v, want the application token, an hour and no refresh token", auth)
	}
	if r, err := p.CallAs(php.Text(auth["access_token"]), "profile", nil); err != nil || r.Map()["ID"] != "2" {
		t.Errorf("profile with the token of the event: %v, %v; want user 2, who moved the deal", r.Body, err)
	}
}

func TestEventsOfRobotsHaveNoToken(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALUPDATE")
	deal := p.AddItem(Deal, Fields{"title": "A"})
	if err := p.Change(0, Deal, deal, Fields{"title": "робот"}); err != nil {
		t.Fatal(err)
	}
	if got := box.takeEvents(p); len(got) != 1 || php.Map(got[0]["auth"])["access_token"] != nil {
		t.Errorf("events of a change by a robot: %v, want one without a token", got)
	}
}

func TestEventsOfOneSmartProcess(t *testing.T) {
	p, box := startWithInbox(t)
	_, entityType := addActType(t, p)
	_, otherType := addActType(t, p)
	p.bindEvents(t, box, "onCrmDynamicItemAdd_1030")
	for _, itemType := range []int64{otherType, entityType} {
		if _, err := p.Create(2, int(itemType), Fields{"title": "Акт"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := box.takeEvents(p); len(got) != 1 || eventField(got[0], "ENTITY_TYPE_ID") != "1030" {
		t.Errorf("events of new items of the types %d and %d: %v, want one of 1030", otherType, entityType, got)
	}
}

func TestFaultDropsAnEvent(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALUPDATE")
	deal := p.AddItem(Deal, Fields{"title": "A"})
	if err := p.Fault(Fault{Kind: FaultDropEvents, Count: 1}); err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"B", "C"} {
		if err := p.Change(2, Deal, deal, Fields{"title": title}); err != nil {
			t.Fatal(err)
		}
	}
	if got := box.takeEvents(p); len(got) != 1 || len(p.Deliveries()) != 2 || !p.Deliveries()[0].Dropped {
		t.Errorf("received %v of the deliveries %v; want the second of two, the first dropped", got, p.Deliveries())
	}
}

func TestDropEventsWhileSwitchedOn(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALUPDATE")
	deal := p.AddItem(Deal, Fields{"title": "A"})
	for i, dropped := range []bool{true, false} {
		p.DropEvents(dropped)
		if err := p.Move(2, Deal, deal, []string{"WON", "NEW"}[i]); err != nil {
			t.Fatal(err)
		}
	}
	if got := box.takeEvents(p); len(got) != 1 || len(p.Deliveries()) != 2 || !p.Deliveries()[0].Dropped {
		t.Errorf("received %v of the deliveries %v; want the second of two, the first dropped", got, p.Deliveries())
	}
}
