//go:build e2e

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"acts24/cmd/browser"
)

// timeout is the time for which a test waits for something that should happen immediately.
const timeout = 2 * time.Minute

// pageTimeout only ends a test that hangs: the longest have hundreds of steps and take four minutes on a busy machine.
const pageTimeout = 10 * time.Minute

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
	if errors.Is(err, browser.ErrNotInstalled) && os.Getenv("CI") != "true" {
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
	ctx, end := context.WithTimeout(page, pageTimeout)
	t.Cleanup(func() { end(); cancel() })
	return ctx
}

// shot saves a screenshot of the whole page as E2E_SHOTS/name.png; without the variable it does nothing.
func (b *tab) shot(name string) { b.shotAt(name, 1280) }

// shotAt does the same in a window of the given width and as high as the page, because invisible parts of
// frames of other sites are not painted.
func (b *tab) shotAt(name string, width int64) {
	b.t.Helper()
	dir := os.Getenv("E2E_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.page), timeout)
	defer cancel()
	whole := &tab{t: b.t, ctx: ctx, page: ctx}
	_ = chromedp.Do(ctx, chromedp.EmulateViewport(width, 900))
	whole.settle()
	height, _ := chromedp.Run(ctx, chromedp.Evaluate[int64]("document.documentElement.scrollHeight"))
	_ = chromedp.Do(ctx, chromedp.EmulateViewport(width, max(height, 900)))
	whole.settle()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	_ = chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900))
	if err != nil {
		b.t.Logf("no picture %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// settle waits until the height of the page has not changed for some animation frames.
func (b *tab) settle() {
	_ = chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](`new Promise((done) => {
		let height = 0, same = 0;
		const look = () => {
			same = document.documentElement.scrollHeight === height ? same + 1 : 0;
			height = document.documentElement.scrollHeight;
			if (same > 8) done(); else requestAnimationFrame(look);
		};
		look();
	})`, chromedp.EvalAwaitPromise))
}

// setColorScheme sets the preferred colour scheme; frames of other sites need their own call.
func (b *tab) setColorScheme(scheme string) {
	b.t.Helper()
	params := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	for _, ctx := range []context.Context{b.page, b.ctx} {
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, params); err != nil {
			b.fail("%s colours: %v", scheme, err)
		}
	}
}
