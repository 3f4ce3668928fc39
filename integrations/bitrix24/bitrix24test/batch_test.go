package bitrix24test

import (
	"fmt"
	"testing"
)

func TestBatchUsesEarlierResults(t *testing.T) {
	p := Start(t)
	company := p.AddItem(Company, Fields{"title": "ООО «Ёлка»"})
	deal := p.AddItem(Deal, Fields{"title": "A", "companyId": company})
	calls := p.Trace().Calls()
	// The order of the commands is that of the text, which a Go map would lose.
	raw := `{"halt":0,"cmd":{"zdeal":"crm.item.get?entityTypeId=2&id=%d","acompany":"crm.item.get?entityTypeId=4&id=$result[zdeal][item][companyId]","list":"crm.item.list?entityTypeId=2&select[]=id"},"auth":"%s"}`
	body := post(t, p, "batch", "application/json", fmt.Sprintf(raw, deal, p.Issue(2).Access))
	result := fields(fields(body["result"])["result"])
	if got := fields(fields(result["acompany"])["item"])["title"]; got != "ООО «Ёлка»" {
		t.Errorf("company = %v in %v", got, body)
	}
	if total := fields(fields(body["result"])["result_total"])["list"]; total != 1.0 {
		t.Errorf("total = %v", total)
	}
	if errors := fields(body["result"])["result_error"]; len(list(errors)) != 0 {
		t.Errorf("errors = %v", errors)
	}
	if _, isList := fields(body["result"])["result_next"].([]any); !isList {
		t.Errorf("an empty map must come as a list: %v", fields(body["result"])["result_next"])
	}
	if got := p.Trace().Calls() - calls; got != 1 {
		t.Errorf("a batch took %d requests", got)
	}
	lines := p.Trace().Lines()
	if last := lines[len(lines)-1]; !last.Batch || last.HTTP != lines[len(lines)-3].HTTP || last.Method != "crm.item.list" {
		t.Errorf("commands of a batch share their number: %+v", last)
	}
}

func TestBatchErrors(t *testing.T) {
	p := Start(t)
	many := Fields{}
	for i := range 52 {
		many[fmt.Sprintf("c%02d", i)] = "server.time"
	}
	r := p.must(t, 1, "batch", Fields{"cmd": many})
	if got := fields(r.Map()["result_error"]); len(got) != 2 || fields(got["c51"])["error"] != "ERROR_BATCH_LENGTH_EXCEEDED" {
		t.Errorf("overflow: %v", got)
	}
	cmds := Fields{"a": "crm.item.get?entityTypeId=2&id=99", "b": "batch?cmd[x]=server.time", "c": "crm.item.get?entityTypeId=2&id=$result[a][item][id]"}
	got := fields(p.must(t, 1, "batch", Fields{"cmd": cmds}).Map()["result_error"])
	for key, code := range map[string]string{"a": "NOT_FOUND", "b": "ERROR_BATCH_METHOD_NOT_ALLOWED", "c": "100"} {
		if fields(got[key])["error"] != code {
			t.Errorf("%s: %v, want %s", key, got[key], code)
		}
	}
	halted := p.must(t, 1, "batch", Fields{"halt": 1, "cmd": Fields{"a": "crm.item.get?entityTypeId=2&id=99", "b": "server.time"}})
	if done := list(halted.Map()["result"]); len(done) != 0 {
		t.Errorf("halt=1 went on: %v", done)
	}
}
