//go:build e2e

package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/store/storetest"
)

// startTwoPortals runs the program for two portals of one site, each with its pages.
func startTwoPortals(t *testing.T) *apptest.World {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	w := apptest.NewWorld(t, "http://localhost:"+port, 2)
	dsn, _ := storetest.DSN(t)
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.New(ctx, w.Config(dsn, 0.02), time.Now, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && err != http.ErrServerClosed {
			t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	for _, p := range w.Portals {
		p.SetPages(newPortalPages(p, w.Cloud.App().Code))
		if err := apptest.Connect(p, w.AppURL, apptest.OurCompany); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// Two portals of one site share a cookie partition: each frame keeps using its own portal.
func TestTwoPortalsInOneBrowser(t *testing.T) {
	w := startTwoPortals(t)
	first := newTab(t)
	pages := []*tab{first, first.another()}
	frames := make([]*tab, 2)
	for i, page := range pages {
		page.open(w.Portals[i].URL() + "/crm/deal/details/1/?tab=acts")
		frames[i] = page.frame(w.AppURL)
		frames[i].awaitText("deal-tab")
	}
	formed := func(i int) int { return len(items(w.Portals[i])) }
	for i, f := range frames { // the second portal was opened last: its cookie is the newest
		f.await("its own address", fmt.Sprintf(`location.pathname.startsWith("/p/%d/")`, i+1))
		f.click("create-act")
		f.awaitNewestAct(draftWord, "Не передан")
		awaitTrue(t, "the act on its portal", func() bool { return formed(i) == 1 })
		f.reload()
		f.awaitNewestAct(draftWord, "Не передан")
		f.await("its own address", fmt.Sprintf(`location.pathname.startsWith("/p/%d/")`, i+1))
	}
	if formed(0) != 1 || formed(1) != 1 {
		t.Errorf("%d and %d acts, want one each", formed(0), formed(1))
	}
	var names []string
	for _, c := range cookies(frames[0]) {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"__Host-acts-1", "__Host-acts-2"}) {
		t.Errorf("the cookies are %v", names)
	}
	frames[0].eval(`(location.href = "/p/2/acts/1", 1)`) // another portal's page is available through the cookie, and shows nothing of it
	frames[0].await("the page is not framed by another portal", `document.querySelector("[data-testid=act-1]") === null`)
}

// items returns the items of «Акты» in the CRM of a portal.
func items(p *bitrix24test.Portal) []bitrix24test.Fields {
	var out []bitrix24test.Fields
	for _, t := range p.Types() {
		out = append(out, p.Items(t.EntityTypeID)...)
	}
	return out
}
