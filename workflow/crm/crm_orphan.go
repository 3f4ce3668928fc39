package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// handleOrphan handles an item of the smart process without an act. One that a person created for a deal is a request
// to form an act; one of an earlier installation stays as it is; any other is annulled and its author notified. While we
// create an item of the same deal it waits, because it may be that item.
func (s *Service) handleOrphan(ctx context.Context, p store.Portal, card workflow.ItemCard) error {
	coming, err := queue.ItemComing(ctx, s.db.Scope(p.ID), card.ID, card.Deal, task.KindSyncItem)
	if err != nil {
		return err
	}
	if coming {
		return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return enqueueRead(ctx, tx, card) })
	}
	if card.Origin != 0 {
		act, err := s.db.Scope(p.ID).Acts().Get(ctx, card.Origin)
		switch {
		case errors.Is(err, acts.NotFound): // of an earlier installation of the app, whose acts were erased: the item is all that is left
			return nil
		case err != nil:
			return err
		case act.Item == 0 || act.Item == card.ID: // our own creation whose outcome is not stored yet
			return nil
		}
	}
	if p.ItemStatus(card.Stage) == acts.StatusAnnulled {
		return nil
	}
	switch {
	case card.Origin != 0:
		return s.annulOrphan(ctx, p, card, "Карточку акта нельзя скопировать: акт формируется из сделки.")
	case card.Deal == 0:
		return s.annulOrphan(ctx, p, card, "Акт формируется из сделки: откройте её карточку, вкладку «Акты», или укажите сделку при создании.")
	}
	return s.formActOfOrphan(ctx, p, card)
}

func (s *Service) annulOrphan(ctx context.Context, p store.Portal, card workflow.ItemCard, why string) error {
	effects := []workflow.Effect{
		{Orphan: &workflow.OrphanChange{Item: card.ID, Status: acts.StatusAnnulled}},
		{Notice: &workflow.NoticeChange{User: card.CreatedBy, Tag: fmt.Sprintf("acts24|foreign|%d", card.ID), Text: fmt.Sprintf("%s: %s", workflow.Quote(letters.SanitizeBB(card.Title)), why)}},
	}
	for _, r := range s.crm.Deliver(ctx, p, effects, func(context.Context) error { return nil }) {
		if r.Err != nil && !errors.Is(r.Err, acts.NotFound) {
			return r.Err
		}
	}
	return nil
}

// orphanKeyNamespace is the UUID namespace of the keys of acts requested by items: one item makes one act.
var orphanKeyNamespace = uuid.MustParse("6f1f2a7e-3d43-4c5b-9a51-8a1b7a6f2f10")

// formActOfOrphan forms an act of the deal's remainder for an item that a person created, and links the item to the
// act.
func (s *Service) formActOfOrphan(ctx context.Context, p store.Portal, card workflow.ItemCard) error {
	if err := s.deals.FetchDeals(ctx, p.ID, card.Deal); err != nil {
		return err
	}
	v, err := s.people.ActingAs(ctx, p, card.CreatedBy)
	if err != nil {
		return err
	}
	key := uuid.NewSHA1(orphanKeyNamespace, fmt.Appendf(nil, "%d/%d", p.ID, card.ID)).String()
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, card.Deal)
		if err != nil {
			return err
		}
		if err := cmp.Or(v.MayForm(), v.MaySee(d.Responsible)); err != nil {
			return err
		}
		id, err := tx.Acts().OfForm(ctx, key)
		if err != nil {
			return err
		}
		if id == 0 {
			if id, err = s.formActOfItem(ctx, tx, p, v, d, card, key); err != nil {
				return err
			}
		}
		return tx.Acts().SetItem(ctx, id, card.ID, nil)
	})
	if acts.KindOf(err) == acts.Forbidden {
		return s.annulOrphan(ctx, p, card, "Акт не сформирован. "+workflow.MessageOf(err))
	}
	var faults acts.Faults
	if errors.As(err, &faults) || acts.KindOf(err) == acts.NotFound || acts.KindOf(err) == acts.Conflict {
		return s.annulOrphan(ctx, p, card, "Акт не сформирован. "+workflow.MessageOf(err)+" Сформируйте его на вкладке «Акты» сделки.")
	}
	s.wake()
	return err
}

// formActOfItem fills the form as the deal tab does, with the exchange data from the item.
func (s *Service) formActOfItem(ctx context.Context, tx store.Tx, p store.Portal, v workflow.Visit, d store.Deal, card workflow.ItemCard, key string) (acts.ActID, error) {
	details := store.DealDetails{Deal: d}
	var err error
	if details.Own, err = tx.Companies().List(ctx); err != nil {
		return 0, err
	}
	if len(details.Own) == 0 {
		return 0, acts.Faults{{Field: "own", Text: "В портале нет нашей организации."}}
	}
	if details.Acts, err = tx.Acts().OfDeal(ctx, d.ID); err != nil {
		return 0, err
	}
	if details.Settings, err = tx.Portals().Settings(ctx); err != nil {
		return 0, err
	}
	if details.Bases, err = tx.Deals().EarlierBases(ctx, d.ID); err != nil {
		return 0, err
	}
	if details.Answers, err = tx.Questions().Answers(ctx, d.ID); err != nil {
		return 0, err
	}
	today := s.now().In(workflow.ZoneOf(p.Zone))
	f := workflow.Suggest(details, today)
	f.Key = key
	if medium := p.OptionName(card.Values[p.ItemField("medium")]); medium != "" {
		f.Type = medium + "-" + string(d.Buyer.KindOrINN())
	}
	if channel := p.OptionName(card.Values[p.ItemField("channel")]); channel != "" {
		f.Channel = channel
	}
	if participant := card.Values[p.ItemField("participant")]; participant != "" {
		f.Participant = participant
	}
	own := workflow.ChosenCompany(details.Own, f.Own)
	act, err := f.Parse(d, own, today)
	if err != nil {
		return 0, err
	}
	if err := workflow.CheckDateAndNumber(ctx, tx.Scope, act, own); err != nil {
		return 0, err
	}
	act.CreatedBy, act.CreatedAt = v.User, s.now()
	return s.acts.AddAct(ctx, tx, v, *f, act)
}
