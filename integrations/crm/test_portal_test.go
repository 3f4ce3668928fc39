package crm

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store"
	"acts24/workflow"
)

type fields = bitrix24test.Fields

// testPortal is a fake portal with the app installed, and a client with a token of its administrator. It needs no database.
type testPortal struct {
	*bitrix24test.Portal
	t      *testing.T
	client *bitrix24.Client
	record store.Portal // what the store would keep of the portal, with the names that the CRM gave to our objects
}

// newTestPortal returns a portal without limits on which the app is installed.
func newTestPortal(t *testing.T) *testPortal {
	t.Helper()
	portal := &testPortal{t: t, Portal: bitrix24test.Start(t, func(c *bitrix24test.Config) { c.Limits.Off = true })}
	portal.client = portal.adminClient()
	portal.record = store.Portal{Endpoint: portal.URL() + "/rest/", Zone: "Europe/Moscow"}
	made, err := portal.install()
	if err != nil {
		t.Fatal(err)
	}
	portal.record = made.Portal
	portal.record.Automation.V = made.Automation
	return portal
}

// adminClient returns a client with a new token of the administrator.
func (portal *testPortal) adminClient() *bitrix24.Client {
	portal.t.Helper()
	client, err := bitrix24.New(bitrix24.Config{HTTP: &http.Client{Transport: http.DefaultTransport}, Endpoint: portal.URL() + "/rest/", Timeout: 10 * time.Second,
		Tokens: bitrix24.FixedToken(portal.Issue(portal.Admin()).Access), AllowPlain: true})
	if err != nil {
		portal.t.Fatal(err)
	}
	return client
}

// adapter returns an adapter without a store, which only reads with the tokens of visitors and installs.
func (portal *testPortal) adapter() *Adapter {
	return &Adapter{cfg: Config{HTTP: &http.Client{Transport: http.DefaultTransport}, PublicURL: "https://acts.example.ru", PageTimeout: 10 * time.Second, AllowPlain: true}}
}

// install creates or repairs what the app needs, without stages in pipelines of deals.
func (portal *testPortal) install() (workflow.Installed, error) {
	i := portal.adapter().installer(portal.client, portal.record)
	err := i.install(portal.t.Context(), workflow.InstallOptions{
		Stages: func([]store.Pipeline) []workflow.StageDraft { return nil },
		Report: ignoreProgress,
	})
	return i.made, err
}

// ignoreProgress is the Report of an installation whose progress does not matter.
func ignoreProgress(context.Context, workflow.InstallPart, []string) error { return nil }

// plan returns the texts of what an installation would create.
func (portal *testPortal) plan() map[workflow.InstallPart][]string {
	portal.t.Helper()
	i := portal.adapter().installer(portal.client, portal.record)
	found, err := i.survey(portal.t.Context())
	if err == nil {
		i.findProcess()
		err = i.readDetails(portal.t.Context(), found)
	}
	if err != nil {
		portal.t.Fatal(err)
	}
	return i.planText
}

// dealCard reads a deal as its tab does.
func (portal *testPortal) dealCard(deal int64) workflow.DealCard {
	portal.t.Helper()
	v, err := portal.adapter().FetchViewer(portal.t.Context(), portal.record, portal.Issue(portal.Manager()).Access, workflow.Object{Deal: acts.DealID(deal)})
	if err != nil {
		portal.t.Fatal(err)
	}
	return *v.Deal
}

// deliver writes effects and returns their results.
func (portal *testPortal) deliver(effects ...workflow.Effect) []workflow.Result {
	portal.t.Helper()
	return newDelivery(portal.record, effects).run(portal.t.Context(), portal.client, leaseHeld)
}

// leaseHeld is the check of a lease that is still ours.
func leaseHeld(context.Context) error { return nil }

// addCompany adds a company with one requisite per INN and returns the ids of both.
func (portal *testPortal) addCompany(name string, inns ...string) (company int64, requisites []int64) {
	company = portal.AddItem(bitrix24test.Company, fields{"title": name})
	for _, inn := range inns {
		requisites = append(requisites, portal.addCompanyRequisite(company, inn))
	}
	return company, requisites
}

// addCompanyRequisite adds a requisite with an address to a company.
func (portal *testPortal) addCompanyRequisite(company int64, inn string) int64 {
	id := portal.AddRequisite(fields{"ENTITY_TYPE_ID": bitrix24test.Company, "ENTITY_ID": company, "PRESET_ID": bitrix24test.PresetCompany,
		"RQ_INN": inn, "RQ_KPP": inn[:4] + "01001", "RQ_COMPANY_NAME": "ООО «" + inn + "»"})
	portal.AddAddress(fields{"ENTITY_ID": id, "CITY": "Москва", "ADDRESS_1": "дом " + inn[len(inn)-2:]})
	return id
}

// injectFault makes the calls that the fault names fail.
func (portal *testPortal) injectFault(f bitrix24test.Fault) {
	portal.t.Helper()
	if err := portal.Fault(f); err != nil {
		portal.t.Fatal(err)
	}
}

// countCalls returns how many HTTP requests f makes.
func (portal *testPortal) countCalls(f func()) int64 {
	before := portal.Trace().Calls()
	f()
	return portal.Trace().Calls() - before
}

// number returns a decimal number.
func number(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// actOf returns an act of a deal with one line per price in rubles.
func actOf(id acts.ActID, deal int64, prices ...int) acts.Act {
	a := acts.Act{ID: id, Deal: acts.DealID(deal), Medium: acts.MediumPaper, PartyKind: acts.PartyCompany, Channel: acts.ChannelEmail, Status: acts.StatusDraft,
		Responsible: 2, Date: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)}
	for n, price := range prices {
		line := acts.Line{N: n + 1, Name: fmt.Sprint("Работа ", n+1), Quantity: number("1"), Rate: acts.NoVAT, Unit: acts.Unit{Code: "796", Name: "шт"}}
		line.Totals = acts.NoVAT.Split(acts.Kopecks(price * 100))
		a.Lines = append(a.Lines, line)
		a.Totals.Gross += line.Totals.Gross
		a.Totals.Net += line.Totals.Net
	}
	return a
}
