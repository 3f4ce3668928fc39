package bitrix24

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// shelf answers crm.item.list as a portal with n deals, by ">id" alone.
func shelf(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			Filter map[string]any
			Start  int
		}
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &ask)
		after, _ := ask.Filter[">id"].(float64)
		var rows []string
		for id := int(after) + 1; id <= n && len(rows) < pageSize; id++ {
			rows = append(rows, fmt.Sprintf(`{"id":%d}`, id))
		}
		says(200, `{"result":{"items":[`+strings.Join(rows, ",")+`]},"total":0}`)(w, r)
	}
}

func TestWalk(t *testing.T) {
	for name, tt := range map[string]struct{ deals, after, found, calls int }{
		"none":             {0, 0, 0, 1},
		"one page":         {49, 0, 49, 1},
		"exactly one page": {50, 0, 50, 2},
		"three pages":      {120, 0, 120, 3},
		"from the middle":  {120, 100, 20, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p, found := newPretend(t, shelf(tt.deals)), 0
			for page, err := range Walk[Deal](context.Background(), p.client(t), ItemQuery{Type: DealType}, ID(tt.after)) {
				if err != nil {
					t.Fatal(err)
				}
				found += len(page)
			}
			if found != tt.found || len(p.asks()) != tt.calls {
				t.Errorf("found %d in %d calls, want %d in %d", found, len(p.asks()), tt.found, tt.calls)
			}
		})
	}
}

func TestWalkAsksWithoutCounting(t *testing.T) {
	p := newPretend(t, shelf(0))
	q := ItemQuery{Type: 1030, Select: []string{"title"}, Filter: Params{">=updatedTime": "2026-03-02"}, Order: Params{"title": "ASC"}}
	for range Walk[Item](context.Background(), p.client(t), q, 7) {
		t.Error("an empty page is given")
	}
	got := p.asks()[0].Body
	want := "map[auth:user-token entityTypeId:1030 filter:map[>=updatedTime:2026-03-02 >id:7] order:map[id:ASC] select:[id title] start:-1]"
	if fmt.Sprint(got) != want || len(q.Filter) != 1 {
		t.Errorf("asked %v, want %s", got, want)
	}
}

func TestWalkStops(t *testing.T) {
	full := `{"items":[` + strings.Repeat(`{"id":1},`, 49) + `{"id":1}]}`
	for name, body := range map[string]string{
		"the same id again":  full,
		"ids that fall":      `{"items":[{"id":9},{"id":8}]}`,
		"rows without an id": `{"items":[[],[]]}`,
	} {
		t.Run(name, func(t *testing.T) {
			p, calls := newPretend(t, ok(body)), 0
			for _, err := range Walk[Item](context.Background(), p.client(t), ItemQuery{Type: 1030}, 0) {
				if calls++; !errors.Is(err, ErrStuckCursor) {
					t.Errorf("error %v, want a stuck cursor", err)
				}
			}
			if calls != 1 {
				t.Errorf("%d rounds", calls)
			}
		})
	}
	p := newPretend(t, shelf(120))
	for range Walk[Item](context.Background(), p.client(t), ItemQuery{Type: 1030}, 0) {
		break
	}
	if len(p.asks()) != 1 {
		t.Errorf("%d calls after a break", len(p.asks()))
	}
}

func TestPagesByNext(t *testing.T) {
	page := func(next string) http.HandlerFunc {
		return says(200, `{"result":{"productRows":[{"id":1},{"id":2}]}`+next+`}`)
	}
	p := newPretend(t, page(`,"next":50`), page(`,"next":"100"`), page(``))
	rows, err := p.client(t).ProductRows(context.Background(), DealType, 5)
	if err != nil || len(rows) != 6 || p.asks()[0].Body["start"] != nil || p.asks()[2].Body["start"] != 100.0 {
		t.Errorf("%d rows, %v, %v", len(rows), err, p.asks())
	}
	p = newPretend(t, page(`,"next":50`))
	if _, err := p.client(t).ProductRows(context.Background(), DealType, 5); !errors.Is(err, ErrStuckCursor) || len(p.asks()) != 2 {
		t.Errorf("%d calls, %v; want a stuck cursor", len(p.asks()), err)
	}
	p = newPretend(t, says(200, `{"result":[{"ID":"1"}],"next":50}`), says(200, `{"result":[{"ID":"2"}]}`))
	if list, err := p.client(t).Departments(context.Background()); err != nil || len(list) != 2 || p.asks()[1].Body["START"] != 50.0 {
		t.Errorf("departments %v, %v, %v", list, err, p.asks()[1].Body)
	}
}
