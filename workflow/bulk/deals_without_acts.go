package bulk

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// FormActs enqueues forming the acts of deals as their tabs suggest them. The same key makes the same acts. It returns
// how many acts were requested.
func (s *Service) FormActs(ctx context.Context, v workflow.Visit, deals []acts.DealID, key string) (n int, err error) {
	form, err := uuid.Parse(key)
	if err != nil {
		return 0, acts.Errorf(acts.Invalid, "Форма устарела, обновите страницу.")
	}
	if err := checkChosen(deals); err != nil {
		return 0, err
	}
	if err := s.mustBeVisible(ctx, v, deals); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		n = 0
		for _, deal := range deals {
			w := store.ActRequest{Deal: deal, Key: uuid.NewSHA1(form, fmt.Appendf(nil, "%d", deal)).String(), User: v.User, UserName: v.UserName}
			ok, err := tx.Deals().AddActRequest(ctx, w, v.Visibility, s.now())
			if err != nil {
				return err
			}
			if ok {
				n++
			}
			if err := queue.Enqueue(ctx, tx, task.FormAct(deal)); err != nil {
				return err
			}
		}
		return nil
	})
	s.wake()
	return n, err
}

// checkChosen returns Invalid unless at least one deal and at most a page of them are chosen.
func checkChosen(deals []acts.DealID) error {
	switch {
	case len(deals) == 0:
		return acts.Errorf(acts.Invalid, "Отметьте хотя бы одну сделку.")
	case len(deals) > list.PageDeals:
		return acts.Errorf(acts.Invalid, "За один раз можно отметить не больше %d сделок.", list.PageDeals)
	}
	return nil
}

// formRequested fetches deals and forms the acts requested in the list. What cannot be formed without a person is shown
// there.
func (s *Service) formRequested(ctx context.Context, p store.Portal, deals []acts.DealID) error {
	scope := s.db.Scope(p.ID)
	requests, err := scope.Deals().ActRequests(ctx, deals)
	if err != nil || len(requests) == 0 {
		return err
	}
	if err := s.deals.FetchDeals(ctx, p.ID, deals...); err != nil {
		return err
	}
	for _, request := range requests {
		err := s.formOne(ctx, p, request)
		kind := acts.KindOf(err)
		if errors.Is(err, acts.Invalid) || kind == acts.Invalid || kind == acts.Conflict || kind == acts.NotFound || kind == acts.Forbidden {
			why := workflow.MessageOf(err)
			err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.Deals().DenyActRequest(ctx, request, why) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) formOne(ctx context.Context, p store.Portal, request store.ActRequest) error {
	details, err := s.db.Scope(p.ID).Deals().Details(ctx, request.Deal)
	if err != nil {
		return err
	}
	if len(details.Own) == 0 {
		return acts.Errorf(acts.Invalid, "В портале нет нашей организации: её добавляет администратор.")
	}
	if !details.Deal.Deleted && !acts.Covered(details.Deal.Rows, details.Acts, details.Deal.IsClosed()) {
		f := workflow.Suggest(details, s.now().In(workflow.ZoneOf(p.Zone)))
		f.Key = request.Key
		v, err := s.requester(ctx, p.ID, request)
		if err := cmp.Or(err, v.MaySee(details.Deal.Responsible)); err != nil {
			return err
		}
		if _, err := s.acts.FormAct(ctx, v, request.Deal, *f); err != nil {
			return err
		}
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.Deals().DropActRequest(ctx, request.Deal) })
}

// requester returns the visitor whose request is executed later, with his present rights.
func (s *Service) requester(ctx context.Context, portal acts.PortalID, request store.ActRequest) (workflow.Visit, error) {
	st, err := s.db.Scope(portal).People().Permissions(ctx, request.User)
	if err != nil {
		return workflow.Visit{}, err
	}
	v := workflow.Visit{Visit: people.Visit{Portal: portal, User: request.User, UserName: request.UserName}, Source: history.SourceBulk}
	v.SetPermissions(st)
	if !v.May(roles.RightWork) {
		return v, errNoRole
	}
	return v, nil
}
