package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// visitor is a browser without scripts on the seeded portal.
type visitor struct {
	*http.Client
	portal *bitrix24test.Portal
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	p := seedTestPortal(t)
	p.Cloud().SetApp(func(a *bitrix24test.App) { a.URL, a.Install = "https://app.example/", "https://app.example/install" })
	p.SetPages(newPortalPages(p, p.Cloud().App().Code, portalLink{"Кабинет СБИС", "http://sbis.example/"}))
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	p.SetURL(srv.URL)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{&http.Client{Jar: jar}, p}
}

// see requests a page and returns its status and text.
func (v *visitor) see(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := v.Get(v.portal.URL() + path)
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

// send posts a form as if from the given page and returns the page to which it redirects.
func (v *visitor) send(t *testing.T, from, path string, form url.Values) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, v.portal.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Referer", v.portal.URL()+from)
	resp, err := v.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// install binds the app's placements and finishes the installation.
func (v *visitor) install(t *testing.T) {
	t.Helper()
	for code, place := range map[string]string{"CRM_DEAL_DETAIL_TAB": "deal", "CRM_COMPANY_DETAIL_TAB": "company", "LEFT_MENU": "menu", "REST_APP_URI": "link"} {
		r, err := v.portal.Call(seedAdmin, "placement.bind", bitrix24test.Fields{"PLACEMENT": code, "HANDLER": "https://app.example/placement/" + place, "TITLE": "Акты " + place})
		if err != nil || r.Failed() {
			t.Fatal(r.Body, err)
		}
	}
	v.portal.FinishInstall(true)
}

func TestPortalPagesOpen(t *testing.T) {
	v := newVisitor(t)
	v.install(t)
	code := v.portal.Cloud().App().Code
	for path, words := range map[string]string{
		"/":                                                "Продвижение за рубежом",
		"/crm/deal/kanban/?category=1":                     "Выставки",
		"/crm/deal/list/":                                  "ООО «Московские сыры»",
		"/crm/deal/details/1/":                             `data-testid="deal-stage">Подготовка акта`,
		"/crm/deal/details/1/?tab=products":                "578\u00a0520,00",
		"/crm/deal/details/14/?tab=products":               "Поставка образца № 64",
		"/crm/deal/details/1/?tab=acts":                    `data-testid="acts-frame"`,
		"/crm/company/list/":                               "(наша компания)",
		"/crm/company/details/3/":                          "7715079192",
		"/crm/company/details/3/?tab=acts":                 "https://app.example/placement/company",
		"/crm/company/details/3/?tab=related":              "Деловая миссия",
		"/crm/contact/list/":                               "Белов Кирилл Андреевич",
		"/crm/contact/details/1/":                          "ОГРНИП",
		"/online/":                                         "Уведомлений нет",
		"/mail/":                                           "Писем ещё не отправляли",
		"/company/personal/user/2/":                        "Менеджер",
		"/company/personal/user/2/tasks/":                  "Задач нет",
		"/marketplace/":                                    "Приложение установлено",
		appAddress():                                       `data-testid="acts-frame"`,
		"/marketplace/view/" + code + "/?params[actId]=42": "&#34;actId&#34;:&#34;42&#34;",
		"/marketplace/install/" + code + "/":               "Приложение установлено",
		"/api/v1/":                                         "window.BX24",
		"/_portal/assets/portal.css":                       "--primary",
	} {
		if status, page := v.see(t, path); status != http.StatusOK || !strings.Contains(page, words) {
			t.Errorf("%s: %d, no %q", path, status, words)
		}
	}
	for _, path := range []string{"/crm/deal/details/99/", "/crm/type/1030/kanban/", "/mail/1/", "/marketplace/view/other/", "/nowhere/"} {
		if status, _ := v.see(t, path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestFrameFormIsThePortalsOwn(t *testing.T) {
	v := newVisitor(t)
	v.install(t)
	_, page := v.see(t, "/crm/deal/details/15/?tab=acts&as=1")
	for _, words := range []string{
		`action="https://app.example/placement/deal?`, "APP_SID=", `name="PLACEMENT" value="CRM_DEAL_DETAIL_TAB"`, `name="member_id" value="seed"`,
		`{&#34;ID&#34;:&#34;15&#34;,`, `name="` + strings.TrimPrefix(v.portal.URL(), "http://") + `|0|`,
	} {
		if !strings.Contains(page, words) {
			t.Errorf("no %s in the page", words)
		}
	}
	if _, page := v.see(t, "/crm/deal/details/15/"); !strings.Contains(page, `selected>Анна Соколова`) && !strings.Contains(page, "selected>\n") {
		t.Error("?as= is lost on the next page")
	}
}

func TestPeopleAct(t *testing.T) {
	v := newVisitor(t)
	if page := v.send(t, "/crm/deal/details/1/", "/_portal/move", url.Values{"type": {"2"}, "id": {"1"}, "stage": {"UC_APPROVED"}}); !strings.Contains(page, `data-testid="deal-stage">Одобрено комиссией`) {
		t.Error("the stage did not move")
	}
	if page := v.send(t, "/crm/deal/details/1/", "/_portal/move", url.Values{"type": {"2"}, "id": {"1"}, "stage": {"NONE"}}); !strings.Contains(page, `data-testid="problem"`) {
		t.Error("a refusal is not shown")
	}
	row := textOf(v.portal.Rows(bitrix24test.Deal, 2)[0], "id")
	form := url.Values{"type": {"2"}, "id": {"2"}, "row": {row, "0"}, "name": {"Размещение", "Новая услуга"}, "price": {"15000", "99,50"}, "quantity": {"5", "2"}}
	v.send(t, "/crm/deal/details/2/?tab=products", "/_portal/rows", form)
	rows := v.portal.Rows(bitrix24test.Deal, 2)
	if len(rows) != 2 || textOf(rows[0], "id") != row || numberOf(rows[0], "quantity") != 5 || numberOf(rows[1], "price") != 99.5 {
		t.Errorf("rows = %v", rows)
	}
	v.send(t, "/", "/_portal/user", url.Values{"user": {"3"}})
	if status, _ := v.see(t, "/crm/deal/details/30/"); status != http.StatusForbidden {
		t.Errorf("the outsider opens a hidden deal: %d", status)
	}
	if _, list := v.see(t, "/crm/deal/list/?category=1"); strings.Contains(list, "/crm/deal/details/30/") {
		t.Error("the outsider sees a hidden deal in the list")
	}
}

func TestHostileNamesStayText(t *testing.T) {
	v := newVisitor(t)
	for _, path := range []string{"/crm/deal/list/", "/crm/deal/kanban/", "/crm/deal/details/17/", "/crm/deal/details/17/?tab=products", "/crm/company/list/", "/crm/company/details/16/"} {
		if _, page := v.see(t, path); strings.Contains(page, "<script>alert") || strings.Contains(page, "<img src=x") {
			t.Errorf("%s lets a script in", path)
		}
	}
}

func TestBBCodes(t *testing.T) {
	for in, want := range map[string]string{
		`Акт [B]№ 42[/B]`: "Акт <b>№ 42</b>",
		`[URL=/marketplace/view/app/?params[actId]=42]открыть[/URL]`: `<a href="/marketplace/view/app/?params[actId]=42">открыть</a>`,
		`[url=javascript:alert(1)]x[/url]`:                           "x",
		`[URL=//evil.example]x[/URL]`:                                "x",
		"<b>раз</b>\nдва [USER=1]Анна[/USER]":                        "&lt;b&gt;раз&lt;/b&gt;<br>два Анна",
	} {
		if got := bbHTML(in); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestSumsAndTimesArePrinted(t *testing.T) {
	if got := rubles(1234567.891); got != "1\u00a0234\u00a0567,89\u00a0₽" {
		t.Errorf("1234567.891 roubles are printed as %q, want 1 234 567,89 ₽ with no-break spaces", got)
	}
	if got := formatTime("2026-11-02T14:05:00+03:00"); got != "02.11.2026 14:05" {
		t.Errorf("the time is printed as %q, want 02.11.2026 14:05", got)
	}
}
