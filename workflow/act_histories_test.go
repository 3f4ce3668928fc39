package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/storetest"
	"acts24/workflow"
	"acts24/workflow/usecases"
)

// soldRow is a row of the deal in the CRM. work identifies what it sells, whatever the CRM's name and id of the row are.
type soldRow struct {
	crm, work       int
	name            string
	quantity, price int64 // whole units, kopecks
}

// history is a random sequence of changes of one deal, with the quantities that its acts have really taken of each work.
type history struct {
	t      *testing.T
	r      *rand.Rand
	db     *store.DB
	flow   *usecases.All
	visit  workflow.Visit
	deal   acts.DealID
	rows   []soldRow
	nextID int
	nextW  int
	inn    string
	taken  map[acts.ActID]map[int]int64 // quantity of each work, in acts that count
	log    []string
	formed int
}

func (h *history) did(format string, values ...any) {
	h.log = append(h.log, fmt.Sprintf(format, values...))
}

func (h *history) fail(format string, values ...any) {
	h.t.Helper()
	for _, line := range h.log {
		h.t.Log(line)
	}
	h.t.Fatalf(format, values...)
}

func (h *history) fresh() int { h.nextID++; return 1000*int(h.deal) + h.nextID }

// alone reports whether the row is the only one of its work, and acts have not taken more than its quantity.
func (h *history) alone(i int) bool {
	taken := int64(0)
	for _, act := range h.taken {
		taken += act[h.rows[i].work]
	}
	for j, r := range h.rows {
		if j != i && r.work == h.rows[i].work {
			return false
		}
	}
	return taken <= h.rows[i].quantity
}

// change makes a random change of the deal in the CRM.
func (h *history) change() {
	if len(h.rows) == 0 {
		h.sell()
		return
	}
	i := h.r.IntN(len(h.rows))
	row := &h.rows[i]
	switch h.r.IntN(10) {
	case 0, 1: // an exchange with 1С
		h.did("all rows are written again")
		h.r.Shuffle(len(h.rows), func(a, b int) { h.rows[a], h.rows[b] = h.rows[b], h.rows[a] })
		for j := range h.rows {
			h.rows[j].crm = h.fresh()
		}
	case 2:
		if h.alone(i) {
			h.nextW++
			row.name = fmt.Sprint("Названа ", h.nextW)
			h.did("row %d is now %s", row.crm, row.name)
		}
	case 3:
		h.did("a second row equal to %d", row.crm)
		h.rows = append(h.rows, soldRow{h.fresh(), row.work, row.name, 1 + h.r.Int64N(5), row.price})
	case 4:
		if row.quantity > 1 {
			h.did("row %d is split", row.crm)
			part := 1 + h.r.Int64N(row.quantity-1)
			h.rows = append(h.rows, soldRow{h.fresh(), row.work, row.name, row.quantity - part, row.price})
			h.rows[i].quantity, h.rows[i].crm = part, h.fresh()
		}
	case 5:
		for j := range h.rows {
			if j != i && h.rows[j].work == row.work && h.rows[j].name == row.name {
				h.did("rows %d and %d are joined", row.crm, h.rows[j].crm)
				h.rows[i].quantity += h.rows[j].quantity
				h.rows[i].crm = h.fresh()
				h.rows = append(h.rows[:j], h.rows[j+1:]...)
				return
			}
		}
	case 6:
		row.quantity = 1 + h.r.Int64N(12)
		h.did("row %d has %d units now", row.crm, row.quantity)
	case 7:
		h.did("row %d is removed", row.crm)
		h.rows = append(h.rows[:i], h.rows[i+1:]...)
	case 8:
		h.inn = []string{"7802020205", "7701010105"}[h.r.IntN(2)]
		h.did("the counterparty has INN %s", h.inn)
	case 9:
		h.sell()
	}
}

func (h *history) sell() {
	h.nextW++
	row := soldRow{h.fresh(), h.nextW, fmt.Sprint("Работа ", h.nextW), 1 + h.r.Int64N(10), 1 + h.r.Int64N(100_000)}
	h.rows = append(h.rows, row)
	h.did("%d of %s are sold in row %d", row.quantity, row.name, row.crm)
}

// read stores the deal as the CRM has it now.
func (h *history) read() {
	d := store.Deal{ID: h.deal, Title: "Сделка", StageID: "PREPARE", Company: 5, Responsible: 2, Currency: "RUB", ManualAmount: true,
		Buyer: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Заказчик»", INN: h.inn, KPP: "780201001"}}
	for i, r := range h.rows {
		price := decimal.New(r.price, -2)
		d.Rows = append(d.Rows, acts.ProductRow{CRM: int64(r.crm), Sort: i, Name: r.name, Quantity: decimal.NewFromInt(r.quantity), Price: price, Rate: "22",
			Unit: acts.Unit{Code: "796", Name: "шт"}})
	}
	if err := h.db.InTx(context.Background(), h.visit.Portal, func(tx store.Tx) error { return tx.Deals().Save(context.Background(), d) }); err != nil {
		h.fail("save: %v", err)
	}
}

// act forms, refuses and corrects, or annuls an act.
func (h *history) act() {
	ctx := context.Background()
	details, err := h.db.Scope(h.visit.Portal).Deals().Details(ctx, h.deal)
	if err != nil {
		h.fail("details of the deal: %v", err)
	}
	counting := []acts.Act{}
	for _, a := range details.Acts {
		if a.CountsTowardDeal() {
			counting = append(counting, a)
		}
	}
	if len(counting) > 0 && h.r.IntN(3) == 0 {
		h.end(counting[h.r.IntN(len(counting))])
		return
	}
	f := workflow.Suggest(details, time.Now())
	f.Type, f.Signer, f.Position = "paper-company", "Громов Андрей Петрович", "Директор"
	for id, pick := range f.Picks {
		if q, err := acts.ParseDecimal(pick.Quantity); err == nil && q.IsPositive() && h.r.IntN(3) == 0 {
			pick.Quantity = decimal.NewFromInt(1 + h.r.Int64N(q.IntPart())).String()
			f.Picks[id] = pick
		}
	}
	id, err := h.flow.Acts.FormAct(ctx, h.visit, h.deal, *f)
	var faults acts.Faults
	if errors.As(err, &faults) {
		h.did("no act: %v", faults)
		return
	}
	if err != nil {
		h.fail("form: %v", err)
	}
	h.formed++
	h.recordWorks(id)
	h.did("act %d is formed: %v", id, h.taken[id])
	var deal, all acts.Kopecks
	for _, r := range h.rows {
		deal += acts.Kopecks(r.quantity * r.price)
	}
	for _, a := range counting {
		all += a.Totals.Gross
	}
	made, err := h.db.Scope(h.visit.Portal).Acts().Get(ctx, id)
	if err != nil {
		h.fail("act: %v", err)
	}
	if all += made.Totals.Gross; all > deal {
		h.fail("acts of %s for a deal of %s, and nobody was asked", all, deal)
	}
}

// recordWorks records the works that an act covers, by the current rows of the deal.
func (h *history) recordWorks(id acts.ActID) {
	ctx := context.Background()
	made, err := h.db.Scope(h.visit.Portal).Acts().Get(ctx, id)
	if err != nil {
		h.fail("act: %v", err)
	}
	d, err := h.db.Scope(h.visit.Portal).Deals().Get(ctx, h.deal)
	if err != nil {
		h.fail("deal: %v", err)
	}
	h.taken[id] = map[int]int64{}
	for _, l := range made.Lines {
		for _, row := range d.Rows {
			for _, r := range h.rows {
				if row.ID == l.Row && int64(r.crm) == row.CRM {
					h.taken[id][r.work] += l.Quantity.IntPart()
				}
			}
		}
	}
}

// end annuls an act, or refuses and corrects it.
func (h *history) end(a acts.Act) {
	ctx := context.Background()
	move := func(from, to acts.Status) {
		err := h.db.InTx(ctx, h.visit.Portal, func(tx store.Tx) error {
			return tx.Acts().Move(ctx, a.ID, store.Move{From: from, To: to, Marked: true, At: time.Now()})
		})
		if err != nil {
			h.fail("move: %v", err)
		}
	}
	if h.r.IntN(2) == 0 {
		h.did("act %d is annulled", a.ID)
		move(a.Status, acts.StatusAnnulled)
		delete(h.taken, a.ID)
		return
	}
	move(a.Status, acts.StatusRefused)
	id, err := h.flow.Acts.Correct(ctx, h.visit, a.ID, uuid.NewString())
	if errors.Is(err, acts.Conflict) {
		h.did("act %d cannot be corrected: %v", a.ID, err)
		move(acts.StatusRefused, acts.StatusAnnulled)
		delete(h.taken, a.ID)
		return
	}
	if err != nil {
		h.fail("correct: %v", err)
	}
	delete(h.taken, a.ID)
	h.recordWorks(id)
	h.did("act %d is corrected by %d: %v", a.ID, id, h.taken[id])
}

// check compares the remainder of each work, and whether the deal needs an act, with what acts have really taken.
func (h *history) check() {
	ctx := context.Background()
	d, err := h.db.Scope(h.visit.Portal).Deals().Get(ctx, h.deal)
	if err != nil {
		h.fail("deal: %v", err)
	}
	left, waits := map[int]int64{}, false
	for _, r := range h.rows {
		left[r.work] += r.quantity
	}
	for work := range left {
		for _, act := range h.taken {
			left[work] -= act[work]
		}
		left[work] = max(left[work], 0)
		waits = waits || left[work] > 0
	}
	got := map[int]int64{}
	for _, row := range d.Rows {
		for _, r := range h.rows {
			if int64(r.crm) == row.CRM {
				got[r.work] += row.Remainder().IntPart()
			}
		}
	}
	for work, want := range left {
		if got[work] != want {
			h.fail("%d of works %d are offered, %d are left", got[work], work, want)
		}
	}
	if waits == acts.AllCovered(d.Rows) {
		h.fail("the deal waits for an act: %t", waits)
	}
}

// histories returns the number of deals in the test; ACTS_HISTORIES overrides it.
func histories(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("ACTS_HISTORIES")); err == nil {
		return n
	}
	return 200
}

// Rows of random deals are changed in every way that people, the CRM and exchanges with other systems do. The
// remainder of each work always equals what acts have not taken, and acts never exceed the deal.
func TestHistoriesOfDeals(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	portal := storetest.AddPortal(t, db, "a")
	flow := usecases.New(db, nil, nil, workflow.DefaultTiming, "https://acts.example", time.Now, func() {}, slog.New(slog.DiscardHandler))
	seed := rand.Uint64()
	t.Log("seed", seed)
	formed, count := 0, histories(t)
	for n := range count {
		h := &history{t: t, r: rand.New(rand.NewPCG(seed, uint64(n))), db: db, flow: flow, deal: acts.DealID(n + 1), inn: "7802020205", taken: map[acts.ActID]map[int]int64{},
			visit: workflow.Visit{Visit: people.Visit{Portal: portal, User: 2, UserName: "Иванова"}}}
		h.did("seed %d, deal %d", seed, n)
		h.sell()
		for range 5 {
			h.change()
			h.read()
			h.check()
			h.act()
			h.check()
		}
		formed += h.formed
	}
	if formed < count {
		t.Errorf("only %d acts in %d histories: too little happened", formed, count)
	}
}
