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

// feedDocument returns a document of a page with events; event "e3" happens at 10:03.
func feedDocument(id string, events ...string) Document {
	d := Document{ID: id, CreatedAt: "01.11.2026 09.00.00"}
	for _, e := range events {
		d.Events = append(d.Events, Event{ID: e, At: "02.11.2026 10.0" + e[len(e)-1:] + ".00"})
	}
	return d
}

// pageOf returns a page of documents; more reports whether further pages follow.
func pageOf(more bool, documents ...Document) *Page {
	return &Page{Documents: documents, Paging: Paging{More: more}}
}

var errEventGone = &Error{Method: "СБИС.СписокИзменений", Status: 500, Code: -32000, Message: "Событие не найдено", kind: refused}

// answer is the result of a request of the feed: a page or an error.
type answer struct {
	page *Page
	err  error
}

// The feed decides after each page which event or time to request next.
func TestFeed(t *testing.T) {
	cursorAt := func(event string) Cursor { return Cursor{event, "02.11.2026 10.0" + event[1:] + ".00"} }
	stored := Cursor{"e1", "02.11.2026 10.01.00"}
	for name, tt := range map[string]struct {
		start     Cursor
		answers   []answer
		requested []string // the event or the time of every request
		saved     []Cursor
		err       error
	}{
		"first reading by date": {
			Cursor{At: "01.11.2026 00.00.00"}, []answer{{page: pageOf(false, feedDocument("a", "e1", "e2"))}},
			[]string{"01.11.2026 00.00.00"}, []Cursor{cursorAt("e2")}, nil},
		"nothing new keeps the cursor": {
			stored, []answer{{page: pageOf(false)}}, []string{"e1"}, []Cursor{stored}, nil},
		"three pages": {
			stored, []answer{{page: pageOf(true, feedDocument("a", "e2"))}, {page: pageOf(true, feedDocument("b", "e3"))}, {page: pageOf(false, feedDocument("a", "e4"))}},
			[]string{"e1", "e2", "e3"}, []Cursor{cursorAt("e2"), cursorAt("e3"), cursorAt("e4")}, nil},
		"last event of the last document, although out of order": {
			stored, []answer{{page: pageOf(false, feedDocument("a", "e4"), feedDocument("b", "e2", "e3"))}},
			[]string{"e1"}, []Cursor{cursorAt("e3")}, nil},
		"last document without an event: the last event met": {
			stored, []answer{{page: pageOf(true, feedDocument("a", "e2"), feedDocument("b"))}, {page: pageOf(false)}},
			[]string{"e1", "e2"}, []Cursor{cursorAt("e2"), cursorAt("e2")}, nil},
		"the stored event is gone: by date, five minutes earlier": {
			stored, []answer{{err: errEventGone}, {page: pageOf(false, feedDocument("a", "e2"))}},
			[]string{"e1", "02.11.2026 09.56.00"}, []Cursor{cursorAt("e2")}, nil},
		"the stored event is gone and nothing follows: by date": {
			stored, []answer{{err: errEventGone}, {page: pageOf(false)}},
			[]string{"e1", "02.11.2026 09.56.00"}, []Cursor{{At: "02.11.2026 09.56.00"}}, nil},
		"an event that is gone on a later page is a failure": {
			stored, []answer{{page: pageOf(true, feedDocument("a", "e2"))}, {err: errEventGone}},
			[]string{"e1", "e2"}, []Cursor{cursorAt("e2")}, errEventGone},
		"an event that is gone without a known time is a failure": {
			Cursor{EventID: "e1"}, []answer{{err: errEventGone}}, []string{"e1"}, nil, errEventGone},
		"another error does not move the cursor": {
			stored, []answer{{err: &Error{Status: 502}}}, []string{"e1"}, nil, &Error{Status: 502}},
		"a page without events moves the date": {
			stored, []answer{{page: pageOf(true, feedDocument("a"))}, {page: pageOf(false, feedDocument("b", "e2"))}},
			[]string{"e1", "02.11.2026 10.01.01"}, []Cursor{{At: "02.11.2026 10.01.01"}, cursorAt("e2")}, nil},
		"pages without events end": {
			Cursor{At: "01.11.2026 00.00.00"},
			[]answer{{page: pageOf(true, feedDocument("a"))}, {page: pageOf(true, feedDocument("b"))}, {page: pageOf(true, feedDocument("c"))}},
			[]string{"01.11.2026 00.00.00", "01.11.2026 09.00.00", "01.11.2026 09.00.01"},
			[]Cursor{{At: "01.11.2026 09.00.00"}, {At: "01.11.2026 09.00.01"}, {At: "01.11.2026 09.00.02"}}, ErrFeedStalled},
		"a page repeated once is passed": {
			Cursor{"e2", ""}, []answer{{page: pageOf(true, feedDocument("a", "e2"))}, {page: pageOf(false, feedDocument("b", "e3"))}},
			[]string{"e2", "e2"}, []Cursor{cursorAt("e2"), cursorAt("e3")}, nil},
		"a page repeated for ever ends": {
			Cursor{"e2", ""}, []answer{{page: pageOf(true, feedDocument("a", "e2"))}, {page: pageOf(true, feedDocument("a", "e2"))}, {page: pageOf(true, feedDocument("a", "e2"))}},
			[]string{"e2", "e2", "e2"}, []Cursor{cursorAt("e2"), cursorAt("e2"), cursorAt("e2")}, ErrFeedStalled},
		"an empty page that promises more ends": {
			stored, []answer{{page: pageOf(true)}}, []string{"e1"}, []Cursor{stored}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			requested, saved, err := readFeed(t, tt.start, tt.answers)
			if !reflect.DeepEqual(requested, tt.requested) || !reflect.DeepEqual(saved, tt.saved) || !reflect.DeepEqual(err, tt.err) {
				t.Errorf("requested %q\nwant      %q\nsaved %q\nwant  %q\nerror %v, want %v", requested, tt.requested, saved, tt.saved, err, tt.err)
			}
		})
	}
}

// readFeed reads the feed with prepared answers and returns what was requested and which cursors were saved.
func readFeed(t *testing.T, start Cursor, answers []answer) (requested []string, saved []Cursor, err error) {
	feed, err := NewFeed(start)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		event, from := feed.Filter()
		requested = append(requested, event+from)
		if a.err != nil {
			if !feed.MayRetry(a.err) {
				return requested, saved, a.err
			}
			continue
		}
		cur, more, err := feed.Accept(a.page)
		saved = append(saved, cur)
		if !more {
			return requested, saved, err
		}
	}
	t.Fatalf("the feed requests more pages than the %d of the table", len(answers))
	return nil, nil, nil
}

func TestFeedNeedsAStart(t *testing.T) {
	if _, err := NewFeed(Cursor{}); !errors.Is(err, ErrNoStart) {
		t.Errorf("error %v, want ErrNoStart", err)
	}
}

// serveFeed starts a service with a list of changes, two documents per page, and returns a client and the number of calls; the events in gone
// are unknown.
func serveFeed(t *testing.T, total int, gone map[string]bool) (*Client, *int) {
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
		if err := json.Unmarshal(readBody(t, r), &in); err != nil {
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

// feedPage returns the page of the feed after an event.
func feedPage(after, total int) string {
	var docs []string
	for n := after + 1; n <= total && len(docs) < 2; n++ {
		docs = append(docs, fmt.Sprintf(`{"Идентификатор":"d%d","Состояние":{"Код":"3"},"Событие":[{"Идентификатор":"e%d","ДатаВремя":"02.11.2026 10.00.00"}]}`, n, n))
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","result":{"Документ":[%s],"Навигация":{"ЕстьЕще":"%s"}}}`,
		strings.Join(docs, ","), yesNo(after+2 < total))
}

// A poll reads all pages after the cursor, with one call per page.
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
		"without changes one call":         {Cursor{EventID: "e5", At: "02.11.2026 10.00.00"}, 5, nil, 1, 1, ""},
		"only the new ones":                {Cursor{EventID: "e4"}, 5, nil, 1, 1, "d5"},
		"a gone event costs one call more": {Cursor{EventID: "e2", At: "02.11.2026 10.00.00"}, 2, map[string]bool{"e2": true}, 1, 2, "d1 d2"},
	} {
		t.Run(name, func(t *testing.T) {
			c, calls := serveFeed(t, tt.total, tt.gone)
			var docs []string
			pages, err := c.Poll(t.Context(), sampleOurs, tt.start, func(_ context.Context, list []Document, _ Cursor) error {
				for _, d := range list {
					docs = append(docs, d.ID)
				}
				return nil
			})
			if got := strings.Join(docs, " "); err != nil || pages != tt.pages || *calls != tt.calls || got != tt.docs {
				t.Errorf("%d pages, %d calls, documents %q, %v; want %d, %d, %q and no error", pages, *calls, got, err, tt.pages, tt.calls, tt.docs)
			}
		})
	}
}

func TestPollStopsWhereApplyFails(t *testing.T) {
	c, calls := serveFeed(t, 6, nil)
	failure, applied := errors.New("no database"), 0
	pages, err := c.Poll(t.Context(), sampleOurs, Cursor{At: "01.11.2026 00.00.00"}, func(context.Context, []Document, Cursor) error {
		if applied++; applied == 2 {
			return failure
		}
		return nil
	})
	if !errors.Is(err, failure) || pages != 2 || *calls != 2 {
		t.Errorf("%d pages, %d calls, %v; want two of each and %q", pages, *calls, err, failure)
	}
}
