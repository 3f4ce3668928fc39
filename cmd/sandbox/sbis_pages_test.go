package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

var (
	sampleSeller  = sbistest.Organization{INN: "7701010105", KPP: "770101001", Name: `ООО "Пример-Исполнитель"`}
	sampleBuyer   = sbistest.Organization{INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`}
	sampleInvited = sbistest.Organization{INN: "7601000985", KPP: "760601001", Name: "СК Премьер, ОАО"}
)

// sbisFixture is a fake SBIS with its pages.
type sbisFixture struct {
	t      *testing.T
	server *sbistest.Server
	next   int
}

func newSBISFixture(t *testing.T) *sbisFixture {
	server := sbistest.Start(t)
	server.SetPages(newSBISPages(server))
	return &sbisFixture{t: t, server: server}
}

// put writes an act into the fake SBIS as the program does.
func (c *sbisFixture) put(buyer sbistest.Organization) string {
	c.t.Helper()
	base := c.server.URL()
	client, err := sbis.New(sbis.Config{
		HTTP:    &http.Client{Transport: http.DefaultTransport},
		AuthURL: base + "/auth/service/", ServiceURL: base + "/service/?srv=1", OAuthURL: base + "/oauth/service/",
		Login:    sbis.Login{AppClientID: sbistest.DemoClientID, AppSecret: sbistest.DemoAppSecret, SecretKey: sbistest.DemoSecretKey},
		Sessions: oneSession{},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.next++
	id := fmt.Sprintf("5b9ad7f0-3d1e-4f5c-9a30-0000000000%02d", c.next)
	name, data := sbistest.SampleTitle("ДОП", fmt.Sprint(14+c.next), "31.10.2026", id, sampleSeller, buyer)
	side := func(o sbistest.Organization) sbis.Organization {
		return sbis.Organization{Legal: &sbis.Legal{INN: o.INN, KPP: o.KPP, Name: o.Name}}
	}
	_, err = client.WriteDocument(c.t.Context(), sbis.Draft{
		ID: id, Type: sbis.TypeOutgoingAct, Note: "Сделка 1024", Ours: side(sampleSeller), Counterparty: side(buyer),
		Files: []sbis.DraftFile{{Content: sbis.Content{Name: name, Data: data}}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

func (c *sbisFixture) get(path string) string {
	c.t.Helper()
	resp, err := http.Get(c.server.URL() + path)
	return c.text(resp, err, http.StatusOK)
}

// press presses a button of the document's page.
func (c *sbisFixture) press(id, move string, form url.Values, status int) string {
	c.t.Helper()
	resp, err := http.PostForm(c.server.URL()+"/cabinet/"+id+"/"+move, form)
	return c.text(resp, err, status)
}

func (c *sbisFixture) text(resp *http.Response, err error, status int) string {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		c.t.Fatalf("status %d, %v; want %d", resp.StatusCode, err, status)
	}
	return string(raw)
}

// shows checks which test ids a page has.
func (c *sbisFixture) shows(page string, ids ...string) {
	c.t.Helper()
	for _, id := range ids {
		id, absent := strings.CutPrefix(id, "!")
		if strings.Contains(page, `data-testid="`+id+`"`) == absent {
			c.t.Errorf("%q on the page: want %v", id, !absent)
		}
	}
}

func TestSBISPagesOfferOnlyWhatIsPossible(t *testing.T) {
	c := newSBISFixture(t)
	if page := c.get("/"); !strings.Contains(page, "sbis-empty") {
		t.Error("the empty registry shows nothing")
	}
	id := c.put(sampleBuyer)
	c.shows(c.get("/"), "sbis-doc-"+id, "sbis-state-"+id)
	page := c.get("/opendoc.html?guid=" + id)
	c.shows(page, "sbis-sign-by-us", "sbis-refuse-by-us", "sbis-edit", "sbis-delete", "!sbis-sign-by-counterparty", "!sbis-recall")
	for _, words := range []string{"УПД № 15 от 31.10.2026", "65\u00a0000,00\u00a0₽", "Продвижение на рынке ОАЭ", "2,5 шт", "ИНН 7802020205, КПП 780201001"} {
		if !strings.Contains(page, words) {
			t.Errorf("no %q on the page of the document", words)
		}
	}
	page = c.press(id, "sign-by-us", nil, http.StatusOK)
	c.shows(page, "sbis-sign-by-counterparty", "sbis-sign-with-remarks", "sbis-reject", "sbis-delivery-error", "sbis-recall", "!sbis-sign-by-us", "!sbis-delete")
	page = c.press(id, "sign-by-us", nil, http.StatusConflict)
	c.shows(page, "sbis-problem")
}

func TestSBISPagesInvite(t *testing.T) {
	c := newSBISFixture(t)
	id := c.put(sampleInvited)
	c.shows(c.press(id, "sign-by-us", nil, http.StatusOK), "sbis-accept-invitation", "!sbis-sign-by-counterparty")
	c.shows(c.press(id, "accept-invitation", nil, http.StatusOK), "sbis-sign-by-counterparty", "!sbis-accept-invitation")
}

func TestSBISPagesAnswerAnnulmentForTheCounterparty(t *testing.T) {
	c := newSBISFixture(t)
	for by, want := range map[string]string{"us": `id="sbis-counterparty"`, "counterparty": `id="sbis-us"`} {
		id := c.put(sampleBuyer)
		c.press(id, "sign-by-us", nil, http.StatusOK)
		c.press(id, "sign-by-counterparty", nil, http.StatusOK)
		page := c.press(id, "annul", url.Values{"by": {by}, "comment": {"Ошибка в сумме"}}, http.StatusOK)
		c.shows(page, "sbis-agree-annulment", "sbis-decline-annulment", "sbis-proposed", "!sbis-annul")
		if !strings.Contains(page, want) {
			t.Errorf("proposed by %s: no %s", by, want)
		}
		c.shows(c.press(id, "agree-annulment", nil, http.StatusOK), "sbis-no-actions")
	}
}

func TestSBISPagesServeFiles(t *testing.T) {
	c := newSBISFixture(t)
	id := c.put(sampleBuyer)
	doc, _ := c.server.Document(id)
	name := doc.Files[0].Name
	want, _ := c.server.File(id, name)
	if got := c.get("/cabinet/" + id + "/files/" + url.PathEscape(name)); got != string(want) || got == "" {
		t.Errorf("%d bytes of the file, want %d", len(got), len(want))
	}
	for _, path := range []string{"/cabinet/" + id + "/files/nothing.xml", "/opendoc.html?guid=nothing"} {
		resp, err := http.Get(c.server.URL() + path)
		c.text(resp, err, http.StatusNotFound)
	}
	for _, path := range []string{"/cabinet/assets/sbis.css", "/cabinet/assets/sbis.js"} {
		if c.get(path) == "" {
			t.Errorf("%s is empty", path)
		}
	}
}

func TestSBISMoney(t *testing.T) {
	for sum, want := range map[string]string{
		"": "", "0.50": "0,50\u00a0₽", "999": "999,00\u00a0₽", "1000.5": "1\u00a0000,50\u00a0₽", "1234567.89": "1\u00a0234\u00a0567,89\u00a0₽",
	} {
		if got := sbisMoney(sum); got != want {
			t.Errorf("sbisMoney(%q) = %q, want %q", sum, got, want)
		}
	}
}

// oneSession logs in for each call.
type oneSession struct{}

func (oneSession) Session(context.Context) (sbis.Session, error) { return sbis.Session{}, nil }

func (oneSession) Renew(ctx context.Context, _ string, login func(context.Context) (sbis.Session, error)) (sbis.Session, error) {
	return login(ctx)
}
