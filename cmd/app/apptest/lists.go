package apptest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
)

// ButtonURL returns the URL that a button of the filter opens.
func ButtonURL(button *goquery.Selection) string {
	q := url.Values{}
	button.Closest("form").Find("input[name]").Each(func(_ int, field *goquery.Selection) {
		q.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	return button.AttrOr("formaction", "") + "?" + q.Encode()
}

// PageOfUsualSize opens a page and fails the test when it exceeds the size limits.
func (s *Site) PageOfUsualSize(path string) *goquery.Document {
	s.T.Helper()
	return s.PageWithin(path, 60_000, 12_000)
}

// PageWithin opens a page and compares its size, plain and compressed, with limits in bytes.
func (s *Site) PageWithin(path string, plain, compressed int) *goquery.Document {
	s.T.Helper()
	p, err := s.Manager.Get(path)
	doc := s.Page(p, err, http.StatusOK)
	r, err := http.NewRequest(http.MethodGet, s.AppURL+path, nil)
	if err != nil {
		s.T.Fatal(err)
	}
	r.Header.Set("Cookie", s.Manager.Cookies("/"))
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.T.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.Header.Get("Content-Encoding") != "gzip" {
		s.T.Errorf("%s is sent as %q, %v", path, answer.Header.Get("Content-Encoding"), err)
	}
	s.T.Logf("%s: %d bytes, %d compressed", path, len(p.Body), len(body))
	if len(p.Body) > plain || len(body) > compressed {
		s.T.Errorf("%s: %d bytes, %d compressed; at most %d and %d", path, len(p.Body), len(body), plain, compressed)
	}
	return doc
}

// SetWaitingTasks gives the portal n other waiting tasks in place of those of an earlier call.
func (s *Site) SetWaitingTasks(n int) {
	s.T.Helper()
	s.Exec(`DELETE FROM tasks WHERE kind = 'crm.letter' AND subject >= 1000000`)
	s.Exec(fmt.Sprintf(`INSERT INTO tasks (portal_id, kind, subject, due_at) SELECT 1, 'crm.letter', 1000000 + n, clock_timestamp() + interval '1 day' FROM generate_series(1, %d) n`, n))
}

// AddCopies adds n copies of the first act in all statuses, each a day older, over several years.
func (s *Site) AddCopies(n int) {
	s.T.Helper()
	s.Exec(fmt.Sprintf(`INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, contact_id, medium, party_kind, channel, function,
			status, delivery, number, act_date, net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at)
		SELECT portal_id, gen_random_uuid(), deal_id, own_company_id, company_id, contact_id, medium, party_kind, channel, function,
			(ARRAY['draft', 'signed_by_us', 'sent', 'signed', 'accepted_unsigned', 'refused', 'annulled'])[1 + n %% 7], 'waiting_signature', 'К-' || n,
			act_date - CAST(n %% 3000 AS int), net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at
		FROM acts, generate_series(1, %d) n WHERE acts.id = 1`, n))
}

// AddCopyLines adds to the copies the lines of the original act, which their documents need.
func (s *Site) AddCopyLines() {
	s.T.Helper()
	s.Exec(`INSERT INTO act_lines (portal_id, act_id, n, row_id, name, unit, quantity, price, rate, net, tax, gross)
		SELECT a.portal_id, a.id, n, row_id, name, unit, quantity, price, rate, l.net, l.tax, l.gross FROM act_lines l JOIN acts a USING (portal_id)
		WHERE l.act_id = 1 AND a.id > 1`)
}

// BulkRows returns the rows of the last bulk action: act, state, reason.
func (s *Site) BulkRows() (rows [][3]string) {
	s.T.Helper()
	found, err := s.Owner().Query(`SELECT act_id, state, reason FROM bulk_rows WHERE bulk_id = (SELECT max(id) FROM bulks) ORDER BY n`)
	if err != nil {
		s.T.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var r [3]string
		if err := found.Scan(&r[0], &r[1], &r[2]); err != nil {
			s.T.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// BulkForm returns the form below the registry with an action and some acts selected.
func (s *Site) BulkForm(action string, ids ...string) url.Values {
	return url.Values{"key": {uuid.NewString()}, "action": {action}, "act": ids}
}

// StartBulk sends a form, follows it to the page of the bulk action, and waits for the result of the check.
func (s *Site) StartBulk(form url.Values) (path string, doc *goquery.Document) {
	s.T.Helper()
	p, err := s.Manager.Post("/p/1/acts/bulk", form)
	s.Page(p, err, http.StatusOK)
	return p.Path, s.awaitBulk(p.Path, "проверяется", false)
}

// awaitBulk waits until a bulk action is in a state, or, if want is false, in another state.
func (s *Site) awaitBulk(path, state string, want bool) (doc *goquery.Document) {
	s.T.Helper()
	s.Await(fmt.Sprintf("%q at %s: %t", state, path, want), func() bool {
		p, err := s.Manager.Get(path)
		doc = s.Page(p, err, http.StatusOK)
		return (strings.TrimSpace(TestID(doc, "bulk-state").Find(".chip").Text()) == state) == want
	})
	return doc
}

// RunBulk starts a bulk action and waits for its end.
func (s *Site) RunBulk(path string) *goquery.Document {
	s.T.Helper()
	p, err := s.Manager.Post(path+"/run", nil)
	s.Page(p, err, http.StatusOK)
	return s.awaitBulk(path, "выполнено", true)
}

// BulkText returns the text of the result on the page of a bulk action.
func BulkText(doc *goquery.Document) string { return TestID(doc, "bulk-words").Text() }

// RegistryRows returns the number of rows of the registry.
func RegistryRows(doc *goquery.Document) int { return doc.Find("table.registry tbody tr").Length() }

// RegistryPage opens a page of acts with a query string.
func (s *Site) RegistryPage(query string) *goquery.Document {
	s.T.Helper()
	p, err := s.Manager.Get("/p/1/acts?" + query)
	return s.Page(p, err, http.StatusOK)
}
