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
	if err != nil || len(rows) != 6 || len(p.received()) != 3 {
		t.Fatalf("%d rows in %d calls, %v; want 6 in 3", len(rows), len(p.received()), err)
	}
	for i, want := range []any{nil, 50.0, 100.0} {
		if got := p.received()[i].Body["start"]; got != want {
			t.Errorf("page %d starts at %v, want %v", i, got, want)
		}
	}
	p = newStubPortal(t, page(`,"next":50`))
	if _, err := p.client(t).ProductRows(context.Background(), DealType, 5); !errors.Is(err, ErrStuckCursor) || len(p.received()) != 2 {
		t.Errorf("%d calls, %v; want a stuck cursor after 2", len(p.received()), err)
	}
}

// department.get takes the offset as START, in capitals.
func TestPagesOfDepartments(t *testing.T) {
	p := newStubPortal(t, respond(200, `{"result":[{"ID":"1"}],"next":50}`), respond(200, `{"result":[{"ID":"2"}]}`))
	list, err := p.client(t).Departments(context.Background())
	if err != nil || len(list) != 2 || len(p.received()) != 2 {
		t.Fatalf("departments %v in %d calls, %v; want 2 in 2", list, len(p.received()), err)
	}
	if got := p.received()[1].Body["START"]; got != 50.0 {
		t.Errorf("the second page starts at %v, want 50", got)
	}
}
