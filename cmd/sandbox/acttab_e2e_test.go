//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
)

// Labels of statuses of acts, and the name of the stage of a deal with remarks.
const (
	signedByUsWord = "Подписан с нашей стороны"
	acceptedWord   = "Акт принят, но не подписан заявителем"
	refusedWord    = "Отказ от подписания"
	annulledWord   = "Аннулирован"
	remarksWord    = "Услуга оказана, есть замечания"
)

// writeScan writes a file like a scanner's, which the browser will upload, and returns its path.
func writeScan(t *testing.T, name string, size int) string {
	t.Helper()
	body := map[string]string{".jpg": "\xff\xd8\xff\xe0", ".png": "\x89PNG\r\n\x1a\n"}[filepath.Ext(name)]
	if body == "" {
		body = "%PDF-1.4\n"
	}
	return writeTemp(t, name, body+strings.Repeat("\x00", max(size-len(body), 0)))
}

// writeTemp writes a file with this content and returns its path.
func writeTemp(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// paperAct forms a paper act of everything left in a deal and opens its page.
func (b *tab) paperAct(kind string) {
	b.t.Helper()
	before := b.eval(`document.querySelectorAll("#acts tbody tr").length`)
	b.click("act-type-paper-" + kind)
	b.click("create-act")
	b.await("one more act", fmt.Sprintf(`document.querySelectorAll("#acts tbody tr").length === %s + 1`, before))
	b.awaitNewestAct(draftWord, "")
	b.click("#acts tbody a")
	b.awaitActStatus(draftWord)
}

// awaitActStatus waits until the page of the act shows the status without being reloaded.
func (b *tab) awaitActStatus(status string) {
	b.t.Helper()
	b.await("the act is «"+status+"»", fmt.Sprintf(`document.readyState === "complete" && document.querySelector("#state [data-testid=act-status]")?.textContent.trim() === %q`, status))
}

// actID returns the id of the act whose page is shown.
func (b *tab) actID() int64 {
	b.t.Helper()
	b.await("an act", `document.querySelector("[data-testid^=act-]")`)
	return number(b.eval(`document.querySelector("[data-testid^=act-]").dataset.testid.slice(4)`))
}

// upload selects files for a side, "ours" or "theirs", and sends them; the first ones of a side are sent as they are chosen when scripts run.
func (b *tab) upload(side string, files ...string) {
	b.t.Helper()
	b.await("a place for files", find("file-"+side))
	alone := !b.noScripts && b.evalBool(find("file-"+side)+`.closest("form[data-upload]")`)
	b.do("choose files", chromedp.SetUploadFiles(chromedp.CSS(testid("file-"+side)), files))
	if !alone {
		b.click("upload-" + side)
	}
}

// unfold opens a form that is hidden behind its button.
func (b *tab) unfold(id string) {
	b.t.Helper()
	b.await(id, find(id))
	if !b.evalBool(find(id) + ".open") {
		b.click(testid(id) + " > summary")
	}
	b.await(id+" is open", find(id)+".open")
}

// runAction opens an action on the page of an act, enters its reason and presses its button.
func (b *tab) runAction(action, reason string) {
	b.t.Helper()
	b.unfold("open-" + action)
	if reason != "" {
		b.do("the reason", chromedp.SendKeys(chromedp.CSS(testid("open-"+action)+" [name=reason]"), reason))
	}
	b.click(action)
}

// actItem returns the CRM item of an act.
func (p *playground) actItem(act int64) bitrix24test.Fields {
	for _, item := range items(p.portal) {
		if textOf(item, "xmlId") == fmt.Sprint("acts24-", act) {
			return item
		}
	}
	return nil
}

// copies returns the names of the files in the field of a side of an act's item.
func (p *playground) copies(act int64, side string) []string {
	var names []string
	for name, value := range p.actItem(act) {
		if !strings.HasSuffix(strings.ToLower(name), "file"+side) {
			continue
		}
		list, _ := value.([]any)
		for _, f := range list {
			m, _ := f.(map[string]any)
			file, _ := p.portal.File(idOf(m, "id"))
			names = append(names, file.Name)
		}
	}
	slices.Sort(names)
	return names
}

// awaitCopies waits until the CRM item of an act has exactly these files of a side.
func (p *playground) awaitCopies(t *testing.T, act int64, side string, names ...string) {
	t.Helper()
	awaitTrue(t, fmt.Sprintf("%v in the card", names), func() bool { return slices.Equal(p.copies(act, side), names) })
}

// checkPrimaryButton checks that at most one button of the page is highlighted as the next step.
func (b *tab) checkPrimaryButton() {
	b.t.Helper()
	b.await("at most one highlighted button", `[...document.querySelectorAll("main :is(button, summary, .button)")].filter((e) =>
		e.checkVisibility() && getComputedStyle(e).backgroundColor === getComputedStyle(document.querySelector("main a")).color).length <= 1`)
}

// pdfViewer is the address of Chromium's built-in PDF viewer.
const pdfViewer = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/"

// awaitPDF waits until the browser's viewer shows a document whose URL contains address.
func (b *tab) awaitPDF(address string) {
	b.t.Helper()
	mine := chromedp.FromContext(b.page).BrowserContextID
	err := b.until(func() bool {
		infos, err := chromedp.Targets(b.page)
		if err != nil {
			return false
		}
		return slices.ContainsFunc(infos, func(v *target.Info) bool {
			return v.BrowserContextID == mine && strings.HasPrefix(v.URL, pdfViewer) && slices.ContainsFunc(infos, func(doc *target.Info) bool {
				return doc.ParentFrameID.String() == v.TargetID.String() && strings.Contains(doc.URL, address)
			})
		})
	})
	if err != nil {
		b.fail("the viewer does not show %s", address)
	}
}

// assignNumber assigns the act's number and waits for the print form.
func (b *tab) assignNumber() {
	b.t.Helper()
	b.click("give-number")
	b.await("its number", `document.querySelector("h1").textContent.includes("№")`)
}

// sendByPost records the sending of the act by post.
func (b *tab) sendByPost(track string) {
	b.t.Helper()
	b.unfold("open-send-paper")
	b.click("send-by-post")
	if track != "" {
		b.write("send-track", track)
	}
	b.click("send-paper")
	b.awaitActStatus(sentWord)
}

// sendByEmail sends the act by e-mail.
func (b *tab) sendByEmail(address string) {
	b.t.Helper()
	b.unfold("open-send-paper")
	b.click("send-by-email")
	b.write("send-address", address)
	b.click("send-paper")
}
