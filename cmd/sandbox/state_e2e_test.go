//go:build e2e

package main

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// longRefusal is a realistic refusal of a portal whose own robots require a field.
const longRefusal = "Невозможно сохранить запись в ленте сделки: у пользователя «Константинопольский Александр Владимирович (интеграция с бухгалтерией)» " +
	"нет прав на изменение сделок направления «Продвижение-продукции-на-зарубежные-рынки/Москва-и-Московская-область», обратитесь к администратору портала"

// checkPage takes screenshots of the page in both widths and colour schemes.
func (b *tab) checkPage(page *tab, name string) {
	b.t.Helper()
	b.checkAccessibility(name)
	b.awaitFrameHeight(page)
	for _, scheme := range []string{"light", "dark"} {
		b.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("%s-%s-%d", name, scheme, width), width)
		}
	}
	b.setColorScheme("light")
}

// An administrator checks that everything works, postpones a stuck task, and sees the portal and SBIS fail and recover.
func TestStateInTheBrowser(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{reconcile: time.Second})
	page := newTab(t)
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/state"]`)
	f.awaitText("verdict", "Всё работает")
	f.checkPage(page, "state-well")

	if err := p.portal.Fault(bitrix24test.Fault{Method: "crm.timeline.comment.add", Kind: bitrix24test.FaultRefuse, Code: "ACCESS_DENIED", Text: longRefusal}); err != nil {
		t.Fatal(err)
	}
	other := newTab(t)
	p.dealTab(other, 3).click("create-act")
	f.awaitText("verdict", "требует внимания")
	f.awaitText("dead", "Запись в ленте сделки", "Константинопольский")
	f.checkPage(page, "state-stuck")
	f.click(`[data-testid=dead] form[action$="/postpone"] button`)
	f.awaitText("postponed", "Вернётся")
	p.portal.ClearFaults()

	for _, die := range []error{p.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultHTML502}), p.sbis.Fault(sbistest.Fault{Kind: sbistest.FaultDown})} {
		if die != nil {
			t.Fatal(die)
		}
	}
	f.awaitText("verdict", "Не работает", "Нет связи с Битрикс24")
	f.awaitText("portal", "следующая проверка в")
	f.checkPage(page, "state-dead")
	p.portal.ClearFaults()
	p.sbis.ClearFaults()
	f.click("check-now")
	f.awaitText("verdict", "Всё работает")
	f.await("the incident is over", find("incidents")+`?.textContent.includes("Портал не отвечает") && !`+find("incidents")+`.textContent.includes("ещё идёт")`)
	f.checkPage(page, "state-again")
	p.awaitNotification(t, p.portal.Admin(), "есть снова")

	f.click(`.tabs a[href$="/me"]`)
	f.awaitText("me", "Сводка в начале рабочего дня")
	f.checkPage(page, "me")
	for _, theme := range []string{"dark", "light", "system"} {
		f.click("theme-" + theme)
		f.click("save-me")
		f.await("the theme "+theme, fmt.Sprintf(`(document.body.dataset.theme ?? "system") === %q && document.querySelector("#messages")?.textContent.includes("Сохранено")`, theme))
		if got, want := f.eval(`getComputedStyle(document.body).backgroundColor`), map[string]string{"dark": "rgb(26, 26, 26)"}[theme]; got != cmp.Or(want, "rgb(238, 242, 244)") {
			t.Errorf("%s on a light device: %s", theme, got)
		}
		f.setColorScheme("dark")
		if got, want := f.eval(`getComputedStyle(document.body).backgroundColor`), map[string]string{"light": "rgb(238, 242, 244)"}[theme]; got != cmp.Or(want, "rgb(26, 26, 26)") {
			t.Errorf("%s on a dark device: %s", theme, got)
		}
		f.setColorScheme("light")
		f.reload()
		f.awaitText("me")
	}
	f.click("digest")
	f.click("save-me")
	f.await("the switch is off", find("digest")+`?.checked === false && document.querySelector("#messages")?.textContent.includes("Сохранено")`)
}

// The calls to the portal caused by a manager's clicks: one to open the tab, none before the response to a new act, one
// after it.
func TestCallsOfClicks(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{}) // acts of other tests have calls of their own
	page, deal := newTab(t), int64(10)
	calls := p.portal.Trace().Calls
	p.awaitQuiet(t)
	was := calls()
	f := p.dealTab(page, deal)
	p.awaitQuiet(t)
	if n := calls() - was; n != 1 {
		t.Errorf("opening the tab made %d calls, want 1", n)
	}
	was = calls()
	p.proxy.clearRequests()
	f.click("create-act")
	f.awaitNewestAct(draftWord, "Не передан")
	sent := p.proxy.requests("POST", fmt.Sprintf("/deals/%d/acts", deal))
	if len(sent) != 1 || sent[0].Calls != 0 {
		t.Errorf("forming waited for the portal: %+v", sent)
	}
	p.awaitQuiet(t)
	if n := calls() - was; n > 1 {
		t.Errorf("a draft act made %d calls, want one at most", n)
	}
	p.sbis.Trace().Reset()
	awaitTrue(t, "some polls", func() bool { return p.sbis.Trace().Count("СБИС.СписокИзменений") >= 4 })
	for _, l := range p.sbis.Trace().Lines() {
		if l.Method != "СБИС.СписокИзменений" {
			t.Errorf("polling also asked %s", l.Method)
		}
	}
}
