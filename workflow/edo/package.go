package edo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/printform"
	"acts24/acts/scan"
	"acts24/acts/signed"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// The print form of the operator is requested printFormTries times with growing pauses, then a person may repeat it. A larger one than
// maxPrintForm is not stored.
const (
	printFormTries = 7
	maxPrintForm   = scan.MaxSize
)

// hasPackage reports whether a report shows that there is something new to fetch: the counterparty has decided about a document with our
// signature, or it was annulled before anything was fetched.
func hasPackage(doc store.EDODocument, r workflow.Report) bool {
	switch r.Phase {
	case acts.PhaseDecided, acts.PhaseRefused:
		return doc.Dispatched
	case acts.PhaseCancelled:
		return doc.Dispatched && doc.Package == signed.StateNone && r.Document != "" && r.Event != ""
	}
	return false
}

// wantPackage enqueues the fetching of a document's signed files.
func wantPackage(ctx context.Context, tx store.Tx, doc store.EDODocument) error {
	doc.Package, doc.PackageNote, doc.PackageAsked = signed.StateFetching, "", 0
	if err := tx.Documents().SetPackage(ctx, doc); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.FetchSigned(doc.Act))
}

// RepeatPackage fetches the signed files of an act's document again after they could not be fetched completely.
func (s *Service) RepeatPackage(ctx context.Context, v workflow.Visit, id acts.ActID) error {
	return s.acts.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		doc, ok, err := packageDocument(ctx, tx.Scope, id)
		if err != nil {
			return err
		}
		switch {
		case ok && doc.Package.UnderWay(): // a second press of the button
			return nil
		case !ok || !doc.Package.Repeatable():
			return acts.Errorf(acts.Conflict, "Загружать нечего: комплект загружен, или документ ещё не завершён.")
		}
		if err := wantPackage(ctx, tx, doc); err != nil {
			return err
		}
		err = s.history.Append(ctx, tx, v.Event(id, "package", "Подписанный комплект загружается из СБИС ещё раз"))
		return err
	})
}

// packageDocument returns the document whose signed files belong to an act: the live one, else the newest.
func packageDocument(ctx context.Context, scope store.Scope, id acts.ActID) (doc store.EDODocument, ok bool, err error) {
	if doc, ok, err = scope.Documents().Live(ctx, id); err != nil || ok {
		return doc, ok, err
	}
	return scope.Documents().Last(ctx, id)
}

// fetchSigned fetches the titles and signatures of an act's document, then the print form of the operator, which is made on demand and may be
// ready much later or never. What was stored is not fetched again.
func (s *Service) fetchSigned(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Acts().Get(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	doc, ok, err := packageDocument(ctx, scope, act.ID)
	if err != nil {
		return err
	}
	if !ok || !doc.Package.UnderWay() {
		s.queue.Done(ctx, t)
		return nil
	}
	own, err := scope.Companies().Get(ctx, doc.OwnCompany)
	if err != nil {
		return err
	}
	if own.AccountID == 0 {
		return s.endPackage(ctx, t, doc, signed.StateFailed, "Для нашей организации не подключён аккаунт СБИС. Подключите его в настройках и нажмите «Повторить».", nil)
	}
	at := workflow.Account{Portal: t.Portal, ID: own.AccountID}
	if doc.Package == signed.StateFetching {
		if err := s.fetchTitles(ctx, at, &doc); err != nil {
			return s.packageFailed(ctx, t, doc, err)
		}
	}
	if err := s.fetchPrintForm(ctx, t, at, act, doc); err != nil {
		return s.packageFailed(ctx, t, doc, err)
	}
	return nil
}

// packageFailed decides what an error means for the package of a document: to ask again later, or to leave it to a person.
func (s *Service) packageFailed(ctx context.Context, t queue.Task, doc store.EDODocument, err error) error {
	state, limit := signed.StateFailed, "титулы с подписями до 20 МБ вместе"
	if doc.Package == signed.StatePrinting {
		state, limit = signed.StateNoPrintForm, "печатная форма до 20 МБ"
	}
	switch {
	case errors.Is(err, workflow.ErrNotReady) && doc.PackageAsked+1 < printFormTries:
		doc.PackageAsked++
		if err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return tx.Documents().SetPackage(ctx, doc) }); err != nil {
			return err
		}
		return notReady{wait: s.timing.PrintForm(doc.PackageAsked)}
	case errors.Is(err, workflow.ErrNotReady):
		why := "СБИС не подготовил файлы документа."
		if state == signed.StateNoPrintForm {
			why = "СБИС не подготовил печатную форму."
		}
		return s.endPackage(ctx, t, doc, state, why, nil)
	case errors.Is(err, workflow.ErrTooLarge):
		return s.endPackage(ctx, t, doc, state, "Файл в СБИС больше, чем мы храним ("+limit+"). Скачайте его в кабинете СБИС.", nil)
	case errors.Is(err, acts.NotFound):
		return s.endPackage(ctx, t, doc, state, "Документа нет в СБИС, или у пользователя аккаунта нет прав на него.", nil)
	}
	return err
}

// notReady is the error of a file that the operator is still making.
type notReady struct{ wait time.Duration }

// Error returns the state of the file for the log.
func (n notReady) Error() string { return workflow.ErrNotReady.Error() }

// Unwrap returns the message for users.
func (n notReady) Unwrap() error {
	return acts.Errorf(acts.Unavailable, "СБИС готовит печатную форму документа.")
}

// RetryAfter returns the pause before the next request.
func (n notReady) RetryAfter() time.Duration { return n.wait }

// fetchTitles fetches and stores the titles and signatures of a document.
func (s *Service) fetchTitles(ctx context.Context, at workflow.Account, doc *store.EDODocument) error {
	got, err := s.edo.Signed(ctx, at, doc.ID)
	if err != nil {
		return err
	}
	doc.Package, doc.PackageNote, doc.PackageAsked = signed.StatePrinting, strings.Join(got.Notes, " "), 0
	return s.db.InTx(ctx, at.Portal, func(tx store.Tx) error {
		if _, err := tx.Acts().Lock(ctx, doc.Act); err != nil {
			return err
		}
		kept, err := tx.Acts().Files(ctx, doc.Act)
		if err != nil {
			return err
		}
		for _, f := range kept { // of an earlier attempt
			if f.Side == acts.SideSigned && f.Current && f.Document != doc.ID {
				if err := tx.Acts().RetireFile(ctx, doc.Act, f.ID); err != nil {
					return err
				}
			}
		}
		for _, f := range got.Files {
			if err := s.keepSigned(ctx, tx, *doc, kept, f, mediaOf(f.Part), bytes.NewReader(f.Body), sha256.Sum256(f.Body)); err != nil {
				return err
			}
		}
		return tx.Documents().SetPackage(ctx, *doc)
	})
}

// mediaOf returns the media type of a part.
func mediaOf(p signed.Part) string {
	switch {
	case p.IsSignature():
		return "application/pkcs7-signature"
	case p == signed.PartPrintForm:
		return "application/pdf"
	}
	return workflow.TitleType
}

// keepSigned stores a file of a package unless it is stored already, and enqueues its writing to the CRM item.
func (s *Service) keepSigned(ctx context.Context, tx store.Tx, doc store.EDODocument, kept []store.ActFile, f workflow.SignedFile, media string, body io.Reader, sum [32]byte) error {
	for _, k := range kept {
		if k.Side == acts.SideSigned && k.Current && k.Document == doc.ID && k.Part == f.Part && k.Name == f.Name && bytes.Equal(k.SHA256, sum[:]) {
			return nil
		}
	}
	id, err := tx.Files().Add(ctx, f.Name, media, body, s.now())
	if err != nil {
		return err
	}
	file := store.ActFile{File: store.File{ID: id}, Side: acts.SideSigned, AddedBy: "СБИС", Part: f.Part, Document: doc.ID, Signatures: f.Signatures}
	if err := tx.Acts().AddFile(ctx, doc.Act, file, s.now()); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.SyncFiles(doc.Act))
}

// fetchPrintForm fetches and stores the print form of the operator in place of an earlier one and ends the task.
func (s *Service) fetchPrintForm(ctx context.Context, t queue.Task, at workflow.Account, act acts.Act, doc store.EDODocument) error {
	aside, err := os.CreateTemp("", "acts24-*")
	if err != nil {
		return fmt.Errorf("print form: %w", err)
	}
	defer func() { aside.Close(); os.Remove(aside.Name()) }()
	sum := sha256.New()
	if err := s.edo.PrintForm(ctx, at, doc.ID, io.MultiWriter(aside, sum), maxPrintForm); err != nil {
		return err
	}
	if _, err := aside.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("print form: %w", err)
	}
	name := strings.TrimSuffix(printform.UPDFileName(act), ".pdf") + " (СБИС).pdf"
	file := workflow.SignedFile{Part: signed.PartPrintForm, Name: name}
	return s.endPackage(ctx, t, doc, signed.StateComplete, doc.PackageNote, func(tx store.Tx) error {
		kept, err := tx.Acts().Files(ctx, act.ID)
		if err != nil {
			return err
		}
		same := [32]byte(sum.Sum(nil))
		for _, k := range kept {
			if k.Part == signed.PartPrintForm && k.Current && !bytes.Equal(k.SHA256, same[:]) {
				if err := tx.Acts().RetireFile(ctx, act.ID, k.ID); err != nil {
					return err
				}
			}
		}
		return s.keepSigned(ctx, tx, doc, kept, file, mediaOf(file.Part), aside, same)
	})
}

// endPackage stores the end of fetching a package, with what else is to be stored, and ends the task.
func (s *Service) endPackage(ctx context.Context, t queue.Task, doc store.EDODocument, state signed.State, note string, keep func(store.Tx) error) error {
	if state != signed.StateComplete && doc.PackageNote != "" {
		note += " " + doc.PackageNote
	}
	doc.Package, doc.PackageNote = state, note
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if _, err := tx.Acts().Lock(ctx, doc.Act); err != nil {
			return err
		}
		if keep != nil {
			if err := keep(tx); err != nil {
				return err
			}
		}
		if err := tx.Documents().SetPackage(ctx, doc); err != nil {
			return err
		}
		text := "Подписанный комплект получен из СБИС"
		if state != signed.StateComplete {
			text = "Подписанный комплект получен из СБИС не полностью"
		}
		e := store.ActEvent{Act: doc.Act, Actor: string(acts.ActorOperator), Kind: "package", Text: workflow.WithReason(text, strings.TrimRight(note, "."))}
		if err := s.history.Append(ctx, tx, e); err != nil {
			return err
		}
		return queue.Done(ctx, tx, t)
	})
}

// Archive returns the signed package of an act: the files of the operator and the print form of its XML with the signatures. NotFound before
// anything was fetched.
func (s *Service) Archive(ctx context.Context, v workflow.Visit, id acts.ActID) (a signed.Archive, name string, err error) {
	scope := s.db.Scope(v.Portal)
	details, err := scope.Acts().Details(ctx, id)
	if err != nil {
		return a, "", err
	}
	act := details.Act
	a = signed.Archive{Title: act.Title(), Seller: act.Seller.FullName() + ", ИНН " + act.Seller.INN, Buyer: act.Buyer.FullName() + ", ИНН " + act.Buyer.INN,
		Status: act.Status.Label(), Signatures: store.SignaturesOf(details.Files)}
	for _, part := range signed.Parts {
		for _, f := range details.Files {
			if f.Current && f.Side == acts.SideSigned && f.Part == part {
				a.Files = append(a.Files, signed.File{Part: part, Name: f.Name, Copy: func(w io.Writer) error { return scope.Files().Copy(ctx, f.File, w) }})
			}
		}
	}
	if len(a.Files) == 0 {
		return a, "", acts.Errorf(acts.NotFound, "Подписанного комплекта нет: он загружается из СБИС, когда документ подписан или отклонён контрагентом.")
	}
	if details.Document != nil {
		a.Note = details.Document.PackageNote
		if details.Document.Package.UnderWay() {
			a.Note = "Комплект ещё загружается из СБИС."
		}
	}
	printed, body, err := s.acts.PrintUPD(ctx, v, id)
	switch {
	case err == nil:
		a.Files = append(a.Files, signed.File{Name: printed, Copy: func(w io.Writer) error { _, err := w.Write(body); return err }})
	case acts.KindOf(err) != acts.Invalid:
		return a, "", err
	}
	return a, strings.TrimSuffix(printform.FileName(act), ".pdf"), nil
}

// BulkAction gathers the signed packages of many acts, each in a folder of its own.
func (s *Service) BulkAction() workflow.BulkAction {
	return workflow.BulkAction{
		May: func(ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
			files, err := r.Acts().Files(ctx, act.ID)
			if err == nil && !slices.ContainsFunc(files, func(f store.ActFile) bool { return f.Current && f.Side == acts.SideSigned }) {
				return acts.Errorf(acts.Conflict, "Подписанного комплекта нет.")
			}
			return err
		},
		Archive: func(ctx context.Context, v workflow.Visit, act acts.Act, add func(string) (io.Writer, error)) error {
			a, folder, err := s.Archive(ctx, v, act.ID)
			if err != nil {
				return err
			}
			return a.Write(func(name string) (io.Writer, error) { return add(folder + "/" + name) })
		},
	}
}
