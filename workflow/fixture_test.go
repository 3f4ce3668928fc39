package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
	"acts24/store/storetest"
	"acts24/store/task"
	"acts24/workflow"
	"acts24/workflow/usecases"
)

// fixture is the service with its own database, a portal, one deal and one electronic act that is exchanged through a fake operator.
type fixture struct {
	*testing.T
	db      *store.DB
	service *usecases.All
	edo     *fakeEDO
	crm     *fakeCRM
	portal  acts.PortalID
	act     acts.ActID
	now     time.Time
}

// fakeCRM is a CRM with one deal, which executes every effect as the test sets it.
type fakeCRM struct {
	workflow.CRM
	deal    store.Deal
	deliver func(workflow.Effect) workflow.Result
	ended   []int64 // tasks
}

// Deals returns the deal.
func (d *fakeCRM) Deals(context.Context, store.Portal, []acts.DealID) ([]workflow.DealCard, error) {
	return []workflow.DealCard{{Deal: d.deal}}, nil
}

// Deliver executes the effects.
func (d *fakeCRM) Deliver(ctx context.Context, _ store.Portal, effects []workflow.Effect, hold func(context.Context) error) []workflow.Result {
	results := make([]workflow.Result, len(effects))
	for i, e := range effects {
		if results[i].Err = hold(ctx); results[i].Err == nil {
			results[i] = d.deliver(e)
		}
	}
	return results
}

// EndedTasks returns the tasks that a person has ended.
func (d *fakeCRM) EndedTasks(_ context.Context, _ store.Portal, ids []int64) ([]int64, error) {
	return slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !slices.Contains(d.ended, id) }), nil
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := storetest.Open(t)
	portal := storetest.AddPortal(t, db, "a")
	b := &fixture{T: t, db: db, portal: portal, edo: newFakeEDO(), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	row := acts.ProductRow{ID: 11, CRM: 11, Name: "Работа", Quantity: decimal.NewFromInt(4), Price: decimal.NewFromInt(100), Rate: "22", NeedsAct: true}
	deal := store.Deal{ID: 7, Title: "Сделка", StageID: "NEW", Company: 5, Responsible: 2, Currency: "RUB", Rows: []acts.ProductRow{row},
		Buyer: acts.Party{Kind: acts.PartyCompany, INN: "7802020205", KPP: "780201001", Name: "Заказчик"}}
	b.in(func(tx store.Tx) (err error) {
		own := store.OwnCompany{ID: 1, Party: acts.Party{Kind: acts.PartyCompany, Name: "Мы", INN: "7701010105"}, Function: acts.FunctionAct, Numbers: "{N}", Form: store.FormUPD, PaperForm: acts.PaperFormAct}
		if own.AccountID, err = tx.Accounts().Save(t.Context(), accounts.Account{Name: "Основной", Login: accounts.Login{Login: "robot", Password: "secret"}}); err != nil {
			return err
		}
		return errors.Join(tx.Companies().Save(t.Context(), own), queue.AddFeed(t.Context(), tx, own.ID, b.now), tx.Deals().Save(t.Context(), deal))
	})
	line := acts.Line{N: 1, Row: row.ID, Name: row.Name, Quantity: decimal.NewFromInt(1), Price: row.Price, Rate: row.Rate}
	line.Totals = row.Part(line.Quantity, line.Rate)
	b.in(func(tx store.Tx) (err error) {
		b.act, err = tx.Acts().Add(t.Context(), uuid.NewString(), acts.Act{Deal: deal.ID, OwnCompany: 1, Company: 5, Medium: acts.MediumElectronic, PartyKind: acts.PartyCompany,
			Channel: acts.ChannelEDO, Function: acts.FunctionAct, Date: b.now, Lines: []acts.Line{line}, Totals: line.Totals, Buyer: deal.Buyer, Responsible: 2,
			CreatedBy: 2, CreatedAt: b.now})
		return err
	})
	b.crm = &fakeCRM{deal: deal}
	b.service = b.serviceOf(workflow.DefaultTiming)
	return b
}

// serviceOf returns the service with its own timing.
func (b *fixture) serviceOf(timing workflow.Timing) *usecases.All {
	return usecases.New(b.db, b.crm, b.edo, timing, "https://acts.example", func() time.Time { return b.now }, func() {}, slog.New(slog.NewTextHandler(b.Output(), nil)))
}

func (b *fixture) in(f func(store.Tx) error) {
	b.Helper()
	storetest.InTx(b.T, b.db, b.portal, f)
}

// handOver queues the act, as the button does.
func (b *fixture) handOver() {
	b.Helper()
	b.in(func(tx store.Tx) error {
		act, err := tx.Acts().Lock(b.Context(), b.act)
		if err != nil {
			return err
		}
		return errors.Join(tx.Acts().SetDelivery(b.Context(), act, acts.DeliveryQueued, ""), queue.Enqueue(b.Context(), tx, task.PutDocument(b.act)))
	})
}

// deliver executes all due tasks about documents.
func (b *fixture) deliver() {
	b.Helper()
	for {
		tasks, err := queue.Lease(b.Context(), b.db, []string{task.KindPutDocument, task.KindWithdrawDocument, task.KindSignDocument}, 1, time.Minute)
		if err != nil {
			b.Fatal(err)
		}
		if len(tasks) == 0 {
			return
		}
		if err := b.service.Queue.DeliverOne(b.Context(), tasks[0]); err != nil {
			b.Fatal(err)
		}
	}
}

// poll reads the list of changes once.
func (b *fixture) poll() {
	b.Helper()
	b.in(func(tx store.Tx) error { return queue.WakeFeed(b.Context(), tx, 1) })
	feeds, err := queue.LeaseFeeds(b.Context(), b.db, 1, time.Minute)
	if err != nil || len(feeds) != 1 {
		b.Fatalf("%d feeds are leased, %v; want one", len(feeds), err)
	}
	if err := b.service.EDO.Poll(b.Context(), feeds[0]); err != nil {
		b.Fatal(err)
	}
}

// wantState checks the status and delivery of the act, and the state of each attempt; the live one is marked with a plus.
func (b *fixture) wantState(status acts.Status, delivery acts.Delivery, attempts ...string) {
	b.Helper()
	act, err := b.db.Scope(b.portal).Acts().Get(b.Context(), b.act)
	if err != nil {
		b.Fatal(err)
	}
	var got []string
	for _, id := range b.edo.written {
		d, ok, err := b.db.Scope(b.portal).Documents().Get(b.Context(), id)
		if err != nil || !ok {
			b.Fatalf("document %s is not in the database: %v", id, err)
		}
		text := fmt.Sprint(d.Phase)
		if d.Live {
			text += "+"
		}
		got = append(got, text)
	}
	if act.Status != status || act.Delivery != delivery || !slices.Equal(got, attempts) {
		b.Errorf("the act is %s, %q, its documents %v; want %s, %q, %v", act.Status, act.Delivery, got, status, delivery, attempts)
	}
}

// signedEarlier returns the earlier documents that the page of the act warns of.
func (b *fixture) signedEarlier() []store.EDODocument {
	b.Helper()
	details, err := b.db.Scope(b.portal).Acts().Details(b.Context(), b.act)
	if err != nil {
		b.Fatal(err)
	}
	return details.SignedEarlier
}

// countEvents counts the lines of history of a kind.
func (b *fixture) countEvents(kind string) (n int) {
	b.Helper()
	events, err := b.db.Scope(b.portal).Acts().Events(b.Context(), b.act)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// fakeDocument is a document in the fake account.
type fakeDocument struct {
	report  workflow.Report
	events  []string
	deleted bool
}

// fakeEDO is an operator whose documents are in the states that the test sets.
type fakeEDO struct {
	workflow.EDO
	documents map[string]*fakeDocument
	written   []string          // ids as they were written
	changes   []workflow.Report // the list of changes, the oldest first
	moment    time.Time
	noChanges bool   // the list of changes is empty
	afterRead func() // called once when a document was read and the answer is made
	hook      func(method, id string) error
}

func newFakeEDO() *fakeEDO {
	return &fakeEDO{documents: map[string]*fakeDocument{}, moment: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), hook: func(string, string) error { return nil }}
}

// setState moves a document to a state, one second after the previous event.
func (c *fakeEDO) setState(id string, r acts.DocumentState) {
	c.moment = c.moment.Add(time.Second)
	c.setStateAtOnce(id, r)
}

// setStateAtOnce moves a document to a state within the same second as the previous event.
func (c *fakeEDO) setStateAtOnce(id string, r acts.DocumentState) {
	p := c.documents[id]
	event := fmt.Sprintf("event-%d", len(c.changes)+1)
	p.deleted = r.Deleted
	p.events = append(p.events, event)
	p.report = workflow.Report{DocumentState: r, Document: id, Event: event, EventAt: c.moment, Step: &workflow.Step{Stage: "Отправка", Action: "Отправить"}}
	c.changes = append(c.changes, p.report)
}

func (c *fakeEDO) fullReport(p *fakeDocument) workflow.Report {
	r := p.report
	r.Whole, r.Events = true, slices.Clone(p.events)
	return r
}

// Title returns some bytes.
func (c *fakeEDO) Title(acts.Act, string, time.Time) (string, []byte, error) {
	return "ON_NSCHFDOPPR_1.xml", []byte("<Файл/>"), nil
}

// Write stores a document.
func (c *fakeEDO) Write(_ context.Context, _ workflow.Account, d workflow.Document) (workflow.Report, error) {
	if err := c.hook("write", d.ID); err != nil {
		return workflow.Report{}, err
	}
	return c.applyWrite(d.ID)
}

// applyWrite applies a write.
func (c *fakeEDO) applyWrite(id string) (workflow.Report, error) {
	if p := c.documents[id]; p != nil && (p.deleted || !p.report.Unsigned()) {
		return workflow.Report{}, acts.Errorf(acts.Refused, "Документ изменить нельзя.")
	}
	if c.documents[id] == nil {
		c.documents[id] = &fakeDocument{}
		if !slices.Contains(c.written, id) {
			c.written = append(c.written, id)
		}
	}
	c.setState(id, acts.DocumentState{Phase: acts.PhaseDraft, Name: "Документ редактируется"})
	return c.fullReport(c.documents[id]), nil
}

// Read returns a document.
func (c *fakeEDO) Read(_ context.Context, _ workflow.Account, id string) (workflow.Report, error) {
	if err := c.hook("read", id); err != nil {
		return workflow.Report{}, err
	}
	p := c.documents[id]
	if p == nil {
		return workflow.Report{}, acts.Errorf(acts.NotFound, "Документа нет в СБИС.")
	}
	r := c.fullReport(p)
	if do := c.afterRead; do != nil {
		c.afterRead = nil
		do()
	}
	return r, nil
}

// Delete deletes a draft.
func (c *fakeEDO) Delete(_ context.Context, _ workflow.Account, id string) error {
	if err := c.hook("delete", id); err != nil {
		return err
	}
	p := c.documents[id]
	switch {
	case p == nil || p.deleted:
		return nil
	case !p.report.Unsigned():
		return acts.Errorf(acts.Refused, "Документ удалить нельзя.")
	}
	c.setState(id, acts.DocumentState{Phase: acts.PhaseCancelled, Name: "Удален", Deleted: true})
	return nil
}

// Changes reports the events after a position, one by one.
func (c *fakeEDO) Changes(ctx context.Context, _ workflow.Account, _ acts.Party, from workflow.Position,
	apply func(context.Context, []workflow.Report, workflow.Position) error) error {
	if c.noChanges {
		return nil
	}
	for i, change := range c.changes {
		if n := 0; from.EventID != "" {
			if fmt.Sscanf(from.EventID, "event-%d", &n); i < n {
				continue
			}
		}
		if err := apply(ctx, []workflow.Report{change}, workflow.Position{EventID: change.Event, EventAt: "x"}); err != nil {
			return err
		}
	}
	return nil
}
