//go:build e2e

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/integrations/sbis/sbistest"
)

// actType returns the entity type id of the smart process «Акты».
func (p *playground) actType() int { return p.portal.Types()[0].EntityTypeID }

// actStage returns the id of the stage of «Акты» with that name.
func (p *playground) actStage(t *testing.T, name string) string {
	t.Helper()
	for _, s := range p.portal.Stages(p.actType(), p.portal.Categories(p.actType())[0].ID) {
		if s.Name == name {
			return s.StatusID
		}
	}
	t.Fatalf("no stage «%s»", name)
	return ""
}

// awaitItemStage waits until the item is at the stage with that name.
func (p *playground) awaitItemStage(t *testing.T, item int64, name string) {
	t.Helper()
	at := p.actStage(t, name)
	awaitTrue(t, fmt.Sprintf("item %d at «%s»", item, name), func() bool { return textOf(p.portal.Item(p.actType(), item), "stageId") == at })
}

// dragItem drags the card of an item to the column of a stage.
func (p *playground) dragItem(t *testing.T, page *tab, item int64, name string) {
	t.Helper()
	page.open(p.portalURL("/crm/type/%d/kanban/", p.actType()))
	page.dragCard(t, item, p.actStage(t, name))
}

// dragCard drags a card of the visible kanban to the column of a stage.
func (b *tab) dragCard(t *testing.T, item int64, stageID string) {
	t.Helper()
	b.awaitText(fmt.Sprintf("card-%d", item))
	b.do("all columns are in sight", chromedp.EmulateViewport(2200, 900))
	defer b.do("as before", chromedp.EmulateViewport(1280, 900))
	card, column := fmt.Sprintf("card-%d", item), "column-"+stageID
	b.await("the window is wide", `innerWidth === 2200`)
	for _, id := range []string{card, column} { // while the window grows, the card would be dropped on another column
		b.await(id, fmt.Sprintf(isElementStill, testid(id)))
	}
	(&stage{ctx: b.ctx}).drag(t, card, column)
}

// awaitNotification waits for a notification of a user with these words.
func (p *playground) awaitNotification(t *testing.T, user int64, words ...string) {
	t.Helper()
	awaitTrue(t, fmt.Sprintf("user %d is notified: %q", user, words), func() bool {
		for _, n := range p.portal.Notifications() {
			all := n.User == user
			for _, w := range words {
				all = all && strings.Contains(n.Message, w)
			}
			if all {
				return true
			}
		}
		return false
	})
}

// putFile uploads a file into a field of an item's card.
func (p *playground) putFile(page *tab, item int64, side acts.Side, file string) {
	page.t.Helper()
	page.open(p.portalURL("/crm/type/%d/details/%d/?edit=1", p.actType(), item))
	field := fmt.Sprintf("form.form input[type=file][name$=File%s]", strings.ToUpper(string(side[:1]))+string(side[1:]))
	page.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS(field), []string{file}))
	page.click("form.form[enctype] button.primary")
	page.await("the card is saved", `!location.search.includes("edit=1") || document.readyState === "complete"`)
}

// kanban tests what a person can do in the CRM with the items of «Акты»: every move has the same effect as a button.
func kanban(t *testing.T, p *playground) {
	page, manager := newTab(t), int64(seedManager)
	t.Run("a forbidden move is reverted", func(t *testing.T) {
		page.t = t
		p.dealTab(page, 1).paperAct("company")
		item := p.newestItem(t, 1)
		p.dragItem(t, page, item, signedWord)
		p.awaitNotification(t, manager, "нельзя перенести", signedWord)
		p.awaitItemStage(t, item, draftWord)
		p.dragItem(t, page, item, signedByUsWord) // there is no scan yet
		p.awaitNotification(t, manager, "Нужен файл «Акт, подписанный нами»")
		p.awaitItemStage(t, item, draftWord)
	})
	t.Run("a file and moves have the effect of buttons", func(t *testing.T) {
		page.t = t
		item := p.newestItem(t, 1)
		p.putFile(page, item, acts.SideOurs, writeScan(t, "Наш из карточки.pdf", 700))
		p.awaitItemStage(t, item, signedByUsWord)
		p.dragItem(t, page, item, sentWord)
		awaitTrue(t, "the deal follows", func() bool { return p.stage(1) == sentWord })
		p.dragItem(t, page, item, acceptedWord)
		awaitTrue(t, "the deal is done", func() bool { return p.stage(1) == doneWord })
		f := p.dealTab(page, 1)
		f.click("#acts tbody a")
		f.awaitActStatus(acceptedWord)
		f.await("who did it", `document.querySelector("#history").textContent.includes("Орлов")`)
		f.await("the file from the card", `document.querySelector("#copies-ours").textContent.includes("Наш из карточки.pdf")`)
	})
	t.Run("a refusal requires its reason, a copy in the card signs", func(t *testing.T) {
		page.t = t
		_, act := p.sentOnPaper(page, 2, "person")
		item := idOf(p.actItem(act), "id")
		p.awaitItemStage(t, item, sentWord) // a person drags what he sees
		p.dragItem(t, page, item, refusedWord)
		p.awaitNotification(t, manager, "Напишите причину отказа")
		awaitTrue(t, "the deal has remarks", func() bool { return p.stage(2) == remarksWord })
		p.awaitItemStage(t, item, refusedWord)
		p.putFile(page, item, acts.SideTheirs, writeScan(t, "Всё-таки подписали.pdf", 800))
		p.awaitItemStage(t, item, signedWord)
		awaitTrue(t, "the deal is done", func() bool { return p.stage(2) == doneWord })
	})
	t.Run("an item created in a deal forms an act", func(t *testing.T) {
		page.t = t
		page.open(p.portalURL("/crm/deal/details/%d/?tab=related", 3))
		page.click(fmt.Sprintf("add-%d", p.actType()))
		page.awaitText("card-title")
		item := p.newestItem(t, 3)
		awaitTrue(t, "its act", func() bool { return strings.HasPrefix(textOf(p.portal.Item(p.actType(), item), "xmlId"), "acts24-") })
		f := p.dealTab(page, 3)
		f.awaitNewestAct(draftWord, "")
		f.await("all of the deal is in it", `document.querySelector("[data-testid=nothing-left]")`)
	})
	t.Run("an item without a deal is annulled", func(t *testing.T) {
		page.t = t
		page.open(p.portalURL("/crm/type/%d/kanban/", p.actType()))
		page.click("details.create > summary")
		page.do("its name", chromedp.SendKeys(chromedp.CSS(".popup [name=title]"), "Акт ни о чём"))
		page.click(".popup button.primary")
		page.awaitText("card-title")
		p.awaitNotification(t, manager, "Акт ни о чём", "формируется из сделки")
		p.awaitItemStage(t, p.newestItem(t, 0), annulledWord)
	})
}

// The item of an act is deleted in the CRM: the act stays, its page shows it and creates the item again with its files.
func TestItemIsDeleted(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	_, act := p.sentOnPaper(page, 14, "company")
	p.awaitCopies(t, act, "ours", "Наш.pdf")
	page.open(p.portalURL("/crm/type/%d/details/%d/", p.actType(), idOf(p.actItem(act), "id")))
	page.click("card-delete")
	p.awaitQuiet(t)
	calls := p.portal.Trace().Calls()
	page.click("card-delete-yes")
	awaitTrue(t, "the item is in the bin", func() bool { return p.actItem(act) == nil })
	awaitTrue(t, "we look for it", func() bool { return p.portal.Trace().Calls() > calls })
	p.awaitQuiet(t)
	f := p.dealTab(page, 14)
	f.click("#acts tbody a")
	f.awaitActStatus(sentWord)
	f.awaitText("item-gone", "удалена в CRM")
	f.click("item-gone-button")
	p.awaitCopies(t, act, "ours", "Наш.pdf")
	f.await("its message is gone", `!document.querySelector("[data-testid=item-gone]")`)
}

// newestItem returns the newest item of «Акты» of a deal; 0 means no deal.
func (p *playground) newestItem(t *testing.T, deal int64) int64 {
	t.Helper()
	newest := int64(0)
	awaitTrue(t, "an item of the deal", func() bool {
		for _, item := range p.portal.Items(p.actType()) {
			if idOf(item, "parentId2") == deal {
				newest = max(newest, idOf(item, "id"))
			}
		}
		return newest > 0
	})
	return newest
}

func TestKanban(t *testing.T) { kanban(t, ownPlayground(t, playgroundOptions{})) }

// When events are lost, the reconciliation has the same effect.
func TestKanbanWithoutEvents(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{reconcile: time.Second})
	p.portal.DropEvents(true)
	kanban(t, p)
	for _, d := range p.portal.Deliveries() {
		if strings.HasPrefix(d.Event, "ONCRMDYNAMICITEM") && !d.Dropped {
			t.Fatal("an event came through")
		}
	}
}

// The card of a deal in the kanban shows that its act is not signed, until the counterparty signs.
func TestBadgeOnTheKanban(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(1)
	_, document := p.signedPage(page, deal, false)
	awaitTrue(t, "the badge", func() bool { _, ok := p.portal.Automation.BadgeOf(deal); return ok })
	page.open(p.portalURL("/crm/deal/kanban/"))
	badge := fmt.Sprintf("badge-%d", deal)
	page.await("the badge", fmt.Sprintf(`document.querySelector('[data-testid="%s"]')?.textContent === %q`, badge, automation.BadgeUnsigned.Value()))
	p.move(t, document, sbistest.MoveSignByCounterparty)
	awaitTrue(t, "no badge", func() bool { _, ok := p.portal.Automation.BadgeOf(deal); return !ok })
	page.open(p.portalURL("/crm/deal/kanban/"))
	page.awaitText(fmt.Sprintf("card-%d", deal))
	page.await("no badge", fmt.Sprintf(`document.querySelector('[data-testid="%s"]') === null`, badge))
}

// addRule adds a robot or a trigger to a stage in the settings of the portal's automation.
func (p *playground) addRule(page *tab, code, stage string) {
	page.t.Helper()
	page.open(p.portalURL("/crm/deal/automation/0/"))
	form := testid("add-" + code + "-" + stage)
	if !slices.ContainsFunc(automation.Robots, func(r automation.Robot) bool { return r.Code == code }) {
		form = testid("add-trigger-" + stage)
	}
	page.click(form + " summary")
	if form == testid("add-trigger-"+stage) {
		page.eval(fmt.Sprintf(`(document.querySelector(%q).value = %q, 1)`, form+` [name="trigger"]`, code))
	}
	page.click(form + " button")
	added := func() int64 {
		for _, r := range p.portal.Automation.Snapshot().Rules {
			if r.StageID == stage && (r.Robot == code || r.Trigger == code) {
				return r.ID
			}
		}
		return 0
	}
	awaitTrue(page.t, code+" at "+stage, func() bool { return added() != 0 })
	page.awaitText(fmt.Sprintf("rule-%d", added()))
}

// With our moves switched off the robots of a stage form an act and hand it over, and triggers move the deal when the act is sent and signed.
func TestRobotsAndTriggers(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(1)
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/stages"]`)
	f.awaitText("automation", "Сформировать акт", "Подпись акта просрочена", "есть в портале")
	f.click("moves-portal")
	f.click("save-stages")
	f.awaitText("automation", "Триггер переводит сделку на стадию")
	f.checkPage(page, "stages-by-portal")
	p.addRule(page, automation.RobotForm, "EXECUTING")
	p.addRule(page, automation.RobotHandOver, "EXECUTING")
	p.addRule(page, string(automation.TriggerSent), "UC_APPROVED")
	p.addRule(page, string(automation.TriggerSigned), "WON")
	p.dragDeal(page, deal, "В работе")
	document := p.awaitDocument(t, deal, 1)
	page.open(p.portalURL("/crm/deal/automation/0/"))
	page.awaitText("robot-runs", "Черновик акта сформирован.", "передан в СБИС.")
	page.shotAt("automation-runs", 1280)
	p.move(t, document, sbistest.MoveSignByUs)
	awaitTrue(t, "the trigger «Акт направлен»", func() bool { return p.stage(deal) == approvedWord })
	p.dealTab(page, deal).awaitNewestAct(sentWord, "")
	p.move(t, document, sbistest.MoveSignByCounterparty)
	awaitTrue(t, "the trigger «Акт подписан»", func() bool { return p.stage(deal) == doneWord })
	p.awaitQuiet(t)
	if runs := p.portal.Automation.Runs(); len(runs) != 2 {
		t.Errorf("%d robots ran, want 2", len(runs))
	}
	if n := len(p.documents(t, deal)); n != 1 {
		t.Errorf("%d documents", n)
	}
}
