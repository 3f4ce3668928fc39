package app_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// buildRelease builds the package of a version and returns its program as the package installs it.
func buildRelease(t *testing.T, version, migration string) string {
	t.Helper()
	root := t.TempDir()
	apptest.RunInRoot(t, "dpkg-deb", "--extract", apptest.BuildPackage(t, version, migration), root)
	return filepath.Join(root, "usr/bin/actsd")
}

// startReplica runs a program until stop is called, which ends it as systemd does and fails the test when it does not end well.
func startReplica(t *testing.T, program string, cfg app.Config) (stop func()) {
	t.Helper()
	p, err := apptest.StartProcess(t.Context(), program, cfg)
	if err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		if err := p.Stop(); err != nil {
			t.Errorf("a replica ended: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// Two replicas behind the sample of nginx are replaced one after the other by the package of the next version while a manager works: he sees no
// error, every act reaches SBIS once, and the previous release works on the new schema.
func TestRollover(t *testing.T) {
	for _, program := range []string{"nginx", "dpkg-deb"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing", program)
			}
			t.Skipf("%s is missing", program)
		}
	}
	t.Parallel()
	old, next := buildRelease(t, "1.0.0", ""), buildRelease(t, "1.1.0", apptest.NextMigration)
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1)) // opens the app
	s.AwaitQuiet()
	s.RemoveLimits()
	s.Stop()
	configs := [2]app.Config{s.AppConfig, s.AppConfig}
	var stops [2]func()
	for i := range configs {
		configs[i].Addr, configs[i].MigrateURL = apptest.FreeAddress(t), s.OwnerDSN
		stops[i] = startReplica(t, old, configs[i])
	}
	address, _ := startNginx(t, configs[0].Addr, configs[1].Addr)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request := func(method, path, body string) (int, *goquery.Document, error) {
		r, err := http.NewRequestWithContext(t.Context(), method, "https://"+address+path, strings.NewReader(body))
		if err != nil {
			return 0, nil, err
		}
		r.Header.Set("Cookie", s.Manager.Cookies("/"))
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := client.Do(r)
		if err != nil {
			return 0, nil, err
		}
		defer answer.Body.Close()
		doc, err := goquery.NewDocumentFromReader(answer.Body)
		return answer.StatusCode, doc, err
	}
	var over atomic.Bool
	journey, formed := make(chan error, 1), 1
	go func() {
		for n := 3; ; n = min(n+1, apptest.Deals+1) {
			if over.Load() && n > 5 {
				journey <- nil
				return
			}
			if status, _, err := request(http.MethodGet, "/p/1/acts", ""); err != nil || status != http.StatusOK {
				journey <- fmt.Errorf("the registry answers %d, %v", status, err)
				return
			}
			if n > apptest.Deals {
				continue
			}
			status, doc, err := request(http.MethodGet, fmt.Sprintf("/p/1/deals/%d", s.Deal(n)), "")
			if err != nil || status != http.StatusOK {
				journey <- fmt.Errorf("deal %d answers %d, %v", n, status, err)
				return
			}
			action, form := apptest.ActForm(doc)
			form.Set("send", "1")
			status, doc, err = request(http.MethodPost, action, form.Encode())
			if err != nil {
				journey <- fmt.Errorf("the form of deal %d: %w", n, err)
				return
			}
			if status != http.StatusSeeOther {
				journey <- fmt.Errorf("the form of deal %d answers %d: %s", n, status, doc.Find("[data-testid=message], .fault").Text())
				return
			}
			formed++
		}
	}()
	migrate := exec.CommandContext(t.Context(), next, "migrate")
	migrate.Env = apptest.Environ(configs[0])
	if out, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, out)
	}
	if s.Number(`SELECT count(*) FROM next_release`) != 0 {
		t.Error("the schema is not the next one")
	}
	again := configs[1] // the previous release also starts on the new schema
	stops[1]()
	stops[1] = startReplica(t, old, again)
	for i, stop := range stops {
		stop()
		startReplica(t, next, configs[i])
	}
	over.Store(true)
	if err := <-journey; err != nil {
		t.Error(err)
	}
	s.Await("every act in SBIS", func() bool { return len(s.Documents()) >= formed })
	if acts := s.Count("acts"); acts != formed || len(s.Documents()) != formed {
		t.Errorf("%d forms made %d acts and %d documents", formed, acts, len(s.Documents()))
	}
}
