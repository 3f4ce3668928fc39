package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/recovery"
	"acts24/store/task"
	"acts24/workflow"
)

// lookBack is how long before the last known change of the CRM a reconciliation of a restored database begins.
const lookBack = time.Hour

// Recover compares the items that we wrote since the backup with the acts of a restored database: items are linked to their acts, numbers
// and marks of paper acts are taken over, and acts that the backup lacks are brought back as far as their item shows them.
func (s *Service) Recover(ctx context.Context, portal acts.PortalID, found *recovery.Findings) error {
	scope := s.db.Scope(portal)
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return err
	}
	since, err := recovery.KnownUntil(ctx, scope)
	if err != nil {
		return err
	}
	now, err := s.db.MachineTime(ctx)
	if err != nil {
		return err
	}
	compared := 0
	return s.crm.Changes(ctx, p, since.Add(-lookBack), now, func(ctx context.Context, page workflow.Changes) error {
		compared += len(page.Items)
		defer func() { found.Step("%d items of acts compared", compared) }()
		for _, card := range page.Items {
			if card.Origin == 0 {
				continue // a person's own, which is read after the reconciliation
			}
			found.SetShown(card.Origin, p.ItemStatus(card.Stage))
			if err := s.recoverItem(ctx, p, card, found); err != nil {
				return fmt.Errorf("item %d: %w", card.ID, err)
			}
		}
		return nil
	})
}

func (s *Service) recoverItem(ctx context.Context, p store.Portal, card workflow.ItemCard, found *recovery.Findings) error {
	act, err := s.db.Scope(p.ID).Acts().Get(ctx, card.Origin)
	if errors.Is(err, acts.NotFound) {
		if err := s.bringBack(ctx, p, card, found); err != nil || found.Dry || !found.IsBack(card.Origin) {
			return err
		}
	} else if err != nil || act.Item != 0 && act.Item != card.ID { // a copy that a person made in the CRM
		return err
	}
	if err := s.recoverNumber(ctx, p, card, found); err != nil {
		return err
	}
	if !found.Dry {
		if err := s.recoverFiles(ctx, p, card); err != nil {
			return err
		}
	}
	return s.recoverMark(ctx, p, card, found)
}

// recoverNumber links an item to its act and gives the act the number that the item shows.
func (s *Service) recoverNumber(ctx context.Context, p store.Portal, card workflow.ItemCard, found *recovery.Findings) error {
	return recovery.InTx(ctx, s.db, p.ID, found, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, card.Origin)
		if err != nil {
			return err
		}
		base, err := tx.Acts().ItemBase(ctx, act.ID)
		if err != nil {
			return err
		}
		if act.Item == 0 {
			found.AddDone("act %d is linked to its item %d", act.ID, card.ID)
		}
		number := card.Values[p.ItemField("number")]
		if err := s.raiseNumber(ctx, tx, act.OwnCompany, number, act.Date, found); err != nil {
			return err
		}
		switch {
		case number == "" || number == act.NumberLabel():
		case act.Number == "" && !act.Correction.IsSet():
			if err := recovery.SetNumber(ctx, tx, act.ID, number); err != nil {
				return err
			}
			if err := s.history.Append(ctx, tx, recovered(act.ID, "Номер "+number+" взят из карточки CRM: база восстановлена из копии, сделанной раньше")); err != nil {
				return err
			}
			found.AddDone("act %d gets its number %s back", act.ID, number)
		default:
			found.AddToDo("act %d has the number %q, its item %d shows %q: correct the act", act.ID, act.NumberLabel(), card.ID, number)
		}
		if sum := kopecks(card.Values["opportunity"]); sum != act.Totals.Gross {
			found.AddToDo("act %d was changed after the backup: its item %d shows the sum %s, the act has %s: change the act again, or its item is rewritten", act.ID, card.ID, sum, act.Totals.Gross)
		}
		if err := tx.Acts().SetItem(ctx, act.ID, card.ID, s.baseOf(p, card, base)); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.SyncItem(act.ID))
	})
}

// baseOf returns base with the present values of the item in the fields that only we write, so that what we wrote after the backup does not count
// as an edit by a person.
func (s *Service) baseOf(p store.Portal, card workflow.ItemCard, base map[string]string) map[string]string {
	ours := []string{"title", "opportunity", "stageId"}
	for _, name := range []string{"number", "date", "net", "tax", "delivery", "link", "note"} {
		ours = append(ours, p.ItemField(name))
	}
	now := map[string]string{}
	for name, value := range base {
		now[name] = value
	}
	for _, name := range ours {
		if name != "" {
			now[name] = card.Values[name]
			delete(now, "="+name)
		}
	}
	return now
}

func (s *Service) raiseNumber(ctx context.Context, tx store.Tx, company acts.CompanyID, number string, date time.Time, found *recovery.Findings) error {
	if number == "" {
		return nil
	}
	own, err := tx.Companies().Get(ctx, company)
	if err != nil {
		return err
	}
	raised, err := recovery.RaiseCounter(ctx, tx, own, number, date)
	if raised {
		found.Numbers++
	}
	return err
}

// recoverFiles imports the copies in the fields of an item that the act does not have.
func (s *Service) recoverFiles(ctx context.Context, p store.Portal, card workflow.ItemCard) error {
	kept, err := s.db.Scope(p.ID).Acts().Files(ctx, card.Origin)
	if err != nil {
		return err
	}
	return s.importFiles(ctx, p, card.Origin, card, kept)
}

// recoverMark gives a paper act the status of its item. The status of an electronic act is reported by SBIS.
func (s *Service) recoverMark(ctx context.Context, p store.Portal, card workflow.ItemCard, found *recovery.Findings) error {
	status := p.ItemStatus(card.Stage)
	if status == "" {
		return nil
	}
	return recovery.InTx(ctx, s.db, p.ID, found, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, card.Origin)
		if err != nil || act.Medium != acts.MediumPaper || act.Status == status {
			return err
		}
		line := recovered(act.ID, "Статус «"+status.Label()+"» взят из карточки CRM: база восстановлена из копии, сделанной раньше")
		line.From, line.To = act.Status, status
		reason := card.Values[p.ItemField("note")]
		if err := tx.Acts().Move(ctx, act.ID, store.Move{From: act.Status, To: status, Marked: true, Reason: reason, At: s.now()}); err != nil {
			return err
		}
		if err := s.history.Append(ctx, tx, line); err != nil {
			return err
		}
		found.AddDone("act %d is «%s» again, as its item", act.ID, status.Label())
		if err := queue.Enqueue(ctx, tx, task.MoveDeal(act.Deal)); err != nil {
			return err
		}
		return s.calendar.UpdateReminders(ctx, tx, act.ID)
	})
}

// recovered is a line of history about what was taken from the CRM.
func recovered(act acts.ActID, text string) store.ActEvent {
	return store.ActEvent{Act: act, Actor: string(acts.ActorClock), Kind: "recovered", Text: text}
}

func kopecks(text string) acts.Kopecks {
	amount, err := decimal.NewFromString(text)
	if err != nil {
		return 0
	}
	return acts.Round(amount)
}

// bringBack stores an act that the backup lacks, with the id that it had, if its item and its deal show all its lines. What they do not
// show stays empty: a person enters it.
func (s *Service) bringBack(ctx context.Context, p store.Portal, card workflow.ItemCard, found *recovery.Findings) error {
	date, _ := time.Parse(time.DateOnly, dateOf(p, card))
	lost := recovery.LostAct{ID: card.Origin, Deal: card.Deal, Title: card.Title, Date: date}
	fail := func(why string) error {
		found.AddLost(lost)
		found.AddToDo("act %d «%s» (item %d of deal %d) is not in the backup and cannot be brought back: %s. Form it again on the deal, or annul its item",
			card.Origin, card.Title, card.ID, card.Deal, why)
		return nil
	}
	if card.Deal == 0 {
		return fail("the item has no deal")
	}
	if err := s.deals.FetchDeals(ctx, p.ID, card.Deal); err != nil {
		return err
	}
	rows, err := s.crm.ItemRows(ctx, p, card.ID)
	if err != nil {
		return err
	}
	v, err := s.people.ActingAs(ctx, p, card.CreatedBy)
	if err != nil {
		return err
	}
	why := ""
	err = recovery.InTx(ctx, s.db, p.ID, found, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, card.Deal)
		if errors.Is(err, acts.NotFound) {
			why = "its deal is gone"
			return nil
		}
		if err != nil {
			return err
		}
		f, act, text, err := s.actOfItem(ctx, tx, p, d, card, rows)
		if why = text; err != nil || why != "" {
			return err
		}
		act.ID, act.CreatedBy, act.CreatedAt, act.Responsible = card.Origin, card.CreatedBy, s.now(), d.Responsible
		if _, err := tx.Acts().Add(ctx, f.Key, act); err != nil {
			return err
		}
		if err := tx.Deals().DropActRequest(ctx, act.Deal); err != nil { // the request that is still in the backup has made it
			return err
		}
		lost.Back, lost.Unknown = true, []string{"its basis", "its signer and the document of his authority", "its period", "its comment"}
		found.AddLost(lost)
		found.AddDone("act %d «%s» of deal %d is brought back from its item", act.ID, card.Title, act.Deal)
		return s.history.Append(ctx, tx, v.Event(act.ID, "created", "Акт восстановлен по карточке CRM: база восстановлена из копии, сделанной раньше. Основания, подписанта, периода и примечания в карточке нет: укажите их"))
	})
	if err == nil && why != "" {
		return fail(why)
	}
	return err
}

// actOfItem returns the act that an item shows, made as the form of its deal would make it but for what only a person knows, or why it
// cannot be made.
func (s *Service) actOfItem(ctx context.Context, tx store.Tx, p store.Portal, d store.Deal, card workflow.ItemCard, rows []workflow.ItemRow) (f *workflow.ActForm, act acts.Act, why string, err error) {
	details := store.DealDetails{Deal: d}
	if details.Own, err = tx.Companies().List(ctx); err != nil {
		return nil, act, "", err
	}
	if details.Settings, err = tx.Portals().Settings(ctx); err != nil {
		return nil, act, "", err
	}
	if details.Bases, err = tx.Deals().EarlierBases(ctx, d.ID); err != nil {
		return nil, act, "", err
	}
	at := slices.IndexFunc(details.Own, func(c store.OwnCompany) bool {
		return fmt.Sprint(int64(c.CRM)) == card.Values["mycompanyId"] && (d.OwnCompany == 0 || c.ID == d.OwnCompany || c.CRM != d.OwnCompany)
	})
	if at < 0 {
		return nil, act, "our company of the item is unknown", nil
	}
	value := func(name string) string { return card.Values[p.ItemField(name)] }
	today := s.now().In(workflow.ZoneOf(p.Zone))
	f = workflow.Suggest(details, today)
	f.Key, f.Own, f.Date, f.Repeated = uuid.NewSHA1(orphanKeyNamespace, fmt.Appendf(nil, "%d/act/%d", p.ID, card.Origin)).String(), details.Own[at].ID, dateOf(p, card), nil
	f.Type = p.OptionName(value("medium")) + "-" + p.OptionName(value("party"))
	f.Channel, f.Participant = p.OptionName(value("channel")), value("participant")
	if !fillRows(f, d, rows) {
		return nil, act, "the rows of the item are not those of the deal", nil
	}
	act, faults := f.Draft(d, details.Own[at], today)
	if act.Totals.Gross != kopecks(card.Values["opportunity"]) || act.Totals.Tax != kopecks(value("tax")) || act.Date.IsZero() {
		return nil, act, "the sums of the deal's rows differ from the item's: " + faults.Error(), nil
	}
	act.Signer, act.Basis, act.From, act.To, act.Comment = acts.Signer{}, acts.Basis{}, time.Time{}, time.Time{}, ""
	return f, act, "", nil
}

// dateOf returns the date of the act that an item shows.
func dateOf(p store.Portal, card workflow.ItemCard) string {
	date, _, _ := strings.Cut(card.Values[p.ItemField("date")], "T")
	return date
}

// fillRows puts the rows of an item into a form of its deal; ok is false when one of them is not in the deal.
func fillRows(f *workflow.ActForm, d store.Deal, rows []workflow.ItemRow) (ok bool) {
	f.Picks, f.Free = map[acts.RowID]workflow.Pick{}, nil
	for _, row := range rows {
		if len(d.Rows) == 0 {
			f.Free = append(f.Free, workflow.FreeLine{Name: row.Name, Quantity: row.Quantity.String(), Price: row.Price.String(), Rate: string(row.Rate)})
			continue
		}
		at := slices.IndexFunc(d.Rows, func(r acts.ProductRow) bool {
			_, taken := f.Picks[r.ID]
			return !taken && r.Name == row.Name && r.Line(row.Quantity, row.Rate).UnitPrice().Equal(row.Price)
		})
		if at < 0 {
			return false
		}
		f.Picks[d.Rows[at].ID] = workflow.Pick{On: true, Quantity: row.Quantity.String(), Rate: string(row.Rate)}
	}
	return len(rows) > 0
}
