//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"acts24/cmd/browser"
	"acts24/views/stories"
)

// tabs is the number of stories that are checked at a time.
const tabs = 3

var (
	stopChromium = func() {}
	chromium     = sync.OnceValues(func() (ctx context.Context, err error) {
		ctx, stopChromium, err = browser.Start(context.Background())
		return ctx, err
	})
)

func TestMain(m *testing.M) {
	code := m.Run()
	stopChromium()
	os.Exit(code)
}

// newPage returns a tab of the browser. Without Chromium the test is skipped, on the build server it fails.
func newPage(t *testing.T) context.Context {
	t.Helper()
	tabs, err := chromium()
	if errors.Is(err, browser.ErrNotInstalled) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	page, cancel := chromedp.NewContext(tabs, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(page); err != nil {
		t.Fatal(err)
	}
	return page
}

// TestLooks opens every story and checks its layout at the widths of a laptop, of our frame in a card there, of the laptop at 200 % zoom, and of two phones, its
// colours in both themes, and its accessibility.
func TestLooks(t *testing.T) {
	server := httptest.NewServer(newHandler())
	t.Cleanup(server.Close)

	next := make(chan stories.Story)
	var work sync.WaitGroup
	for range tabs {
		page, messages := newPage(t), &console{}
		if err := chromedp.Listen(page, messages.record); err != nil {
			t.Fatal(err)
		}
		work.Go(func() {
			for s := range next {
				found, err := problems(page, server.URL, s)
				for _, line := range append(found, messages.taken()...) {
					t.Errorf("%s %s", s.Name(), line)
				}
				if err != nil {
					t.Errorf("%s: %v", s.Name(), err)
				}
			}
		})
	}
	for _, s := range stories.All() {
		if strings.Contains(s.Name(), os.Getenv("STORY")) {
			next <- s
		}
	}
	close(next)
	work.Wait()
}

// step is a check in a window of some width. Contrast is checked by looks, which is faster and stricter than axe.
type step struct {
	width        int64
	theme, check string
}

// storyTimeout only ends checks that hang: those of a page with 300 rows, in ten windows, take a minute on a busy machine.
const storyTimeout = 5 * time.Minute

// problems returns what is wrong with a story, one problem a line.
func problems(page context.Context, url string, s stories.Story) (list []string, err error) {
	ctx, cancel := context.WithTimeout(page, storyTimeout)
	defer cancel()
	if err := setTheme(ctx, "light"); err != nil {
		return nil, err
	}
	if err := resize(ctx, 1280, 900); err != nil {
		return nil, err
	}
	if err := open(ctx, url, s.Name()); err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](browser.Looks), chromedp.Evaluate[chromedp.Void](browser.Axe)); err != nil {
		return nil, err
	}
	const look = "looks()"
	steps := []step{{1280, "light", look}, {1280, "light", axe(`{ rules: { "target-size": { enabled: true }, "color-contrast": { enabled: false } } }`)}, {1280, "dark", look},
		{frameWidth, "light", look}, {640, "light", look}, {390, "light", look}, {320, "light", look}}
	if !strings.HasPrefix(s.State, "300") && !strings.HasPrefix(s.State, "200") { // the rows of a long list have the same targets as those of a short one
		steps = append(steps, step{320, "light", axe(`{ runOnly: ["target-size", "scrollable-region-focusable"] }`)})
	}
	for _, step := range steps {
		if err := setTheme(ctx, step.theme); err != nil {
			return list, err
		}
		if err := resize(ctx, step.width, 900); err != nil {
			return list, err
		}
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](step.check, chromedp.EvalAwaitPromise))
		if err != nil {
			return list, err
		}
		for line := range strings.Lines(found) {
			list = append(list, fmt.Sprintf("at %d, %s: %s", step.width, step.theme, strings.TrimSpace(line)))
		}
	}
	return list, nil
}

// inMenu is true for a link of a list that is smaller than a finger where its row has a menu with the same link (WCAG 2.5.8, Equivalent).
// On phones the links themselves must be large enough.
const inMenu = `(v.id === "target-size" && innerWidth > 640 && document.querySelector(n.target[0])?.closest("table.menus td"))`

// axe returns a script that lists the accessibility problems of a page.
func axe(options string) string {
	return `axe.run(document, Object.assign({ iframes: false, resultTypes: ["violations"] }, ` + options + `)).then((seen) =>
		seen.violations.flatMap((v) => v.nodes.filter((n) => !` + inMenu + `).map((n) => "axe " + v.id + ": " + n.html.replace(/\s+/g, " ").slice(0, 160) + " " + (n.any[0] || n.all[0] || n.none[0])?.message)).join("\n"))`
}

// console keeps the errors that a page has written to the console of the browser.
type console struct {
	mu    sync.Mutex
	lines []string
}

func (c *console) record(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		c.lines = append(c.lines, "throws: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			c.lines = append(c.lines, "writes an error to the console")
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceIntervention { // a form with faults requires a confirmation before it is left
			c.lines = append(c.lines, "the browser reports: "+e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

func (c *console) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	lines := c.lines
	c.lines = nil
	return lines
}
