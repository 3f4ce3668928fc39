package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestUsersDepartmentsAndGroups(t *testing.T) {
	p := Start(t, unlimited)
	p.AddGroup(Group{Name: "Работа с актами", Members: map[int64]string{1: "A", 2: "K"}})
	if got := php.List(p.mustCall(t, 1, "user.get", Fields{"FILTER": Fields{"ACTIVE": true, "@ID": []any{1, 3}}, "sort": "ID", "order": "desc"}).Result()); len(got) != 2 || php.Map(got[0])["ID"] != "3" || php.Map(got[0])["EMAIL"] == nil {
		t.Errorf("active users 1 and 3 by descending id = %v, want 3 with an e-mail, then 1", got)
	}
	if got := php.List(p.mustCall(t, 2, "user.get", Fields{"ID": 2}).Result()); len(got) != 1 {
		t.Errorf("users with id 2 = %v, want one", got)
	}
	if got := php.List(p.mustCall(t, 2, "department.get", Fields{"ID": 1}).Result()); php.Map(got[0])["UF_HEAD"] != "1" {
		t.Errorf("department 1 = %v, want user 1 as its head", got)
	}
	if got := php.List(p.mustCall(t, 2, "sonet_group.user.get", Fields{"ID": 1}).Result()); len(got) != 2 || php.Map(got[1])["ROLE"] != "K" {
		t.Errorf("members of group 1 = %v, want two, the second with the role K", got)
	}
}

func TestScopeOfTheApp(t *testing.T) {
	p := Start(t, unlimited)
	p.Cloud().SetApp(func(a *App) { a.Scope = "crm,user_brief" })
	if got := p.mustCall(t, 2, "user.current", nil).Map(); got["EMAIL"] != nil {
		t.Errorf("user.current with the scope user_brief = %v, want no e-mail", got)
	}
	if r := p.refusedCall(t, 2, "im.notify.system.add", Fields{"USER_ID": 1, "MESSAGE": "x"}); r.Status != 403 || r.Error() != "insufficient_scope" {
		t.Errorf("a method outside the scope: %d %v, want 403 insufficient_scope", r.Status, r.Body)
	}
}
