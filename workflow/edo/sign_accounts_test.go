package edo_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// second is our second company, with another SBIS account.
var second = sbistest.Organization{INN: apptest.INN10(770201010), KPP: "770201001", Name: "ООО «Второй исполнитель»",
	BoxID: "2BEfedcba9876543210fedcba9876543210", Connected: true}

const secondThumbprint = "2B2C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F802"

// withSecond adds the second company to the CRM and its account to SBIS and to the settings.
func withSecond(s *apptest.Site) (admin *apptest.Visitor, company string) {
	s.T.Helper()
	own := s.Portal.AddItem(bitrix24test.Company, bitrix24test.Fields{"title": second.Name, "isMyCompany": "Y"})
	req := s.Portal.AddRequisite(bitrix24test.Fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": own, "PRESET_ID": 1, "NAME": "Организация", "RQ_INN": second.INN,
		"RQ_KPP": second.KPP, "RQ_COMPANY_NAME": second.Name})
	s.Portal.AddAddress(bitrix24test.Fields{"ENTITY_ID": req, "TYPE_ID": 6, "CITY": "Москва", "ADDRESS_1": "ул. Вторая, д. 2"})
	a := apptest.Account(1)
	a.Own, a.Certificates = []sbistest.Organization{second}, []sbistest.Certificate{apptest.ServerCertificate(secondThumbprint, 400)}
	a.Certificates[0].INN = second.INN
	s.SBIS.AddAccount(a)
	admin = apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	p, err := admin.Open("DEFAULT", "/install", 0)
	s.Page(p, err, http.StatusOK)
	p, err = admin.Post("/p/1/settings/accounts/0", url.Values{"name": {"Второй"}, "app_client_id": {a.AppClientID}, "app_secret": {a.AppSecret},
		"secret_key": {a.SecretKey}})
	doc := s.Page(p, err, http.StatusOK)
	if text := apptest.TestID(doc, "organizations-2").Text(); !strings.Contains(text, "Есть в CRM, аккаунт не выбран") {
		s.T.Errorf("the new account shows %q", text)
	}
	return admin, fmt.Sprint(own)
}

func secondForm(change ...string) url.Values {
	return apptest.OurCompanyForm(append([]string{"account", "2", "participant", second.BoxID}, change...)...)
}

// Two of our companies with two accounts: each act uses its own account; the other account and its certificates are
// refused.
func TestTwoCompaniesTwoAccounts(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SetSigning("draft", "", apptest.ServerCertificate(apptest.OurThumbprint, 400))
	admin, company := withSecond(s)
	at := "/p/1/settings/companies/" + company
	seen, err := admin.Get("/p/1/settings/accounts")
	if text := apptest.TestID(s.Page(seen, err, http.StatusOK), "organizations-1").Text(); !strings.Contains(text, "Есть в CRM, в этом аккаунте нет") {
		t.Errorf("the first account does not show the second company: %q", text)
	}
	for name, tt := range map[string]struct {
		form         url.Values
		field, words string
	}{
		"the account of the other company":  {secondForm("account", "1"), "account", "не знает организацию с ИНН " + second.INN},
		"the other account's certificate":   {secondForm("certificate", apptest.OurThumbprint), "certificate", "из другого аккаунта СБИС: «Основной»"},
		"a certificate that does not exist": {secondForm("certificate", apptest.OtherThumbprint), "certificate", "Такого сертификата нет"},
		"an account that does not exist":    {secondForm("account", "99"), "account", "Такого аккаунта СБИС нет"},
	} {
		p, err := admin.Post(at, tt.form)
		doc := s.Page(p, err, http.StatusUnprocessableEntity)
		card := apptest.TestID(doc, "company-"+company)
		if text := card.Find(`[data-testid="fault-` + tt.field + `"]`).Text(); !strings.Contains(text, tt.words) {
			t.Errorf("%s: «%s»", name, text)
		}
		if got, _ := card.Find(`select[name="` + tt.field + `"] option[selected]`).Attr("value"); tt.form.Get(tt.field) != "99" && got != tt.form.Get(tt.field) {
			t.Errorf("%s: the chosen value is lost, the page shows %q", name, got)
		}
	}
	_, action, f := s.DealTab(s.Deal(1)) // without an account
	f.Set("own", company)
	p, err := s.Manager.Post(action, f)
	signer := f.Get("signer")
	_, f = apptest.ActForm(s.Page(p, err, http.StatusUnprocessableEntity)) // rendered for the other company, which has no signer yet
	f.Set("signer", signer)
	f.Set("position", "Директор")
	f.Set("send", "1")
	p, err = s.Manager.Post(action, f)
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-presend").Text(), "не подключён аккаунт СБИС") {
		t.Errorf("without an account: «%s»", apptest.TestID(doc, "fault-presend").Text())
	}
	p, err = admin.Post(at, secondForm("certificate", secondThumbprint))
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the document in the second account", func() bool { return len(s.Documents()) == 1 })
	s.HandOver(s.Deal(3))
	s.Await("both documents", func() bool { return len(s.Documents()) == 2 })
	for _, d := range s.Documents() {
		want := map[string]string{second.INN: apptest.Account(1).Login, apptest.Own.INN: apptest.Account(0).Login}[d.Ours.INN]
		if d.Account != want {
			t.Errorf("the document of %s went through %s, want %s", d.Ours.INN, d.Account, want)
		}
	}
	a := apptest.Account(1) // SBIS removes the organisation from the account
	s.SBIS.AddAccount(a)
	p, err = admin.Post("/p/1/settings/accounts/2/check", nil)
	doc := s.Page(p, err, http.StatusOK)
	if text := apptest.TestID(doc, "organizations-2").Text(); !strings.Contains(text, "Нет в аккаунте СБИС") {
		t.Errorf("the check shows %q", text)
	}
	_, action, f = s.DealTab(s.Deal(5))
	f.Set("own", company)
	p, err = s.Manager.Post(action, f)
	_, f = apptest.ActForm(s.Page(p, err, http.StatusUnprocessableEntity))
	f.Set("send", "1")
	p, err = s.Manager.Post(action, f)
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-presend").Text(), "не знает организацию") {
		t.Errorf("the wrong organisation: «%s»", apptest.TestID(doc, "fault-presend").Text())
	}
	p, err = admin.Post("/p/1/settings/accounts/2/drop", nil)
	if doc := s.Page(p, err, http.StatusOK); apptest.TestID(doc, "account-2").Length() != 0 || s.Count("edo_accounts") != 1 {
		t.Error("the account is still there")
	}
}

// What SBIS reported is shown later without another request.
func TestAccountShowsWhatSBISReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	waiting := apptest.ServerCertificate(apptest.OurThumbprint, 5)
	waiting.Activated = false
	admin := s.SetSigning("deferred", "", waiting)
	asked := s.SBIS.Trace().Count("СБИС.СписокСертификатов")
	p, err := admin.Get("/p/1/settings/accounts")
	doc := s.Page(p, err, http.StatusOK)
	for id, words := range map[string][]string{
		"organizations-1":                      {apptest.Own.Name, "КПП 770101001", "Отправляет через этот аккаунт"},
		"certificate-" + apptest.OurThumbprint: {"Иванов Иван Иванович", "ИНН " + apptest.Own.INN, "ключ на сервере СБИС, не активирован", "До "},
		"account-checked-1":                    {"Проверено", "Входит Иванов Иван Иванович"},
	} {
		for _, w := range words {
			if text := apptest.TestID(doc, id).Text(); !strings.Contains(text, w) {
				t.Errorf("%s: no «%s» in %q", id, w, text)
			}
		}
	}
	if chosen, _ := doc.Find(`input[name="signing"][checked]`).Attr("value"); chosen != "deferred" {
		t.Errorf("signing %q", chosen)
	}
	if n := s.SBIS.Trace().Count("СБИС.СписокСертификатов"); n != asked {
		t.Errorf("the page made %d calls to SBIS, want none", n-asked)
	}
	s.AdvanceTo(s.Clock.Now().Add(25 * time.Hour))
	s.Await("the daily check", func() bool { return s.SBIS.Trace().Count("СБИС.СписокСертификатов") == asked+1 })
}

// A code by SMS activates the key; a wrong code gives a fault at its field.
func TestCertificateIsActivated(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	waiting := apptest.ServerCertificate(apptest.OurThumbprint, 400)
	waiting.Activated = false
	admin := s.SetSigning("server", apptest.OurThumbprint, waiting)
	key := url.Values{"thumbprint": {apptest.OurThumbprint}}
	p, err := admin.Post("/p/1/settings/accounts/1/code", key)
	s.Page(p, err, http.StatusOK)
	p, err = admin.Post("/p/1/settings/accounts/1/code", key)
	s.Page(p, err, http.StatusConflict) // within ten seconds
	if n := s.SBIS.Trace().Count("СБИС.ПолучитьКодАктивацииСертификата"); n != 1 {
		t.Errorf("%d codes were requested from SBIS, want 1", n)
	}
	p, err = admin.Post("/p/1/settings/accounts/1/activate", url.Values{"thumbprint": {apptest.OurThumbprint}, "code": {"wrong"}})
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-code").Text(), "Неверный код") {
		t.Errorf("a wrong code: «%s»", apptest.TestID(doc, "fault-code").Text())
	}
	p, err = admin.Post("/p/1/settings/accounts/1/activate", url.Values{"thumbprint": {apptest.OurThumbprint}, "code": {s.SBIS.Messages()[0].Code}})
	if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.TestID(doc, "certificate-"+apptest.OurThumbprint).Text(), "сервере СБИС, активирован") {
		t.Errorf("after the code: «%s»", apptest.TestID(doc, "certificate-"+apptest.OurThumbprint).Text())
	}
	s.AwaitTab(s.HandOver(s.Deal(1)), "Акт направлен заявителю", "Доставлен контрагенту")
}

// A wrong password is shown at its form; typed values are kept, secrets are not sent back.
func TestAccountFormWithAWrongPassword(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	p, err := admin.Post("/p/1/settings/accounts/0", url.Values{"name": {"Резервный"}, "login": {"robot"}, "password": {"wrong-password"}})
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	if text := apptest.TestID(doc, "account-problem-2").Text(); !strings.Contains(text, "Неверный логин или пароль") {
		t.Errorf("the problem is «%s»", text)
	}
	if login, _ := apptest.TestID(doc, "account-2").Find(`input[name="login"]`).Attr("value"); login != "robot" || strings.Contains(p.Body, "wrong-password") {
		t.Errorf("login %q; the password came back: %t", login, strings.Contains(p.Body, "wrong-password"))
	}
	for range 3 {
		p, err = admin.Post("/p/1/settings/accounts/2/check", nil)
		s.Page(p, err, http.StatusUnprocessableEntity)
	}
	s.AdvanceTo(s.Clock.Now().Add(25 * time.Hour))
	s.Await("the daily check of the other account", func() bool { return s.SBIS.Trace().Count("СБИС.СписокСертификатов") > 1 })
	if n := s.SBIS.Trace().Count("СБИС.Аутентифицировать"); n != 1 {
		t.Errorf("the password was tried %d times", n)
	}
	p, err = admin.Post("/p/1/settings/accounts/2", url.Values{"name": {"Резервный"}, "login": {"robot"}, "password": {apptest.Account(0).Password}})
	if doc := s.Page(p, err, http.StatusOK); apptest.TestID(doc, "account-problem-2").Length() != 0 {
		t.Error("the corrected account still has a problem")
	}
	p, err = admin.Post("/p/1/settings/accounts/0", url.Values{"name": {"Ещё"}, "app_client_id": {"17"}, "app_secret": {"secret-typed"}})
	doc = s.Page(p, err, http.StatusUnprocessableEntity)
	form := apptest.TestID(doc, "add-account")
	name, _ := form.Find(`input[name="name"]`).Attr("value")
	if client, _ := form.Find(`input[name="app_client_id"]`).Attr("value"); client != "17" || name != "Ещё" || strings.Contains(p.Body, "secret-typed") {
		t.Errorf("the form kept %q, %q; the secret came back: %t", name, client, strings.Contains(p.Body, "secret-typed"))
	}
	if text := form.Find(`[data-testid="fault-login"]`).Text(); !strings.Contains(text, "все три ключа") {
		t.Errorf("the fault is «%s»", text)
	}
}

// Administrators are warned 30, 14 and 7 days before a certificate or a power of attorney ends, once each.
func TestTermsAreWarnedOfOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.SetSigning("draft", "", apptest.ServerCertificate(apptest.OurThumbprint, 40))
	until := s.Today().AddDate(0, 0, 40).Format(time.DateOnly)
	p, err := admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm("power", "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", "power-from", "2026-01-12", "power-to", until))
	s.Page(p, err, http.StatusOK)
	begin := s.Clock.Now()
	for _, at := range [][2]int{{5, 0}, {11, 1}, {20, 1}, {27, 2}, {30, 2}, {34, 3}, {39, 3}} {
		day, want := at[0], at[1]
		s.AdvanceTo(begin.AddDate(0, 0, day))
		now := s.Clock.Now().UTC().Format(time.RFC3339)
		s.Await("the check of the day", func() bool {
			return s.Count("account_checks WHERE due_at > '"+now+"'") == 1 && s.Count("tasks WHERE kind = 'edo.check'") == 0
		})
		for _, what := range []string{"сертификат «Иванов Иван Иванович»", "доверенность подписанта Иванов И. И."} {
			s.Await("the warnings", func() bool { return s.Notifications(what) >= want })
			if n := s.Notifications(what); n != want {
				t.Errorf("day %d: %d warnings of %s, want %d", day, n, what, want)
			}
		}
	}
}
