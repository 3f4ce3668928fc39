package bulk

import (
	"context"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/queue"
	"acts24/workflow"
)

// Form is the selection of acts in a list.
type Form struct {
	Key    string // of this one form; the same key makes one bulk
	Action store.BulkAction
	IDs    []acts.ActID    // checked rows
	Filter *list.ActFilter // all acts of a filter, instead of IDs
}

// maxInArchive is how many acts one archive holds.
const maxInArchive = 500

// checkedAtOnce is how many acts are checked while the person waits; the jobs check the rest.
const checkedAtOnce = 60

// Start creates a bulk and checks its acts. The action runs only after the person has seen the result of the check.
func (s *Service) Start(ctx context.Context, v workflow.Visit, f Form) (id int64, err error) {
	action, ok := s.actions[f.Action]
	if !ok {
		return 0, acts.Errorf(acts.Invalid, "Такого действия нет. Обновите список и выберите действие заново.")
	}
	if _, err := uuid.Parse(f.Key); err != nil {
		return 0, acts.Errorf(acts.Invalid, "Форма устарела, обновите список.")
	}
	if f.Action.Changes() {
		if err := s.people.Must(ctx, v, roles.RightWork); err != nil {
			return 0, err
		}
	}
	chosen, err := s.choose(ctx, v, f)
	if err != nil {
		return 0, err
	}
	b := store.Bulk{Action: f.Action, State: store.BulkChecking, User: v.User, UserName: v.UserName, CreatedAt: s.now()}
	switch {
	case f.Action == store.BulkResponsible:
		b.State = store.BulkChoosing
	case action.May == nil:
		b.State = store.BulkChecked
	}
	added := false
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if id, added, err = tx.Bulks().Add(ctx, f.Key, b, chosen, action.Once); err != nil || !added || b.State != store.BulkChecking {
			return err
		}
		return queue.AddBulk(ctx, tx, id)
	})
	if err == nil && added && b.State == store.BulkChecking {
		s.checkFirst(ctx, v.Portal, id)
	}
	return id, err
}

// choose returns the acts of a form.
func (s *Service) choose(ctx context.Context, v workflow.Visit, f Form) (chosen []store.SelectedAct, err error) {
	scope := s.db.Scope(v.Portal)
	most := list.MaxSelected
	if f.Action.Archives() {
		most = maxInArchive
	}
	if f.Filter != nil {
		zone := workflow.ZoneOf(v.Zone)
		chosen, err = list.SelectAll(ctx, scope, *f.Filter, workflow.DayIn(s.now(), zone))
	} else {
		chosen, err = list.Select(ctx, scope, v.Visibility, f.IDs)
	}
	switch {
	case err != nil:
		return nil, err
	case len(chosen) > most:
		return nil, acts.Errorf(acts.Invalid, "За один раз можно взять не больше %s актов, а выбрано больше. Уточните фильтр или добавьте период.", acts.Figure(strconv.Itoa(most)))
	case f.Filter == nil && len(chosen) < len(f.IDs):
		return nil, acts.Errorf(acts.NotFound, "Среди отмеченных есть акт, которого нет или который вам не виден. Обновите список и отметьте акты заново.")
	case len(chosen) == 0:
		return nil, acts.Errorf(acts.Invalid, "Акты не выбраны. Отметьте их в списке.")
	}
	return chosen, nil
}

// checkFirst checks a few acts while the person waits.
func (s *Service) checkFirst(ctx context.Context, portal acts.PortalID, id int64) {
	turn := queue.BulkLease{Portal: portal, Bulk: id}
	more, err := s.checkActs(ctx, turn, checkedAtOnce)
	if more && err == nil {
		err = queue.YieldBulk(ctx, s.db, turn, 0)
	}
	if err != nil && !errors.Is(err, errLeaseLost) {
		s.log.WarnContext(ctx, "bulk not checked", "portal", portal, "bulk", id, "err", err)
	}
	s.wake()
}
