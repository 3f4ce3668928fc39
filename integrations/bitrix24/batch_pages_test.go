package bitrix24

import (
	"context"
	"errors"
	"net/http"
	"testing"
)

func TestPagesByNext(t *testing.T) {
	page := func(next string) http.HandlerFunc {
		return respond(200, `{"result":{"productRows":[{"id":1},{"id":2}]}`+next+`}`)
	}
	p := newStubPortal(t, page(`,"next":50`), page(`,"next":"100"`), page(``))
	rows, err := p.client(t).ProductRows(context.Background(), DealType, 5)
	if err != nil || len(rows) != 6 || p.received()[0].Body["start"] != nil || p.received()[2].Body["start"] != 100.0 {
		t.Errorf("%d rows, %v, %v", len(rows), err, p.received())
	}
	p = newStubPortal(t, page(`,"next":50`))
	if _, err := p.client(t).ProductRows(context.Background(), DealType, 5); !errors.Is(err, ErrStuckCursor) || len(p.received()) != 2 {
		t.Errorf("%d calls, %v; want a stuck cursor", len(p.received()), err)
	}
	p = newStubPortal(t, respond(200, `{"result":[{"ID":"1"}],"next":50}`), respond(200, `{"result":[{"ID":"2"}]}`))
	if list, err := p.client(t).Departments(context.Background()); err != nil || len(list) != 2 || p.received()[1].Body["START"] != 50.0 {
		t.Errorf("departments %v, %v, %v", list, err, p.received()[1].Body)
	}
}
