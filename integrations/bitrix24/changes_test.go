package bitrix24

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

// changedItem is an item that was last changed so many seconds after noon.
type changedItem struct{ id, second int }

// listChangedItems answers crm.item.list as the portal does for the filters of Changes, by second and by id. After each page it calls
// edit with the number of calls so far, unless edit is nil.
func listChangedItems(items []changedItem, edit func(call int, items []changedItem)) http.HandlerFunc {
	calls := 0
	return func(w http.ResponseWriter, r *http.Request) {
		var query struct {
			Filter map[string]any
			Order  map[string]string
		}
		if err := json.NewDecoder(r.Body).Decode(&query); err != nil {
			panic(err)
		}
		second := func(key string, absent int) int {
			at, err := time.Parse(time.RFC3339, fmt.Sprint(query.Filter[key]))
			if err != nil {
				return absent
			}
			return int(at.Sub(noon) / time.Second)
		}
		after, _ := query.Filter[">id"].(float64)
		var found []changedItem
		for _, row := range items {
			if row.second >= second(">=updatedTime", 0) && row.second <= second("<=updatedTime", 1e6) && row.id > int(after) {
				found = append(found, row)
			}
		}
		slices.SortFunc(found, func(a, b changedItem) int {
			if query.Order["id"] == "ASC" {
				return a.id - b.id
			}
			if a.second != b.second {
				return a.second - b.second
			}
			return (a.id*7919)%1000 - (b.id*7919)%1000 // an arbitrary order, because the portal guarantees none
		})
		var out []string
		for _, row := range found[:min(len(found), pageSize)] {
			at := noon.Add(time.Duration(row.second) * time.Second).Format(time.RFC3339)
			out = append(out, fmt.Sprintf(`{"id":%d,"updatedTime":"%s"}`, row.id, at))
		}
		if calls++; edit != nil {
			edit(calls, items)
		}
		respond(200, `{"result":{"items":[`+strings.Join(out, ",")+`]},"total":0}`)(w, r)
	}
}

// itemsPerSecond returns n items, perSecond of them changed in each second, with ids in the reverse order of time.
func itemsPerSecond(n, perSecond int) []changedItem {
	items := make([]changedItem, 0, n)
	for i := range n {
		items = append(items, changedItem{id: n - i, second: i / perSecond})
	}
	return items
}

func TestChanges(t *testing.T) {
	for name, tt := range map[string]struct {
		items        []changedItem
		found, calls int // calls 0: any number
	}{
		"none":                        {nil, 0, 1},
		"one page":                    {itemsPerSecond(49, 1), 49, 1},
		"exactly one page":            {itemsPerSecond(50, 1), 50, 2},
		"many seconds":                {itemsPerSecond(500, 1), 500, 11},
		"three in a second":           {itemsPerSecond(500, 3), 500, 11},
		"a second as large as a page": {itemsPerSecond(150, 50), 150, 10},
		"a second larger than a page": {itemsPerSecond(400, 130), 400, 0},
		"everything in one second":    {itemsPerSecond(1000, 1000), 1000, 0},
		"many changes in one second":  {append(itemsPerSecond(60, 60), changedItem{900, 1}, changedItem{901, 2}), 62, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p, seen := newStubPortal(t, listChangedItems(tt.items, nil)), map[ID]bool{}
			var last time.Time
			for page, err := range Changes[Item](context.Background(), p.client(t), ItemQuery{Type: 1030}, noon) {
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range page {
					if seen[item.ID] || item.ChangedAt().Before(last) {
						t.Fatalf("item %d of %v comes again or after a later one, of %v", item.ID, item.ChangedAt(), last)
					}
					seen[item.ID], last = true, item.ChangedAt()
				}
			}
			if len(seen) != tt.found || tt.calls > 0 && len(p.received()) != tt.calls {
				t.Errorf("found %d in %d calls, want %d in %d", len(seen), len(p.received()), tt.found, tt.calls)
			}
		})
	}
}

// Items changed during the reading are found: in the same second with a lower id, and later with any id.
func TestChangesDuringTheReading(t *testing.T) {
	items := itemsPerSecond(120, 1)
	edit := func(call int, items []changedItem) {
		if call == 1 {
			items[119].second = 49 // id 1, the second that ends the first page
			items[0].second = 200  // id 120, already returned
		}
	}
	p, times := newStubPortal(t, listChangedItems(items, edit)), map[ID]int{}
	for page, err := range Changes[Item](context.Background(), p.client(t), ItemQuery{Type: 1030}, noon) {
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page {
			times[item.ID]++
		}
	}
	if len(times) != 120 || times[1] != 1 || times[120] != 2 {
		t.Errorf("%d items, the changed ones %d and %d times; want 120, 1 and 2", len(times), times[1], times[120])
	}
}

func TestChangesSkipCounting(t *testing.T) {
	p := newStubPortal(t, listChangedItems(nil, nil))
	q := ItemQuery{Type: 1030, Select: []string{"title"}, Filter: Params{"@stageId": []string{"A"}}, Order: Params{"title": "ASC"}}
	for page, err := range Changes[Item](context.Background(), p.client(t), q, noon) {
		t.Errorf("Changes of no items returns %v, %v; want nothing", page, err)
	}
	want := "map[auth:user-token entityTypeId:1030 filter:map[>=updatedTime:2026-03-02T12:00:00+03:00 @stageId:[A]] " +
		"order:map[updatedTime:ASC] select:[title id updatedTime] start:-1]"
	if got := fmt.Sprint(p.received()[0].Body); got != want {
		t.Errorf("sent %v\nwant %s", got, want)
	}
	if len(q.Select) != 1 || len(q.Filter) != 1 {
		t.Errorf("the query was changed to %+v", q)
	}
}

func TestChangesStopAtRowsOutOfOrder(t *testing.T) {
	for name, body := range map[string]string{
		"a time before the cursor": `{"items":[{"id":1,"updatedTime":"2026-03-02T11:00:00+03:00"}]}`,
		"no time":                  `{"items":[{"id":1}]}`,
		"no id":                    `{"items":[{"updatedTime":"2026-03-02T13:00:00+03:00"}]}`,
		"a list as an item":        `{"items":[[]]}`,
	} {
		var errs []error
		for _, err := range Changes[Deal](context.Background(), newStubPortal(t, respondResult(body)).client(t), ItemQuery{Type: DealType}, noon) {
			errs = append(errs, err)
		}
		if len(errs) != 1 || !errors.Is(errs[0], ErrStuckCursor) {
			t.Errorf("%s: Changes ends with %v, want ErrStuckCursor once", name, errs)
		}
	}
}
