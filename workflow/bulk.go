package workflow

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
)

// BulkForm is what a person chose in a list of acts.
type BulkForm struct {
	Key    string // of this one form; the same key makes one bulk
	Action store.BulkAction
	IDs    []acts.ActID     // those that were checked
	Filter *store.ActFilter // all that a filter asks for, instead of IDs
}

// mostInArchive is how many acts one archive holds.
const mostInArchive = 500

// judgedAtOnce is how many acts are judged while the person waits; more of them are left to the jobs.
const judgedAtOnce = 60

// Bulk takes acts together to be judged. Nothing is done with them before the person has seen what can be done.
func (s *Service) Bulk(ctx context.Context, v Visit, f BulkForm) (id int64, err error) {
	action, ok := bulkActions[f.Action]
	if !ok {
		return 0, acts.Errorf(acts.Invalid, "Такого действия нет. Обновите список и выберите действие заново.")
	}
	if _, err := uuid.Parse(f.Key); err != nil {
		return 0, acts.Errorf(acts.Invalid, "Форма устарела, обновите список.")
	}
	chosen, err := s.choose(ctx, v, f)
	if err != nil {
		return 0, err
	}
	b := store.Bulk{Action: f.Action, State: store.BulkJudging, User: v.User, UserName: v.UserName, CreatedAt: s.now()}
	if f.Action == store.BulkResponsible {
		b.State = store.BulkChoosing
	}
	added := false
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if id, added, err = tx.AddBulk(ctx, f.Key, b, chosen, action.once); err != nil || !added || b.State == store.BulkChoosing {
			return err
		}
		return tx.AddBulkTurn(ctx, id)
	})
	if err == nil && added && b.State == store.BulkJudging {
		s.judgeFirst(ctx, v.Portal, id)
	}
	return id, err
}

// choose finds the acts that a form means.
func (s *Service) choose(ctx context.Context, v Visit, f BulkForm) (chosen []store.ChosenAct, err error) {
	scope := s.db.Scope(v.Portal)
	most := store.MostChosen
	if !f.Action.Changes() {
		most = mostInArchive
	}
	if f.Filter != nil {
		zone := ZoneOf(v.Zone)
		chosen, err = scope.ChooseAll(ctx, *f.Filter, dayIn(s.now(), zone))
	} else {
		chosen, err = scope.Choose(ctx, v.Sees, f.IDs)
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

// dayIn is the day of a moment in a zone.
func dayIn(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// judgeFirst judges a few acts while the person waits; what it leaves is left to the jobs.
func (s *Service) judgeFirst(ctx context.Context, portal acts.PortalID, id int64) {
	turn := store.BulkTurn{Portal: portal, Bulk: id}
	more, err := s.judge(ctx, turn, judgedAtOnce)
	if more && err == nil {
		err = s.db.YieldBulk(ctx, turn, 0)
	}
	if err != nil && !errors.Is(err, errTurnLost) {
		s.log.WarnContext(ctx, "bulk not judged", "portal", portal, "bulk", id, "err", err)
	}
	s.wake()
}

// ChooseTarget names the employee to whom the acts of a bulk go, and has them judged.
func (s *Service) ChooseTarget(ctx context.Context, v Visit, id int64, to acts.UserID) error {
	if err := s.mustOwn(ctx, v, id); err != nil {
		return err
	}
	target, err := s.target(ctx, v, to)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		judge := store.BulkMove{From: []store.BulkState{store.BulkChoosing}, To: store.BulkJudging, Target: target, At: s.now()}
		return begin(ctx, tx, id, judge, store.BulkJudged)
	})
	if err == nil {
		s.judgeFirst(ctx, v.Portal, id)
	}
	return err
}

// target is the employee whom acts can be given to: the visitor himself, or one we have a copy of.
func (s *Service) target(ctx context.Context, v Visit, to acts.UserID) (store.User, error) {
	if to == v.User {
		return store.User{ID: v.User, Name: v.UserName}, nil
	}
	known, err := s.db.Scope(v.Portal).ActiveUsers(ctx)
	if err != nil {
		return store.User{}, err
	}
	for _, u := range known {
		if u.ID == to {
			return u, nil
		}
	}
	return store.User{}, acts.Faults{{Field: "to", Text: "Выберите сотрудника из списка."}}
}

// mustOwn refuses a bulk of somebody else.
func (s *Service) mustOwn(ctx context.Context, v Visit, id int64) error {
	b, err := s.BulkOf(ctx, v, id)
	if err != nil {
		return err
	}
	if b.User != v.User {
		return acts.Errorf(acts.Forbidden, "Это действие начал %s, выполнить его может только он.", b.UserName)
	}
	return nil
}

// BulkOf reads a bulk for its author or an administrator; for others it is not there.
func (s *Service) BulkOf(ctx context.Context, v Visit, id int64) (store.Bulk, error) {
	b, err := s.db.Scope(v.Portal).Bulk(ctx, id)
	if err != nil || b.User == v.User {
		return b, err
	}
	admin, err := s.Admin(ctx, v)
	if err != nil || !admin {
		return store.Bulk{}, acts.Errorf(acts.NotFound, "Такого массового действия нет.")
	}
	return b, nil
}

// RunBulk starts what was judged. Who presses twice starts once.
func (s *Service) RunBulk(ctx context.Context, v Visit, id int64) error {
	if err := s.mustOwn(ctx, v, id); err != nil {
		return err
	}
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		b, err := tx.Bulk(ctx, id)
		if err != nil {
			return err
		}
		if !b.Action.Changes() || b.State == store.BulkJudged && b.Waiting == 0 {
			return acts.Errorf(acts.Conflict, "Выполнять нечего.")
		}
		run := store.BulkMove{From: []store.BulkState{store.BulkJudged}, To: store.BulkRunning, At: s.now()}
		return begin(ctx, tx, id, run, store.BulkDone)
	})
	s.wake()
	return err
}

// begin moves a bulk and has the jobs look after it.
func begin(ctx context.Context, tx store.Tx, id int64, m store.BulkMove, further store.BulkState) error {
	moved, err := moveOnce(ctx, tx, id, m, further)
	if err != nil || !moved {
		return err
	}
	return tx.AddBulkTurn(ctx, id)
}

// moveOnce moves a bulk unless it is there already, or further.
func moveOnce(ctx context.Context, tx store.Tx, id int64, m store.BulkMove, further store.BulkState) (moved bool, err error) {
	if err = tx.MoveBulk(ctx, id, m); !errors.Is(err, acts.Conflict) {
		return err == nil, err
	}
	now, failed := tx.Bulk(ctx, id)
	if failed != nil {
		return false, failed
	}
	if now.State == m.To || now.State == further {
		return false, nil
	}
	return false, err
}

// CancelBulk leaves the acts alone that are not begun.
func (s *Service) CancelBulk(ctx context.Context, v Visit, id int64) error {
	if _, err := s.BulkOf(ctx, v, id); err != nil {
		return err
	}
	unfinished := []store.BulkState{store.BulkChoosing, store.BulkJudging, store.BulkJudged, store.BulkRunning}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		_, err := moveOnce(ctx, tx, id, store.BulkMove{From: unfinished, To: store.BulkCancelled, At: s.now()}, store.BulkCancelled)
		return err
	})
}
