package list_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/people"
)

var today = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

// listed holds the expected properties of an act that a test created.
type listed struct {
	acts.Act
	due time.Time
}

var buyers = []string{"ООО «Ёлочка»", "ООО «100%_рост»", "АО «Вектор»", "ИП Елочкин", `ООО "Край\берег"`}

var (
	kinds     = []acts.PartyKind{acts.PartyPerson, acts.PartyCompany}
	operators = []string{"", "2BE", "2BM"}
)

func stageOf(d acts.DealID) string { return fmt.Sprintf("C1:%d", d%4) }

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// addRandomActs creates n acts of every kind, and deals with titles to search.
func addRandomActs(t *testing.T, db *store.DB, p acts.PortalID, r *rand.Rand, n int) (made []listed) {
	t.Helper()
	titles := map[acts.DealID]string{}
	asPortal(t, db, p, `INSERT INTO own_companies (portal_id, id, party) VALUES ($1, 2, '{}') ON CONFLICT DO NOTHING`, p)
	for d := range acts.DealID(12) {
		one := deal(d + 1)
		one.Title, one.StageID = fmt.Sprintf("Поставка %d, этап_%d", d, d%3), stageOf(d+1)
		titles[one.ID] = one.Title
		inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, one) })
	}
	for i := range n {
		d := deal(acts.DealID(1 + r.IntN(12)))
		a := draft(d, "1")
		a.DealTitle, a.Date = titles[d.ID], today.AddDate(0, 0, -r.IntN(40))
		a.Responsible = acts.UserID(r.IntN(4))
		who := r.IntN(len(buyers))
		a.Buyer = acts.Party{Name: buyers[who], INN: fmt.Sprint(7700000000 + who)}
		if a.Company = acts.CompanyID(100 + who); who == 3 {
			a.Company, a.Contact = 0, 33
		}
		if r.IntN(20) == 0 {
			a.Company, a.Contact, a.Buyer = 0, 0, acts.Party{}
		}
		if r.IntN(2) == 0 {
			a.Medium, a.Channel = acts.MediumPaper, acts.ChannelPost
		}
		a.Status = acts.Statuses[r.IntN(len(acts.Statuses))]
		if i%3 > 0 {
			a.Number = fmt.Sprintf("А-%d", i)
		}
		if r.IntN(6) == 0 {
			a.Delivery = acts.DeliveryFailed
		}
		if a.Medium == acts.MediumPaper && r.IntN(2) == 0 {
			a.Channel = acts.ChannelEmail
		}
		if a.Medium == acts.MediumElectronic && a.Delivery == acts.DeliveryNone {
			a.Delivery = []acts.Delivery{acts.DeliveryNone, acts.DeliveryWaitingSignature, acts.DeliveryDelivered}[r.IntN(3)]
		}
		a.PartyKind, a.Operator, a.OwnCompany = kinds[r.IntN(2)], operators[r.IntN(3)], acts.CompanyID(1+r.IntN(2))
		if r.IntN(4) == 0 {
			a.ScanOn = today
		}
		if r.IntN(4) == 0 {
			a.OriginalOn = today
		}
		a.ID = addAct(t, db, p, a)
		asPortal(t, db, p, `UPDATE acts SET status = $2, number = $3, delivery = $4, scan_on = $6, original_on = $7 WHERE portal_id = $1 AND id = $5`,
			p, a.Status, a.Number, a.Delivery, a.ID, orNull(a.ScanOn), orNull(a.OriginalOn))
		setRandomWait(t, db, p, r, &a)
		one := listed{Act: a}
		if a.Status == acts.StatusSent {
			one.due = today.AddDate(0, 0, r.IntN(9)-4)
			inTx(t, db, p, func(tx store.Tx) error {
				return tx.Reminders().Add(ctx, store.Reminder{Act: a.ID, Kind: acts.RemindUnsigned, Since: a.Date, DueOn: one.due, DueAt: one.due})
			})
		}
		made = append(made, one)
	}
	asOwner(t, db, `ANALYZE`) // as autovacuum does: without it statements are planned for empty tables
	return made
}

func folded(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

// wanted reports in the simplest way whether a filter selects an act.
func wanted(f list.ActFilter, a listed) bool {
	text := folded(f.Text)
	return f.Visibility.Of(a.Responsible) && (len(f.Statuses) == 0 || slices.Contains(f.Statuses, a.Status)) && (f.Medium == "" || f.Medium == a.Medium) &&
		(f.From.IsZero() || !a.Date.Before(f.From)) && (f.To.IsZero() || !a.Date.After(f.To)) &&
		(f.Responsible == 0 || f.Responsible == a.Responsible) && (!f.Overdue || !a.due.IsZero() && a.due.Before(today)) &&
		matchesWaiting(f, a) && (!f.Unassigned || a.Responsible == 0) && (!f.Unknown || a.Company == 0 && a.Contact == 0) &&
		(!f.Failed || a.Delivery == acts.DeliveryFailed) && (!f.AwaitsUs || a.AwaitsUs()) && (!f.Refused || a.Status == acts.StatusRefused && !a.Replaced()) && (f.Company == 0 || f.Company == a.Company) &&
		(f.Contact == 0 || a.Company == 0 && f.Contact == a.Contact) && fulfils(f.Conditions, a) &&
		(text == "" || a.Number != "" && strings.HasPrefix(a.Number, f.Text) || named(folded(a.Buyer.INN+" "+a.Buyer.Name), text) ||
			named(folded(a.DealTitle), text))
}

// named reports whether a name contains the text: one or two letters at the beginning of a word only.
func named(name, text string) bool {
	letters := []rune(text)
	if len(letters) > 2 || !unicode.IsLetter(letters[0]) && !unicode.IsDigit(letters[0]) {
		return strings.Contains(name, text)
	}
	inWord := false
	for i, r := range name {
		if !inWord && strings.HasPrefix(name[i:], text) {
			return true
		}
		inWord = r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return false
}

func fulfils(c list.Conditions, a listed) bool {
	delivery := string(a.Delivery)
	if a.Delivery == acts.DeliveryNone {
		delivery = list.NotHandedOver
	}
	return (c.PartyKind == "" || c.PartyKind == a.PartyKind) && (c.Channel == "" || c.Channel == a.Channel) && (c.Operator == "" || c.Operator == a.Operator) &&
		(c.Own == 0 || c.Own == a.OwnCompany) && (c.Stage == "" || c.Stage == stageOf(a.Deal)) &&
		(c.Delivery == "" || a.Medium == acts.MediumElectronic && c.Delivery == delivery) &&
		(!c.NoOriginal || a.Medium == acts.MediumPaper && a.OriginalOn.IsZero() && a.Status != acts.StatusAnnulled && (a.Status == acts.StatusSigned || !a.ScanOn.IsZero()))
}

func naive(f list.ActFilter, made []listed) (ids []acts.ActID) {
	return naiveOrder(f, list.Sort{}, made)
}

// naiveOrder sorts the acts of a filter in the simplest way; those without the value of the order come last.
func naiveOrder(f list.ActFilter, order list.Sort, made []listed) (ids []acts.ActID) {
	if order == (list.Sort{}) {
		order = list.ActSorting.First
	}
	last := func(blankA, blankB bool) int {
		return cmp.Compare(map[bool]int{true: 1}[blankA], map[bool]int{true: 1}[blankB])
	}
	made = slices.Clone(made)
	slices.SortFunc(made, func(a, b listed) int {
		direction := 1
		if order.Descending {
			direction = -1
		}
		byID := direction * cmp.Compare(a.ID, b.ID)
		switch order.By {
		case list.ByNumber:
			return cmp.Or(last(a.Number == "", b.Number == ""), direction*naturally(a.Number, b.Number), byID)
		case list.BySum:
			return cmp.Or(direction*cmp.Compare(a.Totals.Gross, b.Totals.Gross), byID)
		case list.ByDue:
			return cmp.Or(last(a.due.IsZero(), b.due.IsZero()), direction*a.due.Compare(b.due), byID)
		case list.ByCompany:
			blank := last(a.Buyer.Name == "", b.Buyer.Name == "")
			return cmp.Or(direction*blank, direction*strings.Compare(folded(a.Buyer.Name), folded(b.Buyer.Name)), byID)
		}
		return cmp.Or(direction*a.Date.Compare(b.Date), byID)
	})
	for _, a := range made {
		if wanted(f, a) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// naturally compares numbers «А-17» of this test.
func naturally(a, b string) int {
	n := func(number string) (n int) {
		fmt.Sscanf(number, "А-%d", &n)
		return n
	}
	return cmp.Compare(n(a), n(b))
}

// walk reads all pages of a filter.
func walk(t *testing.T, db *store.DB, p acts.PortalID, f list.ActFilter) (ids []acts.ActID) {
	t.Helper()
	return walkSorted(t, db, p, f, list.Sort{})
}

// walkSorted reads all pages of a filter in an order.
func walkSorted(t *testing.T, db *store.DB, p acts.PortalID, f list.ActFilter, order list.Sort) (ids []acts.ActID) {
	t.Helper()
	var after list.PageKey
	for range 50 {
		page, err := list.Registry(ctx, db.Scope(p), f, list.Page{Sort: order, After: after}, 2, today)
		if err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
		for _, a := range page.Acts {
			ids = append(ids, a.ID)
		}
		if after = page.Next; after.ID == 0 {
			return ids
		}
		if len(page.Acts) != list.PageActs {
			t.Errorf("%+v: a page of %d acts before the last one", f, len(page.Acts))
		}
	}
	t.Fatalf("%+v: the pages have no end", f)
	return nil
}

// exported reads all acts of a filter at once.
func exported(t *testing.T, db *store.DB, p acts.PortalID, f list.ActFilter) (ids []acts.ActID) {
	t.Helper()
	if err := list.EachAct(ctx, db.Scope(p), f, list.Sort{}, false, today, func(a list.ExportedAct) error {
		ids = append(ids, a.ID)
		return nil
	}); err != nil {
		t.Fatalf("%+v: %v", f, err)
	}
	return ids
}

func anyFilter(r *rand.Rand) (f list.ActFilter) {
	maybe := func(set func()) {
		if r.IntN(3) == 0 {
			set()
		}
	}
	maybe(func() {
		for _, i := range r.Perm(len(acts.Statuses))[:1+r.IntN(3)] {
			f.Statuses = append(f.Statuses, acts.Statuses[i])
		}
	})
	maybe(func() { f.Visibility = [...]people.Visibility{{2}, {1, 3}, {}}[r.IntN(3)] })
	maybe(func() { f.Medium = acts.MediumPaper })
	maybe(func() { f.From = today.AddDate(0, 0, -r.IntN(40)) })
	maybe(func() { f.To = today.AddDate(0, 0, -r.IntN(20)) })
	maybe(func() { f.Responsible = acts.UserID(1 + r.IntN(3)) })
	maybe(func() { f.Overdue = r.IntN(2) == 0 })
	rarely := func(set func()) {
		if r.IntN(6) == 0 {
			set()
		}
	}
	rarely(func() { f.PartyKind = kinds[r.IntN(2)] })
	rarely(func() { f.Channel = []acts.Channel{acts.ChannelEmail, acts.ChannelPost, acts.ChannelEDO}[r.IntN(3)] })
	rarely(func() {
		f.Delivery = []string{list.NotHandedOver, string(acts.DeliveryWaitingSignature), string(acts.DeliveryFailed)}[r.IntN(3)]
	})
	rarely(func() { f.Operator = operators[1+r.IntN(2)] })
	rarely(func() { f.Own = acts.CompanyID(1 + r.IntN(2)) })
	rarely(func() { f.Stage = stageOf(acts.DealID(r.IntN(5))) })
	rarely(func() { f.NoOriginal = true })
	maybe(func() { f.Failed = r.IntN(2) == 0 })
	maybe(func() {
		if f.Company = acts.CompanyID(100 + r.IntN(len(buyers))); f.Company == 103 {
			f.Company, f.Contact = 0, 33
		}
	})
	maybe(func() { f.Waiting, f.Zone = anySpan(r), chita })
	maybe(func() { f.Unassigned = r.IntN(2) == 0 })
	maybe(func() { f.Unknown = r.IntN(3) == 0 })
	maybe(func() {
		texts := []string{"елоч", "ЁЛОЧ", "%", "_", "100%", "этап_1", `\`, `край\б`, "770000000", "А-1", "А", "по", "ос", "1", "а.", "нет такого", "поставка 1", "'; --", "%%"}
		f.Text = texts[r.IntN(len(texts))]
	})
	return f
}

// Every filter returns the same acts as a naive check of all acts, each once, and none of another portal.
func TestRegistryEqualsNaiveFilter(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	made := addRandomActs(t, db, mine, r, 300)
	addRandomActs(t, db, theirs, r, 60)
	filters := []list.ActFilter{{}, {Text: "поставка"}, {Statuses: []acts.Status{acts.StatusSent, acts.StatusAcceptedUnsigned}}, {Overdue: true}, {Failed: true}, {Refused: true},
		{Responsible: 2}, {Company: 101}, {Visibility: people.Visibility{1}}, {Visibility: people.Visibility{}}, {Contact: 33}, {Responsible: 1 << 40}, {Medium: acts.MediumPaper},
		{Waiting: report.AnySpan}, {Waiting: report.AnySpan, Text: "поставка"}, {Unassigned: true}, {Unknown: true}}
	for _, c := range []list.Conditions{{PartyKind: acts.PartyPerson}, {Channel: acts.ChannelEmail}, {Delivery: list.NotHandedOver}, {Delivery: "delivered"}, {Operator: "2BM"}, {Own: 2},
		{Own: 3}, {Stage: "C1:2"}, {Stage: "C1:9"}, {NoOriginal: true}} {
		filters = append(filters, list.ActFilter{Conditions: c})
	}
	for range 250 {
		filters = append(filters, anyFilter(r))
	}
	for _, f := range filters {
		if got, want := walk(t, db, mine, f), naive(f, made); !slices.Equal(got, want) {
			t.Errorf("seed %d, %+v: %d acts, want %d\n%v\n%v", seed, f, len(got), len(want), got, want)
		}
		if got, want := exported(t, db, mine, f), naive(f, made); !slices.Equal(got, want) {
			t.Errorf("seed %d, %+v: %d acts in a table, want %d\n%v\n%v", seed, f, len(got), len(want), got, want)
		}
	}
}

var actOrders = []list.Sort{{By: list.ByDate}, {By: list.ByDate, Descending: true}, {By: list.ByNumber}, {By: list.ByNumber, Descending: true}, {By: list.BySum}, {By: list.BySum, Descending: true},
	{By: list.ByDue}, {By: list.ByDue, Descending: true}, {By: list.ByCompany}, {By: list.ByCompany, Descending: true}}

// In every order the pages of any filter hold what a naive sort gives, each act once.
func TestRegistryEqualsNaiveSort(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	p := portal(t, db, "a")
	made := addRandomActs(t, db, p, r, 160)
	for i := range made { // few different sums, so that many acts are equal
		made[i].Totals.Gross = acts.Kopecks(100 * r.IntN(20))
		asPortal(t, db, p, `UPDATE acts SET gross = $3 WHERE portal_id = $1 AND id = $2`, p, made[i].ID, made[i].Totals.Gross)
	}
	filters := []list.ActFilter{{}, {Text: "поставка"}, {Text: "%"}, {Statuses: []acts.Status{acts.StatusSent}}, {Company: 101}, {Visibility: people.Visibility{1, 3}}}
	for range 6 {
		filters = append(filters, anyFilter(r))
	}
	for _, f := range filters {
		for _, order := range actOrders {
			if got, want := walkSorted(t, db, p, f, order), naiveOrder(f, order, made); !slices.Equal(got, want) {
				t.Errorf("seed %d, %+v by %s: %d acts, want %d\n%v\n%v", seed, f, order, len(got), len(want), got, want)
			}
		}
	}
}

func TestSortOfAnAddress(t *testing.T) {
	for _, order := range actOrders {
		if got, ok := list.ActSorting.Parse(order.String()); !ok || got != order {
			t.Errorf("%s reads %+v", order, got)
		}
	}
	for _, text := range []string{"", "-", "id", "sum;drop", "--sum", "age", "SUM", "1", "sum "} {
		if got, ok := list.ActSorting.Parse(text); ok {
			t.Errorf("%q reads %+v", text, got)
		}
	}
	for name, tt := range map[string]struct {
		by    list.SortBy
		value string
		fits  bool
	}{
		"a day": {list.ByDate, "2026-11-27", true}, "no day": {list.ByDate, "2026-02-30", false}, "no deadline": {list.ByDue, "-infinity", true},
		"a sum": {list.BySum, "-100", true}, "no sum": {list.BySum, "1e9", false}, "a name": {list.ByCompany, "ооо «ёж» 🦔", true},
		"a zero byte": {list.ByCompany, "a\x00", false}, "no letters": {list.ByNumber, "\xff", false}, "the year zero": {list.ByDate, "0000-01-01", false},
	} {
		if got := list.ActSorting.Fits(list.Sort{By: tt.by}, list.PageKey{Value: tt.value, ID: 1}); got != tt.fits {
			t.Errorf("%s fits: %v", name, got)
		}
	}
}

// A stage with too many deals to look them up one by one returns the same acts.
func TestRegistryOfABusyStage(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	asPortal(t, db, p, `INSERT INTO deals (portal_id, id, title, category_id, stage_id) SELECT $1, n, 'Сделка', 1, 'C1:' || n % 2 FROM generate_series(1, 2200) n`, p)
	var want []acts.ActID
	for i := range acts.DealID(90) {
		d := deal(2200 - i)
		if id := addAct(t, db, p, draft(d, "1")); d.ID%2 == 0 {
			want = append([]acts.ActID{id}, want...)
		}
	}
	asOwner(t, db, `ANALYZE`) // as autovacuum does
	f := list.ActFilter{Conditions: list.Conditions{Stage: "C1:0"}}
	if got := walk(t, db, p, f); !slices.Equal(got, want) {
		t.Errorf("%d acts of a busy stage, want %d", len(got), len(want))
	}
	if got := exported(t, db, p, f); !slices.Equal(got, want) {
		t.Errorf("%d acts of a busy stage in a table, want %d", len(got), len(want))
	}
}

// A renamed deal is found by its new title only, a renamed company by both: its older acts have the older name.
func TestRegistryAfterRenaming(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	d := deal(7)
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	for _, name := range []string{"Старое имя", "Новое имя"} {
		a := draft(d, "1")
		a.Buyer.Name = name
		addAct(t, db, p, a)
	}
	d.Title = "Переименована"
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	for text, want := range map[string]int{"сделка": 0, "переимен": 2, "старое": 2, "новое": 2, "7802020205": 2, "0202": 2, "иное": 0} {
		if got := walk(t, db, p, list.ActFilter{Text: text}); len(got) != want {
			t.Errorf("%q finds %d acts, want %d", text, len(got), want)
		}
	}
}

func TestRegistryCountsAndTotals(t *testing.T) {
	db := open(t)
	r := rand.New(rand.NewPCG(7, 7))
	p := portal(t, db, "a")
	made := addRandomActs(t, db, p, r, 200)
	asPortal(t, db, p, `UPDATE acts SET replaced_by = $3 WHERE portal_id = $1 AND id = $2`, p, made[3].ID, made[4].ID)
	made[3].ReplacedBy = made[4].ID
	for _, of := range []list.ActFilter{{}, {Company: 101}, {Contact: 33}, {Visibility: people.Visibility{}}, {Visibility: people.Visibility{2}}, {Visibility: people.Visibility{1, 3}}, {Company: 101, Visibility: people.Visibility{2, 3}}} {
		page, err := list.Registry(ctx, db.Scope(p), of, list.Page{}, 2, today)
		if err != nil {
			t.Fatal(err)
		}
		counts := func(f list.ActFilter) int {
			f.Company, f.Contact, f.Visibility = of.Company, of.Contact, of.Visibility
			return min(len(naive(f, made)), list.MaxCounted+1)
		}
		want := list.ActCounts{Mine: counts(list.ActFilter{Responsible: 2}), Waiting: counts(list.ActFilter{Statuses: []acts.Status{acts.StatusSent, acts.StatusAcceptedUnsigned}}),
			Overdue: counts(list.ActFilter{Overdue: true}), Refused: counts(list.ActFilter{Refused: true}), Failed: counts(list.ActFilter{Failed: true}),
			AwaitOurSignature: counts(list.ActFilter{Conditions: list.Conditions{Delivery: string(acts.DeliveryWaitingSignature)}}),
			MineAwaitUs:       counts(list.ActFilter{Responsible: 2, AwaitsUs: true})}
		if page.Counts != want {
			t.Errorf("%+v: counts %+v, want %+v", of, page.Counts, want)
		}
		var sums list.ActTotals
		for _, a := range made {
			if of.Company == 0 && of.Contact == 0 || !wanted(of, a) || !a.CountsTowardDeal() {
				continue
			}
			sums.Formed += a.Totals.Gross
			switch a.Status {
			case acts.StatusSigned:
				sums.Signed += a.Totals.Gross
			case acts.StatusSent, acts.StatusAcceptedUnsigned:
				sums.Unsigned += a.Totals.Gross
			}
			if !a.due.IsZero() && a.due.Before(today) {
				sums.Overdue += a.Totals.Gross
			}
		}
		if page.Totals != sums {
			t.Errorf("%+v: totals %+v, want %+v", of, page.Totals, sums)
		}
	}
}
