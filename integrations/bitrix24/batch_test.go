package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// dealTabCommands are the commands with which the tab of a deal reads the user, the deal, its rows and its company.
func dealTabCommands() []Command {
	return []Command{
		GetProfile().As("me"),
		GetItem(DealType, 13142).As("deal"),
		ListProductRows(DealType, 13142).As("rows"),
		GetItem(CompanyType, 0).With(Ref("deal", "item", "companyId"), "id").As("company"),
	}
}

func TestBatchOfTheDealTab(t *testing.T) {
	p := newStubPortal(t, respondResult(`{
		"result":{"me":{"ID":"1","ADMIN":true},"deal":{"item":{"id":13142,"companyId":5,"opportunity":"100.10"}},
			"rows":{"productRows":[{"id":1,"price":90909.09,"taxRate":null}]},"company":{"item":{"id":5,"title":"Ромашка"}}},
		"result_error":[],"result_total":{"rows":1},"result_next":[],
		"result_time":{"me":{"operating":0.1,"operating_reset_at":100},"deal":{"operating":2.5,"operating_reset_at":200,"duration":0.25},
			"company":{"operating":3,"operating_reset_at":200,"duration":0.5}}}`))
	budget := &recordingBudget{}
	res, err := p.client(t, withBudget(budget)).Batch(context.Background(), dealTabCommands(), false)
	if err != nil {
		t.Fatal(err)
	}
	var me Profile
	var deal ItemResult[Deal]
	var rows ProductRowsResult
	var company ItemResult[Company]
	err = errors.Join(res.Get("me", &me), res.Get("deal", &deal), res.Get("rows", &rows), res.Get("company", &company))
	if err != nil || !me.Admin || deal.Item.Opportunity.String() != "100.1" || len(rows.ProductRows) != 1 || company.Item.Title != "Ромашка" {
		t.Errorf("error %v, user %+v, deal %+v, rows %+v, company %+v are not those of the answer", err, me, deal.Item, rows, company.Item)
	}
	if res.Total("rows") != 1 {
		t.Errorf("total of rows is %d, want 1", res.Total("rows"))
	}
	checkDealTabRequest(t, p.received()[0])
	want := []Usage{{Method: "crm.item.get", Operating: 3, ResetAt: 200, Commands: 2, Spent: 0.75}, {Method: "profile", Operating: 0.1, ResetAt: 100, Commands: 1}}
	if taken := "profile crm.item.get crm.item.productrow.list crm.item.get"; !slices.Equal(budget.usage, want) || !slices.Equal(budget.taken, []string{taken}) {
		t.Errorf("taken %q, reported %+v; want %q, %+v", budget.taken, budget.usage, taken, want)
	}
}

func checkDealTabRequest(t *testing.T, call receivedCall) {
	t.Helper()
	cmd, _ := call.Body["cmd"].(map[string]any)
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
	if call.Path != "/rest/batch.json" || call.Body["halt"] != 0.0 || call.Body["auth"] != "user-token" {
		t.Errorf("posted %v to %s, want halt 0 and the token to /rest/batch.json", call.Body, call.Path)
	}
	order := []string{`"me"`, `"deal"`, `"rows"`, `"company"`}
	if !slices.IsSortedFunc(order, func(x, y string) int { return strings.Index(call.Raw, x) - strings.Index(call.Raw, y) }) {
		t.Errorf("the commands are not in the order %v: %s", order, call.Raw)
	}
}

func TestBatchErrorsOfCommands(t *testing.T) {
	p := newStubPortal(t, respondResult(`{"result":{"a":true,"d":{"item":{"id":1}},"e":[]},
		"result_error":{"b":{"error":"ACCESS_DENIED","error_description":"Нет прав user-token"},"c":{"error":"ERROR_CORE"},
			"g":{"error":"OPERATION_TIME_LIMIT"}},
		"result_total":[],"result_next":{"e":50},"result_time":[]}`))
	var commands []Command
	for _, key := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		commands = append(commands, Command{Key: key, Method: "method." + key})
	}
	budget := &recordingBudget{}
	res, err := p.client(t, withBudget(budget)).Batch(context.Background(), commands, false)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]struct{ failed, notExecuted bool }{
		"a": {false, false}, "b": {true, true}, "c": {true, false}, "d": {false, false}, "e": {false, false}, "f": {true, false}, "g": {true, true},
	} {
		if err := res.Err(key); (err != nil) != want.failed || NotExecuted(err) != want.notExecuted {
			t.Errorf("command %s: error %v, not executed %v; want %+v", key, err, NotExecuted(err), want)
		}
	}
	if e := asError(t, res.Err("b")); e.Method != "method.b" || !IsAccessDenied(e) || strings.Contains(e.Text, "user-token") {
		t.Errorf("error of b is %+v, want an access denial of method.b without the token", e)
	}
	if next, more := res.Next("e"); next != 50 || !more {
		t.Errorf("Next of e = %d, %v; want 50, true", next, more)
	}
	if err := res.Get("d", &struct{ Item int }{}); !errors.Is(err, ErrUnreadable) || NotExecuted(err) {
		t.Errorf("an object decoded as a number: %v, want ErrUnreadable of an executed call", err)
	}
	if res.Err("zz") == nil {
		t.Error("Err of a key outside the batch is nil")
	}
	if want := []Usage{{Method: "method.g", Limited: true}}; !slices.Equal(budget.usage, want) {
		t.Errorf("reported %+v, want %+v", budget.usage, want)
	}
}

func TestBatchHalts(t *testing.T) {
	p := newStubPortal(t, respondResult(`{"result":{"a":1},"result_error":{"b":{"error":"100"}},"result_total":[],"result_next":[],"result_time":[]}`))
	commands := []Command{{Key: "a", Method: "m"}, {Key: "b", Method: "m"}, {Key: "c", Method: "m"}}
	res, err := p.client(t).Batch(context.Background(), commands, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Err("c"); !errors.Is(err, ErrSkipped) || !NotExecuted(err) {
		t.Errorf("the command after the failure: %v, want ErrSkipped, not executed", err)
	}
	if p.received()[0].Body["halt"] != 1.0 {
		t.Errorf("halt is %v, want 1", p.received()[0].Body["halt"])
	}
}

// The portal replaces a reference to a missing value by a whole object, so the result of such a command must not be used.
func TestReferencesWithoutAValue(t *testing.T) {
	commands := []Command{GetItem(DealType, 13142).As("deal"), GetItem(CompanyType, 0).With(Ref("deal", "item", "companyId"), "id").As("company")}
	for name, dealResult := range map[string]string{
		"the deal failed": `"x":1`,
		"no company":      `"deal":{"item":{"id":1,"companyId":null}}`,
		"no such field":   `"deal":{"item":{"id":1}}`,
		"an object":       `"deal":{"item":{"companyId":{"id":1}}}`,
		"an empty list":   `"deal":{"item":[]}`,
		"a scalar":        `"deal":true`,
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, respondResult(`{"result":{`+dealResult+`,"company":{"item":{"id":9}}},"result_error":[]}`))
			res, err := p.client(t).Batch(context.Background(), commands, false)
			if err != nil {
				t.Fatal(err)
			}
			if err := res.Err("company"); !errors.Is(err, ErrReference) || NotExecuted(err) {
				t.Errorf("command company: %v, want ErrReference of an executed call", err)
			}
		})
	}
}

func TestBatchRefusesBeforeSending(t *testing.T) {
	p := newStubPortal(t, respondResult(`[]`))
	tooMany := make([]Command, MaxBatch+1)
	for i := range tooMany {
		tooMany[i] = Command{Key: fmt.Sprintf("k%d", i), Method: "m"}
	}
	for name, tt := range map[string]struct {
		commands []Command
		cause    error
	}{
		"no commands":           {nil, errBatchSize},
		"51 commands":           {tooMany, errBatchSize},
		"no key":                {[]Command{{Method: "m"}}, errBatchKey},
		"a key of digits":       {[]Command{{Key: "0", Method: "m"}}, errBatchKey},
		"a key twice":           {[]Command{{Key: "a", Method: "m"}, {Key: "a", Method: "m"}}, errBatchKey},
		"a batch in a batch":    {[]Command{{Key: "a", Method: "batch"}}, errMethodName},
		"a query as method":     {[]Command{{Key: "a", Method: "m?auth=x"}}, errMethodName},
		"a bracket as name":     {[]Command{{Key: "a", Method: "m", Params: Params{"[": 1}}}, errParameter},
		"a later reference":     {[]Command{{Key: "a", Method: "m", Params: Params{"x": Ref("b")}}, {Key: "b", Method: "m"}}, errBatchRef},
		"a reference to itself": {[]Command{{Key: "a", Method: "m", Params: Params{"x": Ref("a")}}}, errBatchRef},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.client(t).Batch(context.Background(), tt.commands, false)
			if !errors.Is(err, tt.cause) || !NotExecuted(err) {
				t.Errorf("error %v; want %v, not executed", err, tt.cause)
			}
		})
	}
	if len(p.received()) != 0 {
		t.Errorf("%d requests were sent, want none", len(p.received()))
	}
}

func TestBatchIsRepeatedWithARenewedToken(t *testing.T) {
	source := &renewableTokens{}
	p := newStubPortal(t, respond(401, expiredBody), respondResult(`{"result":{"a":1},"result_error":[]}`))
	res, err := p.client(t, withTokens(source)).Batch(context.Background(), []Command{{Key: "a", Method: "m"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Err("a"); err != nil || len(source.renewed) != 1 || len(p.received()) != 2 {
		t.Errorf("renewed %v, %d requests, error %v; want one renewal, two requests", source.renewed, len(p.received()), err)
	}
}

func TestUnreadableBatchAnswers(t *testing.T) {
	commands := []Command{{Key: "a", Method: "m"}}
	for _, body := range []string{`"text"`, `{"result":5}`, `{"result_error":"x"}`} {
		_, err := newStubPortal(t, respondResult(body)).client(t).Batch(context.Background(), commands, false)
		if !errors.Is(err, ErrUnreadable) || NotExecuted(err) {
			t.Errorf("body %s: error %v, want ErrUnreadable of an executed call", body, err)
		}
	}
	res, err := newStubPortal(t, respondResult(`[]`)).client(t).Batch(context.Background(), commands, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Err("a"); !errors.Is(err, errNoAnswer) || NotExecuted(err) {
		t.Errorf("a command without an answer: %v, want errNoAnswer of an executed call", err)
	}
}
