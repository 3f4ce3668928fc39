//go:build e2e

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// clockTo moves the business clock forward to a time of the portal: "2026-01-19 09:01".
func (p *playground) clockTo(t *testing.T, moment string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", moment, p.portal.Now().Location())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.portal.Advance(at.Sub(p.portal.Now()).String()); err != nil {
		t.Fatal(err)
	}
}

// statusTasks returns the tasks «Указать статус акта» bound to the item of an act, oldest first.
func (p *playground) statusTasks(act int64) []bitrix24test.Fields {
	item := p.actItem(act)
	card := bindingOf(int(idOf(item, "entityTypeId")), idOf(item, "id"))
	var out []bitrix24test.Fields
	for _, task := range p.portal.Tasks() {
		if strings.Contains(fmt.Sprint(task["ufCrmTask"]), card) && strings.Contains(textOf(task, "title"), "Указать статус акта") {
			out = append(out, task)
		}
	}
	return out
}

// awaitStatusTask waits for the n-th task of an act and checks its responsible and its deadline.
func (p *playground) awaitStatusTask(t *testing.T, act, deal int64, n int, deadline string) bitrix24test.Fields {
	t.Helper()
	awaitTrue(t, fmt.Sprintf("task %d of act %d", n, act), func() bool { return len(p.statusTasks(act)) >= n })
	p.awaitQuiet(t)
	all := p.statusTasks(act)
	if len(all) != n {
		t.Fatalf("act %d has %d tasks, want %d", act, len(all), n)
	}
	task := all[n-1]
	if got := formatDay(textOf(task, "deadline")); got != deadline {
		t.Errorf("the deadline is %s, want %s", got, deadline)
	}
	if got, want := number(textOf(task, "responsibleId")), idOf(p.portal.Item(bitrix24test.Deal, deal), "assignedById"); got != want {
		t.Errorf("user %d is asked, want the responsible %d", got, want)
	}
	if !strings.Contains(fmt.Sprint(task["ufCrmTask"]), bindingOf(bitrix24test.Deal, deal)) {
		t.Errorf("the task is bound to %v, not to its deal", task["ufCrmTask"])
	}
	return task
}

// checkStatusTasks checks that an act has n tasks after all jobs have finished.
func (p *playground) checkStatusTasks(t *testing.T, act int64, n int) {
	t.Helper()
	p.awaitQuiet(t)
	if got := len(p.statusTasks(act)); got != n {
		t.Fatalf("act %d has %d tasks on %s, want %d", act, got, p.portal.Now().Format(time.DateTime), n)
	}
}

func (p *playground) awaitTaskEnd(t *testing.T, act int64, n int) {
	t.Helper()
	awaitTrue(t, "the task ends by itself", func() bool { return textOf(p.statusTasks(act)[n-1], "status") == "5" })
}

// follow opens the page of a task and the act to which it links.
func (p *playground) follow(page *tab, task bitrix24test.Fields) *tab {
	page.t.Helper()
	page.open(p.portalURL("/company/personal/user/%s/tasks/task/view/%s/", textOf(task, "responsibleId"), textOf(task, "id")))
	page.await("the text and its link", `document.querySelector("#task a[href*='/marketplace/view/']")`)
	page.eval(`document.querySelector("#task a[href*='/marketplace/view/']").click()`)
	return page.frame("http://" + p.cfg.App)
}

// sentOnPaper forms a paper act of a deal and sends it by post.
func (p *playground) sentOnPaper(page *tab, deal int64, kind string) (f *tab, act int64) {
	page.t.Helper()
	f = p.dealTab(page, deal)
	f.paperAct(kind)
	f.upload("ours", writeScan(page.t, "Наш.pdf", 500))
	f.awaitActStatus(signedByUsWord)
	f.sendByPost("")
	act = f.actID()
	awaitTrue(page.t, "its card", func() bool { return p.actItem(act) != nil })
	return f, act
}

// Five working days over holidays, both answers to a task, and a task that a person completed without an answer.
// The clock passes three holiday periods: January and May of 2026, and January of 2027.
func TestReminders(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{from: time.Date(2025, 12, 30, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	page := newTab(t)
	t.Run("January 2026, a signed copy is uploaded", func(t *testing.T) {
		page.t = t
		if err := p.portal.Change(1, bitrix24test.Deal, 2, bitrix24test.Fields{"ufCrmContract": ""}); err != nil { // the deal's contract is of 2026
			t.Fatal(err)
		}
		f, act := p.sentOnPaper(page, 2, "person") // a deal without VAT: the rates of 2026 do not apply to its date
		f.awaitText("act-due", "16.01.2026")       // 31.12–11.01 are days off, 12–16.01 the five days
		p.clockTo(t, "2026-01-16 20:00")
		p.checkStatusTasks(t, act, 0)
		p.clockTo(t, "2026-01-19 08:55")
		p.checkStatusTasks(t, act, 0)
		p.clockTo(t, "2026-01-19 09:01")
		task := p.awaitStatusTask(t, act, 2, 1, "19.01.2026")
		f = p.follow(page, task)
		f.awaitActStatus(sentWord)
		f.awaitText("act-due", "Просрочен")
		f.awaitText("overdue", "Просрочен на 1\u00a0раб. день (срок 16.01.2026)")
		f.await("the ways out come first", `[...document.querySelectorAll("#actions .actions details")].slice(0, 2).map((d) => d.dataset.testid).join() === "open-mark-accept,open-mark-refusal"`)
		f.checkPrimaryButton()
		f.checkLayout(page, "act-overdue")
		f.upload("theirs", writeScan(t, "Их.pdf", 600))
		f.awaitActStatus(signedWord)
		p.awaitTaskEnd(t, act, 1)
	})
	t.Run("May 2026, completed without an answer, then accepted unsigned", func(t *testing.T) {
		page.t = t
		p.clockTo(t, "2026-04-30 12:00")
		_, act := p.sentOnPaper(page, 5, "company")
		p.clockTo(t, "2026-05-11 12:00") // the five days are 4–8.05, Monday 11.05 is a day off
		p.checkStatusTasks(t, act, 0)
		p.clockTo(t, "2026-05-12 09:01")
		task := p.awaitStatusTask(t, act, 5, 1, "12.05.2026")
		page.open(p.portalURL("/company/personal/user/%s/tasks/task/view/%s/", textOf(task, "responsibleId"), textOf(task, "id")))
		asked := p.portal.Trace().Count("tasks.task.list")
		page.click("task-complete")
		p.awaitTaskEnd(t, act, 1)
		awaitTrue(t, "the tasks are read: the days are counted from now", func() bool { return p.portal.Trace().Count("tasks.task.list") > asked })
		p.awaitQuiet(t)
		p.clockTo(t, "2026-05-19 18:00") // 13, 14, 15, 18, 19.05
		p.checkStatusTasks(t, act, 1)
		p.clockTo(t, "2026-05-20 09:01")
		f := p.follow(page, p.awaitStatusTask(t, act, 5, 2, "20.05.2026"))
		f.await("why it is asked again", `document.querySelector("#history").textContent.includes("закрыта без статуса")`)
		f.runAction("mark-accept", "Подпишут после отпуска директора")
		f.awaitActStatus(acceptedWord)
		p.awaitTaskEnd(t, act, 2)
		awaitTrue(t, "the deal is done", func() bool { return p.stage(5) == doneWord })
	})
	t.Run("January 2027, electronic acts", func(t *testing.T) {
		page.t = t
		p.clockTo(t, "2026-09-01 12:00")
		p.dealTab(page, 4)
		p.clockTo(t, "2026-12-28 12:00")
		signed := p.sentThroughSBIS(page, 3)
		accepted := p.sentThroughSBIS(page, 4)
		p.clockTo(t, "2027-01-13 20:00") // the five days are 29, 30.12 and 11–13.01
		p.checkStatusTasks(t, signed, 0)
		p.clockTo(t, "2027-01-14 09:01")
		p.awaitStatusTask(t, signed, 3, 1, "14.01.2027")
		f := p.follow(page, p.awaitStatusTask(t, accepted, 4, 1, "14.01.2027"))
		f.runAction("mark-accept", "")
		f.awaitActStatus(acceptedWord)
		p.awaitTaskEnd(t, accepted, 1)
		p.move(t, p.documents(t, 3)[0].ID, sbistest.MoveSignByCounterparty)
		p.awaitTaskEnd(t, signed, 1)
	})
}

// sentThroughSBIS forms an electronic act of a deal and signs it for us.
func (p *playground) sentThroughSBIS(page *tab, deal int64) (act int64) {
	page.t.Helper()
	f := p.dealTab(page, deal)
	f.click("create-and-send-act")
	p.move(page.t, p.awaitDocument(page.t, deal, 1), sbistest.MoveSignByUs)
	f.awaitNewestAct(sentWord, "")
	f.click("#acts tbody a")
	f.awaitActStatus(sentWord)
	return f.actID()
}
