package sbistest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

func TestFeedOverManyPages(t *testing.T) {
	b := newBench(t)
	for range 450 {
		b.put(customer)
	}
	events, cur, err := b.poll(beginning)
	if err != nil || len(events) != 450 || b.Trace().Count("СБИС.СписокИзменений") != 3 {
		t.Fatalf("%d events in %d calls, %v", len(events), b.Trace().Count("СБИС.СписокИзменений"), err)
	}
	if events, _, err := b.poll(cur); err != nil || len(events) != 0 {
		t.Errorf("%d events again, %v", len(events), err)
	}
	if n := b.Trace().Count("СБИС.СписокИзменений"); n != 4 {
		t.Errorf("a quiet poll costs %d calls, want 1", n-3)
	}
}

func TestFeedLosesNothing(t *testing.T) {
	for name, fault := range map[string]sbistest.Fault{
		"pages repeated":         {Kind: sbistest.RepeatPage, Probability: .3},
		"documents out of order": {Kind: sbistest.Shuffle, Probability: .5},
		"the service is busy":    {Kind: sbistest.Busy, Probability: .3},
		"cut answers":            {Kind: sbistest.Cut, Probability: .3},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.SeedFaults(7)
			fault.Method = "СБИС.СписокИзменений"
			if err := b.Fault(fault); err != nil {
				t.Fatal(err)
			}
			seen, cur := map[string]bool{}, beginning
			for n := range 60 {
				b.do(b.put(customer), sbistest.SignByUs)
				if n%7 > 0 {
					continue
				}
				events, next, _ := b.poll(cur) // a failure keeps the cursor
				note(seen, events)
				cur = next
			}
			b.ClearFaults()
			events, _, err := b.poll(cur)
			note(seen, events)
			if want := 60 * 4; err != nil || len(seen) != want {
				t.Errorf("%d different events seen, want %d, %v", len(seen), want, err)
			}
		})
	}
}

func note(seen map[string]bool, events []string) {
	for _, e := range events {
		seen[e] = true
	}
}

func TestPurgedEvent(t *testing.T) {
	b := newBench(t)
	first := b.put(customer)
	b.clock.Advance(time.Minute)
	gone := b.put(customer)
	_, cur, err := b.poll(beginning)
	if err != nil {
		t.Fatal(err)
	}
	b.do(gone, sbistest.Purge)
	b.do(first, sbistest.SignByUs)
	events, next, err := b.poll(cur)
	if err != nil || !slices.Contains(events, "1 Извещение о получении") || next.EventID == "" {
		t.Errorf("events %v, cursor %+v, %v", events, next, err)
	}
	if _, err := b.client.ReadDocument(t.Context(), gone); !sbis.IsNotFound(err) {
		t.Errorf("the purged document: %v", err)
	}
}

func TestFeedFilters(t *testing.T) {
	b := newBench(t)
	b.put(customer)
	for name, tt := range map[string]struct {
		filter sbis.ChangesFilter
		ok     bool
	}{
		"a date without a time": {sbis.ChangesFilter{From: "01.11.2026"}, false},
		"colons are accepted":   {sbis.ChangesFilter{From: "01.11.2026 00:00:00"}, true},
		"no start":              {sbis.ChangesFilter{}, false},
		"unknown event":         {sbis.ChangesFilter{EventID: "00000000-0000-0000-0000-000000000000"}, false},
		"another type":          {sbis.ChangesFilter{From: beginning.At, Type: "СчетИсх"}, false},
		"until before":          {sbis.ChangesFilter{From: beginning.At, To: "01.11.2026 12.00.00"}, true},
	} {
		tt.filter.Organization = side(own)
		page, err := b.client.Changes(t.Context(), tt.filter)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
		if tt.filter.To != "" && err == nil && len(page.Documents) != 0 {
			t.Errorf("%s: %d documents", name, len(page.Documents))
		}
	}
}

func TestEventsKeepTheStateTheyLedTo(t *testing.T) {
	b := newBench(t)
	b.do(b.put(customer), sbistest.SignByUs, sbistest.Reject)
	page, err := b.client.Changes(t.Context(), sbis.ChangesFilter{Organization: side(own), From: beginning.At})
	if err != nil {
		t.Fatal(err)
	}
	var states []int
	for _, d := range page.Documents {
		states = append(states, d.State.Code)
	}
	if want := []int{0, 3, 3, 4, 9}; fmt.Sprint(states) != fmt.Sprint(want) {
		t.Errorf("states %v, want %v", states, want)
	}
}

func TestLinksMayBeEmptyForAWhile(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	if err := b.Fault(sbistest.Fault{Kind: sbistest.NoLinks, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if link := b.read(id).Attachments[0].File.Link; link != "" {
		t.Errorf("link %q", link)
	}
	if link := b.read(id).Attachments[0].File.Link; link == "" {
		t.Error("no link the second time")
	}
}
