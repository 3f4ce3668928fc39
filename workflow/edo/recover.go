package edo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/signed"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/recovery"
	"acts24/workflow"
)

// lookBack is how long before the last poll of the backup a reconciliation of a restored database begins to read the list of changes.
const lookBack = 24 * time.Hour

// Recover reads the lists of changes of all organisations again from before the backup, applies what they report, and links documents that
// the backup lacks to their acts by our key.
func (s *Service) Recover(ctx context.Context, portal acts.PortalID, found *recovery.Findings) error {
	scope := s.db.Scope(portal)
	feeds, err := queue.Feeds(ctx, scope)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		own, err := scope.Companies().Get(ctx, f.Company)
		if err != nil {
			return err
		}
		if own.AccountID == 0 {
			continue
		}
		since := f.Since
		if f.PolledAt != nil && f.PolledAt.Add(-lookBack).After(since) {
			since = f.PolledAt.Add(-lookBack)
		}
		account, compared := workflow.Account{Portal: portal, ID: own.AccountID}, 0
		err = s.edo.Changes(ctx, account, own.Party, workflow.Position{Since: since}, func(ctx context.Context, reports []workflow.Report, _ workflow.Position) error {
			for _, r := range reports {
				if compared++; compared%100 == 0 {
					found.Step("%d documents of company %d at SBIS compared", compared, own.ID)
				}
				if err := s.recoverDocument(ctx, account, own, r, found); err != nil {
					return fmt.Errorf("document %s: %w", r.Document, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) recoverDocument(ctx context.Context, account workflow.Account, own store.OwnCompany, r workflow.Report, found *recovery.Findings) error {
	scope := s.db.Scope(account.Portal)
	_, known, err := scope.Documents().Get(ctx, r.Document)
	switch {
	case err != nil:
		return err
	case known:
		return recovery.InTx(ctx, s.db, account.Portal, found, func(tx store.Tx) error { return s.applyOnce(ctx, tx, r) })
	case r.Act == 0 || r.Attachment == "":
		return nil
	}
	if err := recovery.InTx(ctx, s.db, account.Portal, found, func(tx store.Tx) error {
		raised, err := recovery.RaiseCounter(ctx, tx, own, r.Number, r.Date)
		if raised {
			found.Numbers++
		}
		return err
	}); err != nil {
		return err
	}
	_, err = scope.Acts().Get(ctx, r.Act)
	if errors.Is(err, acts.NotFound) {
		if found.Dry && found.IsBack(r.Act) {
			body, err := s.titleAt(ctx, account, r.Document)
			if err != nil {
				return err
			}
			found.AddDone("document %s is linked to act %d", r.Document, r.Act)
			_, err = s.fill(acts.Act{ID: r.Act}, body, found)
			return err
		}
		if !r.Deleted && r.Phase != acts.PhaseCancelled {
			found.AddToDo("document № %s of %s at SBIS (%s) belongs to act %d, which neither the backup nor the CRM has: an unsigned one is to be deleted in SBIS, a signed one to be entered as a paper act",
				r.Number, r.Date.Format(time.DateOnly), r.Link, r.Act)
		}
		return nil
	}
	if err != nil {
		return err
	}
	return s.linkDocument(ctx, account, own, r, found)
}

// linkDocument stores a document that SBIS has of an act and applies its present state.
func (s *Service) linkDocument(ctx context.Context, account workflow.Account, own store.OwnCompany, r workflow.Report, found *recovery.Findings) error {
	body, err := s.titleAt(ctx, account, r.Document)
	if err != nil {
		return err
	}
	now, err := s.edo.Read(ctx, account, r.Document)
	if errors.Is(err, acts.NotFound) {
		return nil // it has been deleted since
	}
	if err != nil {
		return err
	}
	return recovery.InTx(ctx, s.db, account.Portal, found, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, r.Act)
		if err != nil {
			return err
		}
		if other, ok, err := tx.Documents().Live(ctx, act.ID); err != nil || ok {
			found.AddToDo("act %d has the documents %s and %s at SBIS: delete the one that is not signed", act.ID, other.ID, r.Document)
			return err
		}
		if act.Number == "" && r.Number != "" && !act.Correction.IsSet() {
			if err := recovery.SetNumber(ctx, tx, act.ID, r.Number); err != nil {
				return err
			}
		}
		if act.Delivery != acts.DeliveryQueued {
			if err := tx.Acts().SetDelivery(ctx, act, acts.DeliveryQueued, ""); err != nil {
				return err
			}
		}
		doc := store.EDODocument{ID: r.Document, Attachment: r.Attachment, Act: act.ID, OwnCompany: act.OwnCompany, CreatedAt: s.now(), Signing: own.Account.Signing}
		media := workflow.TitleType
		if strings.HasSuffix(body.Name, ".pdf") {
			media = "application/pdf"
		}
		if doc.File, err = tx.Files().Add(ctx, body.Name, media, bytes.NewReader(body.Body), s.now()); err != nil {
			return err
		}
		if err := tx.Documents().Add(ctx, doc); err != nil {
			return err
		}
		found.AddDone("document %s is linked to act %d: %s", r.Document, act.ID, now.Name)
		filled, err := s.fill(act, body, found)
		if err != nil {
			return err
		}
		line := store.ActEvent{Act: act.ID, Actor: string(acts.ActorClock), Kind: "recovered", Text: "Документ найден в СБИС: база восстановлена из копии, сделанной раньше",
			Changes: history.Between(act, filled)}
		if len(line.Changes) > 0 {
			line.Text += ". Содержание взято из файла документа"
			if err := recovery.SetContent(ctx, tx, filled); err != nil {
				return err
			}
		}
		if err := s.history.Append(ctx, tx, line); err != nil {
			return err
		}
		return s.apply(ctx, tx, now)
	})
}

// fill returns the act with the content of its title at SBIS; a PDF file has none that we read. What the title of an act that the backup lacked
// does not state either is added to the findings about that act.
func (s *Service) fill(act acts.Act, title workflow.SignedFile, found *recovery.Findings) (acts.Act, error) {
	if strings.HasSuffix(title.Name, ".pdf") {
		return act, nil
	}
	content, err := s.edo.Content(title.Body)
	if err != nil {
		return act, err
	}
	act = content.Fill(act)
	lost := found.Lost(act.ID)
	if lost == nil {
		return act, nil
	}
	lost.From, lost.To, lost.Unknown = act.From, act.To, nil
	for _, part := range content.Unclear {
		lost.Unknown = append(lost.Unknown, "its "+part+", which its document states ambiguously")
	}
	if act.Signer.Ground == "" {
		lost.Unknown = append(lost.Unknown, "the document of the signer's authority")
	}
	lost.Unknown = append(lost.Unknown, "its comment")
	return act, nil
}

// titleAt fetches our title of a document.
func (s *Service) titleAt(ctx context.Context, account workflow.Account, document string) (workflow.SignedFile, error) {
	got, err := s.edo.Signed(ctx, account, document)
	if err != nil {
		return workflow.SignedFile{}, err
	}
	for _, file := range got.Files {
		if file.Part == signed.PartOurTitle {
			return file, nil
		}
	}
	return workflow.SignedFile{}, acts.Errorf(acts.Unavailable, "СБИС не отдал наш файл документа.")
}
