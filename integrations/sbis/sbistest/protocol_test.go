package sbistest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// The service checks address, type, session and envelope of a call before the method.
func TestEnvelope(t *testing.T) {
	const rpc = "application/json-rpc;charset=utf-8"
	service := newTestService(t)
	_, login := service.post("/auth/service/", rpc, "", `{"jsonrpc":"2.0","method":"СБИС.Аутентифицировать","params":{"Параметр":{"Логин":"`+sbistest.DemoLogin+`","Пароль":"`+sbistest.DemoPassword+`"}},"id":7}`)
	var in struct {
		Result string
		ID     int
	}
	if err := json.Unmarshal([]byte(login), &in); err != nil || in.Result == "" || in.ID != 7 {
		t.Fatalf("the login answers %s, want a session for call 7", login)
	}
	call := func(method, params string) string {
		return `{"jsonrpc":"2.0","method":"` + method + `","params":` + params + `,"id":1}`
	}
	for name, tt := range map[string]struct {
		path, contentType, session, body string
		status                           int
		words                            string
	}{
		"no charset":                {"/service/?srv=1", "application/json-rpc", in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 500, "-32700"},
		"plain JSON":                {"/service/?srv=1", "application/json", in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 500, "-32700"},
		"no JSON":                   {"/service/?srv=1", rpc, in.Result, `{"jsonrpc`, 500, "-32700"},
		"unknown method":            {"/service/?srv=1", rpc, in.Result, call("СБИС.НетТакого", "{}"), 500, "-32601"},
		"method of another address": {"/service/?srv=1", rpc, in.Result, call("СБИС.Выход", "{}"), 500, "-32601"},
		"no version":                {"/service/?srv=1", rpc, in.Result, `{"method":"СБИС.ИнформацияОВерсии","params":{},"id":1}`, 500, "-32600"},
		"params are a list":         {"/service/?srv=1", rpc, in.Result, call("СБИС.ИнформацияОВерсии", "[]"), 500, "-32602"},
		"no filter":                 {"/service/?srv=1", rpc, in.Result, call("СБИС.СписокИзменений", "{}"), 500, "В объекте нет поля Фильтр"},
		"no session":                {"/service/?srv=1", rpc, "", call("СБИС.ИнформацияОВерсии", "{}"), 401, `"Not authorized."`},
		"an invented session":       {"/service/?srv=1", rpc, "0000", call("СБИС.ИнформацияОВерсии", "{}"), 401, `"id":-1`},
		"the gateway's address":     {"/service/", rpc, in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 403, "<html>"},
		"a valid call":              {"/service/?srv=1", rpc, in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 200, "02.11.2026 10.05.00"},
		"logout without a session":  {"/auth/service/", rpc, "", call("СБИС.Выход", "{}"), 500, "не передан идентификатор сессии"},
	} {
		status, answer := service.post(tt.path, tt.contentType, tt.session, tt.body)
		if status != tt.status || !strings.Contains(answer, tt.words) {
			t.Errorf("%s: %d %s; want %d with %q", name, status, answer, tt.status, tt.words)
		}
	}
}

func TestDraftsAreChecked(t *testing.T) {
	_, title := sbistest.SampleTitle("ДОП", "15", "31.10.2026", "g", own, customer)
	for name, tt := range map[string]struct {
		change func(*sbis.Draft)
		words  string // of the refusal, "" when the draft is accepted
	}{
		"another type":         {func(d *sbis.Draft) { d.Type = "АктВыпИсх" }, "тип документа"},
		"date of another form": {func(d *sbis.Draft) { d.Date = "2026-10-31" }, "формат даты"},
		"no rights to ours":    {func(d *sbis.Draft) { d.Ours = clientParty(customer) }, "Нет доступа"},
		"no KPP":               {func(d *sbis.Draft) { d.Counterparty.Legal.KPP = "" }, "КПП"},
		"short INN":            {func(d *sbis.Draft) { d.Counterparty.Legal.INN = "780" }, "ИНН"},
		"another buyer":        {func(d *sbis.Draft) { d.Counterparty = clientParty(unconnected) }, "Стороны"},
		"id is no UUID":        {func(d *sbis.Draft) { d.ID = "act-15" }, "идентификатора"},
		"file id is no UUID":   {func(d *sbis.Draft) { d.Files[0].ID = "1" }, "идентификатора"},
		"no content":           {func(d *sbis.Draft) { d.Files[0].Content.Data = nil }, "нет файла"},
		"name is not ИдФайл":   {func(d *sbis.Draft) { d.Files[0].Content.Name = "act.xml" }, "ИдФайл"},
		"not windows-1251": {func(d *sbis.Draft) {
			d.Files[0].Content.Data = []byte(strings.Replace(string(title), "windows-1251", "utf-8", 1))
		}, "windows-1251"},
		"cut XML":       {func(d *sbis.Draft) { d.Files[0].Content.Data = d.Files[0].Content.Data[:500] }, "не читается"},
		"no number":     {func(d *sbis.Draft) { d.Files, d.Number, d.Date = nil, "", "" }, "номер и дата"},
		"two roots":     {func(d *sbis.Draft) { d.Files[0].Content.Data = append(d.Files[0].Content.Data, "<a/>"...) }, "не читается"},
		"a valid draft": {func(*sbis.Draft) {}, ""},
	} {
		service := newTestService(t)
		d := service.newDraft(customer)
		tt.change(&d)
		_, err := service.client.WriteDocument(t.Context(), d)
		switch n := len(service.Documents()); {
		case tt.words == "" && (err != nil || n != 1):
			t.Errorf("%s: %v, %d documents; want no error and one document", name, err, n)
		case tt.words != "" && (!sbis.IsRefused(err) || !strings.Contains(err.Error(), tt.words) || n != 0):
			t.Errorf("%s: %v, %d documents; want a refusal with %q and no document", name, err, n, tt.words)
		}
	}
}

// A file in another format has no buyer's title.
func TestUnformalisedFile(t *testing.T) {
	service := newTestService(t)
	d := service.newDraft(customer)
	d.Number, d.Date, d.Sum = "15", "31.10.2026", "65000.00"
	d.Files = []sbis.DraftFile{{Content: sbis.Content{Name: "Акт № 15.pdf", Data: []byte("%PDF-1.7")}}}
	if _, err := service.client.WriteDocument(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	service.makeMoves(d.ID, sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty)
	got := service.read(d.ID)
	if _, titled := got.BuyerTitle(); titled || got.State.Code != sbis.StateCompleted || got.Sum != "65000.00" {
		t.Errorf("the document is %+v, with a buyer's title %t; want the state %d, the sum 65000.00 and no title", got, titled, sbis.StateCompleted)
	}
}

// A session ends after a day, when the sandbox ends it, and by a fault; the client then logs in once.
func TestSessionsEnd(t *testing.T) {
	service := newTestService(t)
	for i, step := range []struct {
		name string
		end  func()
	}{
		{"the first call", func() {}},
		{"an end by the sandbox", func() { service.ExpireSessions("") }},
		{"a day later", func() { service.clock.Advance(25 * time.Hour) }},
		{"a fault", func() { _ = service.Fault(sbistest.Fault{Kind: sbistest.FaultExpired, Count: 1}) }},
	} {
		step.end()
		for range 2 {
			if _, err := service.client.CurrentUser(t.Context()); err != nil {
				t.Fatalf("%s: %v, want no error", step.name, err)
			}
		}
		if n := service.Trace().Count("oauth"); n != i+1 {
			t.Errorf("%s: %d logins so far, want %d", step.name, n, i+1)
		}
	}
}

func TestRefusedLogins(t *testing.T) {
	service := newTestService(t)
	service.AddAccount(sbistest.Account{Login: "careful", Password: "right", SecondFactor: true})
	service.AddAccount(sbistest.Account{Login: "simple", Password: "right"})
	for name, tt := range map[string]struct {
		login sbis.Login
		words string
	}{
		"wrong keys":     {sbis.Login{AppClientID: sbistest.DemoClientID, AppSecret: "x"}, "invalid_client"},
		"unknown login":  {sbis.Login{Login: "nobody", Password: "x"}, "Неверный логин"},
		"wrong password": {sbis.Login{Login: "simple", Password: "x"}, "Неверный логин"},
		"second factor":  {sbis.Login{Login: "careful", Password: "right"}, "код подтверждения"},
	} {
		if _, err := service.clientWithLogin(tt.login).CurrentUser(t.Context()); !sbis.IsCredentials(err) || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("%s: %v, want refused credentials with %q", name, err, tt.words)
		}
	}
	for range 5 {
		_, _ = service.clientWithLogin(sbis.Login{Login: "simple", Password: "x"}).CurrentUser(t.Context())
	}
	if _, err := service.clientWithLogin(sbis.Login{Login: "simple", Password: "right"}).CurrentUser(t.Context()); err == nil || !strings.Contains(err.Error(), "картинки") {
		t.Errorf("the right password after many wrong ones: %v, want the demand for a captcha", err)
	}
}
