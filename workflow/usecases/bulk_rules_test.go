package usecases_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
)

// mixed creates acts of every kind that a list may contain; every tenth can be handed over.
func mixed(s *apptest.Site, n int, seed uint64) {
	s.T.Helper()
	s.AddCopies(n)
	s.AddCopyLines()
	r := rand.New(rand.NewPCG(seed, 7))
	for i := range n {
		pick := func(values ...string) string {
			if i%10 == 0 {
				return values[0]
			}
			return values[r.IntN(len(values))]
		}
		s.Exec(fmt.Sprintf(`UPDATE acts SET number = '', medium = '%s', status = '%s', delivery = '%s', act_date = '%s',
			buyer = buyer || jsonb_build_object('inn', '%s', 'edo', '%s', 'address', '%s'), signer = %s WHERE number = 'К-%d'`,
			pick("electronic", "electronic", "electronic", "electronic", "paper"), pick("draft", "draft", "draft", "draft", "signed_by_us", "sent", "signed", "accepted_unsigned", "refused", "annulled"),
			pick("", "", "", "", "", "error", "queued", "waiting_signature", "withdrawing"), pick("2026-11-20", "2026-11-20", "2026-11-20", "2025-12-31"), pick(apptest.INN10(780200001), apptest.INN10(780200001), apptest.INN10(780200001), "7802", ""),
			pick(apptest.BoxOf(1), apptest.BoxOf(1), apptest.BoxOf(1), "", "2BE"), pick("Москва", "Москва", "Москва", ""), pick("signer", "signer", "signer", `'{"last":"Иванов"}'`), i+1))
	}
}

// The check of a bulk action gives the same result for every act as the single action.
func TestBulkRefusesAsTheSingleAction(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	s.HandOver(s.Deal(1))
	s.AwaitQuiet()
	seed := rand.Uint64()
	mixed(s, 150, seed)
	_, doc := s.StartBulk(url.Values{"key": {uuid.NewString()}, "action": {"send"}, "all": {"1"}})
	can, reasons := 0, map[string]int{}
	rows := s.BulkRows()
	for _, row := range rows {
		p, err := s.Manager.Post("/p/1/acts/"+row[0]+"/send", nil)
		if err != nil {
			t.Fatal(err)
		}
		single, checked := "", row[2]
		if p.Status != http.StatusOK {
			single = strings.TrimSpace(apptest.TestID(s.Page(p, nil, p.Status), "alert").Text())
			reasons[single]++
		} else {
			can++
		}
		if single != checked || (row[1] == "waiting") != (p.Status == http.StatusOK) {
			t.Errorf("seed %d, act %s is %s: %q; the single action answers %d: %q", seed, row[0], row[1], checked, p.Status, single)
		}
	}
	if got, want := apptest.BulkText(doc), fmt.Sprintf("Готовы: %d, пропустим: %d.", can, len(rows)-can); len(rows) != 151 || got != want {
		t.Errorf("seed %d: the page shows %q of %d acts, want %q", seed, got, len(rows), want)
	}
	if can < 5 || len(reasons) < 8 {
		t.Errorf("seed %d: %d acts can be handed over, %d reasons: the mix proves nothing", seed, can, len(reasons))
	}
	apptest.TestID(doc, "group-refused").Each(func(_ int, g *goquery.Selection) {
		why := g.Find(".reason").Text()
		if n := fmt.Sprintf("Пропустим: %d", reasons[why]); strings.TrimSpace(g.Find(".chip").Text()) != n {
			t.Errorf("seed %d: %q is at %q, want %s", seed, g.Find(".chip").Text(), why, n)
		}
	})
}

// The counterparty of a deal is asked once, however many of its acts are selected, and not twice on one day.
func TestBulkAsksOnceADeal(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	s.HandOver(deal)
	s.SetClientContacts(s.Deal(2), "ip@client.ru")
	s.HandOver(s.Deal(2))
	s.HandOver(s.Deal(3)) // without an address
	s.AddCopies(2)
	s.AwaitQuiet()
	choice := url.Values{"key": {uuid.NewString()}, "action": {"ask"}, "all": {"1"}}
	path, doc := s.StartBulk(choice)
	if got := apptest.BulkText(doc); got != "Готовы: 2, пропустим: 3." {
		t.Fatalf("the check shows %q: %v", got, s.BulkRows())
	}
	s.RunBulk(path)
	s.Await("two letters", func() bool { return len(s.Portal.Letters()) == 2 })
	s.AwaitQuiet()
	if n := len(s.Portal.Letters()); n != 2 {
		t.Errorf("%d letters", n)
	}
	choice.Set("key", uuid.NewString())
	if _, doc = s.StartBulk(choice); apptest.BulkText(doc) != "Готовы: 0, пропустим: 5." || apptest.TestID(doc, "bulk-run").Length() != 0 {
		t.Errorf("the same day again: %q", apptest.BulkText(doc))
	}
	for _, why := range []string{"Вопрос уже отправлен сегодня.", "У контрагента не указан e-mail.", "Вопрос задаётся один раз на сделку"} {
		if all := apptest.TestID(doc, "group-refused").Text(); !strings.Contains(all, why) {
			t.Errorf("no %q in %s", why, all)
		}
	}
	p, err := s.Manager.Post("/p/1/deals/3/question", apptest.Form("address", ""))
	if err != nil || !strings.Contains(p.Body, "У контрагента не указан e-mail.") {
		t.Errorf("the single question answers %d", p.Status)
	}
}

// A bulk reminder creates the task before it is due; when the task exists, its responsible is notified, once a day.
func TestBulkReminds(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SendPaperAct(s.Deal(1))
	s.SendPaperAct(s.Deal(3))
	s.HandOver(s.Deal(2))
	s.AwaitQuiet()
	choice := func() url.Values { return url.Values{"key": {uuid.NewString()}, "action": {"remind"}, "all": {"1"}} }
	path, doc := s.StartBulk(choice())
	if got := apptest.BulkText(doc); got != "Готовы: 2, пропустим: 1." {
		t.Fatalf("the check shows %q: %v", got, s.BulkRows())
	}
	s.RunBulk(path)
	s.Await("two tasks", func() bool { return s.Tasks(false) == 2 })
	if text, _ := s.Portal.Tasks()[0]["description"].(string); !strings.Contains(text, "срок до") || strings.Contains(text, "Прошло") {
		t.Errorf("the task reads %q", text)
	}
	if _, doc = s.StartBulk(choice()); apptest.BulkText(doc) != "Готовы: 0, пропустим: 3." || !strings.Contains(apptest.TestID(doc, "group-refused").Text(), "сегодня уже напоминали") {
		t.Errorf("the same day again: %q", apptest.BulkText(doc))
	}
	s.AdvanceTo(s.Clock.Now().AddDate(0, 0, 30)) // the term is over too: no second task
	s.AwaitQuiet()
	path, _ = s.StartBulk(choice())
	s.RunBulk(path)
	s.Await("a notification about both", func() bool { return s.Notifications("Нужен статус, актов: 2") == 1 })
	s.AwaitQuiet()
	if n := len(s.Portal.Tasks()); n != 2 {
		t.Errorf("%d tasks", n)
	}
}

// The acts are assigned to another employee, in the CRM too; only employees who may see them can be chosen.
func TestBulkChangesTheResponsible(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	ids := s.FormDrafts(3)
	other := s.Portal.AddUser(apptest.Employee("Борис"))
	s.Exec(fmt.Sprintf(`INSERT INTO users (portal_id, id, name, active) VALUES (1, %d, 'Борис Коллегин', true), (1, 900, 'Уволенный', false)`, other))
	s.Exec(fmt.Sprintf(`UPDATE acts SET responsible_id = %d WHERE id = %s`, other, ids[0]))
	s.AddWorker(s.Manager.User)
	s.AwaitQuiet()
	path, doc := s.StartBulk(s.BulkForm("responsible", ids...))
	if apptest.TestID(doc, "bulk-target").Find("option").Length() != 3 {
		t.Errorf("whom it can be given to: %s", apptest.TestID(doc, "bulk-target").Text())
	}
	for _, nobody := range []string{"", "900", "-1", "12345", "Борис"} {
		if p, err := s.Manager.Post(path+"/target", apptest.Form("to", nobody)); err != nil || p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, "Выберите сотрудника") {
			t.Errorf("given to %q: %d %v", nobody, p.Status, err)
		}
	}
	p, err := s.Manager.Post(path+"/target", apptest.Form("to", fmt.Sprint(other)))
	if doc = s.Page(p, err, http.StatusOK); apptest.BulkText(doc) != "Готовы: 2, пропустим: 1." || !strings.Contains(doc.Text(), "Борис Коллегин уже отвечает за этот акт.") {
		t.Fatalf("the check shows %q", apptest.BulkText(doc))
	}
	s.RunBulk(path)
	s.Await("the cards follow", func() bool {
		n := 0
		for _, item := range s.Portal.Items(s.ItemType()) {
			if fmt.Sprint(item["assignedById"]) == fmt.Sprint(other) {
				n++
			}
		}
		return n >= 2
	})
	if n := s.Count(fmt.Sprintf("acts WHERE responsible_id = %d", other)); n != 3 {
		t.Errorf("%d acts are his", n)
	}
	if text := apptest.TestID(s.ActPage("/p/1/acts/"+ids[1]), "history").Text(); !strings.Contains(text, "Новый ответственный: Борис Коллегин") {
		t.Errorf("the history: %s", text)
	}
}

// More acts than are checked synchronously are checked by jobs, with progress.
func TestBulkOfAWholeFilter(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AwaitQuiet()
	s.AddCopies(700)
	doc := s.RegistryPage("status=sent&q=К")
	form := url.Values{"action": {"remind"}, "all": {"1"}}
	doc.Find(`form.choice input[type="hidden"]`).Each(func(_ int, in *goquery.Selection) {
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	path, doc := s.StartBulk(form)
	if got, n := apptest.BulkText(doc), s.Count("acts WHERE status = 'sent'"); got != fmt.Sprintf("Готовы: %d, пропустим: 0.", n) || n != 100 {
		t.Errorf("the check of %d acts shows %q", n, got)
	}
	s.PageOfUsualSize(path)
}
