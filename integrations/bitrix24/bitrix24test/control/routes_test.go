package control

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// portal is a fake portal that also answers at the addresses below /_sandbox/.
type portal struct{ *bitrix24test.Portal }

// start serves a portal without limits.
func start(t *testing.T, options ...func(*bitrix24test.Config)) portal {
	t.Helper()
	p := bitrix24test.Start(t, append(options, func(c *bitrix24test.Config) { c.Limits.Off = true })...)
	p.SetPages(Handler(p))
	return portal{p}
}

// request sends a request to an address below /_sandbox/ and returns the status and the JSON object of the answer, or its "text".
func (p portal) request(t *testing.T, method, path, body string) (int, fields) {
	t.Helper()
	status, raw := p.send(t, method, path, body)
	out := fields{}
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		out["text"] = raw
	}
	return status, out
}

// send sends a request to an address below /_sandbox/ and returns the status and the body of the answer.
func (p portal) send(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, p.URL()+"/_sandbox/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

// get returns the body of an address below /_sandbox/.
func (p portal) get(t *testing.T, path string) string {
	t.Helper()
	_, body := p.send(t, http.MethodGet, path, "")
	return body
}

// mustCall calls a REST method as the administrator and fails the test when it is refused.
func (p portal) mustCall(t *testing.T, method string, in fields) bitrix24test.Reply {
	t.Helper()
	r, err := p.Call(p.Admin(), method, in)
	if err != nil || r.Failed() {
		t.Fatalf("%s: %v %v", method, r.Body, err)
	}
	return r
}

// bindEvents finishes the installation, binds a handler to events and returns a function that lists the names of the events sent since its last call.
func (p portal) bindEvents(t *testing.T, names ...string) func() string {
	t.Helper()
	p.FinishInstall(true)
	for _, name := range names {
		p.mustCall(t, "event.bind", fields{"event": name, "handler": "http://127.0.0.1:1/events"})
	}
	listed := 0
	return func() string {
		p.Drain()
		sent := p.Deliveries()
		var out []string
		for _, d := range sent[listed:] {
			out = append(out, d.Event)
		}
		listed = len(sent)
		return strings.Join(out, " ")
	}
}

func TestPartyRequestsCreateRequisitesAndSendEvents(t *testing.T) {
	p := start(t)
	p.RenumberPresets(21, 17, 35)
	newEvents := p.bindEvents(t, "ONCRMCOMPANYADD", "ONCRMCONTACTADD", "ONCRMREQUISITEADD")
	status, company := p.request(t, "POST", "companies", `{"title":"ООО «Два адреса»","email":"a@b.example","requisites":[
		{"preset":"company","inn":"7802020205","kpp":"780201001","ogrn":"1027800000001","name":"ООО «Два адреса»","address":"190000, Санкт-Петербург, Невский пр., дом 1"},
		{"preset":"company","inn":"7802020205","kpp":"540243001","address":{"CITY":"Новосибирск","POSTAL_CODE":"630000"},"bank":{"RQ_BANK_NAME":"Банк","RQ_ACC_NUM":"1"}},
		{"preset":"person","inn":"502402402878","ogrnip":"318508100000016","name":"ИП Петров","lastName":"Петров","firstName":"Пётр","secondName":"Ильич"}]}`)
	if status != 200 || len(php.List(company["requisites"])) != 3 {
		t.Fatalf("POST companies: %d %v, want 200 with three requisites", status, company)
	}
	item := p.Item(bitrix24test.Company, php.Integer(company["id"]))
	if item["title"] != "ООО «Два адреса»" || item["emailWork"] != "a@b.example" || item["isMyCompany"] != "N" {
		t.Errorf("company = %v, want its title and e-mail, not ours", item)
	}
	for i, want := range []struct{ preset, kpp, ogrnip, lastName, address, bank string }{
		{"21", "780201001", "", "", "190000, Санкт-Петербург, Невский пр., дом 1", ""}, {"21", "540243001", "", "", "Новосибирск", "Банк"},
		{"17", "", "318508100000016", "Петров", "", ""},
	} {
		id := php.Integer(php.List(company["requisites"])[i])
		requisite, addresses, banks := p.Requisite(id), p.AddressesOf(id), p.BankDetailsOf(id)
		address := ""
		for _, a := range addresses {
			address += php.Text(a["ADDRESS_1"]) + php.Text(a["CITY"])
		}
		if requisite["PRESET_ID"] != want.preset || requisite["RQ_KPP"] != want.kpp || requisite["RQ_OGRNIP"] != want.ogrnip || requisite["RQ_LAST_NAME"] != want.lastName ||
			address != want.address || len(banks) > 0 != (want.bank != "") || php.Integer(requisite["ENTITY_ID"]) != php.Integer(company["id"]) {
			t.Errorf("requisite %d = %v, addresses %v, banks %v; want %+v", i, requisite, addresses, banks, want)
		}
	}
	status, contact := p.request(t, "POST", "contacts", `{"title":"Соколова Анна Львовна","requisites":[{"preset":"private","inn":"502402402878"}]}`)
	if item := p.Item(bitrix24test.Contact, php.Integer(contact["id"])); status != 200 || item["lastName"] != "Соколова" || item["secondName"] != "Львовна" {
		t.Errorf("POST contacts: %d %v, want 200 with the names of the title", status, item)
	}
	if requisites := p.RequisitesOf(bitrix24test.Contact, php.Integer(contact["id"])); len(requisites) != 1 || requisites[0]["PRESET_ID"] != "35" {
		t.Errorf("requisites of the contact: %v, want one of the preset 35", requisites)
	}
	want := "ONCRMCOMPANYADD ONCRMREQUISITEADD ONCRMREQUISITEADD ONCRMREQUISITEADD ONCRMCONTACTADD ONCRMREQUISITEADD"
	if got := newEvents(); got != want {
		t.Errorf("events %s, want %s", got, want)
	}
	ours := p.AddItem(bitrix24test.Company, fields{"title": "Мы", "isMyCompany": "Y"})
	if status, out := p.request(t, "POST", "companies/2/requisites", `[{"preset":"company","inn":"7700000000"}]`); status != 200 || len(p.RequisitesOf(bitrix24test.Company, ours)) != 1 {
		t.Errorf("POST requisites of our company: %d %v, want 200 and one requisite", status, out)
	}
	if status, _ := p.request(t, "DELETE", "requisites/5", ""); status != 200 || len(p.RequisitesOf(bitrix24test.Company, ours)) != 0 {
		t.Errorf("DELETE requisites/5: %d, want 200 and no requisite", status)
	}
}

func TestDealRequestsWriteFieldsRowsAndLinks(t *testing.T) {
	p := start(t)
	p.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_BASIS", Kind: "string"})
	newEvents := p.bindEvents(t, "ONCRMDEALADD", "ONCRMDEALUPDATE", "ONCRMDEALDELETE")
	company := p.AddItem(bitrix24test.Company, fields{"title": "А"})
	status, deal := p.request(t, "POST", "deals", `{"title":"Сделка","category":0,"stageId":"EXECUTING","companyId":1,"responsible":3,"currency":"RUB",
		"requisite":7,"ownRequisite":9,"fields":{"UF_CRM_BASIS":"договор 5"},"rows":[
		{"name":"Услуга","price":122.06,"priceExclusive":100.05,"quantity":100,"taxRate":22,"taxIncluded":"N","measureCode":356,"measureName":"ч","type":7},
		{"name":"Скидка","price":-1000,"quantity":1,"taxRate":22,"taxIncluded":true},{"name":"Даром","price":0,"quantity":0}]}`)
	id := php.Integer(deal["id"])
	item := p.Item(bitrix24test.Deal, id)
	if status != 200 || item["title"] != "Сделка" || item["stageId"] != "EXECUTING" || item["companyId"] != float64(company) || item["assignedById"] != 3.0 ||
		item["ufCrmBasis"] != "договор 5" || item["opportunity"] != 11206.10 {
		t.Fatalf("POST deals: %d %v, stored as %v; want the values of the request and the sum 11206.10", status, deal, item)
	}
	rows := php.List(deal["productRows"])
	if len(rows) != 3 || php.Map(rows[0])["type"] != 7.0 || php.Map(rows[1])["price"] != -1000.0 || php.Map(rows[2])["quantity"] != 0.0 || php.Map(rows[2])["measureName"] != "" {
		t.Errorf("rows = %v, want the three of the request", rows)
	}
	if link := p.LinkOf(bitrix24test.Deal, id); link["REQUISITE_ID"] != "7" || link["MC_REQUISITE_ID"] != "9" || link["BANK_DETAIL_ID"] != "0" {
		t.Errorf("link = %v, want the requisites 7 and 9 without bank details", link)
	}
	if got := newEvents(); got != "ONCRMDEALADD ONCRMDEALUPDATE" {
		t.Errorf("events of a new deal: %s, want an addition and an update", got)
	}

	unchanged, err := json.Marshal(rows) // as state.json shows them
	if err != nil {
		t.Fatal(err)
	}
	status, out := p.request(t, "PUT", "deals/1/rows", string(unchanged))
	replaced := php.List(out["productRows"])
	if status != 200 || len(replaced) != 3 || php.Integer(php.Map(replaced[0])["id"]) <= php.Integer(php.Map(rows[2])["id"]) || p.Item(bitrix24test.Deal, id)["opportunity"] != 11206.10 {
		t.Errorf("PUT deals/1/rows: %d %v, want the rows with new ids and the same sum", status, out)
	}
	if got := newEvents(); got != "ONCRMDEALUPDATE" {
		t.Errorf("events of replaced rows: %s, want an update", got)
	}

	status, _ = p.request(t, "PATCH", "deals/1", `{"title":"Иначе","responsible":2,"companyId":0,"stageId":"WON","ownRequisite":11,"fields":{"opportunity":5,"isManualOpportunity":"Y"}}`)
	item = p.Item(bitrix24test.Deal, id)
	if status != 200 || item["title"] != "Иначе" || item["assignedById"] != 2.0 || item["companyId"] != 0.0 || item["stageId"] != "WON" || item["opportunity"] != 5.0 {
		t.Errorf("PATCH deals/1: %d, stored as %v; want the values of the request", status, item)
	}
	if link := p.LinkOf(bitrix24test.Deal, id); link["REQUISITE_ID"] != "7" || link["MC_REQUISITE_ID"] != "11" {
		t.Errorf("link = %v, want the requisites 7 and 11", link)
	}
	if got := newEvents(); got != "ONCRMDEALUPDATE" {
		t.Errorf("events of PATCH: %s, want an update", got)
	}
	if status, _ := p.request(t, "DELETE", "deals/1", ""); status != 200 || p.Item(bitrix24test.Deal, id) != nil {
		t.Errorf("DELETE deals/1: %d, want 200 and no deal", status)
	}
	if got := newEvents(); got != "ONCRMDEALDELETE" {
		t.Errorf("events of the deletion: %s, want ONCRMDEALDELETE", got)
	}
}

func TestWrongRequestsAreRefused(t *testing.T) {
	p := start(t)
	deal := p.AddItem(bitrix24test.Deal, fields{"title": "A"})
	for _, tt := range []struct {
		status                   int
		method, path, body, text string
	}{
		{404, "PATCH", "deals/9", `{"title":"B"}`, "not found"},
		{404, "DELETE", "deals/9", ``, "not found"},
		{404, "PUT", "deals/9/rows", `[]`, "not found"},
		{404, "POST", "companies/9/requisites", `[]`, "not found"},
		{404, "DELETE", "requisites/9", ``, "not found"},
		{422, "PATCH", "deals/1", `{"titel":"B"}`, "unknown field"},
		{422, "PATCH", "deals/1", `{"fields":{"ufCrmNone":1}}`, "ufCrmNone is unknown or cannot be written"},
		{422, "POST", "deals", `{"fields":{"createdTime":"2026-01-01"}}`, "createdTime is unknown or cannot be written"},
		{422, "PATCH", "deals/1", `{"stageId":"NONE"}`, "Стадия"},
		{422, "PUT", "deals/1/rows", `[{"name":"Услуга","price":"сто"}]`, "rows[0].price"},
		{422, "POST", "deals", `{"rows":[{"name":"A"},5]}`, "rows[1]: is"},
		{422, "PATCH", "deals/1", `{"rows":[]}`, "PUT /_sandbox/deals/1/rows"},
		{422, "POST", "companies", `{"title":"A","requisites":[{"inn":"1"}]}`, "requisites[0].preset"},
		{422, "POST", "companies", `{"title":"A","requisites":[{"preset":"company","address":5}]}`, "requisites[0].address"},
		{422, "POST", "contacts", `[`, "body"},
		{422, "POST", "switches", `{"priceDigits":3}`, "priceDigits"},
	} {
		status, out := p.request(t, tt.method, tt.path, tt.body)
		if got := php.Text(out["error"]) + php.Text(out["text"]); status != tt.status || !strings.Contains(got, tt.text) {
			t.Errorf("%s %s %s: %d %s, want %d with %q", tt.method, tt.path, tt.body, status, got, tt.status, tt.text)
		}
	}
	if len(p.Items(bitrix24test.Deal)) != 1 || len(p.Items(bitrix24test.Company)) != 0 || p.Item(bitrix24test.Deal, deal)["title"] != "A" {
		t.Errorf("refused requests changed the deals to %v and the companies to %v", p.Items(bitrix24test.Deal), p.Items(bitrix24test.Company))
	}
}

// state.json shows items with their fields and rows, the timeline and the requisites.
func TestStateShowsItemsTimelineAndRequisites(t *testing.T) {
	p := start(t)
	created := p.mustCall(t, "crm.type.add", fields{"fields": fields{"title": "Акты", "isStagesEnabled": "Y", "isLinkWithProductsEnabled": "Y",
		"relations": fields{"parent": []any{fields{"entityTypeId": 2}}}}}).Map()
	entityType := php.Map(created["type"])["entityTypeId"]
	p.request(t, "POST", "companies", `{"title":"А","requisites":[{"preset":"company","inn":"7802020205","address":"Москва","bank":{"RQ_BIK":"044525225"}}]}`)
	p.request(t, "POST", "deals", `{"title":"Сделка","companyId":1,"requisite":1}`)
	item := p.mustCall(t, "crm.item.add", fields{"entityTypeId": entityType, "fields": fields{"title": "Акт", "xmlId": "acts24-1", "parentId2": 1}}).Map()
	p.mustCall(t, "crm.item.productrow.set", fields{"ownerType": "T406", "ownerId": php.Map(item["item"])["id"], "productRows": []any{fields{"productName": "Услуга", "price": 5}}})
	p.mustCall(t, "crm.timeline.comment.add", fields{"fields": fields{"ENTITY_ID": 1, "ENTITY_TYPE": "deal", "COMMENT": "Слово"}})
	if status, out := p.request(t, "POST", "switches", `{"priceDigits":8,"presets":[4,5,6]}`); status != 200 || out["priceDigits"] != 8.0 || php.Integer(php.List(out["presets"])[0]) != 4 {
		t.Errorf("POST switches: %d %v, want 8 digits and the presets from 4", status, out)
	}
	var state struct {
		Items, Requisites, Addresses, BankDetails, Links []fields
		Timeline                                         []bitrix24test.Comment
	}
	if err := json.Unmarshal([]byte(p.get(t, "state.json")), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Items) != 1 || state.Items[0]["xmlId"] != "acts24-1" || php.Map(php.List(state.Items[0]["productRows"])[0])["productName"] != "Услуга" {
		t.Errorf("items = %v, want acts24-1 with the row Услуга", state.Items)
	}
	if len(state.Timeline) != 1 || state.Timeline[0].Owner != "2:1" || state.Timeline[0].Text != "Слово" {
		t.Errorf("timeline = %v, want the comment of deal 1", state.Timeline)
	}
	if len(state.Requisites) != 1 || state.Requisites[0]["PRESET_ID"] != "4" || len(state.Addresses) != 1 || len(state.BankDetails) != 1 || len(state.Links) != 1 {
		t.Errorf("requisites %v, addresses %v, bank details %v, links %v; want one each, of the preset 4", state.Requisites, state.Addresses, state.BankDetails, state.Links)
	}
}

func TestTraceHoldsNoSecrets(t *testing.T) {
	p := start(t)
	pair := p.Issue(2)
	if _, err := p.CallAs(pair.Access, "profile", nil); err != nil {
		t.Fatal(err)
	}
	app := p.Cloud().App()
	query := url.Values{"grant_type": {"refresh_token"}, "client_id": {app.ID}, "client_secret": {app.Secret}, "refresh_token": {pair.Refresh}}
	resp, err := http.Get(p.Cloud().URL() + "/oauth/token/?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	trace := p.get(t, "trace.jsonl")
	for _, secret := range []string{pair.Access, pair.Refresh, app.Secret} {
		if strings.Contains(trace, secret) {
			t.Errorf("the trace holds %s", secret)
		}
	}
	var lines []bitrix24test.Line
	for raw := range strings.SplitSeq(strings.TrimSpace(trace), "\n") {
		var l bitrix24test.Line
		if err := json.Unmarshal([]byte(raw), &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	if len(lines) != 2 || lines[0].Method != "profile" || lines[0].User != 2 || lines[1].HTTP != 2 || lines[1].Method != "oauth.token" || lines[1].Portal != p.MemberID() {
		t.Errorf("trace = %s, want profile by user 2 and oauth.token of the portal", trace)
	}
}

func TestStageClockAndFaultRequests(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := start(t, func(c *bitrix24test.Config) {
		c.Now = func() time.Time { return clock }
		c.OnClock = func(d time.Duration) error { clock = clock.Add(d); return nil }
	})
	deal := p.AddItem(bitrix24test.Deal, fields{"title": "A"})
	p.SetRows(1, bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Услуга", Price: 100}})
	if status, body := p.send(t, "POST", "deals/1/stage", `{"stageId":"WON"}`); status != 200 {
		t.Errorf("POST deals/1/stage: %d %s, want 200", status, body)
	}
	if status, _ := p.send(t, "POST", "deals/1/stage", `{"stageId":"NONE"}`); status != 422 {
		t.Errorf("an unknown stage: %d, want 422", status)
	}
	const later = "2026-11-07T13:00:00+03:00"
	if _, body := p.send(t, "POST", "clock", `{"advance":"120h"}`); !strings.Contains(body, later) {
		t.Errorf("POST clock: %s, want %s", body, later)
	}
	if got := p.mustCall(t, "server.time", nil).Result(); got != later {
		t.Errorf("server.time = %v, want %s", got, later)
	}
	if status, body := p.send(t, "POST", "faults", `{"kind":"unavailable","count":1,"delay":"2s"}`); status != 200 {
		t.Errorf("POST faults: %d %s, want 200", status, body)
	}
	if r, err := p.Call(1, "profile", nil); err != nil || !r.Failed() {
		t.Errorf("profile with the posted fault: %v %v, want a failure", r.Body, err)
	}
	var state struct {
		Deals []struct {
			ID          int64
			StageID     string
			ProductRows []fields
		}
		Notifications, Letters, Tasks, Items []any
	}
	if err := json.Unmarshal([]byte(p.get(t, "state.json")), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Deals) != 1 || state.Deals[0].StageID != "WON" || len(state.Deals[0].ProductRows) != 1 || state.Tasks == nil || state.Notifications == nil || state.Letters == nil || state.Items == nil {
		t.Errorf("state = %+v, want the deal in WON with its row, and lists that are not null", state)
	}
}

func TestAutomationRequests(t *testing.T) {
	p := start(t)
	p.Cloud().SetApp(func(a *bitrix24test.App) { a.URL = "http://127.0.0.1:1/" })
	p.mustCall(t, "bizproc.robot.add", fields{"CODE": "form", "HANDLER": "http://127.0.0.1:1/robots", "NAME": "Сформировать акт"})
	if status, out := p.request(t, http.MethodPost, "automation/rules", `{"stageId":"NOWHERE","robot":"form"}`); status != http.StatusUnprocessableEntity {
		t.Errorf("a rule of an unknown stage: %d %v, want 422", status, out)
	}
	status, out := p.request(t, http.MethodPost, "automation/rules", `{"stageId":"EXECUTING","robot":"form","properties":{"a":"b"}}`)
	if status != http.StatusOK || php.Integer(out["id"]) == 0 {
		t.Fatalf("POST automation/rules: %d %v, want 200 with an id", status, out)
	}
	id := php.Text(out["id"])
	_, deal := p.request(t, http.MethodPost, "deals", `{"title":"Сделка","stageId":"EXECUTING"}`)
	runs := p.Automation.Runs()
	if len(runs) != 1 || runs[0].Deal != php.Integer(deal["id"]) {
		t.Fatalf("runs = %v, want one of the new deal", runs)
	}
	if status, _ := p.request(t, http.MethodPost, "automation/runs/"+php.Text(runs[0].ID)+"/repeat", ""); status != http.StatusOK {
		t.Errorf("repeating the run: %d, want 200", status)
	}
	if status, _ := p.request(t, http.MethodDelete, "automation/rules/"+id, ""); status != http.StatusOK {
		t.Errorf("deleting the rule: %d, want 200", status)
	}
	if status, _ := p.request(t, http.MethodDelete, "automation/rules/"+id, ""); status != http.StatusNotFound {
		t.Errorf("deleting the rule again: %d, want 404", status)
	}
	if status, _ := p.request(t, http.MethodPost, "automation/badges", `{"code":"acts24-refused","title":"Чужой","value":"Чужой","type":"primary"}`); status != http.StatusOK {
		t.Errorf("POST automation/badges: %d, want 200", status)
	}
	if !strings.Contains(p.get(t, "state.json"), `"acts24-refused"`) {
		t.Error("state.json does not show the badge")
	}
}
