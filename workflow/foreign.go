package workflow

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
)

// foreignItem judges an item of the smart process behind which there is no act. One that a person created for a deal is
// the wish to form an act; any other is annulled and its author told why.
func (s *Service) foreignItem(ctx context.Context, p store.Portal, card ItemCard) error {
	if card.Origin != 0 {
		act, err := s.db.Scope(p.ID).Act(ctx, card.Origin)
		if err == nil && (act.Item == 0 || act.Item == card.ID) { // our own creation whose end is not kept yet
			return nil
		}
		if err != nil && !errors.Is(err, acts.NotFound) {
			return err
		}
	}
	if p.ItemStatus(card.Stage) == acts.Annulled {
		return nil
	}
	switch {
	case card.Origin != 0:
		return s.annulForeign(ctx, p, card, "Карточку акта нельзя скопировать: акт формируется из сделки.")
	case card.Deal == 0:
		return s.annulForeign(ctx, p, card, "Акт формируется из сделки: откройте её карточку, вкладку «Акты», или укажите сделку при создании.")
	}
	return s.adopt(ctx, p, card)
}

func (s *Service) annulForeign(ctx context.Context, p store.Portal, card ItemCard, why string) error {
	effects := []Effect{
		{Foreign: &ForeignWish{Item: card.ID, Status: acts.Annulled}},
		{Notice: &NoticeWish{User: card.CreatedBy, Tag: fmt.Sprintf("acts24|foreign|%d", card.ID), Text: fmt.Sprintf("«%s»: %s", plain(card.Title), why)}},
	}
	for _, r := range s.crm.Deliver(ctx, p, effects, func(context.Context) error { return nil }) {
		if r.Err != nil && !errors.Is(r.Err, acts.NotFound) {
			return r.Err
		}
	}
	return nil
}

// keySpace is the name space of the keys of acts that items asked for: one item makes one act.
var keySpace = uuid.MustParse("6f1f2a7e-3d43-4c5b-9a51-8a1b7a6f2f10")

// adopt forms an act of the deal's remainder for an item that a person created, and makes the item the act's own.
func (s *Service) adopt(ctx context.Context, p store.Portal, card ItemCard) error {
	if err := s.copyDeals(ctx, p.ID, card.Deal); err != nil {
		return err
	}
	v, err := s.person(ctx, p, card.CreatedBy)
	if err != nil {
		return err
	}
	if err := v.mayForm(); err != nil {
		return s.annulForeign(ctx, p, card, "Акт не сформирован. "+sentenceOf(err))
	}
	key := uuid.NewSHA1(keySpace, fmt.Appendf(nil, "%d/%d", p.ID, card.ID)).String()
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		d, err := tx.LockDeal(ctx, card.Deal)
		if err != nil {
			return err
		}
		id, err := tx.ActOfForm(ctx, key)
		if err != nil {
			return err
		}
		if id == 0 {
			if id, err = s.formFor(ctx, tx, p, v, d, card, key); err != nil {
				return err
			}
		}
		return tx.SetItem(ctx, id, card.ID, nil)
	})
	var faults acts.Faults
	if errors.As(err, &faults) || acts.KindOf(err) == acts.NotFound || acts.KindOf(err) == acts.Conflict {
		return s.annulForeign(ctx, p, card, "Акт не сформирован. "+sentenceOf(err)+" Сформируйте его на вкладке «Акты» сделки.")
	}
	s.wake()
	return err
}

// formFor fills the form as the deal tab would, with the exchange data that the person put on the item.
func (s *Service) formFor(ctx context.Context, tx store.Tx, p store.Portal, v Visit, d store.Deal, card ItemCard, key string) (acts.ActID, error) {
	sheet := store.DealSheet{Deal: d}
	var err error
	if sheet.Own, err = tx.OwnCompanies(ctx); err != nil {
		return 0, err
	}
	if len(sheet.Own) == 0 {
		return 0, acts.Faults{{Field: "own", Text: "В портале нет нашей организации."}}
	}
	if sheet.Acts, err = tx.ActsOfDeal(ctx, d.ID); err != nil {
		return 0, err
	}
	if sheet.Answers, err = tx.AnswersOfDeal(ctx, d.ID); err != nil {
		return 0, err
	}
	f := Suggest(sheet, s.now().In(ZoneOf(p.Zone)))
	f.Key = key
	if medium := p.OptionName(card.Values[p.ItemField("medium")]); medium != "" {
		f.Type = medium + "-" + string(acts.KindByINN(d.Buyer.INN))
	}
	if channel := p.OptionName(card.Values[p.ItemField("channel")]); channel != "" {
		f.Channel = channel
	}
	if participant := card.Values[p.ItemField("participant")]; participant != "" {
		f.Participant = participant
	}
	own := ChosenCompany(sheet.Own, f.Own)
	act, err := f.parse(d, own, s.now())
	if err != nil {
		return 0, err
	}
	if err := fits(ctx, tx.Scope, act, own); err != nil {
		return 0, err
	}
	act.CreatedBy, act.CreatedAt = v.User, s.now()
	return s.addAct(ctx, tx, v, *f, act)
}
