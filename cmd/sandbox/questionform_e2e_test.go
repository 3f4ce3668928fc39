//go:build e2e

package main

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// axe is axe-core 4.14.1 of npm, MPL-2.0: it looks for what people who do not see, or see badly, stumble over.
//
//go:embed testdata/axe.min.js
var axe string

// pleases looks at the page with axe in light and dark colours: it finds nothing.
func (b *tab) pleases(what string) {
	b.t.Helper()
	defer b.paint("light")
	for _, scheme := range []string{"light", "dark"} {
		b.paint(scheme)
		b.do("axe", chromedp.Evaluate[chromedp.Void](axe))
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`axe.run(document, { iframes: false, resultTypes: ["violations"] }).then((seen) =>
			seen.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html + "\n\t" + n.failureSummary)).join("\n"))`, chromedp.EvalAwaitPromise))
		if err != nil || found != "" {
			b.t.Errorf("axe on %s, %s: %s %v", what, scheme, found, err)
		}
	}
}

// linkOf is a link of the question about a deal, as its manager copies it.
func (p *playground) linkOf(t *testing.T, page *tab, deal int64) string {
	t.Helper()
	return p.dealTab(page, deal).copyLink()
}

func TestQuestionFormPleasesEverybody(t *testing.T) {
	p, page, deal := sandboxOf(t), newTab(t), int64(12)
	f := p.dealTab(page, deal)
	f.pleases("the tab of a deal")
	f.unfold("open-ask")
	f.unfold("open-answer")
	f.pleases("the forms of the exchange")
	link := f.copyLink()
	f.pleases("the link")
	who := p.counterparty(t, link)
	who.sees("form")
	who.pleases("the first view")
	who.click("[name=channel][value=edo]")
	who.click(".shapes summary")
	who.fill("#participant", "2BM-1")
	who.fill("#phone", "+7 916 555-00-11")
	who.click("answer")
	who.sees("mistakes", "2BM-ИНН-КПП-цифры", "соглас")
	who.pleases("mistakes")
	who.fill("#participant", "")
	who.click("find")
	who.sees("found")
	who.pleases("what SBIS knows")
	who.fill("#phone", "")
	who.click("answer")
	who.sees("done")
	who.click("change")
	who.pleases("thanks")
	f.click("withdraw-question")
	f.questionIs("получен ответ, ссылка отозвана")
	f.pleases("the exchange after an answer")
	who.isDead(link)
	who.pleases("a dead link")
}

// Everything works without scripts, in all three ways.
func TestQuestionFormWithoutScripts(t *testing.T) {
	p, page, deal := sandboxOf(t), newTab(t), int64(13)
	link := p.linkOf(t, page, deal)
	who := p.counterparty(t, "about:blank")
	who.scripts(false)
	who.open(link)
	who.answersEDO("2bм" + strings.ReplaceAll(diadocBox(seedClients()[deal-1].INN, seedClients()[deal-1].KPP)[3:], "-", "—"))
	who.sees("mended")
	who.click("change")
	who.click("[name=channel][value=post]")
	who.fill("#address", "дом 5")
	who.click("answer")
	who.sees("fault-address")
	who.fill("#address", "111024, Москва, Авиамоторная улица, дом 55")
	who.click("answer")
	who.sees("done", "на бумаге, почтой")
	who.click("change")
	who.click("[name=channel][value=email]")
	who.fill("#email", "akty@client.example")
	who.click("#consent")
	who.click("answer")
	who.sees("done", "на бумаге, по e-mail")
	who.fits()
	f := p.dealTab(page, deal)
	f.questionIs("получен ответ")
	f.sees("exchange-answer", "akty@client.example")
}

// traffic is what a page asked for and how much came.
type traffic struct {
	mu    sync.Mutex
	asked []string
	bytes float64
	open  int
}

func (tr *traffic) hear(event any) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		tr.asked = append(tr.asked, e.Request.URL)
		if e.RedirectResponse == nil {
			tr.open++
		}
	case *network.EventLoadingFinished:
		tr.bytes += e.EncodedDataLength
		tr.open--
	case *network.EventLoadingFailed:
		tr.open--
	}
}

func (tr *traffic) over() bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.open == 0 && len(tr.asked) > 0
}

// The form is light, and nobody else hears of who reads it.
func TestQuestionFormIsLight(t *testing.T) {
	p, page, deal := sandboxOf(t), newTab(t), int64(16)
	link := p.linkOf(t, page, deal)
	who, heard := p.counterparty(t, "about:blank"), &traffic{}
	if _, err := chromedp.Call(who.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(who.ctx, heard.hear); err != nil {
		t.Fatal(err)
	}
	who.open(link)
	who.sees("form")
	who.click("[name=channel][value=edo]")
	within(t, "the first touch is told", func() bool { return heard.over() && strings.Contains(fmt.Sprint(heard.asked), "/opened") })
	t.Logf("%.0f bytes in %d requests", heard.bytes, len(heard.asked))
	if heard.bytes == 0 || heard.bytes > 30_000 {
		t.Errorf("%.0f bytes, want 30 kB at most: %v", heard.bytes, heard.asked)
	}
	who.click("find")
	who.sees("found")
	who.click("answer")
	who.sees("done")
	for _, url := range heard.asked {
		if !strings.HasPrefix(url, "http://"+p.cfg.App+"/") {
			t.Errorf("the form asks for %s", url)
		}
	}
	p.dealTab(page, deal).questionIs("получен ответ")
}
