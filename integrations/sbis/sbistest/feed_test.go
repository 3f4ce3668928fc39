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
	service := newTestService(t)
	for range 450 {
		service.putDraft(customer)
	}
	events, cur, err := service.poll(beginning)
	if err != nil || len(events) != 450 || service.Trace().Count("СБИС.СписокИзменений") != 3 {
		t.Fatalf("%d events in %d calls, %v; want 450 in 3", len(events), service.Trace().Count("СБИС.СписокИзменений"), err)
	}
	if events, _, err := service.poll(cur); err != nil || len(events) != 0 {
		t.Errorf("%d events in the next poll, %v; want none", len(events), err)
	}
	if n := service.Trace().Count("СБИС.СписокИзменений"); n != 4 {
		t.Errorf("a poll without changes takes %d calls, want 1", n-3)
	}
}

// A client that saves its cursor after each page gets every event, whatever faults the feed has.
func TestFeedLosesNothing(t *testing.T) {
	for name, fault := range map[string]sbistest.Fault{
		"pages repeated":         {Kind: sbistest.FaultRepeatPage, Probability: .3},
		"documents out of order": {Kind: sbistest.FaultShuffle, Probability: .5},
		"the service is busy":    {Kind: sbistest.FaultBusy, Probability: .3},
		"cut answers":            {Kind: sbistest.FaultCut, Probability: .3},
	} {
		t.Run(name, func(t *testing.T) {
			service := newTestService(t)
			service.SeedFaults(7)
			fault.Method = "СБИС.СписокИзменений"
			if err := service.Fault(fault); err != nil {
				t.Fatal(err)
			}
			seen, cur := map[string]bool{}, beginning
			for n := range 60 {
				service.makeMoves(service.putDraft(customer), sbistest.MoveSignByUs)
				if n%7 > 0 {
					continue
				}
				events, next, _ := service.poll(cur) // a failure keeps the cursor
				addAll(seen, events)
				cur = next
			}
			service.ClearFaults()
			events, _, err := service.poll(cur)
			addAll(seen, events)
			if want := 60 * 4; err != nil || len(seen) != want {
				t.Errorf("%d different events seen, %v; want %d and no error", len(seen), err, want)
			}
		})
	}
}

// addAll adds events to those that were seen.
func addAll(seen map[string]bool, events []string) {
	for _, e := range events {
		seen[e] = true
	}
}

// When the event of the cursor is gone with its document, the poll continues by date.
func TestPurgedEvent(t *testing.T) {
	service := newTestService(t)
	first := service.putDraft(customer)
	service.clock.Advance(time.Minute)
	purged := service.putDraft(customer)
	_, cur, err := service.poll(beginning)
	if err != nil {
		t.Fatal(err)
	}
	service.makeMoves(purged, sbistest.MovePurge)
	service.makeMoves(first, sbistest.MoveSignByUs)
	events, next, err := service.poll(cur)
	if err != nil || !slices.Contains(events, "1 Извещение о получении") || next.EventID == "" {
		t.Errorf("events %v, cursor %+v, %v; want «1 Извещение о получении» and a cursor with an event", events, next, err)
	}
	if _, err := service.client.ReadDocument(t.Context(), purged); !sbis.IsNotFound(err) {
		t.Errorf("reading the purged document: %v, want that it is not found", err)
	}
}

func TestFeedFilters(t *testing.T) {
	service := newTestService(t)
	service.putDraft(customer)
	for name, tt := range map[string]struct {
		filter sbis.ChangesFilter
		ok     bool
	}{
		"a date without a time":         {sbis.ChangesFilter{From: "01.11.2026"}, false},
		"colons are accepted":           {sbis.ChangesFilter{From: "01.11.2026 00:00:00"}, true},
		"no start":                      {sbis.ChangesFilter{}, false},
		"unknown event":                 {sbis.ChangesFilter{EventID: "00000000-0000-0000-0000-000000000000"}, false},
		"another type":                  {sbis.ChangesFilter{From: beginning.At, Type: "СчетИсх"}, false},
		"an end before the first event": {sbis.ChangesFilter{From: beginning.At, To: "01.11.2026 12.00.00"}, true},
	} {
		tt.filter.Organization = clientParty(own)
		page, err := service.client.Changes(t.Context(), tt.filter)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v, want accepted %t", name, err, tt.ok)
		}
		if tt.filter.To != "" && err == nil && len(page.Documents) != 0 {
			t.Errorf("%s: %d documents, want none", name, len(page.Documents))
		}
	}
}

// The feed has the document once per event, with the state after the event.
func TestFeedHasTheStateAfterEachEvent(t *testing.T) {
	service := newTestService(t)
	service.makeMoves(service.putDraft(customer), sbistest.MoveSignByUs, sbistest.MoveReject)
	page, err := service.client.Changes(t.Context(), sbis.ChangesFilter{Organization: clientParty(own), From: beginning.At})
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
	service := newTestService(t)
	id := service.putDraft(customer)
	if err := service.Fault(sbistest.Fault{Kind: sbistest.FaultNoLinks, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if link := service.read(id).Attachments[0].File.Link; link != "" {
		t.Errorf("the first reading has the link %q, want none", link)
	}
	if link := service.read(id).Attachments[0].File.Link; link == "" {
		t.Error("the second reading has no link, want one")
	}
}
