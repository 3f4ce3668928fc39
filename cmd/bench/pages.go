package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	"acts24/store"
)

// The goals of what a page is made of.
const (
	goalOwn    = 2  // statements of the page's own
	goalVisit  = 1  // statements for the visit
	goalWeight = 25 // kB of HTML before compression
)

func (s *stage) dealTab(base string) subject {
	return subject{name: "deal tab", urls: under(base, s.deals), mark: `data-testid="deal-tab"`, marks: 1, visits: s.visits}
}

func (s *stage) actPage(base string) subject {
	return subject{name: "act page", urls: under(base, s.acts), mark: `data-testid="act-status"`, marks: 1, visits: s.visits}
}

func under(base string, paths []string) (urls []string) {
	for _, path := range paths {
		urls = append(urls, base+path)
	}
	return urls
}

// measurePages counts statements and bytes of every page. The database itself writes down what it is
// asked, which costs time: hence the program is a fresh one, and the speed is not measured here.
func (s *stage) measurePages(ctx context.Context, r *report) error {
	if err := s.exec(ctx, "ALTER ROLE "+store.AppRole+" SET log_statement = 'all'"); err != nil {
		return err
	}
	err := s.whilePaging(ctx, func(_ *http.ServeMux, base string) error {
		for _, page := range []subject{s.dealTab(base), s.actPage(base)} {
			if err := s.measurePage(ctx, page, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.exec(ctx, "ALTER ROLE "+store.AppRole+" RESET log_statement")
}

// made is what a page took and weighs.
type made struct{ own, visit, weight, packed int }

// worst of two pages in every respect.
func worst(a, b made) made {
	return made{max(a.own, b.own), max(a.visit, b.visit), max(a.weight, b.weight), max(a.packed, b.packed)}
}

// measurePage looks at every page of a kind; the worst of them counts.
func (s *stage) measurePage(ctx context.Context, page subject, r *report) error {
	client := newClient()
	defer client.CloseIdleConnections()
	var m made
	for turn := range page.urls {
		one, err := s.look(ctx, client, page, turn)
		if err != nil {
			return err
		}
		m = worst(m, one)
	}
	r.add(line{what: page.name + ", its own statements", value: float64(m.own), goal: goalOwn, note: fmt.Sprintf("the worst of %d pages", len(page.urls))})
	r.add(line{what: page.name + ", statements for the visit", value: float64(m.visit), goal: goalVisit})
	r.add(line{what: page.name + ", weight", value: float64(m.weight) / 1000, unit: "kB", digits: 1, goal: goalWeight,
		note: fmt.Sprintf("%.1f kB when compressed", float64(m.packed)/1000)})
	return nil
}

// look asks for a page twice: the first time a connection may have to be opened and bound to the portal.
func (s *stage) look(ctx context.Context, client *http.Client, page subject, turn int) (made, error) {
	if _, err := page.ask(ctx, client, turn, io.Discard); err != nil {
		return made{}, err
	}
	var body bytes.Buffer
	asked, err := s.listen(func() error {
		_, err := page.ask(ctx, client, turn, &body)
		return err
	})
	if err != nil {
		return made{}, err
	}
	visit := 0
	for _, query := range asked {
		if visitQuery.MatchString(query) {
			visit++
		}
	}
	return made{own: len(asked) - visit, visit: visit, weight: body.Len(), packed: gzipped(body.Bytes())}, page.check(body.Bytes())
}

var (
	visitQuery = regexp.MustCompile(`\sFROM visits\s`)
	statement  = regexp.MustCompile(`(?m)^.* LOG:  (?:statement|execute [^:]*): (.*(?:\n\t.*)*)`)
)

// listen returns what the database was asked while f ran.
func (s *stage) listen(f func() error) (asked []string, err error) {
	log, err := s.logged(f)
	return statements(log), err
}

// logged returns what the server wrote into its log while f ran.
func (s *stage) logged(f func() error) ([]byte, error) {
	file, err := os.Open(filepath.Join(s.server.Dir(), "server.log"))
	if err != nil {
		return nil, fmt.Errorf("read the log of the database: %w", err)
	}
	defer file.Close()
	if _, err := file.Seek(0, io.SeekEnd); err != nil {
		return nil, fmt.Errorf("read the log of the database: %w", err)
	}
	if err := f(); err != nil {
		return nil, err
	}
	log, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read the log of the database: %w", err)
	}
	return log, nil
}

// statements finds those of a server's log; the further lines of one are indented by a tab.
func statements(log []byte) (list []string) {
	for _, found := range statement.FindAllSubmatch(log, -1) {
		list = append(list, string(found[1]))
	}
	return list
}

func gzipped(page []byte) int {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(page) // memory does not fail
	_ = w.Close()
	return packed.Len()
}
