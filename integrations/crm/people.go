package crm

import (
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/store/people"
	"acts24/workflow"
)

// Users reads employees; unknown ones are missing.
func (a *Adapter) Users(ctx context.Context, p store.Portal, ids []acts.UserID) ([]people.User, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := client.UsersOf(ctx, plainIDs(ids))
	if err != nil {
		return nil, readError(err)
	}
	departments, _, err := optionalList(client.Departments(ctx))
	if err != nil {
		return nil, err
	}
	users := make([]people.User, len(found))
	for i, u := range found {
		users[i] = userFrom(u, departments)
	}
	return users, nil
}

func userFrom(u bitrix24.User, departments []bitrix24.Department) people.User {
	user := people.User{ID: acts.UserID(u.ID), Name: strings.TrimSpace(string(u.Name) + " " + string(u.LastName)), Active: bool(u.Active)}
	if heads := bitrix24.Heads(u, departments); len(heads) > 0 {
		user.Head = acts.UserID(heads[0])
	}
	return user
}

// optionalList returns a list and whether it was readable: the rights to departments and work groups are optional.
func optionalList[T any](list []T, err error) ([]T, bool, error) {
	if bitrix24.IsAccessDenied(err) && !bitrix24.IsGone(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, readError(err)
	}
	return list, true, nil
}

// Structure reads the people of the portal, its departments and work groups, and the members of some of these groups.
func (a *Adapter) Structure(ctx context.Context, p store.Portal, groups []int64) (st people.Structure, err error) {
	client, err := a.asPortalForPage(p)
	if err != nil {
		return st, err
	}
	users, err := client.AllUsers(ctx)
	if err != nil {
		return st, readError(err)
	}
	departments, known, err := optionalList(client.Departments(ctx))
	if err != nil {
		return st, err
	}
	st.Departments = known
	for _, d := range departments {
		st.Units = append(st.Units, people.Unit{Kind: roles.MemberDepartment, ID: int64(d.ID), Name: string(d.Name), Parent: int64(d.ParentID), Head: acts.UserID(d.HeadID)})
	}
	for _, u := range users {
		e := people.Employee{User: userFrom(u, departments)}
		for _, id := range u.Departments {
			e.Departments = append(e.Departments, int64(id))
		}
		st.Employees = append(st.Employees, e)
	}
	err = a.workGroups(ctx, client, groups, &st)
	return st, err
}

func (a *Adapter) workGroups(ctx context.Context, client *bitrix24.Client, groups []int64, st *people.Structure) error {
	list, known, err := optionalList(client.WorkGroups(ctx))
	if err != nil || !known {
		return err
	}
	ids := make([]bitrix24.ID, len(groups))
	for i, id := range groups {
		ids[i] = bitrix24.ID(id)
	}
	members, err := client.GroupUsers(ctx, ids)
	if err != nil {
		return readError(err)
	}
	st.WorkGroups = true
	for _, g := range list {
		unit := people.Unit{Kind: roles.MemberWorkGroup, ID: int64(g.ID), Name: string(g.Name)}
		for _, m := range members[g.ID] {
			unit.People = append(unit.People, acts.UserID(m.UserID))
		}
		st.Units = append(st.Units, unit)
	}
	return nil
}

// CreateWorkGroup creates a work group with the token of the visitor, who becomes its owner. A group with an existing name is not created:
// an earlier attempt with an unclear result may have created it.
func (a *Adapter) CreateWorkGroup(ctx context.Context, p store.Portal, access, name string) (int64, error) {
	client, err := a.asUser(p, access)
	if err != nil {
		return 0, err
	}
	list, err := client.WorkGroups(ctx)
	if err != nil {
		return 0, visitError(err)
	}
	for _, g := range list {
		if strings.EqualFold(strings.TrimSpace(string(g.Name)), name) {
			return 0, acts.Errorf(acts.Conflict, "Группа с таким названием на портале уже есть. Нажмите «Обновить» внизу страницы и выберите её, или назовите новую иначе.")
		}
	}
	group, err := client.CreateWorkGroup(ctx, name)
	if err = writeError(err); errors.Is(err, workflow.ErrUnclear) {
		err = acts.Errorf(acts.Unavailable, "Битрикс24 не ответил, создана ли группа. Нажмите кнопку ещё раз: вторая такая же не появится.")
	}
	return int64(group), err
}

// EndedTasks returns which of the tasks are completed or deleted.
func (a *Adapter) EndedTasks(ctx context.Context, p store.Portal, ids []int64) ([]int64, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := client.TasksOf(ctx, plainIDs(ids))
	if err != nil {
		return nil, readError(err)
	}
	open := map[bitrix24.ID]bool{}
	for _, t := range found {
		open[t.ID] = !t.Done()
	}
	var ended []int64
	for _, id := range ids {
		if !open[bitrix24.ID(id)] {
			ended = append(ended, id)
		}
	}
	return ended, nil
}
