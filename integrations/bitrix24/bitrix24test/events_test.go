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

func TestEvents(t *testing.T) {
	p := Start(t, unlimited, func(c *Config) { c.EventDelay = time.Millisecond })
	box := newInbox(t, 500)
	_, entityType := addActType(t, p)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	for _, event := range []string{"ONCRMDEALUPDATE", "onCrmDynamicItemAdd_1030", "ONAPPUNINSTALL", "ONAPPUPDATE"} {
		p.mustCall(t, 1, "event.bind", Fields{"event": event, "handler": box.url})
	}
	if r := p.refusedCall(t, 1, "event.bind", Fields{"event": "ONSOMETHING", "handler": box.url}); r.Error() != "ERROR_EVENT_NOT_FOUND" {
		t.Errorf("unknown event: %v", r.Body)
	}
	p.refusedCall(t, 1, "event.bind", Fields{"event": "ONCRMDEALUPDATE", "handler": box.url})
	if err := p.Move(2, Deal, deal, "EXECUTING"); err != nil {
		t.Fatal(err)
	}
	if got := box.takeEvents(p); len(got) != 0 {
		t.Errorf("sent before the install is finished: %v", got)
	}
	p.FinishInstall(true)
	if err := p.Move(2, Deal, deal, "WON"); err != nil {
		t.Fatal(err)
	}
	got := box.takeEvents(p)
	if len(got) != 1 || php.Map(php.Map(got[0]["data"])["FIELDS"])["ID"] != "1" || got[0]["event_handler_id"] == nil {
		t.Fatalf("events = %v", got)
	}
	auth := php.Map(got[0]["auth"])
	if auth["application_token"] != p.ApplicationToken() || auth["refresh_token"] != nil || auth["expires_in"] != "3600" {
		t.Errorf("auth = %v", auth)
	}
	if r, err := p.CallAs(php.Text(auth["access_token"]), "profile", nil); err != nil || r.Map()["ID"] != "2" {
		t.Errorf("the token of the one who acted: %v", r.Body)
	}
	if err := p.Change(0, Deal, deal, Fields{"title": "робот"}); err != nil {
		t.Fatal(err)
	}
	if got := box.takeEvents(p); len(got) != 1 || php.Map(got[0]["auth"])["access_token"] != nil {
		t.Errorf("a robot's event carries a token: %v", got)
	}
	if err := p.Fault(Fault{Kind: DropEvents, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if err := p.Change(2, Deal, deal, Fields{"title": "потеряно"}); err != nil {
		t.Fatal(err)
	}
	if got := box.takeEvents(p); len(got) != 0 {
		t.Errorf("a dropped event came: %v", got)
	}
	if _, err := p.Create(2, int(entityType), Fields{"parentId2": deal}); err != nil {
		t.Fatal(err)
	}
	if got := box.takeEvents(p); len(got) != 1 || php.Map(php.Map(got[0]["data"])["FIELDS"])["ENTITY_TYPE_ID"] != "1030" {
		t.Errorf("the event of one type: %v", got)
	}
}

func TestEventsCanBeLost(t *testing.T) {
	box := newInbox(t, 200)
	p := Start(t, unlimited)
	p.FinishInstall(true)
	p.mustCall(t, 1, "event.bind", Fields{"event": "ONCRMDEALUPDATE", "handler": box.url})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	for i, lose := range []bool{true, false} {
		p.DropEvents(lose)
		if err := p.Move(2, Deal, deal, []string{"WON", "NEW"}[i]); err != nil {
			t.Fatal(err)
		}
	}
	if got := box.takeEvents(p); len(got) != 1 || len(p.Deliveries()) != 2 || !p.Deliveries()[0].Dropped {
		t.Errorf("came %v, left %v", got, p.Deliveries())
	}
}
