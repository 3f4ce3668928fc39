//go:build e2e

package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
)

func TestPaperActByPost(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(30)
	f := p.dealTab(page, deal)
	f.click("act-type-paper-company")
	f.checkPrimaryButton()
	f.paperAct("company")
	f.checkPrimaryButton()
	act := f.actID()
	f.assignNumber()
	f.checkPrintedUPD(t)
	f.awaitPDF(fmt.Sprintf("/acts/%d/print?view=1", act))
	f.awaitFrameHeight(page)
	f.await("the form has a height of its own", `document.body.scrollHeight < 3500`)
	f.checkPrimaryButton()
	f.upload("ours", writeScan(t, "Наш экземпляр.pdf", 300_000))
	f.awaitActStatus(signedByUsWord)
	f.checkPrimaryButton()
	f.click("[data-testid=copies-ours] [data-testid^=view-copy] summary")
	f.awaitPDF("blob:")
	f.click("[data-testid=copies-ours] [data-testid^=view-copy] summary")
	f.await("the viewer has ended", `document.querySelector("[data-testid=copies-ours] iframe[data-src]:not([src])")`)
	f.sendByPost("80090912345678")
	f.checkPrimaryButton()
	f.await("how it went", `document.querySelector(".facts").textContent.includes("отправление 80090912345678")`)
	f.awaitText("act-due", "Ждём подпись до")
	awaitTrue(t, "the deal follows", func() bool { return p.stage(deal) == sentWord })
	f.upload("theirs", writeScan(t, "Страница 1.jpg", 200_000), writeScan(t, "Страница 2.png", 100_000))
	f.awaitActStatus(signedWord)
	awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	f.click("[data-testid=copies-theirs] [data-testid^=view-copy] summary")
	f.await("the picture", `document.querySelector("[data-testid=copies-theirs] details[open] img").src.includes("/files/")`)
	f.awaitText("life", "Акт получен и подписан")
	p.awaitCopies(t, act, "ours", "Наш экземпляр.pdf")
	p.awaitCopies(t, act, "theirs", "Страница 1.jpg", "Страница 2.png")
	f.awaitHistory("Номер: нет → ", "Статус: "+sentWord+" → "+signedWord, "Файл: «Страница 2.png»", "Трек-номер: нет → 80090912345678", "Михаил Орлов")
	page.open(p.portalURL("/crm/type/%d/details/%d/", idOf(p.actItem(act), "entityTypeId"), idOf(p.actItem(act), "id")))
	page.await("both copies in the card", `["Наш экземпляр.pdf", "Страница 1.jpg"].every((name) => document.querySelector("#fields").textContent.includes(name))`)
	p.checkTrace(t)
}

// connectMail connects or disconnects the mailboxes of the portal and the address in the manager's profile,
// which is enough for sending letters.
func (p *playground) connectMail(on bool) {
	p.portal.ConnectMail(on)
	p.portal.ChangeUser(seedManager, func(u *bitrix24test.User) { u.Email = map[bool]string{true: "orlov@center.example"}[on] })
}

// Without a mailbox the page shows what is missing; the letter is sent once when there is one.
func TestPaperActByEmail(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(25)
	f := p.dealTab(page, deal)
	f.paperAct("person")
	act := f.actID()
	f.upload("ours", writeScan(t, "Акт с подписью.pdf", 40_000))
	f.awaitActStatus(signedByUsWord)
	p.connectMail(false)
	t.Cleanup(func() { p.connectMail(true) })
	f.sendByEmail("buh@klient")
	f.awaitText("fault-address", "Укажите один адрес")
	if got := f.value(testid("send-address")); got != "buh@klient" || !f.evalBool(find("send-by-email")+".checked") {
		t.Errorf("after the mistake the address is %q", got)
	}
	f.sendByEmail("buh@klient.example")
	f.awaitText("letter-failed", "не подключена почта")
	f.awaitActStatus(signedByUsWord)
	if n := p.lettersTo("buh@klient.example"); n != 0 {
		t.Errorf("%d letters without a mailbox", n)
	}
	p.connectMail(true)
	f.sendByEmail("buh@klient.example")
	f.awaitActStatus(sentWord)
	p.awaitQuiet(t)
	if n := p.lettersTo("buh@klient.example"); n != 1 {
		t.Fatalf("%d letters, want one", n)
	}
	f.await("the failure is over", `!document.querySelector("[data-testid=letter-failed]")`)
	f.checkPrimaryButton()
	other := page.another()
	other.open(p.portalURL("/mail/"))
	other.click("#mail li a")
	other.awaitText("attachment-1", "Акт с подписью.pdf")

	f.unfold("open-mark-original")
	f.click("mark-original")
	f.awaitActStatus(signedWord)
	awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	f.upload("theirs", writeScan(t, "Оригинал.pdf", 50_000))
	p.awaitCopies(t, act, "ours", "Акт с подписью.pdf")
	p.awaitCopies(t, act, "theirs", "Оригинал.pdf")
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

// A proxy removes all cookies: uploads, the preview and the copies still work.
func TestPaperWithoutCookies(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	p.proxy.clearRequests()
	defer p.proxy.setMode(noCookies)()
	page, deal := newTab(t), int64(29)
	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts", deal))
	f := page.frame("http://" + p.cfg.App)
	f.awaitText("deal-tab")
	f.paperAct("person")
	act := f.actID()
	f.assignNumber()
	f.awaitPDF("blob:http://" + p.cfg.App)
	f.awaitFrameHeight(page)
	f.reload()
	f.awaitPDF("blob:http://" + p.cfg.App)
	f.upload("ours", writeScan(t, "Наш.pdf", 2_000_000))
	f.awaitActStatus(signedByUsWord)
	f.sendByPost("")
	f.upload("theirs", writeScan(t, "Их.jpg", 1000))
	f.awaitActStatus(signedWord)
	awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	p.awaitCopies(t, act, "theirs", "Их.jpg")
	p.checkVisits(t, false)
	if got := len(f.download(t, "#copies-theirs .files a")); got != 1000 {
		t.Errorf("the copy came back with %d bytes, want 1000", got)
	}
}

// Without scripts the browser itself submits the forms for paper acts.
func TestPaperWithoutScripts(t *testing.T) {
	p := sharedPlayground(t)
	f := p.dealTab(newTab(t), 24)
	f.paperAct("company")
	f.enableScripts(false)
	f.eval(`(location.reload(), 1)`)
	f.upload("ours", writeScan(t, "Наш.pdf", 700))
	f.awaitActStatus(signedByUsWord)
	f.sendByPost("RA123456789RU")
	f.upload("theirs", writeTemp(t, "Их.pdf", "MZ"))
	f.awaitText("fault-theirs", "Нужен PDF")
	f.upload("theirs", writeScan(t, "Их.png", 600))
	f.awaitActStatus(signedWord)
}

// download clicks the link of a file and returns the downloaded content.
func (b *tab) download(t *testing.T, link string) []byte {
	t.Helper()
	dir := t.TempDir()
	params := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir, BrowserContextID: chromedp.FromContext(b.page).BrowserContextID}
	if _, err := chromedp.Call(b.page, browser.SetDownloadBehavior, params); err != nil {
		b.fail("set the directory of downloads: %v", err)
	}
	b.click(link)
	var body []byte
	awaitTrue(t, "the file is saved", func() bool {
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

// takeShots takes screenshots of the page in both widths and both colour schemes.
func (b *tab) takeShots(page *tab, name string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("%s-%s-%d", name, scheme, width), width)
		}
	}
	b.setColorScheme("light")
}

// TestPaperShots takes screenshots of the pages for paper acts, with realistically long names.
func TestPaperShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(11)
	longName := "ФГБОУ ВО «Российский государственный университет внешней торговли и международного экономического сотрудничества имени академика А. Н. Преображенского»"
	rq := p.portal.RequisitesOf(bitrix24test.Company, idOf(p.portal.Item(bitrix24test.Deal, deal), "companyId"))[0]
	p.portal.ChangeRequisite(number(textOf(rq, "ID")), bitrix24test.Fields{"RQ_COMPANY_NAME": longName, "RQ_COMPANY_FULL_NAME": longName})
	f := p.dealTab(page, deal)
	f.click("act-type-paper-company")
	f.takeShots(page, "paper-form")
	f.paperAct("company")
	f.takeShots(page, "paper-draft")
	f.assignNumber()
	f.awaitPDF("/print?view=1")
	f.takeShots(page, "paper-numbered")
	f.upload("ours", writeTemp(t, "Не скан.pdf", "MZ"))
	f.awaitText("fault-ours")
	f.takeShots(page, "paper-bad-file")
	f.upload("ours", writeScan(t, "Скан акта с очень длинным именем, которое дал сканер многофункционального устройства 25.11.2026 14-05-33.pdf", 1_500_000))
	f.awaitActStatus(signedByUsWord)
	f.unfold("open-send-paper")
	f.takeShots(page, "paper-send")
	p.connectMail(false)
	f.sendByEmail("buh@klient.example")
	f.awaitText("letter-failed")
	f.takeShots(page, "paper-letter-failed")
	p.connectMail(true)
	f.sendByPost("80090912345678")
	f.takeShots(page, "paper-sent")
	p.shotReminder(page, f)
	f.runAction("mark-accept", "Обещали подписать после возвращения директора")
	f.awaitActStatus(acceptedWord)
	f.unfold("open-mark-original")
	f.takeShots(page, "paper-accepted")
	f.runAction("mark-refusal", "В акте указан не тот период, просим исправить даты и сумму по строке один, а также приложить отчёт о выполненных работах")
	f.awaitActStatus(refusedWord)
	f.unfold("open-mark-annul")
	f.takeShots(page, "paper-refused")
	f.click("correct-act")
	f.awaitText("save-act")
	f.takeShots(page, "paper-edit")
	f.click("back-to-act")
	f.awaitActStatus(draftWord)
	f.takeShots(page, "paper-corrected")
	f = p.dealTab(page, deal)
	f.takeShots(page, "paper-tab")
	f.click("#acts tbody tr:last-child a")
	f.awaitActStatus(refusedWord)
	f.takeShots(page, "paper-replaced")
	f.click("[data-testid=replaced] a")
	f.awaitActStatus(draftWord)
	f.runAction("mark-annul", "Подписали прежний")
	f.awaitActStatus(annulledWord)
	f.takeShots(page, "paper-annulled")
	f.click("[data-testid=corrects] a")
	f.awaitActStatus(refusedWord)
	f.upload("theirs", writeScan(t, "Подписали всё-таки.jpg", 900))
	f.awaitActStatus(signedWord)
	f.takeShots(page, "paper-signed")
	p.shotAroundPaper(page)
}

// shotReminder takes screenshots of an act whose signature is overdue, and of its task; the frame is left unchanged.
func (p *playground) shotReminder(page, f *tab) {
	page.t.Helper()
	act := f.actID()
	awaitTrue(page.t, "its card", func() bool { return p.actItem(act) != nil })
	if err := p.portal.Advance("240h"); err != nil {
		page.t.Fatal(err)
	}
	awaitTrue(page.t, "the task", func() bool { return len(p.statusTasks(act)) == 1 })
	f.reload()
	f.awaitActStatus(sentWord)
	f.takeShots(page, "paper-late")
	other := page.another()
	task := p.statusTasks(act)[0]
	other.open(p.portalURL("/company/personal/user/%s/tasks/task/view/%s/", textOf(task, "responsibleId"), textOf(task, "id")))
	other.shot("paper-task")
	other.shotAt("paper-task-390", 390)
}

// shotAroundPaper takes screenshots of paper acts in the CRM itself.
func (p *playground) shotAroundPaper(page *tab) {
	for name, path := range map[string]string{
		"paper-kanban": fmt.Sprintf("/crm/type/%d/kanban/", p.actType()), "paper-card": fmt.Sprintf("/crm/type/%d/details/1/", p.actType()),
		"paper-bell": "/online/", "paper-tasks": fmt.Sprintf("/company/personal/user/%d/tasks/", seedManager),
	} {
		page.open(p.portalURL("%s", path))
		page.shot(name)
		page.shotAt(name+"-390", 390)
	}
}

// awaitHistory waits until the history on the page of an act has these words.
func (b *tab) awaitHistory(words ...string) {
	b.t.Helper()
	for _, w := range words {
		b.await("the history has "+w, fmt.Sprintf(`document.querySelector("#history").textContent.replace(/\s+/g, " ").includes(%q)`, w))
	}
}

// checkPrintedUPD prints the УПД of a paper act of a payer of VAT, which is printed beside the act: it has the act's number and sums.
func (b *tab) checkPrintedUPD(t *testing.T) {
	t.Helper()
	heading := b.eval(`document.querySelector("h1").textContent`)
	found := regexp.MustCompile(`№ (\S+) от`).FindStringSubmatch(heading)
	if found == nil {
		b.fail("the heading has no number: %s", heading)
	}
	number := found[1]
	gross := b.eval(`document.querySelector("#document tfoot td:last-child").textContent`)
	b.eval(`(fetch(` + find("print-upd") + `.href).then((r) => r.arrayBuffer()).then((body) => {
		window.upd = btoa(Array.from(new Uint8Array(body), (c) => String.fromCharCode(c)).join(""));
	}), 1)`)
	b.await("the УПД", `window.upd`)
	body, err := base64.StdEncoding.DecodeString(b.eval(`window.upd`))
	if err != nil {
		t.Fatal(err)
	}
	file := writeTemp(t, "УПД.pdf", string(body))
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext of poppler-utils: %v", err)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{"Универсальный", number, strings.Join(strings.Fields(strings.Trim(gross, "₽ ")), " "), "22%"} {
		if !strings.Contains(text, want) {
			t.Errorf("the УПД has no %q:\n%s", want, out)
		}
	}
	if name := b.eval(find("print-upd") + ".download"); !strings.Contains(name, number) {
		t.Errorf("the file is called %q", name)
	}
}
