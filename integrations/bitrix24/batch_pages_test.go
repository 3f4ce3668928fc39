package bitrix24

import (
	"context"
	"errors"
	"fmt"
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

func TestItemsOf(t *testing.T) {
	var ids []ID
	for id := range ID(120) {
		ids = append(ids, 120-id, 120-id) // each twice, in the reverse order
	}
	p := newStubPortal(t, respondResult(`{"items":[{"id":1}]}`))
	items, err := ItemsOf[Item](context.Background(), p.client(t), ItemQuery{Type: 1030, Select: []string{"title"}}, ids)
	if err != nil || len(items) != 3 || len(p.received()) != 3 {
		t.Fatalf("%d items in %d calls, %v; want 3 in 3", len(items), len(p.received()), err)
	}
	last := p.received()[2].Body
	got := fmt.Sprint(last["filter"], last["start"], last["select"])
	if want := "map[>id:0 @id:[101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120]] -1 [title id updatedTime]"; got != want {
		t.Errorf("the last call reads %s\nwant %s", got, want)
	}
}

func TestTasksOf(t *testing.T) {
	p := newStubPortal(t, respondResult(`{"tasks":[{"id":"9","status":"5","closedBy":"2"}]}`))
	tasks, err := p.client(t).TasksOf(context.Background(), []ID{9, 8})
	if err != nil || len(tasks) != 1 || !tasks[0].Done() || tasks[0].ClosedBy != 2 || fmt.Sprint(p.received()[0].Body["filter"]) != "map[ID:[8 9]]" {
		t.Errorf("tasks %+v, %v from %+v; want the closed task 9 by the ids", tasks, err, p.received())
	}
}

func TestUsersOf(t *testing.T) {
	p := newStubPortal(t, respondResult(`[{"ID":"9","ACTIVE":false}]`))
	users, err := p.client(t).UsersOf(context.Background(), []ID{9, 8})
	if err != nil || len(users) != 1 || bool(users[0].Active) || fmt.Sprint(p.received()[0].Body["FILTER"]) != "map[@ID:[8 9]]" {
		t.Errorf("users %+v, %v from %+v; want the dismissed user 9 by the ids", users, err, p.received())
	}
}
