package sbistest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// post sends a raw body to the service address.
func (b *bench) post(path, contentType, session, body string) (int, string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.URL()+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	if session != "" {
		req.Header.Set(sbis.HeaderSession, session)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw)
}

// ask calls an address of the sandbox.
func (b *bench) ask(method, path, body string) (int, string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, b.URL()+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw)
}

func TestEnvelope(t *testing.T) {
	const rpc = "application/json-rpc;charset=utf-8"
	b := newBench(t)
	_, login := b.post("/auth/service/", rpc, "", `{"jsonrpc":"2.0","method":"СБИС.Аутентифицировать","params":{"Параметр":{"Логин":"`+sbistest.DemoLogin+`","Пароль":"`+sbistest.DemoPassword+`"}},"id":7}`)
	var in struct {
		Result string
		ID     int
	}
	if err := json.Unmarshal([]byte(login), &in); err != nil || in.Result == "" || in.ID != 7 {
		t.Fatalf("login answered %s", login)
	}
	call := func(method, params string) string {
		return `{"jsonrpc":"2.0","method":"` + method + `","params":` + params + `,"id":1}`
	}
	for name, tt := range map[string]struct {
		path, kind, session, body string
		status                    int
		words                     string
	}{
		"no charset":            {"/service/?srv=1", "application/json-rpc", in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 500, "-32700"},
		"plain JSON":            {"/service/?srv=1", "application/json", in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 500, "-32700"},
		"no JSON":               {"/service/?srv=1", rpc, in.Result, `{"jsonrpc`, 500, "-32700"},
		"unknown method":        {"/service/?srv=1", rpc, in.Result, call("СБИС.НетТакого", "{}"), 500, "-32601"},
		"method of the other":   {"/service/?srv=1", rpc, in.Result, call("СБИС.Выход", "{}"), 500, "-32601"},
		"no version":            {"/service/?srv=1", rpc, in.Result, `{"method":"СБИС.ИнформацияОВерсии","params":{},"id":1}`, 500, "-32600"},
		"params are a list":     {"/service/?srv=1", rpc, in.Result, call("СБИС.ИнформацияОВерсии", "[]"), 500, "-32602"},
		"no wrapper":            {"/service/?srv=1", rpc, in.Result, call("СБИС.СписокИзменений", "{}"), 500, "В объекте нет поля Фильтр"},
		"no session":            {"/service/?srv=1", rpc, "", call("СБИС.ИнформацияОВерсии", "{}"), 401, `"Not authorized."`},
		"an invented session":   {"/service/?srv=1", rpc, "0000", call("СБИС.ИнформацияОВерсии", "{}"), 401, `"id":-1`},
		"the gateway's address": {"/service/", rpc, in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 403, "<html>"},
		"all well":              {"/service/?srv=1", rpc, in.Result, call("СБИС.ИнформацияОВерсии", "{}"), 200, "02.11.2026 10.05.00"},
		"logout without one":    {"/auth/service/", rpc, "", call("СБИС.Выход", "{}"), 500, "не передан идентификатор сессии"},
	} {
		status, answer := b.post(tt.path, tt.kind, tt.session, tt.body)
		if status != tt.status || !strings.Contains(answer, tt.words) {
			t.Errorf("%s: %d %s; want %d with %q", name, status, answer, tt.status, tt.words)
		}
	}
}

func TestWritingIsChecked(t *testing.T) {
	_, utf8 := sbistest.SampleTitle("ДОП", "15", "31.10.2026", "g", own, customer)
	for name, tt := range map[string]struct {
		change func(*sbis.Draft)
		words  string
	}{
		"another type":         {func(d *sbis.Draft) { d.Type = "АктВыпИсх" }, "тип документа"},
		"date of another form": {func(d *sbis.Draft) { d.Date = "2026-10-31" }, "формат даты"},
		"no rights to ours":    {func(d *sbis.Draft) { d.Ours = side(customer) }, "Нет доступа"},
		"no KPP":               {func(d *sbis.Draft) { d.Counterparty.Legal.KPP = "" }, "КПП"},
		"short INN":            {func(d *sbis.Draft) { d.Counterparty.Legal.INN = "780" }, "ИНН"},
		"another buyer":        {func(d *sbis.Draft) { d.Counterparty = side(stranger) }, "Стороны"},
		"id is no UUID":        {func(d *sbis.Draft) { d.ID = "act-15" }, "идентификатора"},
		"file id is no UUID":   {func(d *sbis.Draft) { d.Files[0].ID = "1" }, "идентификатора"},
		"no content":           {func(d *sbis.Draft) { d.Files[0].Content.Data = nil }, "нет файла"},
		"name is not ИдФайл":   {func(d *sbis.Draft) { d.Files[0].Content.Name = "act.xml" }, "ИдФайл"},
		"not windows-1251": {func(d *sbis.Draft) {
			d.Files[0].Content.Data = []byte(strings.Replace(string(utf8), "windows-1251", "utf-8", 1))
		}, "windows-1251"},
		"cut XML":        {func(d *sbis.Draft) { d.Files[0].Content.Data = d.Files[0].Content.Data[:500] }, "не читается"},
		"no number":      {func(d *sbis.Draft) { d.Files, d.Number, d.Date = nil, "", "" }, "номер и дата"},
		"two roots":      {func(d *sbis.Draft) { d.Files[0].Content.Data = append(d.Files[0].Content.Data, "<a/>"...) }, "не читается"},
		"nothing is bad": {func(*sbis.Draft) {}, ""},
	} {
		b := newBench(t)
		d := b.draft(customer)
		tt.change(&d)
		_, err := b.client.WriteDocument(t.Context(), d)
		if tt.words == "" && err == nil {
			continue
		}
		if !sbis.IsRefused(err) || !strings.Contains(err.Error(), tt.words) || len(b.Documents()) != 0 {
			t.Errorf("%s: %v, %d documents", name, err, len(b.Documents()))
		}
	}
}

func TestUnformalisedFile(t *testing.T) {
	b := newBench(t)
	d := b.draft(customer)
	d.Number, d.Date, d.Sum = "15", "31.10.2026", "65000.00"
	d.Files = []sbis.DraftFile{{Content: sbis.Content{Name: "Акт № 15.pdf", Data: []byte("%PDF-1.7")}}}
	if _, err := b.client.WriteDocument(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	b.do(d.ID, sbistest.SignByUs, sbistest.SignByCounterparty)
	got := b.read(d.ID)
	if _, titled := got.BuyerTitle(); titled || got.State.Code != sbis.StateCompleted || got.Sum != "65000.00" {
		t.Errorf("%+v", got)
	}
}

func TestSessionsEnd(t *testing.T) {
	b := newBench(t)
	read := func() {
		t.Helper()
		if _, err := b.client.CurrentUser(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for i, end := range []func(){
		func() {}, func() { b.ExpireSessions("") }, func() { b.clock.Advance(25 * time.Hour) },
		func() { _ = b.Fault(sbistest.Fault{Kind: sbistest.Expired, Count: 1}) },
	} {
		end()
		read()
		read()
		if n := b.Trace().Count("oauth"); n != i+1 {
			t.Errorf("step %d: %d logins", i, n)
		}
	}
}

func TestLoginIsRefused(t *testing.T) {
	b := newBench(t)
	b.AddAccount(sbistest.Account{Login: "careful", Password: "right", SecondFactor: true})
	b.AddAccount(sbistest.Account{Login: "simple", Password: "right"})
	for name, tt := range map[string]struct {
		login sbis.Login
		words string
	}{
		"wrong keys":     {sbis.Login{AppClientID: sbistest.DemoClientID, AppSecret: "x"}, "invalid_client"},
		"unknown login":  {sbis.Login{Login: "nobody", Password: "x"}, "Неверный логин"},
		"wrong password": {sbis.Login{Login: "simple", Password: "x"}, "Неверный логин"},
		"second factor":  {sbis.Login{Login: "careful", Password: "right"}, "код подтверждения"},
	} {
		if _, err := b.as(tt.login).CurrentUser(t.Context()); !sbis.IsCredentials(err) || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 5 {
		_, _ = b.as(sbis.Login{Login: "simple", Password: "x"}).CurrentUser(t.Context())
	}
	if _, err := b.as(sbis.Login{Login: "simple", Password: "right"}).CurrentUser(t.Context()); !strings.Contains(err.Error(), "картинки") {
		t.Errorf("after many wrong passwords: %v", err)
	}
}
