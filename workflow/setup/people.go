package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
	"acts24/workflow"
)

// EnsureStructure fetches the people of the portal unless they were fetched less than a day ago.
func (s *Service) EnsureStructure(ctx context.Context, portal acts.PortalID) error {
	fresh, err := s.db.Scope(portal).People().StructureFresh(ctx)
	if err != nil || fresh {
		return err
	}
	return s.ReadStructure(ctx, portal)
}

// ReadStructure fetches the people of the portal and computes the roles of every employee.
func (s *Service) ReadStructure(ctx context.Context, portal acts.PortalID) error {
	p, err := s.db.Scope(portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	return s.readStructure(ctx, p, workflow.GroupChange{}, func(store.Tx) error { return nil })
}

// RefreshPeople fetches the people of the portal once a day while its group has members.
func (s *Service) RefreshPeople(ctx context.Context, p store.Portal) error {
	scope := s.db.Scope(p.ID)
	members, err := scope.People().Members(ctx)
	if err != nil || len(members) == 0 {
		return err
	}
	return s.EnsureStructure(ctx, p.ID)
}

// readStructure fetches the people of the portal, stores them together with a change, and computes the roles.
func (s *Service) readStructure(ctx context.Context, p store.Portal, w workflow.GroupChange, change func(store.Tx) error) error {
	members, err := s.db.Scope(p.ID).People().Members(ctx)
	if err != nil {
		return err
	}
	groups := workGroups(append(plainMembers(members), w.Set...))
	now, err := s.crm.Structure(ctx, p, groups)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := tx.People().LockGroup(ctx); err != nil {
			return err
		}
		before, err := tx.People().Structure(ctx)
		if err != nil {
			return err
		}
		if err := tx.People().SaveStructure(ctx, completeStructure(before, now, groups)); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return computeRoles(ctx, tx)
	})
}

// completeStructure adds to a fetched structure what was known before: kinds of units that the portal does not report now, and the members of
// work groups that were not requested.
func completeStructure(before, fetched people.Structure, requested []int64) people.Structure {
	reported := map[roles.MemberKind]bool{roles.MemberDepartment: fetched.Departments, roles.MemberWorkGroup: fetched.WorkGroups}
	fetched.Units = slices.Clone(fetched.Units)
	for _, old := range before.Units {
		at := slices.IndexFunc(fetched.Units, func(u people.Unit) bool { return u.Kind == old.Kind && u.ID == old.ID })
		switch {
		case !reported[old.Kind]:
			fetched.Units = append(fetched.Units, old)
		case at >= 0 && !slices.Contains(requested, old.ID):
			fetched.Units[at].People = old.People
		}
	}
	return fetched
}

// computeRoles stores the roles of every employee that follow from the members.
func computeRoles(ctx context.Context, tx store.Tx) error {
	members, err := tx.People().Members(ctx)
	if err != nil {
		return err
	}
	structure, err := tx.People().Structure(ctx)
	if err != nil {
		return err
	}
	return tx.People().SaveAccess(ctx, structure.Rules().Access(plainMembers(members)))
}

func plainMembers(members []people.GroupMember) []roles.Member {
	list := make([]roles.Member, len(members))
	for i, m := range members {
		list[i] = m.Member()
	}
	return list
}

// SaveGroup changes the group and the roles of every employee in one transaction. The members of work groups are fetched before it.
func (s *Service) SaveGroup(ctx context.Context, v workflow.Visit, w workflow.GroupChange) error {
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	s.log.InfoContext(ctx, "group changed", "portal", v.Portal, "user", v.User, "set", len(w.Set), "drop", len(w.Drop))
	change := func(tx store.Tx) error { return s.changeGroup(ctx, tx, v, w) }
	if len(workGroups(w.Set)) > 0 {
		return s.readStructure(ctx, p, w, change)
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.People().LockGroup(ctx); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return computeRoles(ctx, tx)
	})
}

// longestGroup is the maximum length of the name of a work group in letters.
const longestGroup = 100

// CreateWorkGroup creates a work group on the portal, owned by the visitor, and gives its members a role.
func (s *Service) CreateWorkGroup(ctx context.Context, v workflow.Visit, name string, role roles.Role) error {
	var faults acts.Faults
	if name = strings.Join(strings.Fields(workflow.StripControl(name)), " "); name == "" || utf8.RuneCountInString(name) > longestGroup {
		faults.Add("name", "Назовите группу, не больше 100 букв.")
	}
	if !role.Known() {
		faults.Add("role", "Выберите роль из списка.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	token, err := v.Token()
	if err != nil {
		return err
	}
	group, err := s.crm.CreateWorkGroup(ctx, p, token, name)
	if errors.Is(err, acts.Conflict) {
		return acts.Faults{{Field: "name", Text: acts.Message(err)}}
	}
	if err != nil {
		return err
	}
	s.log.InfoContext(ctx, "work group created", "portal", v.Portal, "user", v.User, "group", group)
	return s.SaveGroup(ctx, v, workflow.GroupChange{Set: []roles.Member{{Kind: roles.MemberWorkGroup, ID: group, Role: role}}})
}

func (s *Service) changeGroup(ctx context.Context, tx store.Tx, v workflow.Visit, w workflow.GroupChange) error {
	members, err := tx.People().Members(ctx)
	if err != nil {
		return err
	}
	structure, err := tx.People().Structure(ctx)
	if err != nil {
		return err
	}
	after, lines, err := applyChange(members, structure, w)
	if err != nil {
		return err
	}
	if len(after) == 0 && len(members) > 0 {
		lines = append(lines, "В группе никого не осталось: "+workflow.UntilAdded)
	}
	for _, m := range w.Drop {
		if err := tx.People().DropMember(ctx, m.Kind, m.ID); err != nil {
			return err
		}
	}
	for _, m := range after {
		if err := tx.People().SetMember(ctx, m); err != nil {
			return err
		}
	}
	for _, text := range lines {
		if err := tx.People().AddChange(ctx, people.GroupChange{At: s.now(), UserName: v.UserName, Text: text}); err != nil {
			return err
		}
	}
	return nil
}

// applyChange returns the members of the group after a change, and the change in words, one line per member.
func applyChange(members []people.GroupMember, structure people.Structure, w workflow.GroupChange) (after []people.GroupMember, lines []string, err error) {
	var faults acts.Faults
	after = slices.Clone(members)
	place := func(m roles.Member) int {
		return slices.IndexFunc(after, func(have people.GroupMember) bool { return have.Kind == m.Kind && have.ID == m.ID })
	}
	for _, m := range w.Drop {
		if at := place(m); at >= 0 {
			lines = append(lines, "Из группы: "+after[at].Name+".")
			after = slices.Delete(after, at, at+1)
		}
	}
	for _, m := range w.Set {
		at := place(m)
		switch name, there := nameOf(structure, m); {
		case !m.Role.Known():
			faults.Add(string(m.Kind), "Выберите роль из списка.")
		case at >= 0 && after[at].Role != m.Role:
			lines = append(lines, fmt.Sprintf("%s: роль «%s» вместо «%s».", after[at].Name, m.Role.Label(), after[at].Role.Label()))
			after[at].Role = m.Role
		case at >= 0:
		case !there:
			faults.Add(string(m.Kind), "Этого больше нет на портале. Нажмите «Обновить» и выберите снова.")
		default:
			lines = append(lines, fmt.Sprintf("В группу: %s, роль «%s».", name, m.Role.Label()))
			after = append(after, people.GroupMember{Kind: m.Kind, ID: m.ID, Role: m.Role, Name: name})
		}
	}
	return after, lines, faults.Err()
}

func nameOf(structure people.Structure, m roles.Member) (string, bool) {
	if m.Kind == roles.MemberUser {
		e, ok := structure.Employee(acts.UserID(m.ID))
		return e.Name, ok && e.Active
	}
	u, ok := structure.Unit(m.Kind, m.ID)
	return u.Name, ok
}

// Preview returns who would get access after a change, without making it.
func (s *Service) Preview(ctx context.Context, portal acts.PortalID, w workflow.GroupChange) (map[acts.UserID]roles.Access, error) {
	scope := s.db.Scope(portal)
	members, err := scope.People().Members(ctx)
	if err != nil {
		return nil, err
	}
	structure, err := scope.People().Structure(ctx)
	if err != nil {
		return nil, err
	}
	after, _, err := applyChange(members, structure, w)
	if err != nil {
		return nil, err
	}
	if groups := workGroups(w.Set); len(groups) > 0 {
		p, err := scope.Portals().Get(ctx)
		if err != nil {
			return nil, err
		}
		now, err := s.crm.Structure(ctx, p, groups)
		if err != nil {
			return nil, err
		}
		structure = completeStructure(structure, now, groups)
	}
	return structure.Rules().Access(plainMembers(after)), nil
}

// workGroups are the work groups among members.
func workGroups(members []roles.Member) (ids []int64) {
	for _, m := range members {
		if m.Kind == roles.MemberWorkGroup {
			ids = append(ids, m.ID)
		}
	}
	return ids
}
