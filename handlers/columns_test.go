package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
)

// Every user chooses the columns of his lists; exports have the same columns, and lists of other users do not change.
func TestColumnsOfLists(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddCopies(60)
	s.Exec(`UPDATE acts SET company_id = 777`)
	columns := func(doc *goquery.Document) string {
		return strings.Join(doc.Find("table.registry col").Map(func(_ int, c *goquery.Selection) string { return c.AttrOr("class", "") }), " ")
	}
	const atFirst = "act date company status sum responsible due menu-link"
	// choose opens the choice of columns linked from a list and saves another one.
	choose := func(list string, shown ...string) (before, after *goquery.Document) {
		t.Helper()
		p, err := s.Manager.Get(list)
		p, err = s.Manager.Get(apptest.ButtonURL(apptest.TestID(s.Page(p, err, http.StatusOK), "columns")))
		before = s.Page(p, err, http.StatusOK)
		p, err = s.Manager.Post(before.Find("form[data-keep]").AttrOr("action", ""), url.Values{"show": shown})
		return before, s.Page(p, err, http.StatusOK)
	}
	before, doc := choose("/p/1/acts?medium=electronic&q=К-1", "responsible", "deal", "company", "nonsense")
	if checked := before.Find("input[type=checkbox][checked]").Length(); checked != 6 {
		t.Errorf("%d columns are shown at first, want 6", checked)
	}
	if got := columns(doc); got != "act responsible deal company menu-link" {
		t.Errorf("the columns are %q", got)
	}
	if apptest.RegistryRows(doc) != 11 {
		t.Errorf("the filter is lost with the choice: %d acts", apptest.RegistryRows(doc))
	}
	rows, _ := s.DownloadTable("/p/1/acts/export?format=xlsx&q=К-1")
	want := []string{"Номер", "Тип", "Контрагент", "ИНН", "КПП", "Сделка", "ID сделки", "Наша организация", "Ответственный", "Направлен", "Подписан", "Ссылка"}
	if !slices.Equal(rows[0], want) || len(rows) != 12 || !strings.HasPrefix(rows[1][0], "К-1") {
		t.Errorf("the table has %q, want %q; its first row is %q", rows[0], want, rows[1])
	}
	if rows, _ := s.DownloadTable("/p/1/acts/export?format=1c&q=К-1"); len(rows[0]) != 23 {
		t.Errorf("the table for 1С has %d columns, want all 23", len(rows[0]))
	}
	admin := s.Admin()
	p, err := admin.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
	if p, err = admin.Get("/p/1/acts"); columns(s.Page(p, err, http.StatusOK)) != atFirst {
		t.Error("a colleague's list has changed")
	}
	if _, doc = choose("/p/1/acts", "date", "company", "status", "sum", "responsible", "due"); columns(doc) != atFirst {
		t.Errorf("when all are shown, the columns are %q", columns(doc))
	}
	if before, _ = choose("/p/1/companies/777", "date"); before.Find("input[type=checkbox][value=company]").Length() != 0 || before.Find("input[type=hidden][value=company]").Length() != 1 {
		t.Error("the list of a company offers its own column, or does not keep it for other lists")
	}
	for name, tt := range map[string]struct {
		form url.Values
		want int
		rows int
	}{"a page of 20": {url.Values{"show": {"sum"}, "size": {"20"}, "rows": {"compact"}}, http.StatusOK, 20}, "a page of 100": {url.Values{"size": {"100"}}, http.StatusOK, 61},
		"a page of 30": {url.Values{"size": {"30"}}, http.StatusUnprocessableEntity, 0}, "no number": {url.Values{"size": {"x"}}, http.StatusUnprocessableEntity, 0}} {
		p, err := s.Manager.Post("/p/1/acts/columns", tt.form)
		if doc := s.Page(p, err, tt.want); apptest.RegistryRows(doc) != tt.rows {
			t.Errorf("%s: %d acts, want %d", name, apptest.RegistryRows(doc), tt.rows)
		}
	}
	p, err = s.Manager.Post("/p/1/acts/columns?status=sent", url.Values{"show": {"date", "sum", "inn"}, "up": {"inn"}})
	doc = s.Page(p, err, http.StatusOK)
	if got := strings.Join(doc.Find("input[checked][name=show]").Map(func(_ int, i *goquery.Selection) string { return i.AttrOr("value", "") }), " "); got != "date inn sum" {
		t.Errorf("after a move the choice is %q", got)
	}
}
