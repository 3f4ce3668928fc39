package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/acts/roles"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// An administrator finds people by name, gives a department a role after a preview, changes a role, and
// removes a member; each change is in the history. When the group is empty, the default applies again.
func TestAdministratorChoosesPeople(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	sales := s.Portal.AddDepartment(bitrix24test.Department{Name: "Отдел продаж"})
	tenders := s.Portal.AddDepartment(bitrix24test.Department{Name: "Тендеры", Parent: sales})
	anna := s.Portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Ёлкина", Departments: []int64{sales}})
	boris := s.Portal.AddUser(bitrix24test.User{Name: "Борис", LastName: "Тендеров", Departments: []int64{tenders}})
	stranger := s.Portal.AddUser(bitrix24test.User{Name: "Пётр", LastName: "Климов"})
	s.OpenAs(stranger, http.StatusOK)
	admin, doc := s.PeopleSettings()
	if !strings.Contains(apptest.Text(doc, "group-state"), "Пока в группе никого нет") || apptest.TestID(doc, "choose-department").Find("option").Length() < 2 ||
		!strings.Contains(apptest.TestID(doc, "choose-department").Text(), "– Тендеры") {
		t.Errorf("an empty group is shown as %q with departments %q", apptest.Text(doc, "group-state"), apptest.Text(doc, "choose-department"))
	}
	p, err := admin.Get("/p/1/settings/people?q=" + url.QueryEscape("елк"))
	if doc = s.Page(p, err, http.StatusOK); apptest.TestID(doc, fmt.Sprint("person-", anna)).Length() != 1 || apptest.TestID(doc, fmt.Sprint("person-", boris)).Length() != 0 {
		t.Errorf("the search finds %q", apptest.Text(doc, "add-people"))
	}
	doc = s.AddMember(admin, "department", sales, roles.RoleWorker, "try", "1")
	if got := apptest.Text(doc, "preview"); !strings.Contains(got, "доступ получат: 2 человека") || !strings.Contains(got, "Борис Тендеров работает с актами") {
		t.Errorf("the preview shows %q", got)
	}
	if n := s.Count("group_members"); n != 0 {
		t.Fatalf("the preview added %d members", n)
	}
	s.AddMember(admin, "department", sales, roles.RoleWorker)
	s.AddMember(admin, "user", anna, roles.RoleOwnViewer)
	if got := apptest.Text(s.PeoplePage(admin), "access"); !strings.Contains(got, "2 человека") || !strings.Contains(got, "Анна Ёлкина работает с актами") {
		t.Errorf("the page shows %q, want the larger of two roles", got)
	}
	s.OpenAs(boris, http.StatusOK)
	s.OpenAs(stranger, http.StatusForbidden)

	key := fmt.Sprint("department-", sales)
	p, err = admin.Post("/p/1/settings/people", apptest.Form("role-"+key, "own", "was-"+key, "work"))
	s.Page(p, err, http.StatusOK)
	p, err = admin.Post("/p/1/settings/people", apptest.Form("drop", fmt.Sprint("user-", anna)))
	s.Page(p, err, http.StatusOK)
	p, err = admin.Post("/p/1/settings/people", apptest.Form("drop", key))
	doc = s.Page(p, err, http.StatusOK)
	history := apptest.Text(doc, "group-changes")
	for _, line := range []string{"В группу: Отдел продаж, роль «Работает с актами».", "В группу: Анна Ёлкина, роль «Смотрит свои акты».",
		"Отдел продаж: роль «Смотрит свои акты» вместо «Работает с актами».", "Из группы: Анна Ёлкина.", "В группе никого не осталось"} {
		if !strings.Contains(history, line) {
			t.Errorf("the history has no %q: %s", line, history)
		}
	}
	if !strings.Contains(history, userName(s, s.Portal.Admin())) {
		t.Errorf("the history does not show who: %s", history)
	}
	s.OpenAs(stranger, http.StatusOK)
}

func userName(s *apptest.Site, id int64) string {
	u, _ := s.Portal.User(id)
	return u.FullName()
}

// Typed values are kept when they are refused, and people who no longer exist in the portal are not added.
func TestPeopleFormRefuses(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin, _ := s.PeopleSettings()
	for name, tt := range map[string]struct {
		form    url.Values
		status  int
		message string
	}{
		"nobody was checked":  {apptest.Form("kind", "user", "role", "all", "q", "Ор"), 422, "Отметьте хотя бы одного"},
		"an unknown employee": {apptest.Form("kind", "user", "id", "4242", "role", "work"), 422, "Этого больше нет на портале"},
		"an unknown role":     {apptest.Form("kind", "user", "id", fmt.Sprint(s.Portal.Manager()), "role", "king"), 422, "Выберите роль"},
		"an unknown kind":     {apptest.Form("kind", "king", "id", "1", "role", "work"), 422, "Непонятный запрос"},
		"an invalid number":   {apptest.Form("kind", "user", "id", "1 OR 1=1", "role", "work"), 422, "Непонятный запрос"},
		"an unknown group":    {apptest.Form("kind", "workgroup", "id", "4242", "role", "work"), 422, "Этого больше нет на портале"},
	} {
		p, err := admin.Post("/p/1/settings/people/add", tt.form)
		doc := s.Page(p, err, tt.status)
		if !strings.Contains(doc.Text(), tt.message) {
			t.Errorf("%s: the page does not show %q", name, tt.message)
		}
		if q := tt.form.Get("q"); q != "" && apptest.TestID(doc, "find-people").AttrOr("value", "") != q {
			t.Errorf("%s: the search is lost", name)
		}
	}
	if n := s.Count("group_members"); n != 0 {
		t.Errorf("%d members", n)
	}
}

// A person without a role reads the reason and whom to ask, on every entry point.
func TestStrangerSeesWhomToAsk(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	admin, _ := s.PeopleSettings()
	boss := s.Portal.AddUser(bitrix24test.User{Name: "Ольга", LastName: "Руднева"})
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	s.Page(p, err, http.StatusOK)
	s.AddMember(admin, "user", boss, roles.RoleAdministrator)
	stranger := apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
	for placement, at := range map[string]struct {
		handler string
		object  int64
	}{"LEFT_MENU": {"/placement/menu", 0}, "CRM_DEAL_DETAIL_TAB": {"/placement/deal", s.Deal(1)}, "CRM_COMPANY_DETAIL_TAB": {"/placement/company", 2},
		"CRM_CONTACT_DETAIL_TAB": {"/placement/contact", 0}} {
		p, err := stranger.Open(placement, at.handler, at.object)
		doc := s.Page(p, err, http.StatusForbidden)
		for _, word := range []string{"Вас нет в группе «Работа с актами»", "Ольга Руднева", userName(s, s.Portal.Admin())} {
			if !strings.Contains(apptest.Text(doc, "message"), word) {
				t.Errorf("%s: the page shows %q without %q", placement, apptest.Text(doc, "message"), word)
			}
		}
		if doc.Find(".tabs a[href$='/settings']").Length() != 0 {
			t.Errorf("%s: the page offers the settings", placement)
		}
	}
	p, err = stranger.Get(act)
	s.Page(p, err, http.StatusForbidden)
	s.OpenAs(boss, http.StatusOK)
}

// A viewer's pages show once that they are read-only, and offer nothing that would be refused.
func TestReadOnlyPages(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddWaitingDeals(3)
	s.HandOver(s.Deal(1))
	act := s.FormPaperAct(s.Deal(3), "company")
	admin, _ := s.PeopleSettings()
	s.AddMember(admin, "user", s.Portal.Manager(), roles.RoleViewer)
	for _, path := range []string{"/p/1/acts", "/p/1/deals", "/p/1/report", act, "/p/1/acts/1", fmt.Sprintf("/p/1/deals/%d", s.Deal(1)), fmt.Sprintf("/p/1/deals/%d", s.Deal(2)), "/p/1/companies/2"} {
		p, err := s.Manager.Get(path)
		doc := s.Page(p, err, http.StatusOK)
		if n := apptest.TestID(doc, "read-only").Length(); n != 1 {
			t.Errorf("%s shows %d times that it is read-only", path, n)
		}
		doc.Find("form[method=post]").Each(func(_ int, f *goquery.Selection) {
			f.Find("button").Each(func(_ int, b *goquery.Selection) {
				if action := b.AttrOr("value", ""); !slices.Contains([]string{"pdf", "xml", "signed", "table"}, action) {
					t.Errorf("%s offers %q (%s)", path, strings.TrimSpace(b.Text()), action)
				}
			})
		})
		if doc.Find("input[type=file], [data-testid=edit-act], [data-testid=copy-link]").Length() > 0 || strings.Contains(doc.Text(), "больше ничего делать не нужно") {
			t.Errorf("%s offers work", path)
		}
	}
	for action, want := range map[string]int{"send": http.StatusForbidden, "responsible": http.StatusForbidden, "pdf": http.StatusOK} {
		p, err := s.Manager.Post("/p/1/acts/bulk", s.BulkForm(action, "1"))
		s.Page(p, err, want)
	}
	p, err := s.Manager.Post("/p/1/acts/1/send", nil)
	if doc := s.Page(p, err, http.StatusForbidden); !strings.Contains(apptest.Text(doc, "message"), "Ваша роль «Смотрит все акты»") || apptest.TestID(doc, "read-only").Length() != 0 {
		t.Errorf("a refusal shows %q", apptest.Text(doc, "message"))
	}
}

// A change in the CRM by a person without the right is reverted and the person is notified; an item that he creates is
// annulled.
func TestCRMObeysRoles(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.SendPaperAct(s.Deal(1))
	item := s.AwaitItem()
	admin, _ := s.PeopleSettings()
	s.AddMember(admin, "user", s.Portal.Manager(), roles.RoleViewer)
	s.DragItem(item, "Акт принят, но не подписан заявителем")
	s.Await("it comes back and he is notified", func() bool {
		return s.ItemStage(item) == "Акт направлен заявителю" && s.Notifications("роль «Работает с актами»") == 1
	})
	for _, n := range s.Portal.Notifications() {
		if strings.Contains(n.Message, "роль «Работает с актами»") && n.User != s.Portal.Manager() {
			t.Errorf("employee %d is notified", n.User)
		}
	}
	made, err := s.Portal.Create(s.Portal.Manager(), s.ItemType(), fields{"title": "Акт", "parentId2": s.Deal(2)})
	s.Must(err)
	s.Await("an item of his is annulled", func() bool { return s.ItemStage(made) == "Аннулирован" })
	if n := s.Count("acts"); n != 1 {
		t.Errorf("%d acts", n)
	}
	file := []any{[]any{"скан клиента.pdf", "JVBERi0xLjQg0LjRhQ=="}}
	s.Must(s.Portal.Change(s.Portal.Manager(), s.ItemType(), item, fields{s.ItemField("Акт, подписанный заявителем"): file}))
	s.Await("a file of his is not taken", func() bool {
		return s.Notifications("из карточки CRM не принят. Менять акты может тот") == 1
	})
	s.AwaitQuiet()
	s.Must(s.Portal.Move(s.Portal.Admin(), s.ItemType(), item, s.ItemStageID("Акт принят, но не подписан заявителем")))
	s.Await("an administrator of the portal moves it", func() bool {
		p, err := admin.Get(act)
		return apptest.ActStatus(s.Page(p, err, http.StatusOK)) == "Акт принят, но не подписан заявителем"
	})
	p, err := admin.Post("/p/1/settings/people", apptest.Form("drop", fmt.Sprint("user-", s.Portal.Manager())))
	s.Page(p, err, http.StatusOK)
	s.AwaitQuiet()
	s.DragItem(item, "Отказ от подписания")
	s.Await("in an empty group everybody works", func() bool { return apptest.ActStatus(s.ActPage(act)) == "Отказ от подписания" })
}

// When a user loses a role, his running bulk action stops.
func TestLostRoleStopsBulk(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.FormDrafts(2)
	path, doc := s.StartBulk(s.BulkForm("send", "1", "2"))
	if apptest.TestID(doc, "bulk-run").Length() != 1 {
		t.Fatal("nothing to run")
	}
	admin, _ := s.PeopleSettings()
	s.AddMember(admin, "user", s.Portal.Manager(), roles.RoleViewer)
	p, err := s.Manager.Post(path+"/run", nil)
	s.Page(p, err, http.StatusForbidden)
	s.Exec(`UPDATE bulks SET state = 'running'`)
	s.Exec(`INSERT INTO bulk_queue (portal_id, bulk_id) SELECT portal_id, id FROM bulks ON CONFLICT DO NOTHING`)
	s.App.Wake()
	s.Await("both are refused", func() bool {
		return s.Count("bulk_rows WHERE state = 'failed' AND reason LIKE '%больше нет роли%'") == 2
	})
}

// Concurrent additions by several administrators are all kept.
func TestGroupChangedAtOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	var users []int64
	for n := range 8 {
		users = append(users, s.Portal.AddUser(bitrix24test.User{Name: "Сотрудник", LastName: fmt.Sprint(n)}))
	}
	admin, _ := s.PeopleSettings()
	var all sync.WaitGroup
	for _, user := range users {
		all.Go(func() {
			p, err := admin.Post("/p/1/settings/people/add", apptest.Form("kind", "user", "id", fmt.Sprint(user), "role", "work"))
			if err != nil || p.Status != http.StatusOK {
				t.Errorf("employee %d is added with %d, %v", user, p.Status, err)
			}
		})
	}
	all.Wait()
	if members, people := s.Count("group_members"), s.Count("people WHERE role = 'work'"); members != len(users) || people != len(users) {
		t.Errorf("%d members, %d people, want %d", members, people, len(users))
	}
}

// Members of work groups and departments are read by the button and once a day; a dismissed employee loses
// access, and his visit ends.
func TestPeopleAreFollowed(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	anna := s.Portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Новая"})
	boris := s.Portal.AddUser(bitrix24test.User{Name: "Борис", LastName: "Поздний"})
	members := map[int64]string{anna: "K"}
	group := s.Portal.AddGroup(bitrix24test.Group{Name: "Акты отдела", Members: members})
	admin, _ := s.PeopleSettings()
	s.AddMember(admin, "workgroup", group, roles.RoleWorker)
	worker, _ := s.OpenAs(anna, http.StatusOK)
	s.OpenAs(boris, http.StatusForbidden)

	s.Portal.ChangeGroup(group, func(g *bitrix24test.Group) { g.Members[boris] = "K" })
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.Text(doc, "access"), "2 человека") {
		t.Errorf("after the button the page shows %q", apptest.Text(doc, "access"))
	}
	s.OpenAs(boris, http.StatusOK)

	s.Portal.ChangeUser(anna, func(u *bitrix24test.User) { u.Active = false })
	s.Exec(`UPDATE structures SET read_at = clock_timestamp() - interval '25 hours'`)
	s.Await("the daily reading", func() bool { return s.Count("structures WHERE read_at > clock_timestamp() - interval '1 hour'") == 1 })
	p, err = worker.Get("/p/1/acts")
	s.Page(p, err, http.StatusUnauthorized)
	if n := s.Count(fmt.Sprintf("people WHERE user_id = %d", anna)); n != 0 {
		t.Error("who was dismissed has a role")
	}
	s.OpenAs(boris, http.StatusOK)
}

// Without the rights to departments and work groups the page shows it and offers people only; members already stored stay.
func TestPeopleWithoutOptionalRights(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	dep := s.Portal.AddDepartment(bitrix24test.Department{Name: "Отдел продаж"})
	anna := s.Portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Ёлкина", Departments: []int64{dep}})
	admin, _ := s.PeopleSettings()
	s.AddMember(admin, "department", dep, roles.RoleWorker)
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,im,task,user_basic,userfieldconfig,calendar" })
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	doc := s.Page(p, err, http.StatusOK)
	for _, word := range []string{"Портал не даёт приложению отделы", "Портал не даёт приложению рабочие группы"} {
		if !strings.Contains(doc.Text(), word) {
			t.Errorf("the page does not show %q", word)
		}
	}
	s.OpenAs(anna, http.StatusOK)
	if !strings.Contains(apptest.Text(doc, "access"), "1 человек") {
		t.Errorf("the department has lost its people: %q", apptest.Text(doc, "access"))
	}
}

// When the portal does not answer, the page stays usable and shows it.
func TestPeopleOfSilentPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin, _ := s.PeopleSettings()
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "batch", Kind: bitrix24test.FaultReset}))
	begun := time.Now()
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	if doc := s.Page(p, err, http.StatusServiceUnavailable); apptest.TestID(doc, "group").Length() != 1 || time.Since(begun) > 20*time.Second {
		t.Errorf("after %v the page is %q", time.Since(begun), doc.Text())
	}
}
