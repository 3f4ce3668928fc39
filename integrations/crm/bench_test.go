package crm

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store"
	"acts24/workflow"
)

type fields = bitrix24test.Fields

// bench is a fake portal with the app installed, and a client with a token of its administrator. It needs no database.
type bench struct {
	*bitrix24test.Portal
	t      *testing.T
	client *bitrix24.Client
	kept   store.Portal // the portal with the names that the CRM gave to our objects
}

// newBench returns a portal without limits on which the app is installed.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, Portal: bitrix24test.Start(t, func(c *bitrix24test.Config) { c.Limits.Off = true })}
	b.client = b.clientOf(b.Admin())
	b.kept = store.Portal{Endpoint: b.URL() + "/rest/", Zone: "Europe/Moscow"}
	made, err := b.install()
	if err != nil {
		t.Fatal(err)
	}
	b.kept = made.Portal
	b.kept.Automation.V = made.Automation
	return b
}

// clientOf returns a client with a new token of an employee.
func (b *bench) clientOf(user int64) *bitrix24.Client {
	b.t.Helper()
	client, err := bitrix24.New(bitrix24.Config{HTTP: &http.Client{Transport: http.DefaultTransport}, Endpoint: b.URL() + "/rest/", Timeout: 10 * time.Second,
		Tokens: bitrix24.FixedToken(b.Issue(user).Access), AllowPlain: true})
	if err != nil {
		b.t.Fatal(err)
	}
	return client
}

func (b *bench) adapter() *Adapter {
	return &Adapter{cfg: Config{HTTP: &http.Client{Transport: http.DefaultTransport}, PublicURL: "https://acts.example.ru", PageTimeout: 10 * time.Second, AllowPlain: true}}
}

// install creates or repairs what the app needs, without stages in pipelines of deals.
func (b *bench) install() (workflow.Installed, error) {
	i := b.adapter().installer(b.client, b.kept)
	err := i.install(b.t.Context(), workflow.InstallOptions{
		Stages: func([]store.Pipeline) []workflow.StageDraft { return nil },
		Report: b.noReport,
	})
	return i.made, err
}

// noReport ignores the progress of an installation.
func (b *bench) noReport(context.Context, workflow.InstallPart, []string) error { return nil }

// plan returns what an installation would create.
func (b *bench) plan() map[workflow.InstallPart][]string {
	b.t.Helper()
	i := b.adapter().installer(b.client, b.kept)
	found, err := i.survey(b.t.Context())
	if err == nil {
		i.findProcess()
		err = i.readDetails(b.t.Context(), found)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return i.planText
}

// card reads a deal as its tab does.
func (b *bench) card(deal int64) workflow.DealCard {
	b.t.Helper()
	v, err := b.adapter().FetchViewer(b.t.Context(), b.kept, b.Issue(b.Manager()).Access, workflow.Object{Deal: acts.DealID(deal)})
	if err != nil {
		b.t.Fatal(err)
	}
	return *v.Deal
}

// deliver writes effects and returns their results.
func (b *bench) deliver(effects ...workflow.Effect) []workflow.Result {
	b.t.Helper()
	return newDelivery(b.kept, effects).run(b.t.Context(), b.client, leased)
}

// leased is the check of a lease that is still ours.
func leased(context.Context) error { return nil }

// company adds a company with one requisite per INN and returns the ids of both.
func (b *bench) company(name string, inns ...string) (company int64, requisites []int64) {
	company = b.AddItem(bitrix24test.Company, fields{"title": name})
	for _, inn := range inns {
		requisites = append(requisites, b.requisite(company, inn))
	}
	return company, requisites
}

// requisite adds a requisite with an address to a company.
func (b *bench) requisite(company int64, inn string) int64 {
	id := b.AddRequisite(fields{"ENTITY_TYPE_ID": bitrix24test.Company, "ENTITY_ID": company, "PRESET_ID": bitrix24test.PresetCompany,
		"RQ_INN": inn, "RQ_KPP": inn[:4] + "01001", "RQ_COMPANY_NAME": "ООО «" + inn + "»"})
	b.AddAddress(fields{"ENTITY_ID": id, "CITY": "Москва", "ADDRESS_1": "дом " + inn[len(inn)-2:]})
	return id
}

// fault makes calls fail.
func (b *bench) fault(f bitrix24test.Fault) {
	b.t.Helper()
	if err := b.Fault(f); err != nil {
		b.t.Fatal(err)
	}
}

// calls returns how many HTTP requests f makes.
func (b *bench) calls(f func()) int64 {
	before := b.Trace().Calls()
	f()
	return b.Trace().Calls() - before
}

// actOf returns an act of a deal with one row per price.
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
