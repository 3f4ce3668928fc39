package settings

import (
	"cmp"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store/people"
	"acts24/views"
	"acts24/workflow"
)

var kindLabels = map[roles.MemberKind]string{roles.MemberUser: "сотрудник", roles.MemberDepartment: "отдел и отделы под ним", roles.MemberWorkGroup: "рабочая группа"}

// peopleView formats the group and the candidates.
func peopleView(v web.Visit, members []people.GroupMember, structure people.Structure, changes []people.GroupChange, j memberForm) views.People {
	m := views.People{Query: j.query, Roles: roleOptions(cmp.Or(j.role, roles.RoleWorker)), Departments: departmentOptions(structure, j)}
	access := structure.Rules().Access(membersOf(members))
	m.State = "Пока в группе никого нет: " + workflow.UntilAdded + " Как только появится первый участник, остальные потеряют доступ, и ответственные за сделки тоже. Администраторы портала управляют приложением всегда."
	if len(members) > 0 {
		m.State = "В приложение входят только те, кто ниже, и администраторы портала: они управляют приложением всегда. Если ролей у человека несколько, действует бóльшая."
		m.Access = accessView(access, structure)
	}
	if j.preview != nil {
		m.Preview = accessView(j.preview, structure)
	}
	for _, g := range members {
		m.Members = append(m.Members, views.GroupMember{Key: string(g.Kind) + "-" + web.ID(g.ID), Name: g.Name, Kind: memberKind(g, access, structure),
			Role: string(g.Role), Roles: roleOptions(g.Role)})
	}
	for _, u := range structure.Units {
		if u.Kind == roles.MemberWorkGroup {
			m.WorkGroups = append(m.WorkGroups, views.Option{Value: web.ID(u.ID), Label: u.Name, Chosen: j.chose(u.Kind, u.ID)})
		}
	}
	if !structure.Departments {
		m.NoUnits = append(m.NoUnits, "Портал не даёт приложению отделы, поэтому добавить можно только сотрудников. Чтобы появились отделы, дайте приложению право «Структура компании (department)» в его настройках на портале и нажмите «Обновить».")
	}
	if structure.WorkGroups {
		m.MakesGroups, m.NewGroup = true, cmp.Or(j.group, freeName(structure))
	} else {
		m.NoUnits = append(m.NoUnits, "Портал не даёт приложению рабочие группы. Чтобы они появились, дайте приложению право «Соцсеть (sonet_group)» в его настройках на портале и нажмите «Обновить».")
	}
	for _, c := range changes {
		m.Changes = append(m.Changes, views.Event{At: views.Moment(c.At, web.Zone(v)), Text: c.Text, Who: c.UserName})
	}
	return m
}

// freeName returns a name for a new work group, "" if there is one of the usual name.
func freeName(structure people.Structure) string {
	const usual = "Работа с актами"
	if slices.ContainsFunc(structure.Units, func(u people.Unit) bool { return u.Kind == roles.MemberWorkGroup && strings.EqualFold(u.Name, usual) }) {
		return ""
	}
	return usual
}

func membersOf(members []people.GroupMember) []roles.Member {
	list := make([]roles.Member, len(members))
	for i, m := range members {
		list[i] = m.Member()
	}
	return list
}

// memberKind returns the kind of a member, and whether he has left the portal.
func memberKind(g people.GroupMember, access map[acts.UserID]roles.Access, structure people.Structure) string {
	if _, ok := access[acts.UserID(g.ID)]; g.Kind == roles.MemberUser && !ok {
		return "доступа нет: на портале не работает"
	}
	if _, ok := structure.Unit(g.Kind, g.ID); g.Kind != roles.MemberUser && !ok {
		return kindLabels[g.Kind] + ", на портале больше нет"
	}
	return kindLabels[g.Kind]
}

func roleOptions(chosen roles.Role) []views.Option {
	var list []views.Option
	for _, r := range roles.Roles {
		list = append(list, views.Option{Value: string(r), Label: r.Label(), Chosen: r == chosen})
	}
	return list
}

// maxShown is the maximum number of names in a preview.
const maxShown = 100

func accessView(access map[acts.UserID]roles.Access, structure people.Structure) *views.AccessPreview {
	p := &views.AccessPreview{Count: views.Plural(len(access), "человек", "человека", "человек")}
	for _, e := range structure.Employees {
		a, ok := access[e.ID]
		if !ok {
			continue
		}
		if len(p.People) == maxShown {
			p.More = "и ещё " + views.Plural(len(access)-maxShown, "человек", "человека", "человек")
			break
		}
		p.People = append(p.People, views.Option{Label: e.Name, Value: strings.ToLower(a.Role.Label())})
	}
	return p
}

// departmentOptions returns the departments as an indented tree.
func departmentOptions(structure people.Structure, j memberForm) (list []views.Option) {
	seen := map[int64]bool{}
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		for _, u := range structure.Units {
			_, hasParent := structure.Unit(roles.MemberDepartment, u.Parent)
			below := u.Parent == parent || parent == 0 && !hasParent
			if u.Kind != roles.MemberDepartment || seen[u.ID] || !below {
				continue
			}
			seen[u.ID] = true
			list = append(list, views.Option{Value: web.ID(u.ID), Label: strings.Repeat("– ", depth) + u.Name, Chosen: j.chose(u.Kind, u.ID)})
			walk(u.ID, depth+1)
		}
	}
	walk(0, 0)
	return list
}

// fillFound adds the search result and the employees that were checked before.
func fillFound(m *views.People, found []people.User, structure people.Structure, j memberForm) {
	many := len(found) > maxFound
	if many && j.query == "" { // too many to choose from
		found = nil
	}
	for _, u := range found[:min(len(found), maxFound)] {
		m.Found = append(m.Found, views.Option{Value: web.ID(u.ID), Label: u.Name, Chosen: j.chose(roles.MemberUser, int64(u.ID))})
	}
	for _, w := range j.change.Set {
		known := slices.ContainsFunc(m.Found, func(o views.Option) bool { return o.Value == web.ID(w.ID) })
		if e, ok := structure.Employee(acts.UserID(w.ID)); w.Kind == roles.MemberUser && ok && !known {
			m.Found = append(m.Found, views.Option{Value: web.ID(w.ID), Label: e.Name, Chosen: true})
		}
	}
	switch {
	case many && j.query == "":
		m.FoundNote = "Впишите имя или фамилию, чтобы увидеть, кого добавить."
	case many:
		m.FoundNote = "Показаны первые " + web.ID(int64(maxFound)) + ". Чтобы найти остальных, впишите имя или фамилию."
	case len(found) == 0 && j.query != "":
		m.FoundNote = "Никого не нашли. Проверьте имя; недавно принятых сотрудников добавит кнопка «Обновить» внизу страницы."
	case len(found) == 0:
		m.FoundNote = "Все сотрудники портала уже в группе."
	default:
		m.FoundNote = "Отметьте тех, кому нужна роль."
	}
}
