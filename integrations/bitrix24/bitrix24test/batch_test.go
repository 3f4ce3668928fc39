package bitrix24test

import (
	"encoding/json"
	"fmt"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestBatchReferencesEarlierResults(t *testing.T) {
	p := Start(t)
	company := p.AddItem(Company, Fields{"title": "ООО «Ёлка»"})
	deal := p.AddItem(Deal, Fields{"title": "A", "companyId": company})
	callsBefore := p.Trace().Calls()
	// The commands run in the order of the text, which a Go map would not keep.
	format := `{"halt":0,"cmd":{"zdeal":"crm.item.get?entityTypeId=2&id=%d","acompany":"crm.item.get?entityTypeId=4&id=$result[zdeal][item][companyId]","list":"crm.item.list?entityTypeId=2&select[]=id"},"auth":"%s"}`
	body := postRaw(t, p, "batch", "application/json", fmt.Sprintf(format, deal, p.Issue(2).Access))
	result := php.Map(php.Map(body["result"])["result"])
	if got := php.Map(php.Map(result["acompany"])["item"])["title"]; got != "ООО «Ёлка»" {
		t.Errorf("company = %v in %v, want that of the deal", got, body)
	}
	if total := php.Map(php.Map(body["result"])["result_total"])["list"]; total != 1.0 {
		t.Errorf("total of list = %v, want 1", total)
	}
	if errs, isList := php.Map(body["result"])["result_error"].([]any); !isList || len(errs) != 0 {
		t.Errorf("errors = %v, want an empty list", php.Map(body["result"])["result_error"])
	}
	if _, isList := php.Map(body["result"])["result_next"].([]any); !isList {
		t.Errorf("an empty map is sent as %v, want a list", php.Map(body["result"])["result_next"])
	}
	if got := p.Trace().Calls() - callsBefore; got != 1 {
		t.Errorf("the batch counts as %d requests, want 1", got)
	}
	lines := p.Trace().Lines()
	if last := lines[len(lines)-1]; !last.Batch || last.HTTP != lines[len(lines)-3].HTTP || last.Method != "crm.item.list" {
		t.Errorf("the last line is %+v, want crm.item.list with the request number of the other commands", last)
	}
}

// A command is parsed as a query also when the batch is JSON: PHP keeps a thousand of its values and silently drops the rest. The
// parameters of a direct call in JSON are all kept, and what the vendor's SDK adds to an address is ignored.
func TestCommandsAreCutToAThousandValues(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	rows := make([]any, 300)
	for i := range rows {
		rows[i] = Fields{"productName": fmt.Sprint("Услуга ", i), "price": 1, "quantity": 1, "taxRate": 22, "sort": i}
	}
	set := Fields{"ownerType": "D", "ownerId": deal, "productRows": rows}
	p.mustCall(t, 1, "batch", Fields{"cmd": Fields{"rows": "crm.item.productrow.set?" + php.EncodeBrackets(set)}})
	if n := len(p.Rows(Deal, deal)); n != 200 {
		t.Errorf("a command with 300 rows of 5 values sets %d rows, want 200", n)
	}
	set["auth"] = p.Issue(1).Access
	raw, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	body := postRaw(t, p, "crm.item.productrow.set?bx24_request_id=1&bx24_sdk_ver=1.2.0&bx24_sdk_type=b24-js-sdk", "application/json", string(raw))
	if n := len(p.Rows(Deal, deal)); n != 300 || body["error"] != nil {
		t.Errorf("a direct call with 300 rows sets %d rows, error %v; want 300", n, body["error"])
	}
}

func TestBatchErrors(t *testing.T) {
	p := Start(t)
	tooMany := Fields{}
	for i := range 52 {
		tooMany[fmt.Sprintf("c%02d", i)] = "server.time"
	}
	r := p.mustCall(t, 1, "batch", Fields{"cmd": tooMany})
	if got := php.Map(r.Map()["result_error"]); len(got) != 2 || php.Map(got["c50"])["error"] != "ERROR_BATCH_LENGTH_EXCEEDED" || php.Map(got["c51"])["error"] != "ERROR_BATCH_LENGTH_EXCEEDED" {
		t.Errorf("errors of 52 commands: %v, want ERROR_BATCH_LENGTH_EXCEEDED for the last two", got)
	}
	cmds := Fields{"a": "crm.item.get?entityTypeId=2&id=99", "b": "batch?cmd[x]=server.time", "c": "crm.item.get?entityTypeId=2&id=$result[a][item][id]"}
	got := php.Map(p.mustCall(t, 1, "batch", Fields{"cmd": cmds}).Map()["result_error"])
	for key, code := range map[string]string{"a": "NOT_FOUND", "b": "ERROR_BATCH_METHOD_NOT_ALLOWED", "c": "100"} {
		if php.Map(got[key])["error"] != code {
			t.Errorf("error of the command %s = %v, want %s", key, got[key], code)
		}
	}
	halted := p.mustCall(t, 1, "batch", Fields{"halt": 1, "cmd": Fields{"a": "crm.item.get?entityTypeId=2&id=99", "b": "server.time"}})
	if results := php.Map(halted.Map()["result"]); len(results) != 0 {
		t.Errorf("results with halt=1 after a failure: %v, want none", results)
	}
}
