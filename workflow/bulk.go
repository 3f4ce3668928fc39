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
	if f.Action.Changes() {
		if err := s.Must(ctx, v, acts.Work); err != nil {
			return 0, err
		}
	}
	chosen, err := s.choose(ctx, v, f)
	if err != nil {
		return 0, err
	}
	b := store.Bulk{Action: f.Action, State: store.BulkJudging, User: v.User, UserName: v.UserName, CreatedAt: s.now()}
	switch {
	case f.Action == store.BulkResponsible:
		b.State = store.BulkChoosing
	case action.may == nil:
		b.State = store.BulkJudged
	}
	added := false
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if id, added, err = tx.AddBulk(ctx, f.Key, b, chosen, action.once); err != nil || !added || b.State != store.BulkJudging {
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
	if f.Action.Archives() {
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
