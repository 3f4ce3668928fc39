package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

var nastyTexts = []string{`"><img src=x onerror=alert(1)></title><script>alert(2)</script>{{7*7}}`, "javascript:alert(1)", "\u202eдля\u2028", "'; DROP TABLE answers;--", `\`, "$1", ") OR 1=1",
	"%27", "%_", "a\x00b", "\xff\xfe", "\xed\xa0\x80", "${jndi:ldap://x}", "[url=javascript:1]x[/url]", "=1+1", "\r\nSet-Cookie: a=b", "😀"}

// Names and typed texts are escaped, and no character breaks a page.
func TestFormEscapesTexts(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, nasty := s.Deal(1), nastyTexts[0]+"\u202e"
	company := int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	s.Portal.ChangeRequisite(s.CompanyRequisite(company), fields{"RQ_COMPANY_NAME": nasty, "RQ_COMPANY_FULL_NAME": nasty})
	s.Portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{{Name: nasty, Price: 10, Quantity: 1}, {Name: strings.Repeat("я", 250), Price: 10, Quantity: 1}})
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, fields{"title": nasty}); err != nil {
		t.Fatal(err)
	}
	live, who := s.AskQuestion(deal), s.Counterparty()
	p, err := who.Get(live)
	if doc := s.Page(p, err, http.StatusOK); doc.Find("img,script:not([src])").Length() > 0 || !strings.Contains(apptest.TestID(doc, "about").Text(), "{{7*7}}") {
		t.Errorf("a name became an element, or is not shown: %s", p.Body)
	} else if works := apptest.TestID(doc, "about").Text(); !strings.Contains(works, strings.Repeat("я", 199)+"…") {
		t.Errorf("a long name does not end with dots: %s", works)
	}
	names := []string{"channel", "kind", "operator", "participant", "box", "email", "address", "contact", "phone", "comment", "consent"}
	for _, text := range nastyTexts {
		s.AdvanceMinute()
		all := url.Values{}
		for _, name := range names {
			all.Set(name, text)
			f := apptest.Form("channel", "email", "kind", "company", "email", "buh@romashka.example", "consent", acts.ConsentVersion)
			f.Set(name, text)
			if name == "address" {
				f.Set("channel", "post")
				f.Set("address", "190000, Санкт-Петербург, "+text)
			}
			if p, err := who.Post(live, f); err != nil || p.Status != http.StatusOK && p.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s = %q: status %d, %v", name, text, p.Status, err)
			}
		}
		p, err := who.Post(live, all)
		doc := s.Page(p, err, http.StatusUnprocessableEntity)
		if n, cookie := doc.Find("img,script:not([src])").Length(), p.Header.Get("Set-Cookie"); n > 0 || cookie != "" {
			t.Errorf("%q became %d elements, cookie %q", text, n, cookie)
		}
	}
	s.Await("the answers in the timeline", func() bool { return s.TimelineEntries("190000, Санкт-Петербург, 😀") > 0 })
	s.AwaitQuiet()
	if n := s.Count("tasks WHERE dead"); n != 0 {
		t.Errorf("%d tasks failed for good", n)
	}
	for _, c := range s.Portal.Timeline() {
		if strings.ContainsAny(c.Text, "<>[]\x00") {
			t.Errorf("the timeline: %q", c.Text)
		}
	}
}

// Personal data require consent to exactly this text; too long texts are refused, not truncated.
func TestConsentAndLength(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	live, who, box := s.AskQuestion(s.Deal(1)), s.Counterparty(), apptest.BoxOf(1)
	p, err := who.Get(live)
	if doc := s.Page(p, err, http.StatusOK); doc.Find("#consent[checked]").Length() != 0 || !strings.Contains(doc.Find(".consent").Text(), acts.ConsentText(doc.Find("header strong bdi").First().Text())) {
		t.Errorf("the consent is given in advance, or has another text: %q", doc.Find(".consent").Text())
	}
	long := strings.Repeat("я", 1000)
	for name, tt := range map[string]struct {
		form  url.Values
		fault string
	}{
		"a name":                    {apptest.EDOAnswer(box, "contact", "Анна"), "consent"},
		"a phone":                   {apptest.EDOAnswer(box, "phone", "1"), "consent"},
		"a consent to another text": {apptest.EDOAnswer(box, "contact", "Анна", "consent", "2020-01"), "consent"},
		"a long name":               {apptest.EDOAnswer(box, "contact", long, "consent", acts.ConsentVersion), "contact"},
		"a long phone":              {apptest.EDOAnswer(box, "phone", long, "consent", acts.ConsentVersion), "phone"},
		"a long comment":            {apptest.EDOAnswer(box, "comment", long), "comment"},
		"a long address":            {apptest.Form("channel", "post", "kind", "company", "address", long), "address"},
		"a long e-mail":             {apptest.Form("channel", "email", "kind", "company", "email", strings.Repeat("a", 1000)+"@b.ru", "consent", acts.ConsentVersion), "email"},
		"a long operator":           {apptest.EDOAnswer("", "operator", long), "participant"},
		"nothing":                   {nil, "channel"},
	} {
		p, err := who.Post(live, tt.form)
		doc := s.Page(p, err, http.StatusUnprocessableEntity)
		if apptest.TestID(doc, "fault-"+tt.fault).Length() != 1 || doc.Find("#"+tt.fault).Length() != 1 {
			t.Errorf("%s: no mistake at %s: %s", name, tt.fault, apptest.TestID(doc, "mistakes").Text())
		}
	}
	if n := s.Count("answers"); n != 0 {
		t.Fatalf("%d answers were kept", n)
	}
	if got := s.Request(http.MethodPost, live, apptest.EDOAnswer(box, "comment", strings.Repeat("a", 17<<10))); got.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("more than 16 KiB: status %d", got.Status)
	}
	p, err = who.Post(live, apptest.EDOAnswer(box, "contact", "Анна", "consent", acts.ConsentVersion))
	s.Page(p, err, http.StatusOK)
	if n := s.Count("answers WHERE consent = '" + acts.ConsentVersion + "' AND contact = 'Анна'"); n != 1 {
		t.Errorf("%d answers are kept with the version of the text, want 1", n)
	}
}

// linkedURL matches the addresses that a page loads or links to.
var linkedURL = regexp.MustCompile(`(?:src|href|action|data-opened)="([^"]*)"`)

// The form with its resources is small and loads nothing from other hosts.
func TestFormIsSmallAndOurs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	live := s.AskQuestion(s.Deal(1))
	page := s.Request(http.MethodGet, live, nil)
	size := len(page.Body)
	for _, m := range linkedURL.FindAllStringSubmatch(page.Body, -1) {
		if !strings.HasPrefix(m[1], "/static/") && !strings.HasPrefix(m[1], live) {
			t.Errorf("the form links to %s", m[1])
		}
		if strings.HasPrefix(m[1], "/static/") {
			file := s.Request(http.MethodGet, m[1], nil)
			if size += len(file.Body); file.Status != http.StatusOK || strings.Contains(file.Body, "://") || strings.Contains(file.Body, "url(") {
				t.Errorf("%s: status %d, or another host in it", m[1], file.Status)
			}
		}
	}
	if strings.Contains(page.Body, "://") || strings.Contains(page.Body, "style=") || size > 30_000 {
		t.Errorf("%d bytes, want at most 30,000 and no other host", size)
	}
	t.Logf("%d bytes", size)
}

// Each way requires only its own address, and only personal data require consent.
func TestFormRequiresOnlyWhatTheWayNeeds(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	live, who := s.AskQuestion(s.Deal(1)), s.Counterparty()
	for name, tt := range map[string]struct {
		form url.Values
		kept string
	}{
		"through EDO without any address": {apptest.EDOAnswer(apptest.BoxOf(1)), "channel = 'edo' AND address = '' AND email = ''"},
		"by e-mail without a post address": {apptest.Form("channel", "email", "kind", "company", "email", "buh@romashka.example", "address", "дом 5"),
			"channel = 'email' AND email = 'buh@romashka.example' AND address = '' AND consent = ''"},
		"by post without an e-mail": {apptest.Form("channel", "post", "kind", "company", "address", "101000, Москва, а/я 5", "email", "нет"),
			"channel = 'post' AND address = '101000, Москва, а/я 5' AND email = ''"},
	} {
		p, err := who.Post(live, tt.form)
		s.Page(p, err, http.StatusOK)
		if n := s.Count("answers WHERE " + tt.kept); n != 1 {
			t.Errorf("%s: %d answers with %s, want 1", name, n, tt.kept)
		}
	}
	p, err := who.Post(live, apptest.Form("channel", "post", "kind", "company", "address", "дом 5"))
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); apptest.TestID(doc, "fault-address").Length() != 1 || apptest.TestID(doc, "fault-consent").Length() != 0 || doc.Find("#address").Text() != "дом 5" {
		t.Errorf("a post without an address: %s", apptest.TestID(doc, "mistakes").Text())
	}
}
