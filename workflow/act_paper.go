package workflow

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/scan"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// Print numbers and finalizes a draft, so that its print form may be signed.
func (s *Acts) Print(ctx context.Context, v Visit, id acts.ActID) error {
	if err := s.deals.RefetchDealOfAct(ctx, v, id); err != nil {
		return err
	}
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if act.Number != "" {
			return nil
		}
		if act.Status != acts.StatusDraft {
			return acts.Errorf(acts.Conflict, "Акт аннулирован, печатать его незачем.")
		}
		numbered, err := s.finalizePaper(ctx, tx, act)
		if err != nil {
			return err
		}
		line := v.Event(id, "printed", "Акту присвоен номер, печатная форма готова")
		line.Changes = history.Between(act, numbered)
		return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
	})
}

// finalizePaper finalizes a draft on paper when its parties and rates allow a document.
func (s *Acts) finalizePaper(ctx context.Context, tx store.Tx, act acts.Act) (acts.Act, error) {
	own, err := tx.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return act, err
	}
	if err := own.ClosedPeriod().MayIssue(act, "присвоить акту номер"); err != nil {
		return act, err
	}
	if act, err = withCurrentParties(ctx, tx.Scope, act, own); err != nil {
		return act, err
	}
	today, err := s.calendar.today(ctx, tx.Scope)
	if err != nil {
		return act, err
	}
	ready, err := s.Ready(act, own, acts.Connection{}, today)
	if err != nil {
		return act, err
	}
	if err := unmetChecks(ready.PaperCheck()); err != nil {
		return act, err
	}
	return s.finalize(ctx, tx, act, own, act.Delivery)
}

// Upload is an uploaded file, checked by its content and stored in a temporary file.
type Upload struct {
	Name   string
	Media  string
	SHA256 []byte
	Open   func() (io.ReadCloser, error)
}

// UploadCopies stores signed copies of a paper act. Our copy signs a draft, the counterparty's copy signs a sent act.
// With replace earlier copies are kept in the history only.
func (s *Acts) UploadCopies(ctx context.Context, v Visit, id acts.ActID, side acts.Side, files []Upload, replace bool) error {
	if len(files) == 0 {
		return acts.Faults{{Field: string(side), Text: "Выберите файл: PDF, JPEG или PNG до 20 МБ."}}
	}
	if side == acts.SideOurs { // it numbers a draft
		if err := s.deals.RefetchDealOfAct(ctx, v, id); err != nil {
			return err
		}
	}
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MayUpload(side); err != nil {
			return err
		}
		changes, added, err := s.keepCopies(ctx, tx, act, side, files, replace, v.UserName)
		if err != nil || added == 0 {
			return err
		}
		line := v.Event(id, "uploaded", fmt.Sprintf("Загружено: %s, файлов: %d", side.Label(), added))
		line.Changes = changes
		if err := s.ApplyUpload(ctx, tx, act, side, line); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.SyncFiles(id))
	})
}

// keepCopies stores those files of a side that are not stored yet. It returns what has changed, and how many files were stored.
func (s *Acts) keepCopies(ctx context.Context, tx store.Tx, act acts.Act, side acts.Side, files []Upload, replace bool, by string) (changes []acts.Difference, added int, err error) {
	if replace {
		if changes, err = retireFiles(ctx, tx, act.ID, side); err != nil {
			return nil, 0, err
		}
	}
	kept, err := tx.Acts().Files(ctx, act.ID)
	if err != nil {
		return nil, 0, err
	}
	for _, f := range files {
		if sameCopy(kept, side, f.SHA256) {
			continue
		}
		if countCurrent(kept, side)+added >= scan.MaxCount {
			return nil, added, acts.Faults{{Field: string(side), Text: fmt.Sprintf("У акта хранится не больше %d файлов «%s». Загрузите меньше или замените прежние.", scan.MaxCount, side.Label())}}
		}
		if err := s.KeepCopy(ctx, tx, act.ID, side, f, by, 0); err != nil {
			return nil, added, err
		}
		changes = append(changes, acts.Difference{What: "Файл", Is: "«" + f.Name + "»"})
		added++
	}
	return changes, added, nil
}

// retireFiles marks the current copies of a side as replaced, and returns them as changes of the act.
func retireFiles(ctx context.Context, tx store.Tx, act acts.ActID, side acts.Side) (changes []acts.Difference, err error) {
	names, err := tx.Acts().RetireFiles(ctx, act, side)
	for _, name := range names {
		changes = append(changes, acts.Difference{What: "Больше не используется файл", Was: "«" + name + "»"})
	}
	return changes, err
}

// KeepCopy stores a copy of an act. crm is the id of the file in the CRM, 0 when it is not there.
func (s *Acts) KeepCopy(ctx context.Context, tx store.Tx, act acts.ActID, side acts.Side, f Upload, by string, crm int64) error {
	body, err := f.Open()
	if err != nil {
		return fmt.Errorf("open upload: %w", err)
	}
	defer body.Close()
	file, err := tx.Files().Add(ctx, f.Name, f.Media, body, s.now())
	if err != nil {
		return err
	}
	return tx.Acts().AddFile(ctx, act, store.ActFile{File: store.File{ID: file}, Side: side, CRMFile: crm, AddedBy: by}, s.now())
}

func sameCopy(kept []store.ActFile, side acts.Side, sum []byte) bool {
	for _, f := range kept {
		if f.Current && f.Side == side && bytes.Equal(f.SHA256, sum) {
			return true
		}
	}
	return false
}

func countCurrent(kept []store.ActFile, side acts.Side) (n int) {
	for _, f := range kept {
		if f.Current && f.Side == side {
			n++
		}
	}
	return n
}

// ApplyUpload changes the status of the act after the upload of a copy.
func (s *Acts) ApplyUpload(ctx context.Context, tx store.Tx, act acts.Act, side acts.Side, line store.ActEvent) error {
	was := act
	if side == acts.SideTheirs && act.ScanOn.IsZero() {
		today, err := s.calendar.pastDay(ctx, tx, "scan", "")
		if err != nil {
			return err
		}
		if err := tx.Acts().SetArrived(ctx, act.ID, today, act.OriginalOn); err != nil {
			return err
		}
		act.ScanOn = today
	}
	to, err := act.Apply(side.Event(), acts.ActorPerson)
	if err != nil { // another page of a copy that has already changed the status
		line.Changes = append(line.Changes, history.Between(was, act)...)
		return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
	}
	if act.Status == acts.StatusDraft && act.Number == "" {
		if act, err = s.finalizePaper(ctx, tx, act); err != nil {
			return err
		}
	}
	line.Changes = append(line.Changes, history.Between(was, act)...)
	if err := s.history.ChangeStatus(ctx, tx, &act, to, line, "", false); err != nil {
		return err
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// SendForm is the typed form about the sending of a paper act.
type SendForm struct {
	Channel, Address, On, Track string
	Seen                        string // state of the act when the form was rendered, "" when unknown
	Text                        string // of the letter as it was typed, "" for the usual one
}

// SendPaper sends a paper act by e-mail, or records that it was sent by post, courier or hand. The status of an
// e-mailed act changes when its letter was sent.
func (s *Acts) SendPaper(ctx context.Context, v Visit, id acts.ActID, f SendForm) error {
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MaySend(); err != nil {
			return err
		}
		if f.Seen != "" && f.Seen != act.SeenToken() {
			return acts.Errorf(acts.Conflict, "Акт уже отправлен, пока эта страница была открыта. Посмотрите, нужно ли отправлять ещё раз.")
		}
		if acts.Channel(f.Channel) == acts.ChannelEmail {
			return s.queueLetter(ctx, tx, v, act, f.Address, f.Text)
		}
		on, err := s.calendar.pastDay(ctx, tx, "on", f.On)
		if err != nil {
			return err
		}
		return s.RecordSending(ctx, tx, act, acts.Sending{Channel: acts.ChannelPost, On: on, Track: Clip(f.Track, 60)}, v.Event(id, string(act.SendEvent()), ""))
	})
}

// RecordSending records that an act was sent; line names who sent it.
func (s *Acts) RecordSending(ctx context.Context, tx store.Tx, act acts.Act, how acts.Sending, line store.ActEvent) error {
	to, err := act.Apply(act.SendEvent(), acts.ActorPerson)
	if err != nil {
		return err
	}
	line.Text = sentText(act, how)
	line.Changes = append(line.Changes, history.Change("Трек-номер", act.Track, how.Track)...)
	if err := s.history.ChangeStatus(ctx, tx, &act, to, line, "", false); err != nil {
		return err
	}
	zone, err := s.calendar.Zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	if err := tx.Acts().SetSent(ctx, act.ID, how.Channel, how.Track, momentOf(how.On, s.now(), zone)); err != nil {
		return err
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// momentOf returns now for today, otherwise the beginning of the day in the portal's zone.
func momentOf(day, now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	if day.IsZero() || day.Format(time.DateOnly) == local.Format(time.DateOnly) {
		return now
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
}

func sentText(act acts.Act, how acts.Sending) string {
	text := "Направлен заявителю"
	if act.Status == acts.StatusSent {
		text = "Направлен повторно"
	}
	text += ": " + strings.ToLower(how.Channel.Label())
	if how.Address != "" {
		text += ", " + how.Address
	}
	if how.Track != "" {
		text += ", отправление " + how.Track
	}
	if !how.On.IsZero() {
		text += ", " + how.On.Format("02.01.2006")
	}
	return text
}

// Address parses an e-mail address that a person typed.
func Address(text string) (string, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > 254 || !strings.Contains(text[strings.LastIndex(text, "@")+1:], ".") {
		return "", acts.Faults{{Field: "address", Text: "Укажите один адрес, например buh@romashka.ru."}}
	}
	return text, nil
}
