//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

func TestPaperActByPost(t *testing.T) {
	p := sandboxOf(t)
	p.portal.Trace().Reset()
	page, deal := newTab(t), int64(30)
	f := p.dealTab(page, deal)
	f.click("act-type-paper-company")
	f.oneIsLoud()
	f.paperAct("company")
	f.oneIsLoud()
	act := f.actID()
	f.number()
	f.showsPDF(fmt.Sprintf("/acts/%d/print?view=1", act))
	f.grows(page)
	f.await("the form has a height of its own", `document.body.scrollHeight < 3500`)
	f.oneIsLoud()
	f.upload("ours", scan(t, "Наш экземпляр.pdf", 300_000))
	f.actIs(signedByUsWord)
	f.oneIsLoud()
	f.sendByPost("80090912345678")
	f.oneIsLoud()
	f.await("how it went", `document.querySelector(".facts").textContent.includes("отправление 80090912345678")`)
	f.sees("act-due", "Ждём подпись до")
	within(t, "the deal follows", func() bool { return p.stage(deal) == sentWord })
	f.upload("theirs", scan(t, "Страница 1.jpg", 200_000), scan(t, "Страница 2.png", 100_000))
	f.actIs(signedWord)
	within(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	p.hasCopies(t, act, "ours", "Наш экземпляр.pdf")
	p.hasCopies(t, act, "theirs", "Страница 1.jpg", "Страница 2.png")
	page.open(p.portalURL("/crm/type/%d/details/%d/", idOf(p.actItem(act), "entityTypeId"), idOf(p.actItem(act), "id")))
	page.await("both copies in the card", `["Наш экземпляр.pdf", "Страница 1.jpg"].every((name) => document.querySelector("#fields").textContent.includes(name))`)
	p.checkTrace(t)
}

// The mailbox is not there at first: the page says so, and the letter goes once when it is.
func TestPaperActByEmail(t *testing.T) {
	p := sandboxOf(t)
	page, deal := newTab(t), int64(25)
	f := p.dealTab(page, deal)
	f.paperAct("person")
	act := f.actID()
	f.upload("ours", scan(t, "Акт с подписью.pdf", 40_000))
	f.actIs(signedByUsWord)
	p.portal.ConnectMail(false)
	t.Cleanup(func() { p.portal.ConnectMail(true) })
	f.sendByEmail("buh@klient")
	f.sees("fault-address", "Укажите один адрес")
	if got := f.value(testid("send-address")); got != "buh@klient" || !f.is(find("send-by-email")+".checked") {
		t.Errorf("after the mistake the address is %q", got)
	}
	f.sendByEmail("buh@klient.example")
	f.sees("letter-failed", "не подключена почта")
	f.actIs(signedByUsWord)
	if n := p.lettersTo("buh@klient.example"); n != 0 {
		t.Errorf("%d letters without a mailbox", n)
	}
	p.portal.ConnectMail(true)
	f.sendByEmail("buh@klient.example")
	f.actIs(sentWord)
	p.quiet(t)
	if n := p.lettersTo("buh@klient.example"); n != 1 {
		t.Fatalf("%d letters, want one", n)
	}
	f.await("the failure is over", `!document.querySelector("[data-testid=letter-failed]")`)
	f.oneIsLoud()
	other := page.another()
	other.open(p.portalURL("/mail/"))
	other.click("#mail li a")
	other.sees("attachment-1", "Акт с подписью.pdf")

	f.unfold("open-mark-original")
	f.click("mark-original")
	f.actIs(signedWord)
	within(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	f.upload("theirs", scan(t, "Оригинал.pdf", 50_000))
	p.hasCopies(t, act, "ours", "Акт с подписью.pdf")
	p.hasCopies(t, act, "theirs", "Оригинал.pdf")
}

func (p *playground) lettersTo(address string) int {
	n := 0
	for _, l := range p.portal.Letters() {
		if slices.Contains(l.To, address) {
			n++
		}
	}
	return n
}

// A balancer takes all cookies away: uploads, the preview and the copies work all the same.
func TestPaperWithoutCookies(t *testing.T) {
	p := sandboxOf(t)
	p.gate.forget()
	defer p.gate.turn(noCookies)()
	page, deal := newTab(t), int64(29)
	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts", deal))
	f := page.frame("http://" + p.cfg.App)
	f.sees("deal-tab")
	f.paperAct("person")
	act := f.actID()
	f.number()
	f.showsPDF("blob:http://" + p.cfg.App)
	f.grows(page)
	f.reload()
	f.showsPDF("blob:http://" + p.cfg.App)
	f.upload("ours", scan(t, "Наш.pdf", 2_000_000))
	f.actIs(signedByUsWord)
	f.sendByPost("")
	f.upload("theirs", scan(t, "Их.jpg", 1000))
	f.actIs(signedWord)
	within(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	p.hasCopies(t, act, "theirs", "Их.jpg")
	p.checkVisits(t, false)
	if got := len(f.downloads(t, "#copies-theirs .files a")); got != 1000 {
		t.Errorf("the copy came back with %d bytes, want 1000", got)
	}
}

// Without scripts the forms of the paper branch are sent by the browser itself.
func TestPaperWithoutScripts(t *testing.T) {
	p := sandboxOf(t)
	f := p.dealTab(newTab(t), 24)
	f.paperAct("company")
	f.scripts(false)
	f.eval(`(location.reload(), 1)`)
	f.upload("ours", scan(t, "Наш.pdf", 700))
	f.actIs(signedByUsWord)
	f.sendByPost("RA123456789RU")
	f.upload("theirs", written(t, "Их.pdf", "MZ"))
	f.sees("fault-theirs", "Нужен PDF")
	f.upload("theirs", scan(t, "Их.png", 600))
	f.actIs(signedWord)
}

// downloads clicks a link of a file and reads what the browser saved.
func (b *tab) downloads(t *testing.T, link string) []byte {
	t.Helper()
	dir := t.TempDir()
	params := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir, BrowserContextID: chromedp.FromContext(b.page).BrowserContextID}
	if _, err := chromedp.Call(b.page, browser.SetDownloadBehavior, params); err != nil {
		b.fail("where to save: %v", err)
	}
	b.click(link)
	var body []byte
	within(t, "the file is saved", func() bool {
		saved, _ := filepath.Glob(filepath.Join(dir, "*.*"))
		if len(saved) != 1 || strings.HasSuffix(saved[0], ".crdownload") {
			return false
		}
		read, err := os.ReadFile(saved[0])
		body = read
		return err == nil && len(read) > 0
	})
	return body
}
