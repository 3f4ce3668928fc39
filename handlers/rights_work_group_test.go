package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// An administrator creates a work group: he owns it, and invited employees get the role. Nothing is created
// twice, and typed values are kept.
func TestWorkGroupIsMade(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	anna := s.Portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Новая"})
	admin, _ := s.PeopleSettings()
	create := func(status int, name, role string) *goquery.Document {
		t.Helper()
		p, err := admin.Post("/p/1/settings/people/group", apptest.Form("name", name, "role", role))
		return s.Page(p, err, status)
	}
	for field, wrong := range map[string][][2]string{"name": {{"  ", "work"}, {strings.Repeat("я", 101), "work"}}, "role": {{"Закрывающие", "king"}}} {
		for _, w := range wrong {
			if apptest.Text(create(http.StatusUnprocessableEntity, w[0], w[1]), "fault-"+field) == "" {
				t.Errorf("%q is not refused at the field %s", w, field)
			}
		}
	}
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "sonet_group.create", Kind: bitrix24test.FaultRefuse, Code: "ACCESS_DENIED", Text: "Нет прав на создание групп", Count: 1}))
	doc := create(http.StatusForbidden, "Закрывающие", "own")
	if !strings.Contains(doc.Text(), "Нет прав на создание групп") || apptest.TestID(doc, "workgroup-name").AttrOr("value", "") != "Закрывающие" ||
		apptest.TestID(doc, "role-of-new-workgroup").Find("option[selected]").AttrOr("value", "") != "own" {
		t.Error("the portal's refusal is not shown, or the typed values are lost")
	}
	if n := len(s.Portal.Groups()); n != 0 {
		t.Fatalf("%d groups, want none", n)
	}

	create(http.StatusOK, "Закрывающие", "work")
	group := s.Portal.Groups()[0]
	if group.Name != "Закрывающие" || group.Members[s.Portal.Admin()] != "A" {
		t.Errorf("the group is %+v", group)
	}
	s.OpenAs(anna, http.StatusForbidden)
	s.Portal.ChangeGroup(group.ID, func(g *bitrix24test.Group) { g.Members[anna] = "K" })
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	s.Page(p, err, http.StatusOK)
	s.OpenAs(anna, http.StatusOK)

	if why := apptest.Text(create(http.StatusUnprocessableEntity, "закрывающие", "work"), "fault-name"); !strings.Contains(why, "уже есть") || len(s.Portal.Groups()) != 1 {
		t.Errorf("a second one of its name: %q, %d groups", why, len(s.Portal.Groups()))
	}
}

// The administrator whose token we use may have lost his rights: the group is visible to everyone, so it can be added
// nevertheless.
func TestWorkGroupOfAnotherAdministrator(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	was := s.Portal.Admin()
	vera := s.Portal.AddUser(bitrix24test.User{Name: "Вера", LastName: "Главная", Admin: true})
	s.Portal.ChangeUser(was, func(u *bitrix24test.User) { u.Admin = false })
	admin, _ := s.OpenAs(vera, http.StatusOK)
	s.PeoplePage(admin)
	p, err := admin.Post("/p/1/settings/people/group", apptest.Form("name", "Закрывающие", "role", "work"))
	if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.Text(doc, "group-changes"), "Закрывающие") {
		t.Errorf("the group is not added: %s", apptest.Text(doc, "alert"))
	}
	p, err = admin.Get("/p/1/settings/people")
	if name := apptest.TestID(s.Page(p, err, http.StatusOK), "workgroup-name").AttrOr("value", "?"); name != "Работа с актами" {
		t.Errorf("the next group is proposed to be called %q", name)
	}
	s.Portal.AddGroup(bitrix24test.Group{Name: "Работа с актами", Members: map[int64]string{2: "A"}})
	p, err = admin.Post("/p/1/settings/people/refresh", nil)
	if name := apptest.TestID(s.Page(p, err, http.StatusOK), "workgroup-name").AttrOr("value", "?"); name != "" {
		t.Errorf("a name that is taken is proposed: %q", name)
	}
}
