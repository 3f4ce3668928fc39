package handlers

import (
	"cmp"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

var kindLabels = map[acts.MemberKind]string{acts.OneUser: "сотрудник", acts.OneDepartment: "отдел и отделы под ним", acts.OneWorkGroup: "рабочая группа"}

// peopleView words the group and what may be added to it.
func peopleView(v Visit, members []store.GroupMember, structure store.Structure, changes []store.GroupChange, j joining) views.People {
	m := views.People{Query: j.query, Roles: roleOptions(cmp.Or(j.role, acts.Worker)), Departments: departmentOptions(structure, j)}
	access := structure.Rules().Access(membersOf(members))
	m.State = "Пока в группе никого нет: с актами работают все сотрудники, которым на портале открыто приложение. Как только появится первый участник, остальные потеряют доступ. Администраторы портала управляют приложением всегда."
	if len(members) > 0 {
		m.State = "В приложение входят только те, кто ниже, и администраторы портала: они управляют приложением всегда. Если ролей у человека несколько, действует бóльшая."
		m.Access = accessView(access, structure)
	}
	if j.preview != nil {
		m.Preview = accessView(j.preview, structure)
	}
	for _, g := range members {
		m.Members = append(m.Members, views.GroupMember{Key: string(g.Kind) + "-" + id(g.ID), Name: g.Name, Kind: memberKind(g, access, structure),
			Role: string(g.Role), Roles: roleOptions(g.Role)})
	}
	for _, u := range structure.Units {
		if u.Kind == acts.OneWorkGroup {
			m.WorkGroups = append(m.WorkGroups, views.Option{Value: id(u.ID), Label: u.Name, Chosen: j.chose(u.Kind, u.ID)})
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
		m.Changes = append(m.Changes, views.Event{At: views.Moment(c.At, zoneOf(v)), Text: c.Text, Who: c.UserName})
	}
	return m
}

// freeName is what a new work group may be called, "" when there is one of that name.
func freeName(structure store.Structure) string {
	const usual = "Работа с актами"
	if slices.ContainsFunc(structure.Units, func(u store.Unit) bool { return u.Kind == acts.OneWorkGroup && strings.EqualFold(u.Name, usual) }) {
		return ""
	}
	return usual
}

func membersOf(members []store.GroupMember) []acts.Member {
	list := make([]acts.Member, len(members))
	for i, m := range members {
		list[i] = m.Member()
	}
	return list
}

// memberKind says what a member is, and of an employee who has left that he has.
func memberKind(g store.GroupMember, access map[acts.UserID]acts.Access, structure store.Structure) string {
	if _, ok := access[acts.UserID(g.ID)]; g.Kind == acts.OneUser && !ok {
		return "доступа нет: на портале не работает"
	}
	if _, ok := structure.Unit(g.Kind, g.ID); g.Kind != acts.OneUser && !ok {
		return kindLabels[g.Kind] + ", на портале больше нет"
	}
	return kindLabels[g.Kind]
}

func roleOptions(chosen acts.Role) []views.Option {
	var list []views.Option
	for _, r := range acts.Roles {
		list = append(list, views.Option{Value: string(r), Label: r.Label(), Chosen: r == chosen})
	}
	return list
}

// mostShown is how many names of a preview are told.
const mostShown = 100

func accessView(access map[acts.UserID]acts.Access, structure store.Structure) *views.AccessPreview {
	p := &views.AccessPreview{Words: views.Plural(len(access), "человек", "человека", "человек")}
	for _, e := range structure.Employees {
		a, ok := access[e.ID]
		if !ok {
			continue
		}
		if len(p.People) == mostShown {
			p.More = "и ещё " + views.Plural(len(access)-mostShown, "человек", "человека", "человек")
			break
		}
		p.People = append(p.People, views.Option{Label: e.Name, Value: strings.ToLower(a.Role.Label())})
	}
	return p
}

// departmentOptions are the departments, each under the one above it.
func departmentOptions(structure store.Structure, j joining) (list []views.Option) {
	seen := map[int64]bool{}
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		for _, u := range structure.Units {
			_, hasParent := structure.Unit(acts.OneDepartment, u.Parent)
			below := u.Parent == parent || parent == 0 && !hasParent
			if u.Kind != acts.OneDepartment || seen[u.ID] || !below {
				continue
			}
			seen[u.ID] = true
			list = append(list, views.Option{Value: id(u.ID), Label: strings.Repeat("– ", depth) + u.Name, Chosen: j.chose(u.Kind, u.ID)})
			walk(u.ID, depth+1)
		}
	}
	walk(0, 0)
	return list
}

// fillFound words whom a search has found, those who were checked before among them.
func fillFound(m *views.People, found []store.User, structure store.Structure, j joining) {
	many := len(found) > mostFound
	if many && j.query == "" { // a list of everybody helps nobody
		found = nil
	}
	for _, u := range found[:min(len(found), mostFound)] {
		m.Found = append(m.Found, views.Option{Value: id(u.ID), Label: u.Name, Chosen: j.chose(acts.OneUser, int64(u.ID))})
	}
	for _, w := range j.wish.Set {
		known := slices.ContainsFunc(m.Found, func(o views.Option) bool { return o.Value == id(w.ID) })
		if e, ok := structure.Employee(acts.UserID(w.ID)); w.Kind == acts.OneUser && ok && !known {
			m.Found = append(m.Found, views.Option{Value: id(w.ID), Label: e.Name, Chosen: true})
		}
	}
	switch {
	case many && j.query == "":
		m.FoundWords = "Впишите имя или фамилию, чтобы увидеть, кого добавить."
	case many:
		m.FoundWords = "Показаны первые " + id(int64(mostFound)) + ". Чтобы найти остальных, впишите имя или фамилию."
	case len(found) == 0 && j.query != "":
		m.FoundWords = "Никого не нашли. Проверьте имя; недавно принятых сотрудников добавит кнопка «Обновить» внизу страницы."
	case len(found) == 0:
		m.FoundWords = "Все сотрудники портала уже в группе."
	default:
		m.FoundWords = "Отметьте тех, кому нужна роль."
	}
}
