package sbis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// doc is a document of a feed page with the named events; each event is a minute later.
func doc(id string, events ...string) Document {
	d := Document{ID: id, CreatedAt: "01.11.2026 09.00.00"}
	for _, e := range events {
		d.Events = append(d.Events, Event{ID: e, At: "02.11.2026 10.0" + e[len(e)-1:] + ".00"})
	}
	return d
}

func page(more bool, documents ...Document) *Page {
	return &Page{Documents: documents, Paging: Paging{More: more}}
}

var eventGone = &Error{Method: "СБИС.СписокИзменений", Status: 500, Code: -32000, Message: "Событие не найдено", kind: refused}

// answer is the result of a request of the feed: a page or an error.
type answer struct {
	page *Page
	err  error
}

func TestFeed(t *testing.T) {
	at := func(event string) Cursor { return Cursor{event, "02.11.2026 10.0" + event[1:] + ".00"} }
	stored := Cursor{"e1", "02.11.2026 10.01.00"}
	for name, tt := range map[string]struct {
		start   Cursor
		answers []answer
		asked   []string // the event or the moment of every question
		saved   []Cursor
		err     error
	}{
		"first reading by date": {
			Cursor{At: "01.11.2026 00.00.00"}, []answer{{page: page(false, doc("a", "e1", "e2"))}},
			[]string{"01.11.2026 00.00.00"}, []Cursor{at("e2")}, nil},
		"nothing new keeps the cursor": {
			stored, []answer{{page: page(false)}}, []string{"e1"}, []Cursor{stored}, nil},
		"three pages": {
			stored, []answer{{page: page(true, doc("a", "e2"))}, {page: page(true, doc("b", "e3"))}, {page: page(false, doc("a", "e4"))}},
			[]string{"e1", "e2", "e3"}, []Cursor{at("e2"), at("e3"), at("e4")}, nil},
		"last event of the last document, although out of order": {
			stored, []answer{{page: page(false, doc("a", "e4"), doc("b", "e2", "e3"))}},
			[]string{"e1"}, []Cursor{at("e3")}, nil},
		"last document without an event: the last event met": {
			stored, []answer{{page: page(true, doc("a", "e2"), doc("b"))}, {page: page(false)}},
			[]string{"e1", "e2"}, []Cursor{at("e2"), at("e2")}, nil},
		"the stored event is gone: by date, five minutes earlier": {
			stored, []answer{{err: eventGone}, {page: page(false, doc("a", "e2"))}},
			[]string{"e1", "02.11.2026 09.56.00"}, []Cursor{at("e2")}, nil},
		"gone and nothing since: goes on by date": {
			stored, []answer{{err: eventGone}, {page: page(false)}},
			[]string{"e1", "02.11.2026 09.56.00"}, []Cursor{{At: "02.11.2026 09.56.00"}}, nil},
		"gone on a later page is a failure": {
			stored, []answer{{page: page(true, doc("a", "e2"))}, {err: eventGone}},
			[]string{"e1", "e2"}, []Cursor{at("e2")}, eventGone},
		"gone without a known moment is a failure": {
			Cursor{EventID: "e1"}, []answer{{err: eventGone}}, []string{"e1"}, nil, eventGone},
		"a broken answer is no reason to go back": {
			stored, []answer{{err: &Error{Status: 502}}}, []string{"e1"}, nil, &Error{Status: 502}},
		"a page without events moves the date": {
			stored, []answer{{page: page(true, doc("a"))}, {page: page(false, doc("b", "e2"))}},
			[]string{"e1", "02.11.2026 10.01.01"}, []Cursor{{At: "02.11.2026 10.01.01"}, at("e2")}, nil},
		"pages without events end": {
			Cursor{At: "01.11.2026 00.00.00"},
			[]answer{{page: page(true, doc("a"))}, {page: page(true, doc("b"))}, {page: page(true, doc("c"))}},
			[]string{"01.11.2026 00.00.00", "01.11.2026 09.00.00", "01.11.2026 09.00.01"},
			[]Cursor{{At: "01.11.2026 09.00.00"}, {At: "01.11.2026 09.00.01"}, {At: "01.11.2026 09.00.02"}}, ErrFeedStalled},
		"one page repeated is read on": {
			Cursor{"e2", ""}, []answer{{page: page(true, doc("a", "e2"))}, {page: page(false, doc("b", "e3"))}},
			[]string{"e2", "e2"}, []Cursor{at("e2"), at("e3")}, nil},
		"a page repeated for ever ends": {
			Cursor{"e2", ""}, []answer{{page: page(true, doc("a", "e2"))}, {page: page(true, doc("a", "e2"))}, {page: page(true, doc("a", "e2"))}},
			[]string{"e2", "e2", "e2"}, []Cursor{at("e2"), at("e2"), at("e2")}, ErrFeedStalled},
		"an empty page that promises more ends": {
			stored, []answer{{page: page(true)}}, []string{"e1"}, []Cursor{stored}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			asked, saved, err := walk(t, tt.start, tt.answers)
			if !reflect.DeepEqual(asked, tt.asked) || !reflect.DeepEqual(saved, tt.saved) || !reflect.DeepEqual(err, tt.err) {
				t.Errorf("asked %q\nwant  %q\nsaved %q\nwant  %q\nerror %v, want %v", asked, tt.asked, saved, tt.saved, err, tt.err)
			}
		})
	}
}

// walk reads the feed with prepared answers.
func walk(t *testing.T, start Cursor, answers []answer) (asked []string, saved []Cursor, err error) {
	feed, err := NewFeed(start)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		event, from := feed.Filter()
		asked = append(asked, event+from)
		if a.err != nil {
			if !feed.MayRetry(a.err) {
				return asked, saved, a.err
			}
			continue
		}
		cur, more, err := feed.Accept(a.page)
		saved = append(saved, cur)
		if !more {
			return asked, saved, err
		}
	}
	t.Fatal("the feed asks for more pages than the table holds")
	return nil, nil, nil
}

func TestFeedNeedsAStart(t *testing.T) {
	if _, err := NewFeed(Cursor{}); !errors.Is(err, ErrNoStart) {
		t.Errorf("error %v, want ErrNoStart", err)
	}
}

// feedOf serves a list of changes with two documents per page; the events in gone are unknown.
func feedOf(t *testing.T, total int, gone map[string]bool) (*Client, *int) {
	calls := new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*calls++
		var in struct {
			Params struct {
				Filter struct {
					EventID string `json:"ИдентификаторСобытия"`
				} `json:"Фильтр"`
			}
		}
		if err := json.Unmarshal(readAll(r), &in); err != nil {
			t.Error(err)
		}
		after := 0
		if id := in.Params.Filter.EventID; gone[id] {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, `{"error":{"code":-32000,"message":"Событие не найдено"}}`)
			return
		} else if id != "" {
			fmt.Sscanf(id, "e%d", &after)
		}
		fmt.Fprint(w, feedPage(after, total))
	}))
	t.Cleanup(server.Close)
	return clientOf(t, server.URL, Login{}, sampleSession), calls
}

func feedPage(after, total int) string {
	var docs []string
	for n := after + 1; n <= total && len(docs) < 2; n++ {
		docs = append(docs, fmt.Sprintf(`{"Идентификатор":"d%d","Состояние":{"Код":"3"},"Событие":[{"Идентификатор":"e%d","ДатаВремя":"02.11.2026 10.00.00"}]}`, n, n))
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","result":{"Документ":[%s],"Навигация":{"ЕстьЕще":"%s"}}}`,
		strings.Join(docs, ","), yesNo(after+2 < total))
}

func TestPoll(t *testing.T) {
	for name, tt := range map[string]struct {
		start Cursor
		total int
		gone  map[string]bool
		pages int
		calls int
		docs  string
	}{
		"three pages":                      {Cursor{At: "01.11.2026 00.00.00"}, 5, nil, 3, 3, "d1 d2 d3 d4 d5"},
		"quiet time costs one call":        {Cursor{EventID: "e5", At: "02.11.2026 10.00.00"}, 5, nil, 1, 1, ""},
		"only the new ones":                {Cursor{EventID: "e4"}, 5, nil, 1, 1, "d5"},
		"a gone event costs one call more": {Cursor{EventID: "e2", At: "02.11.2026 10.00.00"}, 2, map[string]bool{"e2": true}, 1, 2, "d1 d2"},
	} {
		t.Run(name, func(t *testing.T) {
			c, calls := feedOf(t, tt.total, tt.gone)
			var docs []string
			pages, err := c.Poll(t.Context(), sampleOurs, tt.start, func(_ context.Context, list []Document, _ Cursor) error {
				for _, d := range list {
					docs = append(docs, d.ID)
				}
				return nil
			})
			if got := strings.Join(docs, " "); err != nil || pages != tt.pages || *calls != tt.calls || got != tt.docs {
				t.Errorf("%d pages, %d calls, documents %q, %v; want %d, %d, %q", pages, *calls, got, err, tt.pages, tt.calls, tt.docs)
			}
		})
	}
}

func TestPollStopsWhereApplyFails(t *testing.T) {
	c, calls := feedOf(t, 6, nil)
	broken, applied := errors.New("no database"), 0
	pages, err := c.Poll(t.Context(), sampleOurs, Cursor{At: "01.11.2026 00.00.00"}, func(context.Context, []Document, Cursor) error {
		if applied++; applied == 2 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || pages != 2 || *calls != 2 {
		t.Errorf("%d pages, %d calls, %v; want to stop at the second page", pages, *calls, err)
	}
}
