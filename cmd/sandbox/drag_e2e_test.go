//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
)

// middle returns the centre of an element in the coordinates of the window.
func (s *stage) middle(t *testing.T, id string) (x, y float64) {
	t.Helper()
	at, err := chromedp.Run(s.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(`(() => {
		const place = document.querySelector('[data-testid=%q]').getBoundingClientRect();
		return [place.x + place.width / 2, place.y + Math.min(place.height / 2, 60)];
	})()`, id)))
	if err != nil {
		t.Fatal(err)
	}
	return at[0], at[1]
}

// drag drags a card of the kanban with the mouse and drops it on a column. A headless browser does not
// perform drag and drop itself: it hands the dragged data over, and drag dispatches the drag events.
func (s *stage) drag(t *testing.T, card, column string) {
	t.Helper()
	x, y := s.middle(t, card)
	toX, toY := s.middle(t, column)
	held := func(p *input.DispatchMouseEventParams) { p.Button, p.Buttons = input.MouseButtonLeft, 1 }
	if _, err := chromedp.Call(s.ctx, input.SetInterceptDrags, input.SetInterceptDragsParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	s.do(t, chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x, y, held, chromedp.ClickCount(1)),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x+9, y+9, held),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x+18, y+18, held),
		chromedp.WaitReady(".cardlet.dragged"))
	for _, kind := range []input.DispatchDragEventType{
		input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop,
	} {
		at := input.DispatchDragEventParams{Type: kind, X: toX, Y: toY, Data: &input.DragData{Items: []*input.DragDataItem{}, DragOperationsMask: 16}}
		if _, err := chromedp.Call(s.ctx, input.DispatchDragEvent, at); err != nil {
			t.Fatal(err)
		}
	}
	s.do(t, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, toX, toY, held, chromedp.ClickCount(1)))
}

func TestCardsAreDragged(t *testing.T) {
	s := newStage(t)
	made, err := s.portal.Call(s.portal.Admin(), "crm.type.add", bitrix24test.Fields{"fields": bitrix24test.Fields{"title": "Акты", "isStagesEnabled": "Y"}})
	if err != nil || made.Failed() {
		t.Fatal(made.Body, err)
	}
	acts := s.portal.Types()[0].EntityTypeID
	act, err := s.portal.Create(2, acts, bitrix24test.Fields{"title": "Акт № 1"})
	if err != nil {
		t.Fatal(err)
	}
	stages := s.portal.Stages(acts, s.portal.Categories(acts)[0].ID)
	ours := s.portal.Stages(bitrix24test.Deal, idOf(s.portal.Item(bitrix24test.Deal, 1), "categoryId"))
	for _, tt := range []struct {
		path  string
		kind  int
		id    int64
		stage string
	}{
		{"/crm/deal/kanban/", bitrix24test.Deal, 1, ours[2].StatusID},
		{fmt.Sprintf("/crm/type/%d/kanban/", acts), acts, act, stages[1].StatusID},
	} {
		card := fmt.Sprintf("card-%d", tt.id)
		s.do(t, chromedp.Navigate(s.portal.URL()+tt.path), chromedp.WaitVisible(testid(card)))
		s.drag(t, card, "column-"+tt.stage)
		awaitTrue(t, "the move of "+tt.path, func() bool { return s.portal.Item(tt.kind, tt.id)["stageId"] == tt.stage })
		s.do(t, chromedp.WaitVisible(fmt.Sprintf(`[data-testid="column-%s"] [data-testid=%q]`, tt.stage, card)))
		if got := s.portal.Item(tt.kind, tt.id); got["movedBy"] != 2.0 {
			t.Errorf("%s: the card stands on %v, moved by %v", tt.path, got["stageId"], got["movedBy"])
		}
	}
}
