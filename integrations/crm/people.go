package crm

import (
	"context"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
)

// Users reads employees; one that is not told of is left out.
func (a *Adapter) Users(ctx context.Context, p store.Portal, ids []acts.UserID) ([]store.User, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := client.UsersOf(ctx, plainIDs(ids))
	if err != nil {
		return nil, reading(err)
	}
	departments, err := client.Departments(ctx)
	if err != nil {
		return nil, reading(err)
	}
	users := make([]store.User, len(found))
	for i, u := range found {
		users[i] = store.User{ID: acts.UserID(u.ID), Name: strings.TrimSpace(string(u.Name) + " " + string(u.LastName)), Active: bool(u.Active)}
		if heads := bitrix24.Heads(u, departments); len(heads) > 0 {
			users[i].Head = acts.UserID(heads[0])
		}
	}
	return users, nil
}

// EndedTasks tells which of the tasks are ended or gone.
func (a *Adapter) EndedTasks(ctx context.Context, p store.Portal, ids []int64) ([]int64, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := client.TasksOf(ctx, plainIDs(ids))
	if err != nil {
		return nil, reading(err)
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
