//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"acts24/integrations/sbis/sbistest"
)

// An administrator activates the key of the second organisation by a code and selects signing by the service,
// and an act is signed automatically; then documents are submitted to the signer, who signs in SBIS.
func TestWaysToSign(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/accounts"]`)
	f.awaitText("account-1", "Работает")
	f.await("the page is at rest", `document.readyState === "complete"`)
	f.awaitText("organizations-1", "Отправляет через этот аккаунт")
	waiting := "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F802"
	f.click(testid("ask-code-" + waiting))
	f.await("the code is on its way", `document.body.textContent.includes("Код отправлен")`)
	f.write("code-"+waiting, "000000")
	f.click(testid("activate-" + waiting))
	f.awaitText("fault-code", "Неверный код")
	p.shotSettings(page, f, "accounts")
	f.write("code-"+waiting, p.sbis.Messages()[0].Code)
	f.click(testid("activate-" + waiting))
	f.awaitText("certificate-"+waiting, "сервере СБИС, активирован")
	f.click("signing-1-server")
	f.click("save-signing-1")
	f.await("the way is kept", `document.querySelector('[data-testid="signing-1-server"]').checked && document.body.textContent.includes("Сохранено")`)

	f.click(`nav a[href$="/settings/companies"]`)
	for n, company := range p.ours(t) {
		at := fmt.Sprintf(`[data-testid="company-%d"] `, company)
		f.unfold(fmt.Sprintf("company-%d", company))
		f.await("the form of the company", fmt.Sprintf(`document.querySelector('%sselect[name="certificate"]') !== null`, at))
		f.eval(fmt.Sprintf(`(() => { const s = document.querySelector('%sselect[name="certificate"]'); s.selectedIndex = %d; return s.value; })()`, at, n+1))
		f.click(fmt.Sprintf("save-company-%d", company))
		f.unfold(fmt.Sprintf("company-%d", company))
		f.await("the company is kept", fmt.Sprintf(`document.querySelector('%sselect[name="certificate"]').selectedIndex === %d && document.body.textContent.includes("Сохранено")`, at, n+1))
	}
	p.shotSettings(page, f, "companies")

	deal := int64(1)
	tab := newTab(t)
	d := p.dealTab(tab, deal)
	d.click("create-and-send-act")
	d.awaitNewestAct(sentWord, "")
	d.awaitNewestAct(sentWord, "Доставлен контрагенту")

	f.click(`nav a[href$="/settings/accounts"]`)
	f.click("signing-1-deferred")
	f.click("save-signing-1")
	f.await("the other way is kept", `document.querySelector('[data-testid="signing-1-deferred"]').checked && document.body.textContent.includes("Сохранено")`)
	second := int64(2)
	d = p.dealTab(tab, second)
	d.click("create-and-send-act")
	d.awaitNewestAct(draftWord, "Ждёт нашей подписи в СБИС")
	d.awaitText("who-signs", "в кабинете СБИС")
	awaitTrue(t, "the document before the signer", func() bool {
		list := p.documents(t, second)
		return len(list) == 1 && list[0].State == 23
	})
	tab.shot("signing-deferred")
	p.move(t, p.documents(t, second)[0].ID, sbistest.MoveSignByUs)
	d.awaitNewestAct(sentWord, "")
}

// The confirmation of disconnecting an account names its effect. Folding it changes nothing, its button disconnects the account.
func TestAccountIsDisconnected(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/accounts"]`)
	f.awaitText("account-1", "Работает")
	opener := `[data-testid=account-1] details:has([data-testid=drop-account-1]) summary`
	f.press(opener, kb.Enter)
	f.await("the effect", `document.querySelector("[data-testid=drop-account-1]").checkVisibility() && document.querySelector("[data-testid=account-1] details[open]").textContent.includes("не смогут передавать акты")`)
	f.checkLayout(page, "account-disconnect")
	f.press(opener, kb.Enter)
	f.await("folded again", `!document.querySelector("[data-testid=account-1] details[open]") && !document.querySelector("[data-testid=drop-account-1]").checkVisibility()`)
	f.reload()
	f.awaitText("account-1", "Работает")
	f.press(opener, kb.Enter)
	f.press(testid("drop-account-1"), kb.Enter)
	f.await("it is disconnected", `!document.querySelector("[data-testid=drop-account-1]")`)
	f.awaitText("notice", "отключён")
}

// ours returns the ids of the cards of our companies in their order.
func (p *playground) ours(t *testing.T) (ids []int64) {
	t.Helper()
	for _, item := range p.portal.Items(4) {
		if item["isMyCompany"] == true || item["isMyCompany"] == "Y" {
			ids = append(ids, idOf(item, "id"))
		}
	}
	return ids
}

// shotSettings takes screenshots of a settings page wide and narrow, light and dark.
func (p *playground) shotSettings(page, f *tab, name string) {
	f.awaitFrameHeight(page)
	for _, scheme := range []string{"light", "dark"} {
		f.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("signing-%s-%s-%d", name, scheme, width), width)
		}
	}
	f.setColorScheme("light")
}
