package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
	"acts24/store/storetest"
)

// site is the program in a furnished world.
type site struct {
	*apptest.World
	t       *testing.T
	manager *apptest.Visitor
	portal  *bitrix24test.Portal
	logs    *logs
	clock   *clock
	app     *app.App
	owner   string // of the database, as its owner
	cfg     app.Config
	stop    func() // stops the program; responses in progress are dropped
	calm    int64  // number of calls to the portal when it was last quiet

	mu    sync.Mutex
	deals []bitrix24test.Fields
}

// TestMain runs many tests in parallel: there are few processors, but most tests only wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set("6") // no error: the value is a number
	}
	os.Exit(m.Run())
}

// boundless removes the limits of calls, for tests whose setup would wait for them.
func (s *site) boundless() {
	s.t.Helper()
	db, err := sql.Open("postgres", s.owner)
	if err != nil {
		s.t.Fatal(err)
	}
	s.portal.SetLimits(bitrix24test.Limits{Off: true})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_, _ = db.ExecContext(ctx, `UPDATE budgets SET level = 0`)
			time.Sleep(20 * time.Millisecond)
		}
	}()
	s.t.Cleanup(func() { cancel(); <-done; db.Close() })
}

// sweeping reconciles every second.
func sweeping(cfg *app.Config) { cfg.Sweep = time.Second }

// clock is business time, which a test can advance or stop.
type clock struct {
	ahead   atomic.Int64
	stopped atomic.Pointer[time.Time]
}

func (c *clock) now() time.Time {
	at := time.Now()
	if stopped := c.stopped.Load(); stopped != nil {
		at = *stopped
	}
	return at.Add(time.Duration(c.ahead.Load()))
}

// today is the present moment in the zone of the portals: from 21:00 to 24:00 UTC they have the next day.
func (s *site) today() time.Time { return s.clock.now().In(time.FixedZone("MSK", 3*60*60)) }

// stop makes the clock move only by pass.
func (c *clock) stop() {
	at := time.Now()
	c.stopped.Store(&at)
}

// pass moves business time to the given time and wakes the jobs.
func (s *site) pass(to time.Time) {
	s.clock.ahead.Add(int64(to.Sub(s.clock.now())))
	s.app.Wake()
}

// start runs the program in this process with fake servers, installed and connected on every portal.
func start(t *testing.T, portals int, change ...func(*app.Config)) *site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := apptest.NewWorld(t, "http://"+listener.Addr().String(), portals)
	dsn, owner := storetest.DSN(t)
	cfg := w.Config(dsn, 0.02)
	for _, c := range change {
		c(&cfg)
	}
	s := &site{World: w, t: t, logs: &logs{t: t}, clock: &clock{}, owner: owner, cfg: cfg}
	a, stop := s.serve(s.clock, listener)
	t.Cleanup(stop)
	for _, p := range w.Portals {
		if err := apptest.Connect(p, w.AppURL, apptest.OurCompany); err != nil {
			t.Fatal(err)
		}
	}
	s.app, s.portal, s.stop = a, w.Portals[0], stop
	s.manager = apptest.NewVisitor(s.portal, s.portal.Manager(), w.AppURL)
	t.Cleanup(s.linksLead)
	t.Cleanup(s.accepted)
	return s
}

// accepted checks that the portal has ignored nothing that it was sent: every object has only fields of its entity type.
func (s *site) accepted() {
	for _, l := range s.Cloud.Trace().Lines() {
		if len(l.Ignored) > 0 {
			s.t.Errorf("%s: the portal ignores %v", l.Method, l.Ignored)
		}
	}
}

// linksLead checks that notifications link to the app by its code in /marketplace/view/, as the portal requires.
func (s *site) linksLead() {
	for _, one := range s.portal.Notifications() {
		if strings.Contains(one.Message, "/marketplace/app/") {
			s.t.Errorf("a notification links nowhere: %s", one.Message)
		}
	}
}

// serve runs the program on a listener until stop is called.
func (s *site) serve(business *clock, listener net.Listener) (a *app.App, stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.New(ctx, s.cfg, business.now, slog.New(slog.NewTextHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, listener) }()
	return a, sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && err != http.ErrServerClosed {
			s.t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	})
}

// logs collects what the program logs, and repeats warnings in the output of the test.
type logs struct {
	t    *testing.T
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !bytes.Contains(b, []byte("level=INFO")) && !bytes.Contains(b, []byte("level=DEBUG")) {
		l.t.Logf("%s", b)
	}
	return l.text.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// await fails the test when cond does not become true within half a minute.
func (s *site) await(what string, cond func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := apptest.Await(ctx, cond); err != nil {
		s.t.Fatalf("%s did not happen", what)
	}
}

// page parses a page and fails the test when the status is not want.
func (s *site) page(p apptest.Page, err error, want int) *goquery.Document {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	if p.Status != want {
		s.t.Fatalf("%s: status %d, want %d\n%s", p.Path, p.Status, want, p.Body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.Body))
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

// read is page without a test.
func read(p apptest.Page) (*goquery.Document, error) {
	if p.Status != http.StatusOK {
		return nil, fmt.Errorf("%s answered %d", p.Path, p.Status)
	}
	return goquery.NewDocumentFromReader(strings.NewReader(p.Body))
}

// count returns the number of rows of a table over all portals; what may add a condition.
func (s *site) count(what string) (n int) {
	s.t.Helper()
	db, err := sql.Open("postgres", s.owner)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM " + what).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func testid(doc *goquery.Document, id string) *goquery.Selection {
	return doc.Find(`[data-testid="` + id + `"]`)
}

// formOf returns the form of the deal tab with the values on the page.
func formOf(doc *goquery.Document) (action string, form url.Values) {
	form = url.Values{}
	sel := doc.Find("form.act-form")
	sel.Find("input,select").Each(func(_ int, in *goquery.Selection) {
		name, _ := in.Attr("name")
		kind, _ := in.Attr("type")
		_, checked := in.Attr("checked")
		_, disabled := in.Attr("disabled")
		if name == "" || disabled || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value, _ := in.Attr("value")
		if goquery.NodeName(in) == "select" {
			value, _ = in.Find("option[selected]").Attr("value")
		}
		form.Add(name, value)
	})
	action, _ = sel.Attr("action")
	return action, form
}

// deal returns the id of the n-th furnished deal.
func (s *site) deal(n int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > len(s.deals) {
		s.deals = s.portal.Items(bitrix24test.Deal)
	}
	return int64(s.deals[n-1]["id"].(float64))
}

func (s *site) stage(deal int64) string {
	item := s.portal.Item(bitrix24test.Deal, deal)
	return s.portal.StageName(bitrix24test.Deal, item["stageId"].(string))
}

// send forms an act of the whole deal and hands it over; it returns the path of the deal tab.
func (s *site) send(deal int64) string {
	s.t.Helper()
	opened, err := s.manager.OpenDeal(deal)
	doc := s.page(opened, err, http.StatusOK)
	action, form := formOf(doc)
	form.Set("send", "1")
	formed, err := s.manager.Post(action, form)
	s.page(formed, err, http.StatusOK)
	return strings.TrimSuffix(action, "/acts")
}

// documents returns the existing documents of SBIS.
func (s *site) documents() []sbistest.DocumentView { return s.SBIS.Documents() }

func TestMainJob(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	for name, n := range map[string]int{"a legal entity": 1, "an entrepreneur": 2} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			deal := s.deal(n)
			tab := s.send(deal)
			seen := len(s.documents())
			s.await("the document in SBIS", func() bool { return s.inCabinet(tab) })
			doc := s.documents()[len(s.documents())-1]
			if seen > 0 && doc.State != 0 {
				t.Fatalf("state %d, want a draft", doc.State)
			}
			if err := s.SBIS.Act(doc.ID, sbistest.Do{Move: sbistest.SignByUs}); err != nil {
				t.Fatal(err)
			}
			s.await("the deal moved after our signature", func() bool { return s.stage(deal) == "Акт направлен заявителю" })
			if err := s.SBIS.Act(doc.ID, sbistest.Do{Move: sbistest.SignByCounterparty}); err != nil {
				t.Fatal(err)
			}
			s.await("the deal moved after the counterparty's signature", func() bool { return s.stage(deal) == "Услуга оказана" })
			s.await("the status on the tab", func() bool {
				p, err := s.manager.Get(tab)
				return strings.TrimSpace(testid(s.page(p, err, 200), "act-status").First().Text()) == "Акт получен и подписан"
			})
		})
	}
}

func (s *site) inCabinet(tab string) bool {
	p, err := s.manager.Get(tab)
	return strings.TrimSpace(testid(s.page(p, err, 200), "act-delivery").First().Text()) == "Ждёт нашей подписи в СБИС"
}
