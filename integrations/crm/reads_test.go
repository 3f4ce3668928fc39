package crm

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

// Deleted objects are missing in the results, and long lists are read to their end.
func TestReadsOfManyObjects(t *testing.T) {
	s := newStoredPortal(t)
	var deals []acts.DealID
	for range 120 {
		deals = append(deals, acts.DealID(s.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})))
	}
	s.SetRows(0, bitrix24test.Deal, int64(deals[1]), []bitrix24test.Row{{Name: "Работа", Price: 100}})
	if err := s.Delete(s.Admin(), bitrix24test.Deal, int64(deals[2])); err != nil {
		t.Fatal(err)
	}
	cards, err := s.Deals(t.Context(), s.record, deals[:12])
	if err != nil || len(cards) != 11 || cards[1].ID != deals[1] || len(cards[1].Rows) != 1 || cards[2].ID != deals[3] {
		t.Errorf("%d cards, %v; want 11, the second with its row, without the deleted one", len(cards), err)
	}
	summaries, rows, err := s.DealSummaries(t.Context(), s.record, deals, deals[1:3])
	if err != nil || len(summaries) != 119 || len(rows) != 1 || len(rows[deals[1]]) != 1 {
		t.Errorf("%d summaries, rows %v, %v; want 119 and the row of deal %d", len(summaries), rows, err, deals[1])
	}
	read, after := 0, acts.DealID(0)
	for more := true; more; {
		page, err := s.NextDeals(t.Context(), s.record, after, 119-read, 10)
		if err != nil || after == 0 && page.Total != 119 || len(page.Deals) == 0 {
			t.Fatalf("the page after deal %d is %+v, %v; want deals, and a total of 119 on the first", after, page, err)
		}
		read, after, more = read+len(page.Deals), page.Deals[len(page.Deals)-1].ID, page.More
	}
	if read != 119 {
		t.Errorf("the pages have %d deals, want 119", read)
	}
}

// Changed deals are read to the end of their list, items with the act that they belong to.
func TestChangesOfTheCRM(t *testing.T) {
	s := newStoredPortal(t)
	since := s.Now().Add(-time.Hour)
	for range 70 {
		s.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	}
	item := s.AddItem(int(s.record.EntityTypeID), fields{"title": "Акт", "xmlId": "acts24-7"})
	deals, items := map[acts.DealID]bool{}, map[acts.ItemID]acts.ActID{}
	err := s.Changes(t.Context(), s.record, since, since, func(_ context.Context, c workflow.Changes) error {
		for _, d := range c.Deals {
			deals[d.ID] = true
		}
		for _, i := range c.Items {
			items[i.ID] = i.Origin
		}
		return nil
	})
	if err != nil || len(deals) != 70 || len(items) != 1 || items[acts.ItemID(item)] != 7 {
		t.Errorf("%d deals, items %v, %v; want 70 and item %d of act 7", len(deals), items, err, item)
	}
}

// Completed and deleted tasks have ended.
func TestEndedTasks(t *testing.T) {
	s := newStoredPortal(t)
	open, done, deleted := s.AddTask(1, fields{"title": "A"}), s.AddTask(1, fields{"title": "B"}), int64(999)
	s.CompleteTask(1, done, true)
	ended, err := s.EndedTasks(t.Context(), s.record, []int64{open, done, deleted})
	if err != nil || len(ended) != 2 || !slices.Contains(ended, done) || !slices.Contains(ended, deleted) {
		t.Errorf("ended %v, %v; want %d and %d", ended, err, done, deleted)
	}
}

// A group of the same name is not created twice.
func TestWorkGroupIsCreatedOnce(t *testing.T) {
	s := newStoredPortal(t)
	access := s.Issue(s.Admin()).Access
	id, err := s.CreateWorkGroup(t.Context(), s.record, access, "Работа с актами")
	if err != nil || id == 0 {
		t.Fatalf("group %d, %v; want an id", id, err)
	}
	if _, err := s.CreateWorkGroup(t.Context(), s.record, access, "Работа с актами"); !errors.Is(err, acts.Conflict) || len(s.Groups()) != 1 {
		t.Errorf("the second creation: %v, %d groups; want Conflict and one group", err, len(s.Groups()))
	}
	s.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultReset, Method: "sonet_group.create", Count: 1})
	if _, err := s.CreateWorkGroup(t.Context(), s.record, access, "Другая"); !errors.Is(err, acts.Unavailable) {
		t.Errorf("a lost answer: %v, want Unavailable", err)
	}
}
