package list_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/people"
)

// stages are those of the pipeline of these tests; the deals of the first and the last wait for no act.
var stages = []string{"NEW", "PREPARE", "SENT", "DONE", "LOST"}

func pipeline() store.Settings {
	p := store.Pipeline{Name: "Продажи", Mapped: acts.Pipeline{acts.StagePreparing: "PREPARE"}}
	for _, id := range stages {
		p.Stages = append(p.Stages, store.DealStage{ID: id, Name: id, Semantics: map[string]string{"DONE": "S", "LOST": "F"}[id]})
	}
	return store.Settings{Pipelines: []store.Pipeline{p}}
}

// dealChanger makes random changes to the deals of a portal.
type dealChanger struct {
	t  *testing.T
	db *store.DB
	p  acts.PortalID
	r  *rand.Rand

	deals int
	at    time.Time
}

func (o *dealChanger) anyDeal() acts.DealID { return acts.DealID(1 + o.r.IntN(o.deals)) }

func (o *dealChanger) summary(id acts.DealID) store.DealSummary {
	o.at = o.at.Add(time.Second)
	at := o.at
	return store.DealSummary{ID: id, Title: fmt.Sprint("Сделка ", id), StageID: stages[o.r.IntN(len(stages))], Amount: acts.Kopecks(o.r.IntN(100_000)), Currency: "RUB",
		Responsible: acts.UserID(1 + o.r.IntN(3)), UpdatedAt: &at, StageSince: today.AddDate(0, 0, -o.r.IntN(20))}
}

func (o *dealChanger) rows() (rows []acts.ProductRow) {
	for id := range o.r.IntN(4) {
		rows = append(rows, acts.ProductRow{CRM: int64(100 + id), Name: "Работа", Quantity: dec(fmt.Sprint(1 + o.r.IntN(4))),
			Price: dec(fmt.Sprintf("%d.%03d", o.r.IntN(500), o.r.IntN(1000))), Rate: "22", Unit: acts.Unit{Code: "796"}})
	}
	return rows
}

func (o *dealChanger) whole(id acts.DealID) store.Deal {
	h := o.summary(id)
	return store.Deal{ID: id, Title: h.Title, StageID: h.StageID, Amount: h.Amount, Currency: h.Currency, Responsible: h.Responsible, UpdatedAt: *h.UpdatedAt,
		StageSince: h.StageSince, Rows: o.rows()}
}

func (o *dealChanger) do(tx store.Tx) error {
	id := o.anyDeal()
	d, err := tx.Deals().Get(ctx, id)
	if err != nil {
		return tx.Deals().SaveSummaries(ctx, []store.DealSummary{o.summary(id)})
	}
	all, err := tx.Acts().OfDeal(ctx, id)
	if err != nil {
		return err
	}
	switch o.r.IntN(12) {
	case 0:
		return tx.Deals().SaveSummaries(ctx, []store.DealSummary{o.summary(id)})
	case 1:
		return tx.Deals().Save(ctx, o.whole(id))
	case 2:
		if d.Whole {
			return tx.Deals().SaveRows(ctx, id, o.rows())
		}
	case 3:
		if len(d.Rows) > 0 {
			return tx.Deals().MarkRow(ctx, id, d.Rows[o.r.IntN(len(d.Rows))].ID, o.r.IntN(2) == 0)
		}
	case 4, 5, 6:
		return o.form(tx, d)
	case 7:
		return o.drop(tx, all)
	case 8:
		if o.r.IntN(2) == 0 {
			return nil
		}
		_, err := tx.Deals().CloseRemainders(ctx, []acts.DealID{id, o.anyDeal()}, nil, acts.Closing{Reason: "не нужен", By: "Иванов", At: o.at})
		return err
	case 9:
		if o.r.IntN(3) == 0 {
			return tx.Deals().SetDeleted(ctx, id)
		}
		if err := tx.Deals().ReopenRemainder(ctx, id, 0); err != nil && !errors.Is(err, acts.Conflict) {
			return err
		}
	case 10, 11:
		if len(all) > 0 {
			return o.change(tx, all[o.r.IntN(len(all))].ID)
		}
	}
	return nil
}

// change moves an act to another deal, or halves its quantities.
func (o *dealChanger) change(tx store.Tx, id acts.ActID) error {
	a, err := tx.Acts().Get(ctx, id)
	if err != nil {
		return err
	}
	if o.r.IntN(2) == 0 && a.Status == acts.StatusDraft {
		a.Lines[0].Quantity = a.Lines[0].Quantity.Mul(dec("0.5"))
		a.Lines[0].Totals = a.Lines[0].Rate.Split(acts.Round(a.Lines[0].Price.Mul(a.Lines[0].Quantity)))
		a.Totals = acts.Sum(a.Lines)
		return tx.Acts().Edit(ctx, a, o.at)
	}
	other, err := tx.Deals().Get(ctx, o.anyDeal())
	if err != nil {
		return nil // it is not there yet
	}
	a.Deal = other.ID
	for i := range a.Lines {
		if a.Lines[i].Row = 0; len(other.Rows) > 0 {
			a.Lines[i].Row = other.Rows[0].ID
		}
	}
	return tx.Acts().MoveToDeal(ctx, a)
}

// form forms an act of a part of a row, or of a free line.
func (o *dealChanger) form(tx store.Tx, d store.Deal) error {
	row := acts.ProductRow{Name: "Прочее", Quantity: dec("1"), Price: dec("7"), Rate: "22"}
	if len(d.Rows) > 0 && o.r.IntN(4) > 0 {
		row = d.Rows[o.r.IntN(len(d.Rows))]
	}
	line := acts.Line{N: 1, Row: row.ID, Name: row.Name, Quantity: row.Remainder(), Price: row.Price, Rate: row.Rate}
	if !line.Quantity.IsPositive() {
		return nil
	}
	if o.r.IntN(2) == 0 {
		line.Quantity = line.Quantity.Mul(dec("0.5"))
	}
	line.Totals = row.Part(line.Quantity, line.Rate)
	a := draft(deal(1), "1")
	a.Deal, a.Lines, a.Totals = d.ID, []acts.Line{line}, line.Totals
	_, err := tx.Acts().Add(ctx, uuid.NewString(), a)
	return err
}

// drop annuls an act, or replaces it by another.
func (o *dealChanger) drop(tx store.Tx, all []acts.Act) error {
	if len(all) == 0 {
		return nil
	}
	a := all[o.r.IntN(len(all))]
	if o.r.IntN(3) == 0 && a.CountsTowardDeal() {
		if err := tx.Acts().Move(ctx, a.ID, store.Move{From: a.Status, To: acts.StatusRefused, At: o.at}); err != nil {
			return err
		}
		return tx.Acts().Replace(ctx, a.ID, all[0].ID)
	}
	if a.Status == acts.StatusAnnulled {
		return nil
	}
	return tx.Acts().Move(ctx, a.ID, store.Move{From: a.Status, To: acts.StatusAnnulled, At: o.at})
}

// naive computes the list deal by deal.
func (o *dealChanger) naive(f list.DealFilter) (list []string) {
	scope := o.db.Scope(o.p)
	for id := range acts.DealID(o.deals) {
		d, err := scope.Deals().Get(ctx, id+1)
		if err != nil {
			continue
		}
		all, err := scope.Acts().OfDeal(ctx, d.ID)
		if err != nil {
			o.t.Fatal(err)
		}
		waits := slices.Contains([]string{"PREPARE", "SENT", "DONE"}, d.StageID) && !d.Deleted && !acts.Covered(d.Rows, all, d.IsClosed())
		if !waits || !f.Visibility.Of(d.Responsible) || f.Stage != "" && f.Stage != d.StageID || f.Responsible != 0 && f.Responsible != d.Responsible {
			continue
		}
		sum := acts.Uncovered(d.Rows, d.InRoubles())
		if len(d.Rows) == 0 {
			sum = d.Amount
		}
		list = append(list, fmt.Sprintf("%s %02d: %s", d.StageSince.Format(time.DateOnly), d.ID, sum))
	}
	slices.Sort(list)
	return list
}

func (o *dealChanger) listed(f list.DealFilter) (rows []string) {
	page, err := list.DealsWithoutActs(ctx, o.db.Scope(o.p), f, list.Page{})
	if err != nil {
		o.t.Fatal(err)
	}
	if page.Count != len(page.Deals) {
		o.t.Errorf("%d deals are counted, %d listed", page.Count, len(page.Deals))
	}
	for _, d := range page.Deals {
		rows = append(rows, fmt.Sprintf("%s %02d: %s", d.Since.Format(time.DateOnly), d.ID, d.Uncovered))
	}
	if !slices.IsSorted(rows) {
		o.t.Errorf("the list is not in order: %v", rows)
	}
	return rows
}

// After each of a thousand changes the list equals a naive computation deal by deal, and another portal's list is empty.
func TestDealsWithoutActsEqualNaive(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	o := &dealChanger{t: t, db: db, p: portal(t, db, "a"), r: rand.New(rand.NewPCG(seed, 2)), deals: 12, at: today}
	neighbour := portal(t, db, "b")
	for _, p := range []acts.PortalID{o.p, neighbour} {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().SaveSettings(ctx, pipeline()) })
	}
	full := 0
	for step := range 1000 {
		inTx(t, db, o.p, o.do)
		f := list.DealFilter{}
		switch step % 5 {
		case 1:
			f.Stage = stages[o.r.IntN(len(stages))]
		case 2:
			f.Responsible = 2
		case 3:
			f.Visibility = people.Visibility{1, 3}
		}
		got, want := o.listed(f), o.naive(f)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d, step %d, %+v:\ngot  %v\nwant %v", seed, step, f, got, want)
		}
		full += len(want)
	}
	if full < 300 {
		t.Errorf("only %d deals in 1000 lists: too little happened", full)
	}
	if page, err := list.DealsWithoutActs(ctx, db.Scope(neighbour), list.DealFilter{}, list.Page{}); err != nil || len(page.Deals) > 0 {
		t.Errorf("another portal has %d deals, %v", len(page.Deals), err)
	}
}

// The pages are in order, and every deal is on exactly one of them.
func TestDealsWithoutActsPages(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var summaries []store.DealSummary
	for id := range acts.DealID(120) {
		summaries = append(summaries, store.DealSummary{ID: id + 1, StageID: stages[1+id%3], Responsible: 2, StageSince: today.AddDate(0, 0, -int(id)%7)})
	}
	inTx(t, db, p, func(tx store.Tx) error {
		if err := tx.Portals().SaveSettings(ctx, pipeline()); err != nil {
			return err
		}
		return tx.Deals().AddSummaries(ctx, summaries)
	})
	for name, f := range map[string]list.DealFilter{"all": {}, "of one": {Responsible: 2}, "of two responsibles": {Visibility: people.Visibility{2, 9}}} {
		found, after := map[acts.DealID]bool{}, list.PageKey{}
		for pages := 1; ; pages++ {
			page, err := list.DealsWithoutActs(ctx, db.Scope(p), f, list.Page{After: after})
			if err != nil || page.Count != list.MaxCounted+1 {
				t.Fatalf("%s: %d counted, %v", name, page.Count, err)
			}
			for _, d := range page.Deals {
				found[d.ID] = true
			}
			if after = page.Next; after.ID == 0 || pages > 3 {
				break
			}
		}
		if len(found) != 120 {
			t.Errorf("%s: %d deals on all pages", name, len(found))
		}
	}
}

// In every order the pages hold each deal once, and the deals without a counterparty come last or first together.
func TestDealsWithoutActsSorted(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Portals().SaveSettings(ctx, pipeline()) })
	asPortal(t, db, p, `INSERT INTO deals (portal_id, id, title, category_id, stage_id, stage_since, company_id, buyer, uncovered)
		SELECT $1, n, 'Поставка № ' || n, 0, 'PREPARE', CAST('2026-11-01' AS date) + CAST(n % 5 AS int), n % 7,
			CASE n % 7 WHEN 0 THEN '{}' ELSE jsonb_build_object('name', 'ООО «' || (ARRAY['Ёж', 'ель', 'Яр', 'аз', '100%', '🦔'])[n % 7] || '»', 'inn', CAST(7700000000 + n % 7 AS text)) END, 100 * (n % 4)
		FROM generate_series(1, 100) n`, p)
	all := func(f list.DealFilter, order list.Sort) (found []list.DealWithoutActs) {
		t.Helper()
		var after list.PageKey
		for range 10 {
			page, err := list.DealsWithoutActs(ctx, db.Scope(p), f, list.Page{Sort: order, After: after})
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, page.Deals...)
			if after = page.Next; after.ID == 0 {
				return found
			}
		}
		t.Fatal("the pages have no end")
		return nil
	}
	name := func(d list.DealWithoutActs) string {
		if d.Buyer == "" {
			return "\U0010ffff"
		}
		return folded(d.Buyer)
	}
	for _, order := range []list.Sort{{By: list.ByAge}, {By: list.ByAge, Descending: true}, {By: list.BySum}, {By: list.BySum, Descending: true}, {By: list.ByCompany}, {By: list.ByCompany, Descending: true}} {
		found := all(list.DealFilter{}, order)
		if sorted := slices.IsSortedFunc(found, func(a, b list.DealWithoutActs) int {
			by := map[list.SortBy]int{list.ByAge: a.Since.Compare(b.Since), list.BySum: cmp.Compare(a.Uncovered, b.Uncovered), list.ByCompany: cmp.Compare(name(a), name(b))}
			n := cmp.Or(by[order.By], cmp.Compare(a.ID, b.ID))
			if order.Descending {
				n = -n
			}
			return n
		}); !sorted || len(found) != 100 {
			t.Errorf("by %s: %d deals, in order: %v", order, len(found), sorted)
		}
	}
	for text, want := range map[string]int{"поставка № 7": 11, "еж": 15, "ЁЖ": 15, "7700000002": 15, "700000002": 0, "100%": 14, "%%": 0, "🦔": 14, "нет": 0} {
		if found := all(list.DealFilter{Text: text}, list.Sort{By: list.ByCompany}); len(found) != want {
			t.Errorf("%q finds %d deals, want %d", text, len(found), want)
		}
	}
}

// Two acts of one deal that are annulled at once leave it uncovered, whoever commits last.
func TestDealsWithoutActsUnderRaces(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	d := deal(1)
	d.StageID = "PREPARE"
	inTx(t, db, p, func(tx store.Tx) error {
		if err := tx.Portals().SaveSettings(ctx, pipeline()); err != nil {
			return err
		}
		return tx.Deals().Save(ctx, d)
	})
	for round := range 20 {
		ids := []acts.ActID{addAct(t, db, p, draft(d, "2")), addAct(t, db, p, draft(d, "2"))}
		done := make(chan error)
		for _, id := range ids {
			go func() {
				done <- db.InTx(ctx, p, func(tx store.Tx) error {
					return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled, At: today})
				})
			}()
		}
		for range ids {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		page, err := list.DealsWithoutActs(ctx, db.Scope(p), list.DealFilter{}, list.Page{})
		if err != nil || len(page.Deals) != 1 || page.Deals[0].Uncovered != 41700 {
			t.Fatalf("round %d: %+v, %v", round, page.Deals, err)
		}
	}
}
