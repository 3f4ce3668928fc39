//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// postSBIS sends JSON to the fake SBIS.
func (p *playground) postSBIS(t *testing.T, path, body string) {
	t.Helper()
	answer, err := http.Post("http://"+p.cfg.SBIS+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d", path, answer.StatusCode)
	}
}

// signedPage hands the act of a deal over, has it signed by us, and with both by the counterparty, and opens its page.
func (p *playground) signedPage(page *tab, deal int64, both bool) (f *tab, document string) {
	page.t.Helper()
	f = p.dealTab(page, deal)
	f.click("act-type-electronic-company")
	f.click("create-and-send-act")
	document = p.awaitDocument(page.t, deal, 1)
	f.awaitNewestAct(draftWord, waitingWord)
	p.move(page.t, document, sbistest.SignByUs)
	f.awaitNewestAct(sentWord, "")
	f.click("#acts tbody a")
	f.awaitActStatus(sentWord)
	if both {
		p.move(page.t, document, sbistest.SignByCounterparty)
		f.awaitActStatus(signedWord)
	}
	return f, document
}

// confirmAction opens an action, types the reason and confirms it.
func (b *tab) confirmAction(action, reason string) {
	b.t.Helper()
	b.click(action)
	b.do("the reason", chromedp.SendKeys(chromedp.CSS(testid("open-"+action)+" "+testid("reason")), reason))
	b.click("confirm-action")
}

// awaitAnnulment waits until the block of the annulment contains the words.
func (b *tab) awaitAnnulment(words string) {
	b.t.Helper()
	b.await("«"+words+"»", fmt.Sprintf(`document.querySelector("[data-testid=annulment-state]")?.textContent.includes(%q)`, words))
}

// awaitNoAnnulment waits until the block of the annulment is not shown.
func (b *tab) awaitNoAnnulment() {
	b.t.Helper()
	b.await("no annulment", `document.querySelector("[data-testid=annulment-state]") === null`)
}

// Recall before the countersignature, with and without the actions of SBIS.
func TestRecall(t *testing.T) {
	p := playgroundOf(t, world{})
	for _, offered := range []bool{false, true} {
		p.postSBIS(t, "switches", fmt.Sprintf(`{"annulmentActions":%t}`, offered))
		page, deal := newTab(t), map[bool]int64{false: 1, true: 3}[offered]
		f, document := p.signedPage(page, deal, false)
		f.confirmAction("recall-act", "Не тот период")
		if !offered {
			f.awaitAnnulment("нажмите «Аннулировать»")
			f.awaitAnnulment("Не тот период")
			f.awaitActStatus(sentWord)
			p.postSBIS(t, "documents/"+document+"/recall-by-us", `{}`)
		}
		f.awaitActStatus(draftWord)
		f.awaitNoAnnulment()
		f.await("the history", `document.querySelector("[data-testid=history]").textContent.includes("Документ отозван в СБИС: Не тот период")`)
		if got := p.documents(t, deal)[0]; got.StateName != "Отозван мной" {
			t.Errorf("SBIS has «%s»", got.StateName)
		}
	}
}

// Annulment proposed by us and by the counterparty, accepted and declined.
func TestAnnulment(t *testing.T) {
	p := playgroundOf(t, world{})
	page, deal := newTab(t), int64(1)
	f, document := p.signedPage(page, deal, true)
	f.confirmAction("annul-act", "Двойной акт")
	f.awaitAnnulment("нажмите «Аннулировать»")
	p.postSBIS(t, "documents/"+document+"/propose-annulment", `{"by":"us","comment":"Двойной акт"}`)
	f.awaitAnnulment("ждём контрагента")
	p.postSBIS(t, "documents/"+document+"/decline-annulment", `{"comment":"Работы приняты"}`)
	f.awaitAnnulment("Контрагент не согласился аннулировать акт: Работы приняты")
	f.awaitActStatus(signedWord)
	p.awaitNotification(t, p.portal.Manager(), "Контрагент не согласился аннулировать акт")

	p.postSBIS(t, "documents/"+document+"/propose-annulment", `{"comment":"Ошибка в сумме"}`)
	f.awaitAnnulment("Контрагент предлагает аннулировать акт")
	p.awaitNotification(t, p.portal.Manager(), "Контрагент предлагает аннулировать акт: Ошибка в сумме")
	f.click("annulment-decline")
	f.awaitAnnulment("отклоните аннулирование") // in the account: SBIS offers no action
	p.postSBIS(t, "documents/"+document+"/decline-annulment", `{}`)
	f.awaitAnnulment("Мы не согласились аннулировать акт")

	p.postSBIS(t, "switches", `{"annulmentActions":true}`)
	p.postSBIS(t, "documents/"+document+"/propose-annulment", `{"comment":"Всё же ошибка"}`)
	f.awaitAnnulment("Всё же ошибка")
	f.click("annulment-agree")
	f.awaitActStatus(annulledWord)
	f.awaitNoAnnulment()

	second := int64(3)
	f, document = p.signedPage(newTab(t), second, true)
	f.confirmAction("annul-act", "Двойной акт")
	f.awaitAnnulment("ждём контрагента")
	p.postSBIS(t, "documents/"+document+"/accept-annulment", `{}`)
	f.awaitActStatus(annulledWord)
}

// TestAnnulmentShots takes screenshots of the blocks of the act's page, with long names.
func TestAnnulmentShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p := playgroundOf(t, world{})
	page, deal := newTab(t), int64(1)
	longName := "ФГБОУ ВО «Российский государственный университет внешней торговли и международного экономического сотрудничества имени академика А. Н. Преображенского»"
	rq := p.portal.RequisitesOf(bitrix24test.Company, idOf(p.portal.Item(bitrix24test.Deal, deal), "companyId"))[0]
	p.portal.ChangeRequisite(number(textOf(rq, "ID")), bitrix24test.Fields{"RQ_COMPANY_NAME": longName, "RQ_COMPANY_FULL_NAME": longName})
	long := "В акте указан не тот период и не та сумма по строке один, просим оформить новый акт после подписания дополнительного соглашения № 14 к договору"
	f, document := p.signedPage(page, deal, false)
	f.click("recall-act")
	f.takeShots(page, "recall-open")
	f.do("the reason", chromedp.SendKeys(chromedp.CSS(testid("open-recall-act")+" "+testid("reason")), long))
	f.click("confirm-action")
	f.awaitAnnulment("нажмите «Аннулировать»")
	f.takeShots(page, "recall-in-sbis")
	p.move(t, document, sbistest.SignByCounterparty)
	f.awaitActStatus(signedWord)
	f.click("annul-act")
	f.takeShots(page, "annul-open")
	f.do("the reason", chromedp.SendKeys(chromedp.CSS(testid("open-annul-act")+" "+testid("reason")), long))
	f.click("confirm-action")
	f.awaitAnnulment("нажмите «Аннулировать»")
	p.postSBIS(t, "documents/"+document+"/propose-annulment", fmt.Sprintf(`{"by":"us","comment":%q}`, long))
	f.awaitAnnulment("ждём контрагента")
	f.takeShots(page, "annulment-ours")
	p.postSBIS(t, "documents/"+document+"/decline-annulment", fmt.Sprintf(`{"comment":%q}`, long))
	f.awaitAnnulment("не согласился")
	f.takeShots(page, "annulment-declined")
	p.postSBIS(t, "documents/"+document+"/propose-annulment", fmt.Sprintf(`{"comment":%q}`, long))
	f.awaitAnnulment("предлагает аннулировать")
	f.takeShots(page, "annulment-theirs")

	refused := int64(3)
	page = newTab(t)
	f, document = p.signedPage(page, refused, false)
	p.postSBIS(t, "documents/"+document+"/reject", fmt.Sprintf(`{"comment":%q,"surname":"Константинопольская","name":"Александра","patronymic":"Владиславовна"}`, long))
	f.awaitActStatus(refusedWord)
	f.takeShots(page, "refused")
	f.click("correct-act")
	f.awaitText("save-act")
	row := p.rowsOf(refused)[0]
	f.write(fmt.Sprintf("product-%d-quantity", row), "0,5")
	f.await("the difference", `document.querySelector("[data-testid=correction-differences]").textContent.includes("→ 0,5")`)
	f.takeShots(page, "corrected-edit")
}
