package apptest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
	"golang.org/x/text/encoding/charmap"
)

// The labels of a new act: its status, and its delivery when it waits for our signature.
const (
	DraftLabel   = "Подготовка акта"
	WaitingLabel = "Ждёт нашей подписи в СБИС"
)

// DealTab opens a deal and returns its page and the form with its values.
func (s *Site) DealTab(deal int64) (doc *goquery.Document, action string, f url.Values) {
	s.T.Helper()
	p, err := s.Manager.OpenDeal(deal)
	doc = s.Page(p, err, http.StatusOK)
	action, f = ActForm(doc)
	return doc, action, f
}

// HandOver forms an act of the whole deal and hands it over; it returns the path of the deal tab.
func (s *Site) HandOver(deal int64) string {
	s.T.Helper()
	opened, err := s.Manager.OpenDeal(deal)
	doc := s.Page(opened, err, http.StatusOK)
	action, form := ActForm(doc)
	form.Set("send", "1")
	formed, err := s.Manager.Post(action, form)
	s.Page(formed, err, http.StatusOK)
	return strings.TrimSuffix(action, "/acts")
}

// FormDrafts forms electronic acts of the first n deals and returns their ids.
func (s *Site) FormDrafts(n int) (ids []string) {
	s.T.Helper()
	for i := range n {
		opened, err := s.Manager.OpenDeal(s.Deal(i + 1))
		action, form := ActForm(s.Page(opened, err, http.StatusOK))
		formed, err := s.Manager.Post(action, form)
		s.Page(formed, err, http.StatusOK)
		_, act, _ := strings.Cut(formed.Path, "formed=")
		ids = append(ids, act)
	}
	return ids
}

// FormActs requests acts of several deals from the list of deals without acts.
func (s *Site) FormActs(deals ...int64) {
	s.T.Helper()
	f := Form("key", uuid.NewString())
	for _, d := range deals {
		f.Add("deal", fmt.Sprint(d))
	}
	p, err := s.Manager.Post("/p/1/deals/acts", f)
	s.Page(p, err, http.StatusOK)
}

// WaitsForOurSignature reports whether the newest act of a deal tab waits for our signature in SBIS.
func (s *Site) WaitsForOurSignature(tab string) bool {
	p, err := s.Manager.Get(tab)
	return strings.TrimSpace(TestID(s.Page(p, err, 200), "act-delivery").First().Text()) == WaitingLabel
}

// ActPage returns the page of an act.
func (s *Site) ActPage(path string) *goquery.Document {
	s.T.Helper()
	p, err := s.Manager.Get(path)
	return s.Page(p, err, http.StatusOK)
}

// ActStatus returns the status on the page of an act or on a deal tab.
func ActStatus(doc *goquery.Document) string {
	return strings.TrimSpace(TestID(doc, "act-status").First().Text())
}

// PostAction posts an action of the page and expects the status afterwards.
func (s *Site) PostAction(path string, form url.Values, want string) *goquery.Document {
	s.T.Helper()
	p, err := s.Manager.Post(path, form)
	doc := s.Page(p, err, http.StatusOK)
	if got := ActStatus(doc); got != want {
		s.T.Fatalf("%s: the act is «%s», want «%s»", path, got, want)
	}
	return doc
}

// XML returns the document of an act as it was sent to SBIS.
func (s *Site) XML(act string) string {
	s.T.Helper()
	p, err := s.Manager.Get(act + "/xml")
	s.Page(p, err, http.StatusOK)
	text, err := charmap.Windows1251.NewDecoder().String(p.Body)
	s.Must(err)
	return text
}

// FormPaperAct forms a paper act of the whole deal and returns the path of its page.
func (s *Site) FormPaperAct(deal int64, kind string) string {
	s.T.Helper()
	opened, err := s.Manager.OpenDeal(deal)
	action, form := ActForm(s.Page(opened, err, http.StatusOK))
	form.Set("type", "paper-"+kind)
	formed, err := s.Manager.Post(action, form)
	doc := s.Page(formed, err, http.StatusOK)
	href, ok := doc.Find(`section#acts a[href*="/acts/"]`).First().Attr("href")
	if !ok {
		s.T.Fatalf("no act on the tab:\n%s", formed.Body)
	}
	return href
}

// SendPaperAct forms a paper act of a deal and sends it by post today.
func (s *Site) SendPaperAct(deal int64) string {
	s.T.Helper()
	kind := "company"
	if deal%2 == 0 { // the deals of the test data with an ИП
		kind = "person"
	}
	act := s.FormPaperAct(deal, kind)
	p, err := s.Manager.Upload(act+"/files/ours", nil, Scan)
	s.Page(p, err, http.StatusOK)
	s.PostAction(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	return act
}

// Scan is our signed copy of a paper act.
var Scan = UploadFile{Name: "Скан акта.pdf", Body: []byte("%PDF-1.4 наш экземпляр")}

// PDF returns size bytes that begin like a PDF.
func PDF(size int) []byte {
	body := make([]byte, size)
	copy(body, "%PDF-1.7 ")
	return body
}
