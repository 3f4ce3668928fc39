//go:build e2e

package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"acts24/cmd/browser"
)

// timeout is the time for which a test waits for something that should happen immediately.
const timeout = 2 * time.Minute

func TestMain(m *testing.M) {
	code := m.Run()
	closeShared()
	closeChromium()
	os.Exit(code)
}

// chromium is the browser of this package; every test has its own browser context in it.
var chromium = sync.OnceValues(func() (ctx context.Context, err error) {
	ctx, closeChromium, err = browser.Start(context.Background())
	return ctx, err
})

var closeChromium = func() {}

// acceptLeaving answers the browser's question about leaving a page with unsaved values: otherwise the page would wait for a person.
func acceptLeaving(page context.Context) func(any) {
	return func(event any) {
		if e, ok := event.(*cdppage.EventJavascriptDialogOpening); ok && e.Type == cdppage.DialogTypeBeforeunload {
			go func() {
				_, _ = chromedp.Call(page, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
			}()
		}
	}
}

// newBrowser returns a browser tab with its own cookies. Without Chromium the test is skipped, on the build server it fails.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	tabs, err := chromium()
	if errors.Is(err, browser.ErrNone) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	page, cancel := chromedp.NewContext(tabs, chromedp.WithNewBrowserContext())
	if err := chromedp.Do(page, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(page, acceptLeaving(page)); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithTimeout(page, 3*time.Minute)
	t.Cleanup(func() { end(); cancel() })
	return ctx
}
