package setup

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
	"acts24/workflow"
)

// VisitStart is a verified placement call: a new visit and the thing that was opened.
type VisitStart struct {
	Portal   store.Portal
	Visit    string // the secret id, for the browser alone
	Opened   int64  // id of the opened thing in the CRM, 0 when there is none
	Params   map[string]string
	Redirect Redirect // page that an administrator must see first

	viewer workflow.Viewer
}

// Redirect is a page that an administrator must see first.
type Redirect string

// The pages to which administrators are redirected.
const (
	RedirectNowhere  Redirect = ""
	RedirectInstall  Redirect = "install"  // the installation is not finished
	RedirectSettings Redirect = "settings" // it is finished, and the checklist is not
)

// ErrUnknown means that the app was never installed on the portal that opens it, or was removed from it.
var ErrUnknown = fmt.Errorf("%w (the portal is not known)", errNotProven)

var errNotProven = acts.Errorf(acts.Forbidden, "Битрикс24 не подтвердил этот вход. Откройте приложение из портала ещё раз.")

// OpenPlacement verifies a placement call and starts a visit. A stored application token and the user's own token at
// the stored address are the proof; nothing else that was posted is trusted.
func (s *Service) OpenPlacement(ctx context.Context, kind string, query, form url.Values) (VisitStart, error) {
	o, p, err := s.parseCall(ctx, query, form)
	if err != nil {
		return VisitStart{}, err
	}
	ok, err := s.db.Scope(p.ID).Portals().HasApplicationToken(ctx, o.Application)
	if err != nil && !errors.Is(err, acts.NotFound) {
		return VisitStart{}, err
	}
	if !ok {
		return VisitStart{}, errNotProven
	}
	return s.authorize(ctx, p, o, openedObject(kind, o))
}

// RestoreVisit verifies what the parent window posted to a page that lost its visit. The parent does not have the
// application token, so the token server is asked whether the user's token is ours.
func (s *Service) RestoreVisit(ctx context.Context, form url.Values, what workflow.Object) (VisitStart, error) {
	o, p, err := s.parseCall(ctx, nil, form)
	if err != nil {
		return VisitStart{}, err
	}
	ours, err := s.crm.IsOurs(ctx, p, o.Access)
	if err != nil {
		return VisitStart{}, err
	}
	if !ours {
		return VisitStart{}, errNotProven
	}
	return s.authorize(ctx, p, o, what)
}

// CallingPortal returns the known portal that a placement call names, to show it a failure in its own frame. Nothing is
// proven by it.
func (s *Service) CallingPortal(ctx context.Context, query, form url.Values) (workflow.PlacementCall, store.Portal, bool) {
	o, p, err := s.parseCall(ctx, query, form)
	return o, p, err == nil
}

func (s *Service) parseCall(ctx context.Context, query, form url.Values) (workflow.PlacementCall, store.Portal, error) {
	o, err := s.crm.ParsePlacementCall(query, form)
	if err != nil {
		return o, store.Portal{}, errNotProven
	}
	p, err := s.db.PortalByMember(ctx, o.Member)
	if errors.Is(err, acts.NotFound) || err == nil && p.State == acts.PortalFrozen {
		return o, p, ErrUnknown
	}
	return o, p, err
}

// authorize fetches the viewer with the user's token and stores the visit and the opened deal.
func (s *Service) authorize(ctx context.Context, p store.Portal, o workflow.PlacementCall, what workflow.Object) (VisitStart, error) {
	since, err := s.db.MachineTime(ctx)
	if err != nil {
		return VisitStart{}, err
	}
	p, o, sight, err := s.fetchViewer(ctx, p, o, what)
	if err != nil {
		return VisitStart{}, err
	}
	if p.State == acts.PortalInstalling && !sight.Admin {
		return VisitStart{}, s.notReady(ctx, p)
	}
	entry := VisitStart{Portal: p, Opened: o.Object, Params: o.Params, viewer: sight}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if sight.Deal != nil {
			if err := s.deals.SaveFetched(ctx, tx, *sight.Deal, since); err != nil {
				return err
			}
		}
		if sight.Admin && p.Admin != sight.User {
			if err := tx.Portals().SetAdmin(ctx, sight.User); err != nil {
				return err
			}
		}
		entry.Visit, err = tx.Visits().Add(ctx, people.NewVisit{User: sight.User, UserName: sight.UserName, Admin: sight.Admin,
			Token: o.Access, TokenFor: o.AccessLifetime, VisitFor: s.timing.Visit})
		if err == nil && sight.Deal != nil {
			err = tx.Visits().SaveDeal(ctx, entry.Visit, sight.Deal.ID, true)
		}
		if err == nil && sight.Admin {
			entry.Redirect, err = s.redirectOf(ctx, tx, p, o)
		}
		return err
	})
	if err != nil {
		return VisitStart{}, fmt.Errorf("start visit: %w", err)
	}
	s.wake()
	if sight.Admin {
		s.replaceDeadTokens(ctx, p, o)
	}
	return entry, nil
}

func openedObject(kind string, o workflow.PlacementCall) workflow.Object {
	switch kind {
	case "deal":
		return workflow.Object{Deal: acts.DealID(o.Object)}
	case "company":
		return workflow.Object{Company: acts.CompanyID(o.Object)}
	case "contact":
		return workflow.Object{Contact: acts.ContactID(o.Object)}
	}
	return workflow.Object{}
}
