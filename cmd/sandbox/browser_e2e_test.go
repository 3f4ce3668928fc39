//go:build e2e

package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
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
var chromium = sync.OnceValues(func() (context.Context, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, errNoChromium
	}
	profile, err := os.MkdirTemp("", "acts-e2e-chromium")
	if err != nil {
		return nil, err
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.WindowSize(1280, 900))...)
	ctx, cancel := chromedp.NewContext(alloc)
	closeChromium = func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		stop()
		_ = os.RemoveAll(profile)
	}
	return ctx, chromedp.Do(ctx)
})

var (
	errNoChromium = errors.New("no chromium here: apt-get install chromium")
	closeChromium = func() {}
)

// leaves answers the browser's question about leaving a page with unsaved values: otherwise the page would wait for a person.
func leaves(page context.Context) func(any) {
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
	browser, err := chromium()
	if errors.Is(err, errNoChromium) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	page, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	if err := chromedp.Do(page, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(page, leaves(page)); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithTimeout(page, 3*time.Minute)
	t.Cleanup(func() { end(); cancel() })
	return ctx
}
