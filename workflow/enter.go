package workflow

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"acts24/acts"
	"acts24/store"
)

// Entry is a proven opening: a new visit and the thing that was opened.
type Entry struct {
	Portal store.Portal
	Visit  string // the secret id, for the browser alone
	Opened int64  // id of the opened thing in the CRM, 0 when there is none
	Params map[string]string
	Lead   Lead // where an administrator is needed first

	user Sight
}

// Lead is a page to which an administrator is led before anything else.
type Lead string

// The pages to which administrators are led.
const (
	LeadNowhere Lead = ""
	LeadInstall Lead = "install"  // the installation is not over
	LeadToDo    Lead = "settings" // it is over, and more is to be done
)

// ErrUnknown tells that the app was never installed on the portal that opens it, or was removed from it.
var ErrUnknown = fmt.Errorf("%w (the portal is not known)", errNotProven)

var errNotProven = acts.Errorf(acts.Forbidden, "Битрикс24 не подтвердил этот вход. Откройте приложение из портала ещё раз.")

// Enter verifies an opening of the portal and starts a visit. A stored application token and the
// user's own token at the stored address are the proof; nothing else that came is believed.
func (s *Service) Enter(ctx context.Context, kind string, query, form url.Values) (Entry, error) {
	o, p, err := s.known(ctx, query, form)
	if err != nil {
		return Entry{}, err
	}
	ok, err := s.db.Scope(p.ID).ApplicationTokenIs(ctx, o.Application)
	if err != nil && !errors.Is(err, acts.NotFound) {
		return Entry{}, err
	}
	if !ok {
		return Entry{}, errNotProven
	}
	return s.admit(ctx, p, o, objectOf(kind, o))
}

// Return verifies what the parent window told a page that lost its visit. The parent does not tell
// the application token, so the token server is asked whether the user's token is ours.
func (s *Service) Return(ctx context.Context, form url.Values, what Object) (Entry, error) {
	o, p, err := s.known(ctx, nil, form)
	if err != nil {
		return Entry{}, err
	}
	ours, err := s.crm.IsOurs(ctx, p, o.Access)
	if err != nil {
		return Entry{}, err
	}
	if !ours {
		return Entry{}, errNotProven
	}
	return s.admit(ctx, p, o, what)
}

// Opener tells which known portal an opening names, to show it a failure in its own frame. Nothing is proven by it.
func (s *Service) Opener(ctx context.Context, query, form url.Values) (Opening, store.Portal, bool) {
	o, p, err := s.known(ctx, query, form)
	return o, p, err == nil
}

func (s *Service) known(ctx context.Context, query, form url.Values) (Opening, store.Portal, error) {
	o, err := s.crm.ReadOpening(query, form)
	if err != nil {
		return o, store.Portal{}, errNotProven
	}
	p, err := s.db.PortalByMember(ctx, o.Member)
	if errors.Is(err, acts.NotFound) || err == nil && p.State == store.Frozen {
		return o, p, ErrUnknown
	}
	return o, p, err
}

// admit looks at the portal with the user's token and keeps the visit and what was seen.
func (s *Service) admit(ctx context.Context, p store.Portal, o Opening, what Object) (Entry, error) {
	since, err := s.db.Moment(ctx)
	if err != nil {
		return Entry{}, err
	}
	p, o, sight, err := s.look(ctx, p, o, what)
	if err != nil {
		return Entry{}, err
	}
	if p.State == store.Installing && !sight.Admin {
		return Entry{}, s.notReady(ctx, p)
	}
	entry := Entry{Portal: p, Opened: o.Object, Params: o.Params, user: sight}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if sight.Deal != nil {
			if err := s.saveCard(ctx, tx, *sight.Deal, since); err != nil {
				return err
			}
		}
		if sight.Admin && p.Admin != sight.User {
			if err := tx.SetAdmin(ctx, sight.User); err != nil {
				return err
			}
		}
		entry.Visit, err = tx.AddVisit(ctx, store.NewVisit{User: sight.User, UserName: sight.UserName, Admin: sight.Admin,
			Token: o.Access, TokenFor: o.AccessFor, VisitFor: s.timing.Visit})
		if err == nil && sight.Admin {
			entry.Lead, err = s.lead(ctx, tx, p, o)
		}
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("admit: %w", err)
	}
	s.wake()
	if sight.Admin {
		s.heal(ctx, p, o)
	}
	return entry, nil
}

func objectOf(kind string, o Opening) Object {
	switch kind {
	case "deal":
		return Object{Deal: acts.DealID(o.Object)}
	case "company":
		return Object{Company: acts.CompanyID(o.Object)}
	case "contact":
		return Object{Contact: acts.ContactID(o.Object)}
	}
	return Object{}
}

// saveCard replaces our copy of a deal and asks SBIS for its counterparty when nobody has yet. since is a moment before the card was read.
func (s *Service) saveCard(ctx context.Context, tx store.Tx, card DealCard, since time.Time) error {
	own, err := tx.OwnCompanies(ctx)
	if err != nil {
		return err
	}
	for _, c := range own {
		if card.OwnRequisite != 0 && c.RequisiteID == card.OwnRequisite {
			card.Deal.OwnCompany = c.ID
		}
	}
	before, err := tx.LockDeal(ctx, card.ID) // what is compared with it must not change meanwhile
	known := err == nil
	if err != nil && !errors.Is(err, acts.NotFound) {
		return err
	}
	if known && before.Whole {
		if err := s.withoutStale(ctx, tx, before, &card.Deal, since); err != nil {
			return err
		}
	}
	if err := tx.SaveDeal(ctx, card.Deal); err != nil {
		return err
	}
	switch {
	case known && before.Whole:
		err = s.dealNews(ctx, tx, before, card.Deal)
	case known && before.StageID != card.StageID:
		err = s.ask(ctx, tx, card.ID, true)
	default:
		err = nil
	}
	if err != nil {
		return err
	}
	if acts.CheckINN(card.Buyer.INN) != "" {
		return nil
	}
	seen, err := tx.Lookup(ctx, card.Buyer.INN, card.Buyer.KPP)
	if err != nil || seen.Asked || !anyAccount(own) {
		return err
	}
	return tx.Enqueue(ctx, TaskLookup, int64(card.ID))
}

func anyAccount(own []store.OwnCompany) bool {
	for _, c := range own {
		if c.AccountID != 0 {
			return true
		}
	}
	return false
}
