//go:build e2e

package main

import (
	"fmt"
	"os"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// shots takes the page in both widths and both colours.
func (b *tab) shots(page *tab, name string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.paint(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("%s-%s-%d", name, scheme, width), width)
		}
	}
	b.paint("light")
}

// TestPaperShots takes pictures of the paper branch, with names as long as they are in life.
func TestPaperShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p := playgroundOf(t, world{})
	page, deal := newTab(t), int64(11)
	longName := "ФГБОУ ВО «Российский государственный университет внешней торговли и международного экономического сотрудничества имени академика А. Н. Преображенского»"
	rq := p.portal.RequisitesOf(bitrix24test.Company, idOf(p.portal.Item(bitrix24test.Deal, deal), "companyId"))[0]
	p.portal.ChangeRequisite(number(textOf(rq, "ID")), bitrix24test.Fields{"RQ_COMPANY_NAME": longName, "RQ_COMPANY_FULL_NAME": longName})
	f := p.dealTab(page, deal)
	f.click("act-type-paper-company")
	f.shots(page, "paper-form")
	f.paperAct("company")
	f.shots(page, "paper-draft")
	f.number()
	f.showsPDF("/print?view=1")
	f.shots(page, "paper-numbered")
	f.upload("ours", written(t, "Не скан.pdf", "MZ"))
	f.sees("fault-ours")
	f.shots(page, "paper-bad-file")
	f.upload("ours", scan(t, "Скан акта с очень длинным именем, которое дал сканер многофункционального устройства 25.11.2026 14-05-33.pdf", 1_500_000))
	f.actIs(signedByUsWord)
	f.unfold("open-send-paper")
	f.shots(page, "paper-send")
	p.portal.ConnectMail(false)
	f.sendByEmail("buh@klient.example")
	f.sees("letter-failed")
	f.shots(page, "paper-letter-failed")
	p.portal.ConnectMail(true)
	f.sendByPost("80090912345678")
	f.shots(page, "paper-sent")
	p.shotReminder(page, f)
	f.marks("mark-accept", "Обещали подписать после возвращения директора")
	f.actIs(acceptedWord)
	f.unfold("open-mark-original")
	f.shots(page, "paper-accepted")
	f.marks("mark-refusal", "В акте указан не тот период, просим исправить даты и сумму по строке один, а также приложить отчёт о выполненных работах")
	f.actIs(refusedWord)
	f.unfold("open-mark-annul")
	f.shots(page, "paper-refused")
	f.click("correct-act")
	f.actIs(draftWord)
	f.shots(page, "paper-corrected")
	f.click("edit-act")
	f.sees("save-act")
	f.shots(page, "paper-edit")
	f = p.dealTab(page, deal)
	f.shots(page, "paper-tab")
	f.click("#acts tbody tr:last-child a")
	f.actIs(refusedWord)
	f.shots(page, "paper-replaced")
	f.click("[data-testid=replaced] a")
	f.actIs(draftWord)
	f.marks("mark-annul", "Подписали прежний")
	f.actIs(annulledWord)
	f.shots(page, "paper-annulled")
	f.click("[data-testid=corrects] a")
	f.actIs(refusedWord)
	f.upload("theirs", scan(t, "Подписали всё-таки.jpg", 900))
	f.actIs(signedWord)
	f.shots(page, "paper-signed")
	p.shotAroundPaper(page)
}

// shotReminder takes the act whose signature is late, and the task about it; the frame is left as it was.
func (p *playground) shotReminder(page, f *tab) {
	page.t.Helper()
	act := f.actID()
	within(page.t, "its card", func() bool { return p.actItem(act) != nil })
	if err := p.portal.Advance("240h"); err != nil {
		page.t.Fatal(err)
	}
	within(page.t, "the task", func() bool { return len(p.statusTasks(act)) == 1 })
	f.reload()
	f.actIs(sentWord)
	f.shots(page, "paper-late")
	other := page.another()
	task := p.statusTasks(act)[0]
	other.open(p.portalURL("/company/personal/user/%s/tasks/task/view/%s/", textOf(task, "responsibleId"), textOf(task, "id")))
	other.shot("paper-task")
	other.shotAt("paper-task-390", 390)
}

// shotAroundPaper takes what of the paper branch is seen in the CRM itself.
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
