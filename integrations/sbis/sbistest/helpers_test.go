package sbistest_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"acts24/integrations/fakehttp"
	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

var (
	own      = sbistest.Organization{INN: "7701010105", KPP: "770101001", Name: `ООО "Пример-Исполнитель"`, BoxID: "2BE64c9ac2bb5fe46c3ac32844bb97be6bc"}
	customer = sbistest.Organization{INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`, BoxID: "2BE794aad24cbd58461011ed9094b7fa212"}
	stranger = sbistest.Organization{INN: "7601000985", KPP: "760601001", Name: "СК Премьер, ОАО"}
	roamer   = sbistest.Organization{INN: "7707083893", KPP: "770701001", Name: `ООО "Роуминг"`}
	trader   = sbistest.Organization{INN: "500303030368", Person: sbistest.Person{Surname: "Ёлкина", Name: "Анна", Patronymic: "Петровна"}}
)

// side returns an organisation in the client's format.
func side(o sbistest.Organization) sbis.Organization {
	if o.KPP == "" {
		return sbis.Organization{Person: &sbis.Person{INN: o.INN}}
	}
	return sbis.Organization{Legal: &sbis.Legal{INN: o.INN, KPP: o.KPP, Name: o.Name}}
}

// bench is a fake service with its clock and a client.
type bench struct {
	*testing.T
	*sbistest.Server
	client *sbis.Client
	clock  *fakehttp.Clock
	next   int
}

func newBench(t *testing.T, options ...func(*sbistest.Config)) *bench {
	t.Helper()
	clock := fakehttp.NewClock(time.Date(2026, 11, 2, 7, 5, 0, 0, time.UTC))
	options = append([]func(*sbistest.Config){func(c *sbistest.Config) { c.Now = clock.Now }}, options...)
	b := &bench{T: t, Server: sbistest.Start(t, options...), clock: clock}
	b.client = b.as(sbis.Login{AppClientID: sbistest.DemoClientID, AppSecret: sbistest.DemoAppSecret, SecretKey: sbistest.DemoSecretKey})
	return b
}

// as returns a client with its own login.
func (b *bench) as(login sbis.Login) *sbis.Client {
	b.Helper()
	c, err := sbis.New(sbis.Config{
		AuthURL: b.URL() + "/auth/service/", ServiceURL: b.URL() + "/service/?srv=1", OAuthURL: b.URL() + "/oauth/service/",
		HTTP: &http.Client{Transport: http.DefaultTransport}, Login: login, Sessions: &sessions{},
	})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// draft is an act for a buyer, with ids of its own.
func (b *bench) draft(buyer sbistest.Organization) sbis.Draft {
	b.next++
	id := fmt.Sprintf("5b9ad7f0-3d1e-4f5c-9a30-%012d", b.next)
	name, data := sbistest.SampleTitle("ДОП", fmt.Sprint(b.next), "31.10.2026", id, own, buyer)
	return sbis.Draft{
		ID: id, Type: sbis.TypeOutgoingAct, Note: "Сделка 1024", Ours: side(own), Counterparty: side(buyer),
		Revision: sbis.RevisionKey{ForeignNote: "rev-1"},
		Files:    []sbis.DraftFile{{ID: fmt.Sprintf("9a0f2f52-7f0d-4b33-9a8e-%012d", b.next), Content: sbis.Content{Name: name, Data: data}}},
	}
}

// put writes a draft and returns its id.
func (b *bench) put(buyer sbistest.Organization) string {
	b.Helper()
	d := b.draft(buyer)
	if _, err := b.client.WriteDocument(b.Context(), d); err != nil {
		b.Fatal(err)
	}
	return d.ID
}

// do makes moves one after another.
func (b *bench) do(id string, moves ...sbistest.Move) {
	b.Helper()
	for _, m := range moves {
		b.clock.Advance(time.Minute)
		if err := b.Act(id, sbistest.MoveRequest{Move: m}); err != nil {
			b.Fatalf("%s: %v", m, err)
		}
	}
}

func (b *bench) read(id string) *sbis.Document {
	b.Helper()
	d, err := b.client.ReadDocument(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// poll reads the feed to its end and returns the events by "document event".
func (b *bench) poll(cur sbis.Cursor) (events []string, last sbis.Cursor, err error) {
	last = cur
	_, err = b.client.Poll(b.Context(), side(own), cur, func(_ context.Context, docs []sbis.Document, at sbis.Cursor) error {
		for _, d := range docs {
			for _, e := range d.Events {
				events = append(events, fmt.Sprintf("%s %s", d.Number, e.Name))
			}
		}
		last = at
		return nil
	})
	return events, last, err
}

var beginning = sbis.Cursor{At: "01.11.2026 00.00.00"}

// sessions keeps the session of one account.
type sessions struct {
	mu   sync.Mutex
	kept sbis.Session
}

func (s *sessions) Session(context.Context) (sbis.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept, nil
}

func (s *sessions) Renew(ctx context.Context, stale string, login func(context.Context) (sbis.Session, error)) (sbis.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept.Value != "" && s.kept.Value != stale {
		return s.kept, nil
	}
	var err error
	s.kept, err = login(ctx)
	return s.kept, err
}

// isUnclear reports whether the call may have been executed or not.
func isUnclear(err error) bool { return err != nil && !sbis.NotExecuted(err) }
