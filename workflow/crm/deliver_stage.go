package crm

import (
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/workflow"
)

// stageRefused stores why the CRM refused to move a deal and notifies the responsible once; the move is repeated when
// the deal changes.
func (s *Service) stageRefused(ctx context.Context, tx store.Tx, id acts.DealID, why string) error {
	deal, err := tx.Deals().Get(ctx, id)
	if err != nil {
		return err
	}
	note := "Битрикс24 не дал переместить сделку: " + strings.TrimPrefix(why, "Битрикс24 не принял изменение: ")
	if deal.StageNote == note {
		return nil
	}
	if err := tx.Deals().SetStageNote(ctx, id, note); err != nil {
		return err
	}
	all, err := tx.Acts().OfDeal(ctx, id)
	if err != nil || len(all) == 0 {
		return err
	}
	e := fromCRM(all[0].ID, "stage_refused", note+" Исправьте сделку, и она переместится сама")
	return s.history.AppendNoticed(ctx, tx, e)
}

// fromCRM returns a line of history about what happened in the CRM when the portal does not name a person.
func fromCRM(act acts.ActID, kind, text string) store.ActEvent {
	return store.ActEvent{Act: act, Actor: string(acts.ActorPerson), Kind: kind, Text: text, Source: history.SourceCRM}
}

func (s *Service) prepareStage(ctx context.Context, scope store.Scope, _ store.Portal, d *workflow.Delivery) error {
	deal, err := scope.Deals().Get(ctx, acts.DealID(d.Task.Subject))
	if err != nil || deal.Deleted {
		return err
	}
	all, err := scope.Acts().OfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	pipeline := settings.Pipeline(deal.Category)
	target := acts.StageByActs(all, deal.Rows, settings.StagePolicy())
	if target == acts.NoStage || settings.PortalMoves && !deal.Forced { // a person may still request the move
		d.StoreResult = func(ctx context.Context, tx store.Tx, _ workflow.Result) error {
			return tx.Deals().SetStageNote(ctx, deal.ID, "")
		}
		return nil
	}
	var to, note string
	decide := func(stageID string, final bool) string {
		at := acts.DealPlace{StageID: stageID, Final: final, LastSet: deal.LastSet, LastFor: deal.LastFor, Forced: deal.Forced}
		to, note = pipeline.Mapped.Move(at, target)
		return to
	}
	d.Effect = &workflow.Effect{Stage: &workflow.StageChange{Deal: deal.ID, Decide: decide}}
	d.HandleFailure = func(ctx context.Context, err error) (bool, func(context.Context, store.Tx) error) {
		switch {
		case errors.Is(err, acts.NotFound):
			return s.deals.MarkDeleted(ctx, d.Task.Portal, deal.ID) == nil, nil
		case errors.Is(err, acts.Refused):
			return true, func(ctx context.Context, tx store.Tx) error {
				return s.stageRefused(ctx, tx, deal.ID, acts.Message(err))
			}
		}
		return false, nil
	}
	d.StoreResult = func(ctx context.Context, tx store.Tx, r workflow.Result) error {
		moved := ""
		if r.Moved {
			moved = to
			if err := tx.Deals().SetWritten(ctx, deal.ID, 1); err != nil {
				return err
			}
		}
		if r.DealMoved != nil && r.DealMoved.StageID == to {
			if err := tx.Deals().SaveMoved(ctx, r.DealRead, *r.DealMoved); err != nil {
				return err
			}
		}
		at := pipeline.Mapped.After(acts.DealPlace{StageID: r.Stage, Final: r.Final, LastSet: deal.LastSet, LastFor: deal.LastFor}, target, moved, pipeline.IsFinal(moved))
		if err := tx.Deals().SetPlace(ctx, deal.ID, at, note); err != nil || note == "" || note == deal.StageNote || pipeline.Mapped[target] == "" {
			return err
		}
		return s.history.Notify(ctx, tx, deal.ID, deal.Responsible, workflow.MessageDealStays, "стоит на стадии «"+pipeline.StageName(r.Stage)+"», а по её актам место на стадии «"+target.Name()+
			"». "+note+" Переместить её можно на вкладке «Акты».")
	}
	return nil
}
