package crm

import (
	"context"
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

// Deleted objects are missing in the results, and long lists are read to their end.
func TestReadsOfManyObjects(t *testing.T) {
	s := newStored(t)
	var deals []acts.DealID
	for range 120 {
		deals = append(deals, acts.DealID(s.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})))
	}
	s.SetRows(0, bitrix24test.Deal, int64(deals[1]), []bitrix24test.Row{{Name: "Работа", Price: 100}})
	if err := s.Delete(s.Admin(), bitrix24test.Deal, int64(deals[2])); err != nil {
		t.Fatal(err)
	}
	cards, err := s.Deals(t.Context(), s.portal, deals[:12])
	if err != nil || len(cards) != 11 || cards[1].ID != deals[1] || len(cards[1].Rows) != 1 || cards[2].ID != deals[3] {
		t.Errorf("%d cards, %v", len(cards), err)
	}
	summaries, rows, err := s.DealSummaries(t.Context(), s.portal, deals, deals[1:3])
	if err != nil || len(summaries) != 119 || len(rows) != 1 || len(rows[deals[1]]) != 1 {
		t.Errorf("%d summaries, rows %v, %v", len(summaries), rows, err)
	}
	read, after := 0, acts.DealID(0)
	for more := true; more; {
		page, err := s.NextDeals(t.Context(), s.portal, after, 119-read, 10)
		if err != nil || after == 0 && page.Total != 119 || len(page.Deals) == 0 {
			t.Fatalf("a page after %d: %+v, %v", after, page, err)
		}
		read, after, more = read+len(page.Deals), page.Deals[len(page.Deals)-1].ID, page.More
	}
	if read != 119 {
		t.Errorf("the backfill read %d deals", read)
	}
}

func TestChangesOfTheCRM(t *testing.T) {
	s := newStored(t)
	since := s.Now().Add(-time.Hour)
	for range 70 {
		s.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	}
	item := s.AddItem(int(s.portal.EntityTypeID), fields{"title": "Акт", "xmlId": "acts24-7"})
	deals, items := map[acts.DealID]bool{}, map[acts.ItemID]acts.ActID{}
	err := s.Changes(t.Context(), s.portal, since, since, func(_ context.Context, c workflow.Changes) error {
		for _, d := range c.Deals {
			deals[d.ID] = true
		}
		for _, i := range c.Items {
			items[i.ID] = i.Origin
		}
		return nil
	})
	if err != nil || len(deals) != 70 || len(items) != 1 || items[acts.ItemID(item)] != 7 {
		t.Errorf("%d deals, items %v, %v", len(deals), items, err)
	}
}

func TestEndedTasks(t *testing.T) {
	s := newStored(t)
	open, done, gone := s.AddTask(1, fields{"title": "A"}), s.AddTask(1, fields{"title": "B"}), int64(999)
	s.CompleteTask(1, done, true)
	ended, err := s.EndedTasks(t.Context(), s.portal, []int64{open, done, gone})
	if err != nil || len(ended) != 2 || ended[0] == open || ended[1] == open {
		t.Errorf("ended %v, %v", ended, err)
	}
}

// A group of the name is not created twice.
func TestWorkGroup(t *testing.T) {
	s := newStored(t)
	access := s.Issue(s.Admin()).Access
	id, err := s.CreateWorkGroup(t.Context(), s.portal, access, "Работа с актами")
	if err != nil || id == 0 {
		t.Fatal(id, err)
	}
	if _, err := s.CreateWorkGroup(t.Context(), s.portal, access, "Работа с актами"); !errors.Is(err, acts.Conflict) || len(s.Groups()) != 1 {
		t.Errorf("again: %v, %d groups", err, len(s.Groups()))
	}
	s.fault(bitrix24test.Fault{Kind: bitrix24test.Reset, Method: "sonet_group.create", Count: 1})
	if _, err := s.CreateWorkGroup(t.Context(), s.portal, access, "Другая"); !errors.Is(err, acts.Unavailable) {
		t.Errorf("a lost answer: %v", err)
	}
}
