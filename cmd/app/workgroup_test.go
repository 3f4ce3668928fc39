package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/integrations/bitrix24/bitrix24test"
)

// An administrator has a work group made: it is his, and who is invited into it gets the role. Nothing is made twice, and nothing typed is lost.
func TestWorkGroupIsMade(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	anna := s.portal.AddUser(bitrix24test.User{Name: "Анна", LastName: "Новая"})
	admin, _ := s.settingsOf()
	create := func(status int, name, role string) *goquery.Document {
		t.Helper()
		p, err := admin.Post("/p/1/settings/people/group", form("name", name, "role", role))
		return s.page(p, err, status)
	}
	for name, role := range map[string]string{"  ": "work", strings.Repeat("я", 101): "work", "Закрывающие": "king"} {
		if says(create(http.StatusUnprocessableEntity, name, role), "fault-name") == "" {
			t.Errorf("«%s» with role %q is not refused at its field", name, role)
		}
	}
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "sonet_group.create", Kind: bitrix24test.Refuse, Code: "ACCESS_DENIED", Text: "Нет прав на создание групп", Count: 1}))
	doc := create(http.StatusForbidden, "Закрывающие", "own")
	if !strings.Contains(doc.Text(), "Нет прав на создание групп") || testid(doc, "workgroup-name").AttrOr("value", "") != "Закрывающие" ||
		testid(doc, "role-of-new-workgroup").Find("option[selected]").AttrOr("value", "") != "own" {
		t.Error("the portal's refusal is not told, or what was typed is lost")
	}
	if n := len(s.portal.Groups()); n != 0 {
		t.Fatalf("%d groups, want none", n)
	}

	create(http.StatusOK, "Закрывающие", "work")
	group := s.portal.Groups()[0]
	if group.Name != "Закрывающие" || group.Members[s.portal.Admin()] != "A" {
		t.Errorf("the group is %+v", group)
	}
	s.someone(anna, http.StatusForbidden)
	s.portal.ChangeGroup(group.ID, func(g *bitrix24test.Group) { g.Members[anna] = "K" })
	p, err := admin.Post("/p/1/settings/people/refresh", nil)
	s.page(p, err, http.StatusOK)
	s.someone(anna, http.StatusOK)

	if why := says(create(http.StatusUnprocessableEntity, "закрывающие", "work"), "fault-name"); !strings.Contains(why, "уже есть") || len(s.portal.Groups()) != 1 {
		t.Errorf("a second one of its name: %q, %d groups", why, len(s.portal.Groups()))
	}
}
