package workflow

import (
	"cmp"
	"context"
	"maps"
	"time"

	"acts24/acts"
	"acts24/store"
)

// addressee is who answers for an act. The CRM refuses a dismissed one: after a refusal the copies of employees are
// asked, and the head of his department or an administrator stands in.
func (s *Service) addressee(ctx context.Context, scope store.Scope, p store.Portal, act acts.Act, t store.Task) (acts.UserID, error) {
	to := cmp.Or(act.Responsible, act.CreatedBy)
	if t.Failures == 0 {
		return to, nil
	}
	return s.standIn(ctx, p, to)
}

// standIn follows from a dismissed employee to the head of his department, then to the administrator. The portal is asked:
// it has just refused him, whatever our copy says.
func (s *Service) standIn(ctx context.Context, p store.Portal, to acts.UserID) (acts.UserID, error) {
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

// users reads employees out of our copies; those we have no fresh copy of are asked of the portal.
func (s *Service) users(ctx context.Context, p store.Portal, ids ...acts.UserID) (map[acts.UserID]store.User, error) {
	known, err := s.db.Scope(p.ID).Users(ctx, ids)
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

// readUsers asks the portal for employees and keeps copies of them.
func (s *Service) readUsers(ctx context.Context, p store.Portal, ids ...acts.UserID) (map[acts.UserID]store.User, error) {
	found, err := s.crm.Users(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[acts.UserID]store.User, len(found))
	return known, s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		for _, u := range found {
			known[u.ID] = u
			if err := tx.SaveUser(ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
}

// endOfDay is six in the evening of a moment's day: until then a task of that day is in time.
func endOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 18, 0, 0, 0, t.Location())
}
