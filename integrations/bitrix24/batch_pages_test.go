package bitrix24

import (
	"context"
	"errors"
	"net/http"
	"testing"
)

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
