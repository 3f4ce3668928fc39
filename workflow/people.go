package workflow

import (
	"cmp"
	"context"
	"maps"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
)

// unnamedUser is the name of a person who changed something in the CRM and is unknown to us.
const unnamedUser = "Сотрудник"

// ActingAs returns an employee who changed something in the CRM as a visitor with his current rights.
func (s *People) ActingAs(ctx context.Context, p store.Portal, id acts.UserID) (Visit, error) {
	known, err := s.Users(ctx, p, id)
	if err != nil {
		return Visit{}, err
	}
	v := Visit{Source: history.SourceCRM}
	v.Portal, v.User, v.UserName, v.Role = p.ID, id, known[id].Name, roles.RoleWorker
	if id != 0 { // robots of the portal have id 0
		st, err := s.db.Scope(p.ID).People().Permissions(ctx, id)
		if err != nil {
			return Visit{}, err
		}
		v.SetPermissions(st)
	}
	switch {
	case v.UserName == "" && id == 0:
		v.UserName = history.AuthorPortal
	case v.UserName == "":
		v.UserName = unnamedUser
	}
	return v, nil
}

// Addressee returns the responsible of an act. The CRM refuses a dismissed one: after a refusal the head of his
// department or an administrator is used.
func (s *People) Addressee(ctx context.Context, scope store.Scope, p store.Portal, act acts.Act, t queue.Task) (acts.UserID, error) {
	to := cmp.Or(act.Responsible, act.CreatedBy)
	if t.Failures == 0 {
		return to, nil
	}
	return s.Deputy(ctx, p, to)
}

// Deputy returns the employee himself if he is active, otherwise the head of his department, otherwise the
// administrator. The employee is read from the portal, because it has just refused him,
// whatever our copy contains.
func (s *People) Deputy(ctx context.Context, p store.Portal, to acts.UserID) (acts.UserID, error) {
	for range 3 {
		known, err := s.readUsers(ctx, p, to)
		if err != nil {
			return to, err
		}
		u, ok := known[to]
		if ok && u.Active {
			return to, nil
		}
		if u.Head == 0 || u.Head == to {
			break
		}
		to = u.Head
	}
	return cmp.Or(p.Admin, to), nil
}

// Users returns employees from our copies; missing or old copies are fetched from the portal.
func (s *People) Users(ctx context.Context, p store.Portal, ids ...acts.UserID) (map[acts.UserID]people.User, error) {
	known, err := s.db.Scope(p.ID).People().Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	var missing []acts.UserID
	for _, id := range ids {
		if _, ok := known[id]; !ok && id != 0 {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return known, nil
	}
	found, err := s.readUsers(ctx, p, missing...)
	maps.Copy(known, found)
	return known, err
}

// readUsers fetches employees from the portal and stores copies.
func (s *People) readUsers(ctx context.Context, p store.Portal, ids ...acts.UserID) (map[acts.UserID]people.User, error) {
	found, err := s.crm.Users(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[acts.UserID]people.User, len(found))
	return known, s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		for _, u := range found {
			known[u.ID] = u
			if err := tx.People().SaveUser(ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
}
