package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// someone opens the app from the left menu as an employee.
func (s *site) someone(user int64, status int) (*apptest.Visitor, *goquery.Document) {
	s.t.Helper()
	v := apptest.NewVisitor(s.portal, user, s.AppURL)
	p, err := v.Open("LEFT_MENU", "/placement/menu", 0)
	return v, s.page(p, err, status)
}

// settingsOf opens the settings of members as the administrator of the portal.
func (s *site) settingsOf() (*apptest.Visitor, *goquery.Document) {
	s.t.Helper()
	admin, _ := s.someone(s.portal.Admin(), http.StatusOK)
	return admin, s.people(admin)
}

// works gives an employee the role to work with all acts in the settings.
func (s *site) works(user int64) {
	s.t.Helper()
	s.sql(fmt.Sprintf(`INSERT INTO people (portal_id, user_id) VALUES (1, %d)`, user))
}

func (s *site) people(v *apptest.Visitor) *goquery.Document {
	s.t.Helper()
	p, err := v.Get("/p/1/settings/people")
	return s.page(p, err, http.StatusOK)
}

// join adds a member, or with try shows the preview.
func (s *site) join(v *apptest.Visitor, kind string, id int64, role acts.Role, more ...string) *goquery.Document {
	s.t.Helper()
	p, err := v.Post("/p/1/settings/people/add", form(append([]string{"kind", kind, "id", fmt.Sprint(id), "role", string(role)}, more...)...))
	return s.page(p, err, http.StatusOK)
}

func says(doc *goquery.Document, id string) string {
	return strings.Join(strings.Fields(testid(doc, id).Text()), " ")
}

// An administrator finds people by name, gives a department a role after a preview, changes a role, and
// removes a member; each change is in the history. When the group is empty, the default applies again.
func TestAdministratorChoosesPeople(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	sales := s.portal.AddDepartment(bitrix24test.Department{Name: "Отдел продаж"})
	tenders := s.portal.AddDepartment(bitrix24test.Department{Name: "Тендеры", Parent: sales})
	anna := s.portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Ёлкина", Departments: []int64{sales}})
	boris := s.portal.AddUser(bitrix24test.User{Name: "Борис", LastName: "Тендеров", Departments: []int64{tenders}})
	stranger := s.portal.AddUser(bitrix24test.User{Name: "Пётр", LastName: "Климов"})
	s.someone(stranger, http.StatusOK)
	admin, doc := s.settingsOf()
	if !strings.Contains(says(doc, "group-state"), "Пока в группе никого нет") || testid(doc, "choose-department").Find("option").Length() < 2 ||
		!strings.Contains(testid(doc, "choose-department").Text(), "– Тендеры") {
		t.Errorf("an empty group is shown as %q with departments %q", says(doc, "group-state"), says(doc, "choose-department"))
	}
	p, err := admin.Get("/p/1/settings/people?q=" + url.QueryEscape("елк"))
	if doc = s.page(p, err, http.StatusOK); testid(doc, fmt.Sprint("person-", anna)).Length() != 1 || testid(doc, fmt.Sprint("person-", boris)).Length() != 0 {
		t.Errorf("the search finds %q", says(doc, "add-people"))
	}
	doc = s.join(admin, "department", sales, acts.RoleWorker, "try", "1")
	if got := says(doc, "preview"); !strings.Contains(got, "доступ получат: 2 человека") || !strings.Contains(got, "Борис Тендеров работает с актами") {
		t.Errorf("the preview shows %q", got)
	}
	if n := s.count("group_members"); n != 0 {
		t.Fatalf("a look added %d members", n)
	}
	s.join(admin, "department", sales, acts.RoleWorker)
	s.join(admin, "user", anna, acts.RoleOwnViewer)
	if got := says(s.people(admin), "access"); !strings.Contains(got, "2 человека") || !strings.Contains(got, "Анна Ёлкина работает с актами") {
		t.Errorf("the larger role holds, the page shows %q", got)
	}
	s.someone(boris, http.StatusOK)
	s.someone(stranger, http.StatusForbidden)

	key := fmt.Sprint("department-", sales)
	p, err = admin.Post("/p/1/settings/people", form("role-"+key, "own", "was-"+key, "work"))
	s.page(p, err, http.StatusOK)
	p, err = admin.Post("/p/1/settings/people", form("drop", fmt.Sprint("user-", anna)))
	s.page(p, err, http.StatusOK)
	p, err = admin.Post("/p/1/settings/people", form("drop", key))
	doc = s.page(p, err, http.StatusOK)
	history := says(doc, "group-changes")
	for _, line := range []string{"В группу: Отдел продаж, роль «Работает с актами».", "В группу: Анна Ёлкина, роль «Смотрит свои акты».",
		"Отдел продаж: роль «Смотрит свои акты» вместо «Работает с актами».", "Из группы: Анна Ёлкина.", "В группе никого не осталось"} {
		if !strings.Contains(history, line) {
			t.Errorf("the history has no %q: %s", line, history)
		}
	}
	if !strings.Contains(history, s.userName(s.portal.Admin())) {
		t.Errorf("the history does not show who: %s", history)
	}
	s.someone(stranger, http.StatusOK)
}

func (s *site) userName(id int64) string {
	u, _ := s.portal.User(id)
	return u.FullName()
}

// Typed values are kept when they are refused, and people who no longer exist in the portal are not added.
func TestPeopleFormRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	admin, _ := s.settingsOf()
	for name, tt := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"nobody was checked":  {form("kind", "user", "role", "all", "q", "Ор"), 422, "Отметьте хотя бы одного"},
		"an unknown employee": {form("kind", "user", "id", "4242", "role", "work"), 422, "Этого больше нет на портале"},
		"an unknown role":     {form("kind", "user", "id", fmt.Sprint(s.portal.Manager()), "role", "king"), 422, "Выберите роль"},
		"an unknown kind":     {form("kind", "king", "id", "1", "role", "work"), 422, "Непонятный запрос"},
		"an invalid number":   {form("kind", "user", "id", "1 OR 1=1", "role", "work"), 422, "Непонятный запрос"},
		"an unknown group":    {form("kind", "workgroup", "id", "4242", "role", "work"), 422, "Этого больше нет на портале"},
	} {
		p, err := admin.Post("/p/1/settings/people/add", tt.form)
		doc := s.page(p, err, tt.status)
		if !strings.Contains(doc.Text(), tt.says) {
			t.Errorf("%s: the page does not show %q", name, tt.says)
		}
		if q := tt.form.Get("q"); q != "" && testid(doc, "find-people").AttrOr("value", "") != q {
			t.Errorf("%s: the search is lost", name)
		}
	}
	if n := s.count("group_members"); n != 0 {
		t.Errorf("%d members", n)
	}
}

// A person without a role reads the reason and whom to ask, on every entry point.
func TestStrangerIsToldWhomToAsk(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	admin, _ := s.settingsOf()
	boss := s.portal.AddUser(bitrix24test.User{Name: "Ольга", LastName: "Руднева"})
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	s.page(p, err, http.StatusOK)
	s.join(admin, "user", boss, acts.RoleAdministrator)
	stranger := apptest.NewVisitor(s.portal, s.portal.Manager(), s.AppURL)
	for placement, at := range map[string]struct {
		handler string
		object  int64
	}{"LEFT_MENU": {"/placement/menu", 0}, "CRM_DEAL_DETAIL_TAB": {"/placement/deal", s.deal(1)}, "CRM_COMPANY_DETAIL_TAB": {"/placement/company", 2},
		"CRM_CONTACT_DETAIL_TAB": {"/placement/contact", 0}} {
		p, err := stranger.Open(placement, at.handler, at.object)
		doc := s.page(p, err, http.StatusForbidden)
		for _, word := range []string{"Вас нет в группе «Работа с актами»", "Ольга Руднева", s.userName(s.portal.Admin())} {
			if !strings.Contains(says(doc, "message"), word) {
				t.Errorf("%s: the page shows %q without %q", placement, says(doc, "message"), word)
			}
		}
		if doc.Find(".tabs a[href$='/settings']").Length() != 0 {
			t.Errorf("%s: the page offers the settings", placement)
		}
	}
	p, err = stranger.Get(act)
	s.page(p, err, http.StatusForbidden)
	s.someone(boss, http.StatusOK)
}

// A viewer's pages say once that they are read-only, and offer nothing that would be refused.
func TestReadOnlyPages(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.waiting(3)
	s.send(s.deal(1))
	act := s.formPaper(s.deal(3), "company")
	admin, _ := s.settingsOf()
	s.join(admin, "user", s.portal.Manager(), acts.RoleViewer)
	for _, path := range []string{"/p/1/acts", "/p/1/deals", "/p/1/report", act, "/p/1/acts/1", fmt.Sprintf("/p/1/deals/%d", s.deal(1)), fmt.Sprintf("/p/1/deals/%d", s.deal(2)), "/p/1/companies/2"} {
		p, err := s.manager.Get(path)
		doc := s.page(p, err, http.StatusOK)
		if n := testid(doc, "read-only").Length(); n != 1 {
			t.Errorf("%s says %d times that it is read-only", path, n)
		}
		doc.Find("form[method=post]").Each(func(_ int, f *goquery.Selection) {
			f.Find("button").Each(func(_ int, b *goquery.Selection) {
				if action := b.AttrOr("value", ""); action != "pdf" && action != "xml" && action != "table" {
					t.Errorf("%s offers %q (%s)", path, strings.TrimSpace(b.Text()), action)
				}
			})
		})
		if doc.Find("input[type=file], [data-testid=edit-act], [data-testid=copy-link]").Length() > 0 || strings.Contains(doc.Text(), "больше ничего делать не нужно") {
			t.Errorf("%s offers work", path)
		}
	}
	for action, want := range map[string]int{"send": http.StatusForbidden, "responsible": http.StatusForbidden, "pdf": http.StatusOK} {
		p, err := s.manager.Post("/p/1/acts/bulk", s.choice(action, "1"))
		s.page(p, err, want)
	}
	p, err := s.manager.Post("/p/1/acts/1/send", nil)
	if doc := s.page(p, err, http.StatusForbidden); !strings.Contains(says(doc, "message"), "Ваша роль «Смотрит все акты»") || testid(doc, "read-only").Length() != 0 {
		t.Errorf("a refusal shows %q", says(doc, "message"))
	}
}

// A change in the CRM by a person without the right is reverted and the person is notified; an item that he creates is
// annulled.
func TestCRMObeysRoles(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.sentPaper(s.deal(1))
	item := s.settled()
	admin, _ := s.settingsOf()
	s.join(admin, "user", s.portal.Manager(), acts.RoleViewer)
	s.drag(item, "Акт принят, но не подписан заявителем")
	s.await("it comes back and he is notified", func() bool {
		return s.itemStage(item) == "Акт направлен заявителю" && s.notified("роль «Работает с актами»") == 1
	})
	for _, n := range s.portal.Notifications() {
		if strings.Contains(n.Message, "роль «Работает с актами»") && n.User != s.portal.Manager() {
			t.Errorf("employee %d is notified", n.User)
		}
	}
	made, err := s.portal.Create(s.portal.Manager(), s.itemType(), fields{"title": "Акт", "parentId2": s.deal(2)})
	s.must(err)
	s.await("an item of his is annulled", func() bool { return s.itemStage(made) == "Аннулирован" })
	if n := s.count("acts"); n != 1 {
		t.Errorf("%d acts", n)
	}
	file := []any{[]any{"скан клиента.pdf", "JVBERi0xLjQg0LjRhQ=="}}
	s.must(s.portal.Change(s.portal.Manager(), s.itemType(), item, fields{s.fieldNamed("Акт, подписанный заявителем"): file}))
	s.await("a file of his is not taken", func() bool {
		return s.notified("из карточки CRM не принят. Менять акты может тот") == 1
	})
	s.quiet()
	s.must(s.portal.Move(s.portal.Admin(), s.itemType(), item, s.stageNamed("Акт принят, но не подписан заявителем")))
	s.await("an administrator of the portal moves it", func() bool {
		p, err := admin.Get(act)
		return status(s.page(p, err, http.StatusOK)) == "Акт принят, но не подписан заявителем"
	})
	p, err := admin.Post("/p/1/settings/people", form("drop", fmt.Sprint("user-", s.portal.Manager())))
	s.page(p, err, http.StatusOK)
	s.quiet()
	s.drag(item, "Отказ от подписания")
	s.await("in an empty group everybody works", func() bool { return status(s.act(act)) == "Отказ от подписания" })
}

// When a user loses a role, his running bulk action stops.
func TestLostRoleStopsBulk(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.drafts(2)
	path, doc := s.bulk(s.choice("send", "1", "2"))
	if testid(doc, "bulk-run").Length() != 1 {
		t.Fatal("nothing to run")
	}
	admin, _ := s.settingsOf()
	s.join(admin, "user", s.portal.Manager(), acts.RoleViewer)
	p, err := s.manager.Post(path+"/run", nil)
	s.page(p, err, http.StatusForbidden)
	s.sql(`UPDATE bulks SET state = 'running'`)
	s.sql(`INSERT INTO bulk_turns (portal_id, bulk_id) SELECT portal_id, id FROM bulks ON CONFLICT DO NOTHING`)
	s.app.Wake()
	s.await("both are refused", func() bool {
		return s.count("bulk_rows WHERE state = 'failed' AND reason LIKE '%больше нет роли%'") == 2
	})
}

// Concurrent additions by several administrators are all kept.
func TestGroupChangedAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	var users []int64
	for n := range 8 {
		users = append(users, s.portal.AddUser(bitrix24test.User{Name: "Сотрудник", LastName: fmt.Sprint(n)}))
	}
	admin, _ := s.settingsOf()
	var all sync.WaitGroup
	for _, user := range users {
		all.Go(func() {
			p, err := admin.Post("/p/1/settings/people/add", form("kind", "user", "id", fmt.Sprint(user), "role", "work"))
			if err != nil || p.Status != http.StatusOK {
				t.Errorf("employee %d is added with %d, %v", user, p.Status, err)
			}
		})
	}
	all.Wait()
	if members, people := s.count("group_members"), s.count("people WHERE role = 'work'"); members != len(users) || people != len(users) {
		t.Errorf("%d members, %d people, want %d", members, people, len(users))
	}
}

// Members of work groups and departments are read by the button and once a day; a dismissed employee loses
// access, and his visit ends.
func TestPeopleAreFollowed(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	anna := s.portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Новая"})
	boris := s.portal.AddUser(bitrix24test.User{Name: "Борис", LastName: "Поздний"})
	members := map[int64]string{anna: "K"}
	group := s.portal.AddGroup(bitrix24test.Group{Name: "Акты отдела", Members: members})
	admin, _ := s.settingsOf()
	s.join(admin, "workgroup", group, acts.RoleWorker)
	worker, _ := s.someone(anna, http.StatusOK)
	s.someone(boris, http.StatusForbidden)

	s.portal.ChangeGroup(group, func(g *bitrix24test.Group) { g.Members[boris] = "K" })
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	if doc := s.page(p, err, http.StatusOK); !strings.Contains(says(doc, "access"), "2 человека") {
		t.Errorf("after the button the page shows %q", says(doc, "access"))
	}
	s.someone(boris, http.StatusOK)

	s.portal.ChangeUser(anna, func(u *bitrix24test.User) { u.Active = false })
	s.sql(`UPDATE structures SET read_at = clock_timestamp() - interval '25 hours'`)
	s.await("the daily reading", func() bool { return s.count("structures WHERE read_at > clock_timestamp() - interval '1 hour'") == 1 })
	p, err = worker.Get("/p/1/acts")
	s.page(p, err, http.StatusUnauthorized)
	if n := s.count(fmt.Sprintf("people WHERE user_id = %d", anna)); n != 0 {
		t.Error("who was dismissed has a role")
	}
	s.someone(boris, http.StatusOK)
}

// Without the rights to departments and work groups the page says so and offers people only; known members stay.
func TestPeopleWithoutOptionalRights(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	dep := s.portal.AddDepartment(bitrix24test.Department{Name: "Отдел продаж"})
	anna := s.portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Ёлкина", Departments: []int64{dep}})
	admin, _ := s.settingsOf()
	s.join(admin, "department", dep, acts.RoleWorker)
	s.Cloud.SetApp(func(a *bitrix24test.App) { a.Scope = "crm,placement,im,task,user_basic,userfieldconfig,calendar" })
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	doc := s.page(p, err, http.StatusOK)
	for _, word := range []string{"Портал не даёт приложению отделы", "Портал не даёт приложению рабочие группы"} {
		if !strings.Contains(doc.Text(), word) {
			t.Errorf("the page does not show %q", word)
		}
	}
	s.someone(anna, http.StatusOK)
	if !strings.Contains(says(doc, "access"), "1 человек") {
		t.Errorf("the department has lost its people: %q", says(doc, "access"))
	}
}

// When the portal does not answer, the page stays usable and says so.
func TestPeopleOfSilentPortal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	admin, _ := s.settingsOf()
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "batch", Kind: bitrix24test.Reset}))
	begun := time.Now()
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	if doc := s.page(p, err, http.StatusServiceUnavailable); testid(doc, "group").Length() != 1 || time.Since(begun) > 20*time.Second {
		t.Errorf("after %v the page is %q", time.Since(begun), doc.Text())
	}
}
