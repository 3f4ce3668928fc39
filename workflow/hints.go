package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
)

// readTogether is how long the hints of a portal are gathered, so that they are read in few calls.
const readTogether = 2 * time.Second

// hear keeps an event as it came and has what it is about read soon.
func (s *Service) hear(ctx context.Context, tx store.Tx, p store.Portal, e PortalEvent) error {
	if err := tx.AddPortalEvent(ctx, e.Name, e.Object); err != nil {
		return err
	}
	switch e.About {
	case AboutApp:
		return tx.FreezePortal(ctx, s.now())
	case AboutDeal:
		return tx.EnqueueTogether(ctx, TaskDeal, e.Object, readTogether)
	case AboutItem:
		if e.EntityType != p.EntityTypeID {
			return nil
		}
		return tx.EnqueueTogether(ctx, TaskRead, e.Object, readTogether)
	case AboutTask:
		_, ours, err := tx.ReminderOfTask(ctx, e.Object)
		if err != nil || !ours {
			return err
		}
		return tx.EnqueueTogether(ctx, TaskTask, e.Object, readTogether)
	case AboutCompany, AboutContact:
		return s.hearParty(ctx, tx, e)
	}
	return nil
}

// hearParty has the deals with drafts for a company or contact read anew.
func (s *Service) hearParty(ctx context.Context, tx store.Tx, e PortalEvent) error {
	var company acts.CompanyID
	var contact acts.ContactID
	if e.About == AboutCompany {
		company = acts.CompanyID(e.Object)
	} else {
		contact = acts.ContactID(e.Object)
	}
	deals, err := tx.DealsOfParty(ctx, company, contact)
	if err != nil {
		return err
	}
	for _, deal := range deals {
		if err := tx.EnqueueTogether(ctx, TaskDeal, int64(deal), readTogether); err != nil {
			return err
		}
	}
	return nil
}

// ReadHints reads what events hinted at, leased tasks of one kind and portal in one call. Reading is the truth.
func (s *Service) ReadHints(ctx context.Context, tasks []store.Task) error {
	portal := tasks[0].Portal
	p, err := s.db.Scope(portal).PortalInfo(ctx)
	if err != nil {
		return s.putBack(ctx, tasks, err)
	}
	if tasks, err = s.withoutEchoes(ctx, portal, tasks); err == nil {
		tasks, err = s.withoutBusy(ctx, portal, tasks)
	}
	if err != nil || len(tasks) == 0 {
		return err
	}
	switch tasks[0].Kind {
	case TaskDeal:
		err = s.readDeals(ctx, p, subjects[acts.DealID](tasks))
	case TaskRead:
		err = s.readItems(ctx, p, subjects[acts.ItemID](tasks))
	case TaskTask:
		err = s.readTasks(ctx, p, subjects[int64](tasks))
	case TaskForm:
		err = s.formWished(ctx, p, subjects[acts.DealID](tasks))
	default:
		err = fmt.Errorf("hint of an unknown kind %q", tasks[0].Kind)
	}
	if err != nil {
		return s.putBack(ctx, tasks, err)
	}
	for _, t := range tasks {
		s.finish(ctx, t, delivery{}, Result{})
	}
	s.wake()
	return nil
}

func subjects[T ~int64](tasks []store.Task) []T {
	ids := make([]T, len(tasks))
	for i, t := range tasks {
		ids[i] = T(t.Subject)
	}
	return ids
}

// withoutEchoes ends the hints that our own writes raised.
func (s *Service) withoutEchoes(ctx context.Context, portal acts.PortalID, tasks []store.Task) (rest []store.Task, err error) {
	for _, t := range tasks {
		echo := false
		err := s.db.InTx(ctx, portal, func(tx store.Tx) (err error) {
			switch t.Kind {
			case TaskDeal:
				echo, err = tx.DealEcho(ctx, acts.DealID(t.Subject), t.Version)
			case TaskRead:
				echo, err = tx.ItemEcho(ctx, acts.ItemID(t.Subject), t.Version)
			}
			if err != nil || !echo {
				return err
			}
			return tx.DoneTask(ctx, t)
		})
		if errors.Is(err, acts.Conflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !echo {
			rest = append(rest, t)
		}
	}
	return rest, nil
}

// withoutBusy puts the hints about items back that we are writing just now: they are read when the write has ended.
func (s *Service) withoutBusy(ctx context.Context, portal acts.PortalID, tasks []store.Task) (rest []store.Task, err error) {
	now, err := s.db.Moment(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		busy := false
		if t.Kind == TaskRead {
			if busy, err = s.db.Scope(portal).ItemBusy(ctx, acts.ItemID(t.Subject), writers, now); err != nil {
				return nil, err
			}
		}
		if !busy {
			rest = append(rest, t)
		} else if err := s.db.RetryTask(ctx, t, store.Retry{Wait: readTogether, Problem: "Карточка акта ещё записывается."}); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// readTasks keeps which tasks of the CRM were ended there.
func (s *Service) readTasks(ctx context.Context, p store.Portal, ids []int64) error {
	ended, err := s.crm.EndedTasks(ctx, p, ids)
	if err != nil {
		return err
	}
	for _, task := range ended {
		if err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return s.taskEnded(ctx, tx, task) }); err != nil {
			return err
		}
	}
	return nil
}
