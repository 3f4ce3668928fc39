package sbistest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/integrations/fakehttp"
	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// The organisations of the tests: ours, a connected counterparty, one that is not connected, one of another operator, and a connected ИП.
var (
	own         = sbistest.Organization{INN: "7701010105", KPP: "770101001", Name: `ООО "Пример-Исполнитель"`, BoxID: "2BE64c9ac2bb5fe46c3ac32844bb97be6bc"}
	customer    = sbistest.Organization{INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`, BoxID: "2BE794aad24cbd58461011ed9094b7fa212"}
	unconnected = sbistest.Organization{INN: "7601000985", KPP: "760601001", Name: "СК Премьер, ОАО"}
	roaming     = sbistest.Organization{INN: "7707083893", KPP: "770701001", Name: `ООО "Роуминг"`}
	soleTrader  = sbistest.Organization{INN: "500303030368", Person: sbistest.Person{Surname: "Ёлкина", Name: "Анна", Patronymic: "Петровна"}}
)

// clientParty returns an organisation as the client names it.
func clientParty(o sbistest.Organization) sbis.Organization {
	if o.KPP == "" {
		return sbis.Organization{Person: &sbis.Person{INN: o.INN}}
	}
	return sbis.Organization{Legal: &sbis.Legal{INN: o.INN, KPP: o.KPP, Name: o.Name}}
}

// testService is a fake service with its clock, and a client of its demo account.
type testService struct {
	*sbistest.Server
	t      *testing.T
	client *sbis.Client
	clock  *fakehttp.Clock
	drafts int // that were made
}

// newTestService starts a service on the morning of 2 November 2026.
func newTestService(t *testing.T, options ...func(*sbistest.Config)) *testService {
	t.Helper()
	clock := fakehttp.NewClock(time.Date(2026, 11, 2, 7, 5, 0, 0, time.UTC))
	options = append([]func(*sbistest.Config){func(c *sbistest.Config) { c.Now = clock.Now }}, options...)
	service := &testService{t: t, Server: sbistest.Start(t, options...), clock: clock}
	service.client = service.clientWithLogin(sbis.Login{AppClientID: sbistest.DemoClientID, AppSecret: sbistest.DemoAppSecret, SecretKey: sbistest.DemoSecretKey})
	return service
}

// clientWithLogin returns a client with a login and a session of its own.
func (service *testService) clientWithLogin(login sbis.Login) *sbis.Client {
	service.t.Helper()
	c, err := sbis.New(sbis.Config{
		AuthURL: service.URL() + "/auth/service/", ServiceURL: service.URL() + "/service/?srv=1", OAuthURL: service.URL() + "/oauth/service/",
		HTTP: &http.Client{Transport: http.DefaultTransport}, Login: login, Sessions: &sessions{},
	})
	if err != nil {
		service.t.Fatal(err)
	}
	return c
}

// newDraft returns an act for a buyer, with ids of its own.
func (service *testService) newDraft(buyer sbistest.Organization) sbis.Draft {
	service.drafts++
	id := fmt.Sprintf("5b9ad7f0-3d1e-4f5c-9a30-%012d", service.drafts)
	name, data := sbistest.SampleTitle("ДОП", fmt.Sprint(service.drafts), "31.10.2026", id, own, buyer)
	return sbis.Draft{
		ID: id, Type: sbis.TypeOutgoingAct, Note: "Сделка 1024", Ours: clientParty(own), Counterparty: clientParty(buyer),
		Revision: sbis.RevisionKey{ForeignNote: "rev-1"},
		Files:    []sbis.DraftFile{{ID: fmt.Sprintf("9a0f2f52-7f0d-4b33-9a8e-%012d", service.drafts), Content: sbis.Content{Name: name, Data: data}}},
	}
}

// putDraft writes a draft and returns its id.
func (service *testService) putDraft(buyer sbistest.Organization) string {
	service.t.Helper()
	d := service.newDraft(buyer)
	if _, err := service.client.WriteDocument(service.t.Context(), d); err != nil {
		service.t.Fatal(err)
	}
	return d.ID
}

// makeMoves makes moves of a document, each a minute after the one before.
func (service *testService) makeMoves(id string, moves ...sbistest.Move) {
	service.t.Helper()
	for _, m := range moves {
		service.clock.Advance(time.Minute)
		if err := service.PerformMove(id, sbistest.MoveRequest{Move: m}); err != nil {
			service.t.Fatalf("the move %s: %v, want no error", m, err)
		}
	}
}

// read returns a document as the demo account reads it.
func (service *testService) read(id string) *sbis.Document {
	service.t.Helper()
	d, err := service.client.ReadDocument(service.t.Context(), id)
	if err != nil {
		service.t.Fatal(err)
	}
	return d
}

// poll reads the feed to its end and returns its events with the numbers of their documents, as "1 Утверждение", and the last cursor.
func (service *testService) poll(cur sbis.Cursor) (events []string, last sbis.Cursor, err error) {
	last = cur
	_, err = service.client.Poll(service.t.Context(), clientParty(own), cur, func(_ context.Context, docs []sbis.Document, at sbis.Cursor) error {
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

// documentView returns a document as the sandbox shows it.
func (service *testService) documentView(id string) sbistest.DocumentView {
	service.t.Helper()
	v, ok := service.Document(id)
	if !ok {
		service.t.Fatalf("the service has no document %s", id)
	}
	return v
}

// download returns the file of a link.
func (service *testService) download(link string) []byte {
	service.t.Helper()
	file, err := service.client.Download(service.t.Context(), link)
	if err != nil {
		service.t.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		service.t.Fatal(err)
	}
	return data
}

// post sends a body to an address of the service, with a session unless it is "", and returns the status and the answer.
func (service *testService) post(path, contentType, session, body string) (int, string) {
	service.t.Helper()
	header := http.Header{"Content-Type": {contentType}}
	if session != "" {
		header.Set(sbis.HeaderSession, session)
	}
	return service.send(http.MethodPost, path, body, header)
}

// sandbox calls an address of the sandbox and returns the status and the answer.
func (service *testService) sandbox(method, path, body string) (int, string) {
	service.t.Helper()
	return service.send(method, path, body, http.Header{})
}

// send sends a request and returns the status and the answer.
func (service *testService) send(method, path, body string, header http.Header) (int, string) {
	service.t.Helper()
	req, err := http.NewRequestWithContext(service.t.Context(), method, service.URL()+path, strings.NewReader(body))
	if err != nil {
		service.t.Fatal(err)
	}
	req.Header = header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		service.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		service.t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// employeeKey is the thumbprint of the certificate of addSigner.
const employeeKey = "1A1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F801"

// addSigner adds an account that has one certificate with an active key on the server, and returns a client of it.
func (service *testService) addSigner(change func(*sbistest.Account)) *sbis.Client {
	a := sbistest.Account{Login: "signer", Password: "signer-password", Own: []sbistest.Organization{own}, Certificates: []sbistest.Certificate{{
		Thumbprint: employeeKey, INN: own.INN, KeyType: "Серверный", Activated: true, From: service.clock.Now().AddDate(-1, 0, 0), Until: service.clock.Now().AddDate(1, 0, 0)}}}
	change(&a)
	service.AddAccount(a)
	return service.clientWithLogin(sbis.Login{Login: a.Login, Password: a.Password})
}

// beginning is a cursor before all documents of the tests.
var beginning = sbis.Cursor{At: "01.11.2026 00.00.00"}

// sessions is a source that stores the session of one account.
type sessions struct {
	mu      sync.Mutex
	session sbis.Session
}

func (s *sessions) Session(context.Context) (sbis.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session, nil
}

func (s *sessions) Renew(ctx context.Context, stale string, login func(context.Context) (sbis.Session, error)) (sbis.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session.Value != "" && s.session.Value != stale {
		return s.session, nil
	}
	var err error
	s.session, err = login(ctx)
	return s.session, err
}

// isUnclear reports whether the call may have been executed or not.
func isUnclear(err error) bool { return err != nil && !sbis.NotExecuted(err) }
