//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"acts24/integrations/bitrix24/bitrix24test"
)

// peopleOf opens the settings of members as the administrator of a portal with long names.
func (p *playground) peopleOf(page *tab) *tab {
	department := p.portal.AddDepartment(bitrix24test.Department{Parent: 1,
		Name: "Управление международного сотрудничества, продвижения экспорта и выставочно-ярмарочной деятельности Северо-Западного округа"})
	for n := range 25 {
		p.portal.AddUser(bitrix24test.User{Name: "Константин-Александр", LastName: fmt.Sprintf("Рождественский-Вознесенский %d", n+1), Departments: []int64{department}})
	}
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/people"]`)
	f.awaitText("group-state", "Пока в группе никого нет")
	return f
}

// An administrator adds people with the portal's own dialog, and a department after a preview, readable in a
// narrow window and in dark colours; an employee without a role reads whom to ask, and a viewer has no buttons.
func TestPeopleInTheBrowser(t *testing.T) {
	p, page := ownPlayground(t, playgroundOptions{}), newTab(t)
	f := p.peopleOf(page)
	f.checkAccessibility("an empty group")
	f.checkLayout(page, "people-empty")

	f.click("pick-people")
	page.await("the portal's dialog", `document.querySelector("dialog[open] input[value='4']")`)
	page.click(`dialog input[value="4"]`)
	page.click(`dialog button.primary`)
	f.awaitText("member-user-4", "Елена Смирнова")
	f.await("the outsider is not in it", fmt.Sprintf(`!%s`, find("member-user-3")))

	f.eval(`[...document.querySelectorAll("[data-testid=choose-department] option")].find((o) => o.text.includes("Управление")).selected = true, document.querySelector("[data-testid=role-of-department]").value = "department"`)
	f.click("try-department")
	f.awaitText("preview", "доступ получат: ", "Константин-Александр")
	f.checkLayout(page, "people-preview")
	f.click("add-department-button")
	f.awaitText("group-changes", "роль «Смотрит акты отдела»")
	f.write("find-people", "Орлов"+kb.Enter)
	f.awaitText("found-words", "Отметьте тех")
	f.press(testid("person-2"), " ")
	f.eval(`document.querySelector("[data-testid=role-of-user]").value = "all"`)
	f.press(testid("add-user-button"), kb.Enter)
	f.awaitText("member-user-2", "Михаил Орлов")
	f.write("workgroup-name", "Закрывающие документы"+kb.Enter)
	f.awaitText("group-changes", "Закрывающие документы", "роль «Работает с актами»")
	f.do("unfold who gets in", chromedp.Click(chromedp.CSS(testid("access")+" summary")))
	f.checkAccessibility("the group")
	f.awaitFrameHeight(page)
	f.checkLayout(page, "people-group")

	page.open(p.portalURL("%s?as=%d", appAddress(), seedOutsider))
	f = page.frame("http://" + p.cfg.App)
	if !f.evalBool(fmt.Sprintf(`%s?.textContent.includes("Вас нет в группе")`, find("message"))) {
		f.awaitText("message", "Вас нет в группе «Работа с актами»", "Анна Соколова")
	}
	f.checkLayout(page, "people-stranger")

	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts&as=%d", 3, seedManager))
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("read-only", "смотреть и выгружать")
	f.await("nothing to press", `document.querySelectorAll("form[method=post] button").length === 0`)
	f.checkLayout(page, "people-viewer")
	page.open(p.portalURL("%s?as=%d", appAddress(), seedManager))
	f = page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/deals"]`)
	f.awaitText("lacking")
	f.await("nothing to check", `!document.querySelector("[name=deal]") && !document.querySelector("[data-testid=form-acts]")`)
	f.checkAccessibility("a viewer's deals without acts")
	f.checkLayout(page, "people-viewer-deals")
}

// Without cookies the portal's dialog adds people in the same way.
func TestPeopleWithoutCookies(t *testing.T) {
	p, page := ownPlayground(t, playgroundOptions{}), newTab(t)
	defer p.proxy.setMode(noCookies)()
	f := p.peopleOf(page)
	f.click("pick-people")
	page.await("the portal's dialog", `document.querySelector("dialog[open] input[value='2']")`)
	page.click(`dialog input[value="2"]`)
	page.click(`dialog button.primary`)
	f.awaitText("member-user-2", "Михаил Орлов")
	f.reload()
	f.awaitText("member-user-2", "Михаил Орлов")
}
