package bitrix24

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

// changed is one row of a register; its second counts from noon.
type changed struct{ id, second int }

// register answers crm.item.list as the portal does for the filters of changes, by second and by id.
func register(rows []changed, edit func(call int, rows []changed)) http.HandlerFunc {
	calls := 0
	return func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			Filter map[string]any
			Order  map[string]string
		}
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &ask)
		second := func(key string, or int) int {
			at, err := time.Parse(time.RFC3339, fmt.Sprint(ask.Filter[key]))
			if err != nil {
				return or
			}
			return int(at.Sub(noon) / time.Second)
		}
		after, _ := ask.Filter[">id"].(float64)
		var found []changed
		for _, row := range rows {
			if row.second >= second(">=updatedTime", 0) && row.second <= second("<=updatedTime", 1e6) && row.id > int(after) {
				found = append(found, row)
			}
		}
		slices.SortFunc(found, func(a, b changed) int {
			if ask.Order["id"] == "ASC" {
				return a.id - b.id
			}
			if a.second != b.second {
				return a.second - b.second
			}
			return (a.id*7919)%1000 - (b.id*7919)%1000 // any order, for the portal promises none
		})
		var out []string
		for _, row := range found[:min(len(found), pageSize)] {
			at := noon.Add(time.Duration(row.second) * time.Second).Format(time.RFC3339)
			out = append(out, fmt.Sprintf(`{"id":%d,"updatedTime":"%s"}`, row.id, at))
		}
		if calls++; edit != nil {
			edit(calls, rows)
		}
		respond(200, `{"result":{"items":[`+strings.Join(out, ",")+`]},"total":0}`)(w, r)
	}
}

// rowsOf returns n rows, so many in each second, with ids in the reverse order of time.
func rowsOf(n, perSecond int) []changed {
	rows := make([]changed, 0, n)
	for i := range n {
		rows = append(rows, changed{id: n - i, second: i / perSecond})
	}
	return rows
}

func TestChanges(t *testing.T) {
	for name, tt := range map[string]struct {
		rows         []changed
		found, calls int
	}{
		"none":                        {nil, 0, 1},
		"one page":                    {rowsOf(49, 1), 49, 1},
		"exactly one page":            {rowsOf(50, 1), 50, 2},
		"many seconds":                {rowsOf(500, 1), 500, 11},
		"three in a second":           {rowsOf(500, 3), 500, 11},
		"a second as large as a page": {rowsOf(150, 50), 150, 10},
		"a second larger than a page": {rowsOf(400, 130), 400, 0},
		"everything in one second":    {rowsOf(1000, 1000), 1000, 0},
		"many changes in one second":  {append(rowsOf(60, 60), changed{900, 1}, changed{901, 2}), 62, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p, seen := newStubPortal(t, register(tt.rows, nil)), map[ID]bool{}
			var last time.Time
			for page, err := range Changes[Item](context.Background(), p.client(t), ItemQuery{Type: 1030}, noon) {
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range page {
					if seen[item.ID] || item.ChangedAt().Before(last) {
						t.Fatalf("%d at %v comes again or out of order", item.ID, item.ChangedAt())
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

// Changes during the reading are found: in the same second with a lower id, and later with any id.
func TestChangesDuringTheWalk(t *testing.T) {
	rows := rowsOf(120, 1)
	edit := func(call int, rows []changed) {
		if call == 1 {
			rows[119].second = 49 // id 1, the second that ends the first page
			rows[0].second = 200  // id 120, already given
		}
	}
	p, times := newStubPortal(t, register(rows, edit)), map[ID]int{}
	for page, err := range Changes[Item](context.Background(), p.client(t), ItemQuery{Type: 1030}, noon) {
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page {
			times[item.ID]++
		}
	}
	if len(times) != 120 || times[1] != 1 || times[120] != 2 {
		t.Errorf("%d objects, the changed ones %d and %d times", len(times), times[1], times[120])
	}
}

func TestChangesAskWithoutCounting(t *testing.T) {
	p := newStubPortal(t, register(nil, nil))
	q := ItemQuery{Type: 1030, Select: []string{"title"}, Filter: Params{"@stageId": []string{"A"}}, Order: Params{"title": "ASC"}}
	for range Changes[Item](context.Background(), p.client(t), q, noon) {
		t.Error("an empty page is given")
	}
	want := "map[auth:user-token entityTypeId:1030 filter:map[>=updatedTime:2026-03-02T12:00:00+03:00 @stageId:[A]] " +
		"order:map[updatedTime:ASC] select:[title id updatedTime] start:-1]"
	if got := fmt.Sprint(p.received()[0].Body); got != want || len(q.Select) != 1 || len(q.Filter) != 1 {
		t.Errorf("asked %v, want %s", got, want)
	}
}

func TestChangesStop(t *testing.T) {
	row := `{"id":1,"updatedTime":"2026-03-02T11:00:00+03:00"}`
	for name, body := range map[string]string{
		"moments before the cursor": `{"items":[` + row + `]}`, "rows without a moment": `{"items":[{"id":1}]}`, "rows without an id": `{"items":[[]]}`,
	} {
		for _, err := range Changes[Deal](context.Background(), newStubPortal(t, respondResult(body)).client(t), ItemQuery{Type: DealType}, noon) {
			if !errors.Is(err, ErrStuckCursor) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestByIDs(t *testing.T) {
	var ids []ID
	for id := range ID(120) {
		ids = append(ids, 120-id, 120-id)
	}
	p := newStubPortal(t, respondResult(`{"items":[{"id":1}]}`))
	items, err := ItemsOf[Item](context.Background(), p.client(t), ItemQuery{Type: 1030, Select: []string{"title"}}, ids)
	if err != nil || len(items) != 3 || len(p.received()) != 3 {
		t.Fatalf("%d items in %d calls, %v", len(items), len(p.received()), err)
	}
	last := p.received()[2].Body
	if got := fmt.Sprint(last["filter"], last["start"], last["select"]); got != "map[>id:0 @id:[101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120]] -1 [title id updatedTime]" {
		t.Errorf("asked %s", got)
	}
	p = newStubPortal(t, respondResult(`{"tasks":[{"id":"9","status":"5","closedBy":"2"}]}`))
	tasks, err := p.client(t).TasksOf(context.Background(), []ID{9, 8})
	if err != nil || len(tasks) != 1 || !tasks[0].Done() || tasks[0].ClosedBy != 2 || fmt.Sprint(p.received()[0].Body["filter"]) != "map[ID:[8 9]]" {
		t.Errorf("tasks %+v, %v, asked %v", tasks, err, p.received())
	}
	p = newStubPortal(t, respondResult(`[{"ID":"9","ACTIVE":false}]`))
	users, err := p.client(t).UsersOf(context.Background(), []ID{9, 8})
	if err != nil || len(users) != 1 || bool(users[0].Active) || fmt.Sprint(p.received()[0].Body["FILTER"]) != "map[@ID:[8 9]]" {
		t.Errorf("users %+v, %v, asked %v", users, err, p.received())
	}
}
