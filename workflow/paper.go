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
	"acts24/acts/printform"
	"acts24/store"
)

// Print gives a draft its number and freezes its requisites, so that the print form may be signed.
func (s *Service) Print(ctx context.Context, v Visit, id acts.ActID) error {
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if act.Number != "" {
			return nil
		}
		if act.Status != acts.Draft {
			return acts.Errorf(acts.Conflict, "Акт аннулирован, печатать его незачем.")
		}
		if err := s.numbered(ctx, tx, act); err != nil {
			return err
		}
		return s.tell(ctx, tx, v.event(id, "printed", "Акту присвоен номер, печатная форма готова"), act.Deal, false)
	})
}

// numbered freezes a draft for paper when its parties and rates are fit for a document.
func (s *Service) numbered(ctx context.Context, tx store.Tx, act acts.Act) error {
	own, err := tx.OwnCompany(ctx, act.OwnCompany)
	if err != nil {
		return err
	}
	if err := own.Period().MayIssue(act, "присвоить акту номер"); err != nil {
		return err
	}
	act.Seller = own.Party
	if checks := act.PrintCheck(); !acts.Green(checks) {
		return notReady(checks)
	}
	_, err = s.freeze(ctx, tx, act, own, act.Delivery)
	return err
}

// PrintForm is the print form of an act as a PDF, with a human file name. An act without a number is a preview.
func (s *Service) PrintForm(ctx context.Context, v Visit, id acts.ActID) (name string, body []byte, err error) {
	scope := s.db.Scope(v.Portal)
	act, err := scope.Act(ctx, id)
	if err != nil {
		return "", nil, err
	}
	own, err := scope.OwnCompany(ctx, act.OwnCompany)
	if err != nil {
		return "", nil, err
	}
	if act.Number == "" {
		act.Seller = own.Party
	}
	body, err = s.printForm(ctx, scope, act, own)
	return printform.FileName(act), body, err
}

func (s *Service) printForm(ctx context.Context, scope store.Scope, act acts.Act, own store.OwnCompany) ([]byte, error) {
	form := printform.Form{Act: act}
	if own.Logo != 0 {
		file, err := scope.File(ctx, own.Logo)
		if err != nil {
			return nil, err
		}
		var logo bytes.Buffer
		if err := scope.CopyFile(ctx, file, &logo); err != nil {
			return nil, err
		}
		form.Logo = logo.Bytes()
	}
	return printform.PDF(form)
}

// Upload is a file that a person gave us, checked by its content and kept aside.
type Upload struct {
	Name   string
	Media  string
	SHA256 []byte
	Open   func() (io.ReadCloser, error)
}

// UploadCopies keeps signed copies of a paper act. They sign a draft for us, and a sent act for the counterparty.
// replace leaves the copies that were there to history.
func (s *Service) UploadCopies(ctx context.Context, v Visit, id acts.ActID, side acts.Side, files []Upload, replace bool) error {
	if len(files) == 0 {
		return acts.Faults{{Field: string(side), Text: "Выберите файл: PDF, JPEG или PNG до 20 МБ."}}
	}
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MayUpload(side); err != nil {
			return err
		}
		added, err := s.keepCopies(ctx, tx, act, side, files, replace, v.UserName)
		if err != nil || added == 0 {
			return err
		}
		line := v.event(id, "uploaded", fmt.Sprintf("Загружено: %s, файлов: %d", side.Label(), added))
		if err := s.copyCame(ctx, tx, act, side, line); err != nil {
			return err
		}
		return tx.Enqueue(ctx, TaskFiles, int64(id))
	})
}

// keepCopies keeps those files of a side that are not there yet.
func (s *Service) keepCopies(ctx context.Context, tx store.Tx, act acts.Act, side acts.Side, files []Upload, replace bool, by string) (added int, err error) {
	if replace {
		if err := tx.RetireFiles(ctx, act.ID, side); err != nil {
			return 0, err
		}
	}
	kept, err := tx.FilesOfAct(ctx, act.ID)
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		if sameCopy(kept, side, f.SHA256) {
			continue
		}
		if current(kept, side)+added >= acts.MostCopies {
			return added, acts.Faults{{Field: string(side), Text: fmt.Sprintf("У акта хранится не больше %d файлов «%s». Загрузите меньше или замените прежние.", acts.MostCopies, side.Label())}}
		}
		if err := s.keepCopy(ctx, tx, act.ID, side, f, by, 0); err != nil {
			return added, err
		}
		added++
	}
	return added, nil
}

func (s *Service) keepCopy(ctx context.Context, tx store.Tx, act acts.ActID, side acts.Side, f Upload, by string, crm int64) error {
	body, err := f.Open()
	if err != nil {
		return fmt.Errorf("open upload: %w", err)
	}
	defer body.Close()
	file, err := tx.AddFile(ctx, f.Name, f.Media, body, s.now())
	if err != nil {
		return err
	}
	return tx.AddActFile(ctx, act, store.ActFile{File: store.File{ID: file}, Side: side, CRMFile: crm, AddedBy: by}, s.now())
}

func sameCopy(kept []store.ActFile, side acts.Side, sum []byte) bool {
	for _, f := range kept {
		if f.Current && f.Side == side && bytes.Equal(f.SHA256, sum) {
			return true
		}
	}
	return false
}

func current(kept []store.ActFile, side acts.Side) (n int) {
	for _, f := range kept {
		if f.Current && f.Side == side {
			n++
		}
	}
	return n
}

// copyCame does what the arrival of a copy means for the act.
func (s *Service) copyCame(ctx context.Context, tx store.Tx, act acts.Act, side acts.Side, line store.ActEvent) error {
	if side == acts.Theirs && act.ScanOn.IsZero() {
		today, err := s.pastDay(ctx, tx, "scan", "")
		if err != nil {
			return err
		}
		if err := tx.Arrived(ctx, act.ID, today, act.OriginalOn); err != nil {
			return err
		}
	}
	to, err := act.Apply(side.Event(), acts.ByPerson)
	if err != nil { // one more page of what is there already
		return s.tell(ctx, tx, line, act.Deal, false)
	}
	if act.Status == acts.Draft && act.Number == "" {
		if err := s.numbered(ctx, tx, act); err != nil {
			return err
		}
	}
	if err := s.move(ctx, tx, &act, to, line, "", false); err != nil {
		return err
	}
	return s.schedule(ctx, tx, act.ID)
}

// SendForm is how a person says that a paper act left, as it was typed.
type SendForm struct {
	Channel, Address, On, Track string
	Seen                        string // where the act stood when the form was drawn, "" when nobody knows
}

// SendPaper sends a paper act by e-mail, or keeps that it left by post, by courier or by hand. An e-mailed act is sent
// when its letter has gone.
func (s *Service) SendPaper(ctx context.Context, v Visit, id acts.ActID, f SendForm) error {
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MaySend(); err != nil {
			return err
		}
		if f.Seen != "" && f.Seen != act.Seen() {
			return acts.Errorf(acts.Conflict, "Акт уже отправлен, пока эта страница была открыта. Посмотрите, нужно ли отправлять ещё раз.")
		}
		if acts.Channel(f.Channel) == acts.ByEmail {
			return s.queueLetter(ctx, tx, v, act, f.Address)
		}
		on, err := s.pastDay(ctx, tx, "on", f.On)
		if err != nil {
			return err
		}
		return s.sent(ctx, tx, act, acts.Sending{Channel: acts.ByPost, On: on, Track: clip(f.Track, 60)}, v.event(id, string(act.SendEvent()), ""))
	})
}

// sent keeps that an act left; line says who sent it.
func (s *Service) sent(ctx context.Context, tx store.Tx, act acts.Act, how acts.Sending, line store.ActEvent) error {
	to, err := act.Apply(act.SendEvent(), acts.ByPerson)
	if err != nil {
		return err
	}
	line.Text = sentText(act, how)
	if err := s.move(ctx, tx, &act, to, line, "", false); err != nil {
		return err
	}
	zone, err := s.zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	if err := tx.SendAct(ctx, act.ID, how.Channel, how.Track, momentOf(how.On, s.now(), zone)); err != nil {
		return err
	}
	return s.schedule(ctx, tx, act.ID)
}

// momentOf is now for today, else the beginning of the day in the portal's zone.
func momentOf(day, now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	if day.IsZero() || day.Format(time.DateOnly) == local.Format(time.DateOnly) {
		return now
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
}

func sentText(act acts.Act, how acts.Sending) string {
	text := "Направлен заявителю"
	if act.Status == acts.Sent {
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

// address reads an e-mail address that a person typed.
func address(text string) (string, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > 254 || !strings.Contains(text[strings.LastIndex(text, "@")+1:], ".") {
		return "", acts.Faults{{Field: "address", Text: "Укажите один адрес, например buh@romashka.ru."}}
	}
	return text, nil
}
