package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func tabCommands() []Command {
	return []Command{
		GetProfile().As("me"),
		GetItem(DealType, 13142).As("deal"),
		ListProductRows(DealType, 13142).As("rows"),
		GetItem(CompanyType, 0).With(Ref("deal", "item", "companyId"), "id").As("company"),
	}
}

func TestBatchOfTheDealTab(t *testing.T) {
	p := newStubPortal(t, ok(`{
		"result":{"me":{"ID":"1","ADMIN":true},"deal":{"item":{"id":13142,"companyId":5,"opportunity":"100.10"}},
			"rows":{"productRows":[{"id":1,"price":90909.09,"taxRate":null}]},"company":{"item":{"id":5,"title":"Ромашка"}}},
		"result_error":[],"result_total":{"rows":1},"result_next":[],
		"result_time":{"me":{"operating":0.1,"operating_reset_at":100},"deal":{"operating":2.5,"operating_reset_at":200,"duration":0.25},
			"company":{"operating":3,"operating_reset_at":200,"duration":0.5}}}`))
	l := &ledger{}
	res, err := p.client(t, l).Batch(context.Background(), tabCommands(), false)
	if err != nil {
		t.Fatal(err)
	}
	var me Profile
	var deal ItemResult[Deal]
	var rows ProductRowsResult
	var company ItemResult[Company]
	err = errors.Join(res.Get("me", &me), res.Get("deal", &deal), res.Get("rows", &rows), res.Get("company", &company))
	if err != nil || !me.Admin || deal.Item.Opportunity.String() != "100.1" || len(rows.ProductRows) != 1 || company.Item.Title != "Ромашка" {
		t.Errorf("%v %+v %+v %+v %+v", err, me, deal.Item, rows, company.Item)
	}
	if res.Total("rows") != 1 {
		t.Errorf("total %d", res.Total("rows"))
	}
	checkTabRequest(t, p.received()[0])
	want := []Usage{{Method: "crm.item.get", Operating: 3, ResetAt: 200, Commands: 2, Spent: 0.75}, {Method: "profile", Operating: 0.1, ResetAt: 100, Commands: 1}}
	if !slices.Equal(l.usage, want) || l.taken[0] != "profile crm.item.get crm.item.productrow.list crm.item.get" {
		t.Errorf("taken %v, reported %+v", l.taken, l.usage)
	}
}

func checkTabRequest(t *testing.T, a receivedCall) {
	t.Helper()
	cmd, _ := a.Body["cmd"].(map[string]any)
	for key, want := range map[string]string{
		"me":      "profile",
		"deal":    "crm.item.get?entityTypeId=2&id=13142",
		"rows":    "crm.item.productrow.list?filter[%3DownerId]=13142&filter[%3DownerType]=D&order[id]=ASC",
		"company": "crm.item.get?entityTypeId=4&id=$result[deal][item][companyId]",
	} {
		if cmd[key] != want {
			t.Errorf("command %s is %v, want %s", key, cmd[key], want)
		}
	}
	if a.Path != "/rest/batch.json" || a.Body["halt"] != 0.0 || a.Body["auth"] != "user-token" {
		t.Errorf("asked %s: %v", a.Path, a.Body)
	}
	order := []string{`"me"`, `"deal"`, `"rows"`, `"company"`}
	if !slices.IsSortedFunc(order, func(x, y string) int { return strings.Index(a.Raw, x) - strings.Index(a.Raw, y) }) {
		t.Errorf("the order of commands is lost: %s", a.Raw)
	}
}

func TestBatchErrorsOfCommands(t *testing.T) {
	p := newStubPortal(t, ok(`{"result":{"a":true,"d":{"item":{"id":1}},"e":[]},
		"result_error":{"b":{"error":"ACCESS_DENIED","error_description":"Нет прав user-token"},"c":{"error":"ERROR_CORE"},
			"g":{"error":"OPERATION_TIME_LIMIT"}},
		"result_total":[],"result_next":{"e":50},"result_time":[]}`))
	var commands []Command
	for _, key := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		commands = append(commands, Command{Key: key, Method: "method." + key})
	}
	l := &ledger{}
	res, err := p.client(t, l).Batch(context.Background(), commands, false)
	if err != nil {
		t.Fatal(err)
	}
	for key, tt := range map[string]struct{ failed, safe bool }{
		"a": {false, false}, "b": {true, true}, "c": {true, false}, "d": {false, false}, "f": {true, false}, "g": {true, true},
	} {
		if err := res.Err(key); (err != nil) != tt.failed || NotExecuted(err) != tt.safe {
			t.Errorf("command %s: %v, not executed %v", key, err, NotExecuted(err))
		}
	}
	if e := asError(t, res.Err("b")); e.Method != "method.b" || !IsAccessDenied(e) || strings.Contains(e.Text, "user-token") {
		t.Errorf("error of b: %+v", e)
	}
	if next, more := res.Next("e"); next != 50 || !more {
		t.Errorf("next of e: %d, %v", next, more)
	}
	if err := res.Get("d", &struct{ Item int }{}); !errors.Is(err, ErrUnreadable) || NotExecuted(err) {
		t.Errorf("a foreign shape: %v", err)
	}
	if res.Err("zz") == nil {
		t.Error("an unknown key has no error")
	}
	if !slices.Equal(l.usage, []Usage{{Method: "method.g", Limited: true}}) {
		t.Errorf("reported %+v", l.usage)
	}
}

func TestBatchHalts(t *testing.T) {
	p := newStubPortal(t, ok(`{"result":{"a":1},"result_error":{"b":{"error":"100"}},"result_total":[],"result_next":[],"result_time":[]}`))
	commands := []Command{{Key: "a", Method: "m"}, {Key: "b", Method: "m"}, {Key: "c", Method: "m"}}
	res, err := p.client(t).Batch(context.Background(), commands, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Err("c"); !errors.Is(err, ErrSkipped) || !NotExecuted(err) {
		t.Errorf("the command after the failure: %v", err)
	}
	if p.received()[0].Body["halt"] != 1.0 {
		t.Errorf("halt is %v", p.received()[0].Body["halt"])
	}
}

// The portal replaces a reference to a missing value by a whole object, so the result of such a command must not be used.
func TestHollowReferences(t *testing.T) {
	for name, source := range map[string]string{
		"the source failed": `"x":1`,
		"no company":        `"deal":{"item":{"id":1,"companyId":null}}`,
		"no such field":     `"deal":{"item":{"id":1}}`,
		"an object":         `"deal":{"item":{"companyId":{"id":1}}}`,
		"an empty list":     `"deal":{"item":[]}`,
		"a scalar":          `"deal":true`,
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, ok(`{"result":{`+source+`,"company":{"item":{"id":9}}},"result_error":[]}`))
			res, err := p.client(t).Batch(context.Background(), []Command{tabCommands()[1], tabCommands()[3]}, false)
			if err != nil {
				t.Fatal(err)
			}
			if err := res.Err("company"); !errors.Is(err, ErrReference) || NotExecuted(err) {
				t.Errorf("company: %v", err)
			}
		})
	}
}

func TestBatchRefusesBeforeSending(t *testing.T) {
	p := newStubPortal(t, ok(`[]`))
	many := make([]Command, MaxBatch+1)
	for i := range many {
		many[i] = Command{Key: fmt.Sprintf("k%d", i), Method: "m"}
	}
	for name, tt := range map[string]struct {
		commands []Command
		cause    error
	}{
		"none":               {nil, errBatchSize},
		"51":                 {many, errBatchSize},
		"no key":             {[]Command{{Method: "m"}}, errBatchKey},
		"a key of digits":    {[]Command{{Key: "0", Method: "m"}}, errBatchKey},
		"a key twice":        {[]Command{{Key: "a", Method: "m"}, {Key: "a", Method: "m"}}, errBatchKey},
		"a batch in a batch": {[]Command{{Key: "a", Method: "batch"}}, errMethodName},
		"a query as method":  {[]Command{{Key: "a", Method: "m?auth=x"}}, errMethodName},
		"an odd parameter":   {[]Command{{Key: "a", Method: "m", Params: Params{"[": 1}}}, errParameter},
		"a later command":    {[]Command{{Key: "a", Method: "m", Params: Params{"x": Ref("b")}}, {Key: "b", Method: "m"}}, errBatchRef},
		"itself":             {[]Command{{Key: "a", Method: "m", Params: Params{"x": Ref("a")}}}, errBatchRef},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.client(t).Batch(context.Background(), tt.commands, false)
			if !errors.Is(err, tt.cause) || !NotExecuted(err) {
				t.Errorf("error %v; want %v", err, tt.cause)
			}
		})
	}
	if len(p.received()) != 0 {
		t.Errorf("%d requests left", len(p.received()))
	}
}

func TestWholeBatchFails(t *testing.T) {
	commands := []Command{{Key: "a", Method: "m"}}
	source := &renewing{}
	p := newStubPortal(t, respond(401, expiredBody), ok(`{"result":{"a":1},"result_error":[]}`))
	res, err := p.client(t, source).Batch(context.Background(), commands, false)
	if err != nil || res.Err("a") != nil || source.renewed != 1 || len(p.received()) != 2 {
		t.Errorf("renewed %d, asked %d, %v", source.renewed, len(p.received()), err)
	}
	for body, cause := range map[string]error{`"text"`: ErrUnreadable, `{"result":5}`: ErrUnreadable, `{"result_error":"x"}`: ErrUnreadable} {
		_, err := newStubPortal(t, ok(body)).client(t).Batch(context.Background(), commands, false)
		if !errors.Is(err, cause) || NotExecuted(err) {
			t.Errorf("body %s: %v", body, err)
		}
	}
	res, err = newStubPortal(t, ok(`[]`)).client(t).Batch(context.Background(), commands, false)
	if err != nil || res.Err("a") == nil || NotExecuted(res.Err("a")) {
		t.Errorf("a batch that answers nothing: %v", err)
	}
}
