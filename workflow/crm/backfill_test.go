package crm

import (
	"testing"

	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

func TestAdvance(t *testing.T) {
	summaries := []store.DealSummary{{ID: 4}, {ID: 9}}
	first, wait := advance(queue.Backfill{Portal: 1, Pages: 1}, workflow.DealPage{Deals: summaries, Total: 120, More: true})
	if first.After != 9 || first.DealsRead != 2 || first.Total != 120 || first.Pages != 2 || first.Done || wait != 0 {
		t.Errorf("after the first page %+v, wait %s", first, wait)
	}
	next, _ := advance(first, workflow.DealPage{Deals: []store.DealSummary{{ID: 30}}, More: true})
	if next.After != 30 || next.DealsRead != 3 || next.Total != 120 {
		t.Errorf("after the second page %+v", next)
	}
	last, wait := advance(next, workflow.DealPage{})
	if !last.Done || last.After != 0 || last.Total != 3 || wait != backfillInterval {
		t.Errorf("at the end %+v, wait %s", last, wait)
	}
	if many, _ := advance(queue.Backfill{Pages: maxPages}, workflow.DealPage{More: true}); many.Pages != maxPages {
		t.Errorf("%d pages in a call", many.Pages)
	}
}
