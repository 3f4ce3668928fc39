//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"acts24/cmd/app/apptest"
)

// tab is a page of the browser, or a frame of another site inside a page.
type tab struct {
	t    *testing.T
	ctx  context.Context
	page context.Context // the page that contains the frame; of a page, itself

	noScripts bool
}

func newTab(t *testing.T) *tab {
	t.Helper()
	ctx := newBrowser(t)
	return &tab{t: t, ctx: ctx, page: ctx}
}

// another opens another tab with the same cookies.
func (b *tab) another() *tab {
	b.t.Helper()
	id := chromedp.FromContext(b.page).BrowserContextID
	page, cancel := chromedp.NewContext(b.page, chromedp.WithExistingBrowserContext(id))
	b.t.Cleanup(cancel)
	if err := chromedp.Do(page, chromedp.EmulateViewport(1280, 900)); err != nil {
		b.fail("open a tab: %v", err)
	}
	return &tab{t: b.t, ctx: page, page: page}
}

func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.fail("%s: %v", what, err)
	}
}

func (b *tab) open(url string) *tab {
	b.t.Helper()
	b.do("open "+url, chromedp.Navigate(url))
	return b
}

// frame returns the frame of this page whose URL contains address; a frame of another site is a separate target of the
// browser.
func (b *tab) frame(address string) *tab {
	b.t.Helper()
	return b.enterFrame(address, false)
}

// frameInSlider returns the frame with an address inside a slider of the portal.
func (b *tab) frameInSlider(address string) *tab {
	b.t.Helper()
	return b.enterFrame(address, true)
}

// enterFrame attaches to the frame. A frame that is sent to another site gets another target, also while we are attaching to the former one, so
// that it is looked for again.
func (b *tab) enterFrame(address string, inSlider bool) *tab {
	b.t.Helper()
	var frame context.Context
	problem := errors.New("there is none")
	err := b.until(func() bool {
		found := b.frameTarget(address, inSlider)
		if found == "" {
			return false
		}
		ctx, cancel := chromedp.NewContext(b.page, chromedp.WithTargetID(found), chromedp.WithDetachOnCancel())
		if problem = chromedp.Do(ctx); problem != nil {
			cancel()
			return false
		}
		b.t.Cleanup(cancel) // attached until the end of the test, not of one wait
		frame = ctx
		return true
	})
	if err != nil {
		b.fail("no frame shows %s: %v", address, problem)
	}
	out := &tab{t: b.t, ctx: frame, page: b.page}
	out.await("the frame is read", `document.readyState === "complete"`)
	return out
}

// frameTarget returns the frame of the page, or the one in its slider, that shows an address, "" when there is none.
func (b *tab) frameTarget(address string, inSlider bool) (found target.ID) {
	infos, err := chromedp.Targets(b.page)
	if err != nil {
		return ""
	}
	parent := chromedp.FromContext(b.page).Target.TargetID
	for _, info := range infos {
		if info.Type == "iframe" && (info.ParentFrameID.String() == parent.String()) != inSlider && strings.Contains(info.URL, address) {
			found = info.TargetID
		}
	}
	return found
}

func (b *tab) until(cond func() bool) error {
	ctx, cancel := context.WithTimeout(b.page, timeout)
	defer cancel()
	return apptest.Await(ctx, cond)
}

// await waits until an expression is true in the page; during a navigation it tries again.
func (b *tab) await(what, expression string) {
	b.t.Helper()
	if err := b.until(func() bool { return b.evalBool(expression) }); err != nil {
		b.fail("not seen: %s", what)
	}
}

func (b *tab) evalBool(expression string) bool { return b.evalBoolWithin(timeout, expression) }

func (b *tab) evalBoolWithin(limit time.Duration, expression string) bool {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
	return err == nil && yes
}

func (b *tab) eval(expression string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		b.fail("%s: %v", expression, err)
	}
	return text
}

// testid returns a CSS selector of a test id.
func testid(id string) string { return fmt.Sprintf(`[data-testid=%q]`, id) }

// find returns a JavaScript expression for the first element with a test id.
func find(id string) string { return fmt.Sprintf("document.querySelector(%q)", testid(id)) }

// awaitText waits for an element, and for the words in it, if any.
func (b *tab) awaitText(id string, words ...string) {
	b.t.Helper()
	for _, w := range append([]string{""}, words...) {
		b.await(id+" "+w, fmt.Sprintf("%s?.textContent.includes(%q)", find(id), w))
	}
}

// isElementStill is true when an element has not moved since the previous check: a click on a page that is still growing would miss.
const isElementStill = `(() => {
	const e = document.querySelector(%q), r = e?.getBoundingClientRect(), at = r && [%[1]q, r.x, r.y, r.width, r.height, scrollY].join();
	const still = at && at === window.restedAt;
	window.restedAt = at;
	return still;
})()`

// guardClick cancels the next click on the page if it lands beside an element or its label, and records that: the page may still have grown
// between the check that the element is still and the click.
const guardClick = `(() => {
	const selector = %q;
	window.missedClick = false;
	window.clickGuard = (e) => {
		const wanted = [...document.querySelectorAll(selector)], label = e.target.closest?.("label");
		window.missedClick = !wanted.some((w) => w.contains(e.target) || label?.contains(w) || label && label.control === w);
		if (window.missedClick) e.preventDefault(), e.stopImmediatePropagation();
	};
	addEventListener("click", window.clickGuard, { capture: true, once: true });
	return 1;
})()`

// endGuard removes the guard and is true when it has cancelled a click. After a click that has led to another page it is not.
const endGuard = `(removeEventListener("click", window.clickGuard, true), window.missedClick)`

// endGuardTimeout limits the wait for endGuard, because a frame that was left does not answer.
const endGuardTimeout = 5 * time.Second

// click clicks a visible and reachable element.
func (b *tab) click(selector string) {
	b.t.Helper()
	if strings.Trim(selector, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
		selector = testid(selector)
	}
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	for {
		b.await(selector, fmt.Sprintf(isElementStill, selector))
		if !b.noScripts {
			b.eval(fmt.Sprintf(guardClick, selector))
		}
		err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector)))
		if err == nil && (b.noScripts || !b.evalBoolWithin(endGuardTimeout, endGuard)) {
			return
		}
		if err == nil {
			continue
		}
		// A live part of the page may be replaced between finding the element and clicking it: nothing was clicked then.
		if !strings.Contains(err.Error(), "Could not find node with given id") {
			b.fail("click %s: %v", selector, err)
		}
	}
}

// write replaces the text of a field by typing.
func (b *tab) write(id, text string) {
	b.t.Helper()
	b.do("write into "+id, chromedp.Clear(chromedp.CSS(testid(id))), chromedp.SendKeys(chromedp.CSS(testid(id)), text))
}

// fail fails the test with the content of the page.
func (b *tab) fail(format string, args ...any) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), timeout/4)
	defer cancel()
	shown, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body?.innerText.slice(0, 3000)`))
	_, _ = chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{}) // screenshots need scripts
	b.shot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
	b.t.Fatalf(format+"\nthe page is "+strings.ReplaceAll(shown, "%", "%%"), args...)
}

// recordConsole records what the page writes to the console of the browser; the returned function returns the lines so far.
func (b *tab) recordConsole() func() []string {
	b.t.Helper()
	var mu sync.Mutex
	var lines []string
	err := chromedp.Listen(b.ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			lines = append(lines, e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			lines = append(lines, "a call of console."+string(e.Type))
		}
	})
	if err != nil {
		b.fail("listen to the console: %v", err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(lines)
	}
}
