//go:build e2e

package main

import "acts24/integrations/bitrix24/bitrix24test/contract"

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// An administrator opens an empty portal and gets to the first signed act, all of it in the browser. A second
// installation changes nothing, and objects deleted later are created again when an administrator opens the app.
func TestFromAnEmptyPortalToTheFirstAct(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{empty: true})
	page, code := newTab(t), p.portal.Cloud().App().Code
	if !t.Run("others see that it is not installed", func(t *testing.T) {
		page.open(p.portalURL("/?as=%d", p.portal.Manager()))
		page.click(`#menu a[href^="/marketplace/install/"]`)
		page.awaitText("not-installed", "администратор портала")
		page.click(`a[href*="as=1"]`)
	}) {
		return
	}
	f := page.frame("http://" + p.cfg.App)
	if !t.Run("the wizard shows its plan, creates, and redirects into the app", func(t *testing.T) { p.runInstallation(t, page, f) }) {
		return
	}
	page.open(p.portalURL("%s?as=1", appAddress()))
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("act-list")
	if !t.Run("stages, SBIS and our company", func(t *testing.T) { p.completeSetup(page, f) }) {
		return
	}
	if !t.Run("the first signed act", func(t *testing.T) { p.handOverFirstAct(t, page) }) {
		return
	}
	t.Run("a second installation changes nothing", func(t *testing.T) {
		p.awaitQuiet(t)
		p.portal.Trace().Reset()
		p.portal.FinishInstall(false)
		page.open(p.portalURL("/marketplace/install/%s/?as=1", code))
		page.await("the portal opens the app", `location.search.includes("install_finished=Y")`)
		p.awaitQuiet(t)
		for _, l := range p.portal.Trace().Lines() {
			if contract.Methods[l.Method].Kind == "write" {
				t.Errorf("a second installation called %s", l.Method)
			}
		}
	})
	t.Run("deleted objects are created again", func(t *testing.T) { p.loseAndRepair(t, page) })
	p.checkTrace(t)
}

// runInstallation runs the wizard up to the list of remaining steps.
func (p *playground) runInstallation(t *testing.T, page, f *tab) {
	f.awaitText("install-checks")
	f.awaitText("install-plan", "смарт-процесс «Акты»", "7\u00a0стадий актов", "подписок на события")
	f.checkLayout(page, "wizard-asked")
	if n := len(p.portal.Types()); n != 0 {
		t.Errorf("%d smart processes before the administrator agreed", n)
	}
	if err := p.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultLatency, Method: "userfieldconfig.add", Delay: 3 * time.Second, Count: 1}); err != nil {
		t.Fatal(err)
	}
	f.click("install-run")
	f.awaitText("step-stages", "готово")
	f.awaitText("step-fields", "создаётся")
	page.shotAt("wizard-running-light-1280", 1280)
	page.await("the portal opens the installed app", `location.search.includes("install_finished=Y")`)
	if !p.portal.Installed() || len(p.portal.Types()) != 1 {
		t.Errorf("installed: %v, smart processes: %d", p.portal.Installed(), len(p.portal.Types()))
	}
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("todo", "Что ещё нужно", "Подключить СБИС", "Права доступа")
	f.await("the stages are found by their names", find("todo-stages")+`.hasAttribute("data-done")`)
	f.checkLayout(page, "wizard-todo")
	f.click("mark-rights")
	f.await("the rights are given", find("todo-rights")+`.hasAttribute("data-done")`)
}

// completeSetup performs the steps of the list of remaining steps.
func (p *playground) completeSetup(page, f *tab) {
	settings := func(section, form string) {
		f.click(`nav.tabs a[href$="/settings"]`)
		f.awaitText("todo")
		f.click(`nav.sections a[href$="/settings` + section + `"]`)
		f.await(section, fmt.Sprintf(`document.readyState === "complete" && document.querySelector(%q)`, form))
	}
	settings("/stages", `[data-testid="preview-0"]`)
	f.awaitText("preview-0", "Хотя бы один акт направлен заявителю", "сделка перейдёт в «Услуга оказана»")
	f.checkLayout(page, "stages")
	f.click("save-stages")
	f.await("saved", `document.querySelector("#messages").textContent.includes("Сохранено")`)
	settings("/storage", `[data-testid="save-storage"]`)
	f.checkLayout(page, "storage")

	account := `form[action$="/settings/accounts/0"] `
	settings("/accounts", account+`[name="name"]`)
	for name, value := range map[string]string{"name": "Основной", "app_client_id": apptest.AppClientID, "app_secret": apptest.AppSecret, "secret_key": apptest.SecretKey} {
		f.fill(account+`[name="`+name+`"]`, value)
	}
	f.await("the password is not asked", `!document.querySelector('`+account+`[name="password"]').checkVisibility()`)
	f.click("way-password-0")
	f.await("the password instead of the keys", `document.querySelector('`+account+`[name="password"]').checkVisibility() && !document.querySelector('`+account+`[name="app_secret"]').checkVisibility()`)
	f.click("way-keys-0")
	f.click(account + `[data-testid="save-account"]`)
	f.await("the account is there", `document.querySelector("[data-testid^=check-account-]")`)

	own := Counterparties()[len(Counterparties())-2] // our legal entity
	settings("/companies", `form[action*="/settings/companies/"] [name="participant"]`)
	id := f.eval(fmt.Sprintf(`[...document.querySelectorAll("[data-testid^=company-]")].find((c) => c.textContent.includes(%q)).dataset.testid.slice(8)`, own.Name))
	f.unfold("company-" + id)
	company := fmt.Sprintf(`form[action$="/settings/companies/%s"] `, id)
	f.eval(fmt.Sprintf(`(document.querySelector(%q).selectedIndex = 1, 1)`, company+`[name="account"]`))
	for name, value := range map[string]string{"participant": own.Participant, "signer": "Громов Алексей Петрович", "position": "Генеральный директор", "ground": "Устав"} {
		f.fill(company+`[name="`+name+`"]`, value)
	}
	f.click(testid("save-company-" + id))
	f.await("saved", `document.querySelector("#messages").textContent.includes("Сохранено")`)
}

// handOverFirstAct hands the first act over and signs it for both parties.
func (p *playground) handOverFirstAct(t *testing.T, page *tab) {
	deal := int64(1)
	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts&as=%d", deal, p.portal.Manager()))
	f := page.frame("http://" + p.cfg.App)
	f.click("act-type-electronic-company")
	f.click("create-and-send-act")
	document := p.awaitDocument(t, deal, 1)
	f.awaitNewestAct(draftWord, waitingWord)
	sbis := page.another()
	p.sign(sbis, document, "sbis-sign-by-us")
	f.awaitNewestAct(sentWord, "")
	p.sign(sbis, document, "sbis-sign-by-counterparty")
	f.awaitNewestAct(signedWord, "")
	awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	page.open(p.portalURL("%s?as=1", appAddress()))
	f = page.frame("http://" + p.cfg.App)
	f.click(`nav.tabs a[href$="/settings"]`)
	f.await("the first act is there", `["stages", "account", "act"].every((k) => document.querySelector("[data-testid=todo-" + k + "]")?.hasAttribute("data-done"))`)
}

// loseAndRepair deletes handlers, a stage and a field in the portal; the next opening by an administrator
// creates them again and shows it.
func (p *playground) loseAndRepair(t *testing.T, page *tab) {
	typ := p.portal.Types()[0]
	annulled := ""
	for _, category := range []int64{1, 2, 3, 4, 5} {
		for _, s := range p.portal.Stages(typ.EntityTypeID, category) {
			if strings.HasSuffix(s.StatusID, "ACTS_ANNULLED") {
				annulled = s.StatusID
			}
		}
	}
	fields := len(p.portal.UserFields("CRM_DEAL"))
	p.portal.DropHandlers()
	if !p.portal.DropStage(typ.EntityTypeID, annulled) || !p.portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE") {
		t.Fatal("nothing was lost")
	}
	if err := p.portal.Advance("1m"); err != nil { // a repair is due some seconds after the last one, and the installation counts as one
		t.Fatal(err)
	}
	page.open(p.portalURL("%s?as=1", appAddress()))
	f := page.frame("http://" + p.cfg.App)
	f.awaitText("restored", "Восстановлено", "стадия актов «Аннулирован»", "поле «Способ обмена актами» сделки", "подписки на события (13)")
	f.checkLayout(page, "wizard-restored")
	if len(p.portal.Handlers()) == 0 || p.portal.StageName(typ.EntityTypeID, annulled) != "Аннулирован" || len(p.portal.UserFields("CRM_DEAL")) != fields {
		t.Error("deleted objects are still missing")
	}
	f.do("another page", chromedp.Click(`nav.tabs a[href$="/report"]`))
	f.await("the message is shown once", `location.pathname.endsWith("/report") && document.readyState === "complete" && !`+find("restored"))
}
