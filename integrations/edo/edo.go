// Package edo implements workflow.EDO with the SBIS client: documents, the list of changes, counterparties and
// signatures. The session of each account is kept in the store.
package edo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/printform"
	"acts24/acts/signed"
	"acts24/integrations/edo/upd"
	"acts24/integrations/sbis"
	"acts24/store"
	"acts24/workflow"
	"acts24/workflow/breaker"
)

// Config is the configuration of an Adapter.
type Config struct {
	URL         string // "https://online.sbis.ru"
	HTTP        *http.Client
	Timeout     time.Duration // of one call to SBIS
	LoginLease  time.Duration
	Probe       time.Duration // interval between attempts to reach SBIS while the breaker of an account is open
	Interactive bool          // users wait for the answers
	FileHosts   []string      // additional allowed hosts of file links
	Program     string        // name and version of our program, for the files of acts
}

// Adapter implements workflow.EDO with the SBIS client.
type Adapter struct {
	cfg Config
	db  *store.DB
}

var _ workflow.EDO = (*Adapter)(nil)

// New returns an adapter that keeps sessions in db.
func New(cfg Config, db *store.DB) *Adapter { return &Adapter{cfg: cfg, db: db} }

func (a *Adapter) client(ctx context.Context, account workflow.Account) (*sbis.Client, error) {
	stored, err := a.db.Scope(account.Portal).Accounts().Get(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	if stored.Problem != "" {
		return nil, acts.Errorf(acts.Refused, "%s", stored.Problem)
	}
	base := strings.TrimRight(a.cfg.URL, "/")
	l := stored.Login
	return sbis.New(sbis.Config{AuthURL: base + "/auth/service/", ServiceURL: base + "/service/?srv=1", OAuthURL: base + "/oauth/service/",
		HTTP: a.cfg.HTTP, Timeout: a.cfg.Timeout, FileHosts: a.cfg.FileHosts, UserAgent: a.cfg.Program,
		Login:    sbis.Login{AppClientID: l.AppClientID, AppSecret: l.AppSecret, SecretKey: l.SecretKey, Login: l.Login, Password: l.Password},
		Sessions: &sessions{db: a.db, account: account, lease: a.cfg.LoginLease},
		Breaker:  accountBreaker{breaker.Breaker{DB: a.db, Portal: account.Portal, Account: account.ID, Every: a.cfg.Probe, Person: a.cfg.Interactive}}})
}

// Title builds the seller's title of an act: its file name and exact bytes.
func (a *Adapter) Title(act acts.Act, document string, at time.Time) (string, []byte, error) {
	t, err := upd.SellerTitle(act, a.envelope(act, document, at))
	return t.Name, t.Body, err
}

func (a *Adapter) envelope(act acts.Act, document string, at time.Time) upd.Envelope {
	return upd.Envelope{SenderID: act.Seller.Participant, RecipientID: act.Buyer.Participant, GUID: document, Moment: at.In(sbis.Moscow), Program: a.cfg.Program}
}

// TitleFaults builds the title as Title does and returns what it refuses. A missing number is no fault: the act gets one later.
func (a *Adapter) TitleFaults(act acts.Act, at time.Time) ([]acts.DocumentFault, error) {
	act.Number = cmp.Or(act.Number, act.Correction.Number, act.Wanted, "1")
	if act.Correction.IsSet() {
		act.Correction.N = max(act.Correction.N, 1)
	}
	return upd.Faults(act, a.envelope(act, uuid.Nil.String(), at))
}

// Printed returns what the printed УПД of an act shows, from the same tree as Title, and what its builder refuses.
func (a *Adapter) Printed(act acts.Act) (printform.UPD, []acts.DocumentFault) {
	return upd.Printed(act)
}

// PrintedTitle returns what the printed УПД of a stored title shows.
func (a *Adapter) PrintedTitle(body []byte) (printform.UPD, error) { return upd.PrintedTitle(body) }

// Content reads from a title of ours the details of its act besides number, date, parties and rows.
func (a *Adapter) Content(body []byte) (signed.Content, error) { return upd.Content(body) }

// Write writes a document to the account, or updates the one with the same id.
func (a *Adapter) Write(ctx context.Context, account workflow.Account, d workflow.Document) (workflow.Report, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return workflow.Report{}, err
	}
	act := d.Act
	buyer := organization(act.Buyer)
	buyer.BoxID = act.Buyer.Participant
	file := sbis.DraftFile{ID: d.Attachment, Content: sbis.Content{Name: d.Name, Data: d.Body}}
	if d.Power != "" {
		file.Power = &sbis.CertificateWithPower{Power: sbis.PowerOfAttorney{ID: d.Power}}
	}
	doc, err := client.WriteDocument(ctx, sbis.Draft{ID: d.ID, Type: sbis.TypeOutgoingAct, Date: sbis.FormatDate(act.Date), Number: act.Number,
		Sum: act.Totals.Gross.String(), Note: fmt.Sprintf("Сделка %d", act.Deal), Ours: organization(act.Seller), Counterparty: buyer,
		Revision: sbis.RevisionKey{ForeignNote: revisionNote(account.Portal, act.ID)},
		Files:    []sbis.DraftFile{file}})
	if err != nil {
		return workflow.Report{}, writeError(err)
	}
	return fullReport(*doc), nil
}

// Read fetches one document with the verdict of its buyer's title.
func (a *Adapter) Read(ctx context.Context, account workflow.Account, document string) (workflow.Report, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return workflow.Report{}, err
	}
	doc, err := client.ReadDocument(ctx, document)
	if err != nil {
		return workflow.Report{}, readError(err)
	}
	return a.reportWithVerdict(ctx, client, *doc), nil
}

// reportWithVerdict returns the report of a completely read document with the verdict of its buyer's title.
func (a *Adapter) reportWithVerdict(ctx context.Context, client *sbis.Client, d sbis.Document) workflow.Report {
	r := fullReport(d)
	if r.Verdict == acts.VerdictPending {
		r.Verdict, r.Remarks = a.verdict(ctx, client, d)
	}
	return r
}

// Delete removes a draft; a missing document is no error.
func (a *Adapter) Delete(ctx context.Context, account workflow.Account, document string) error {
	client, err := a.client(ctx, account)
	if err != nil {
		return err
	}
	if err := client.DeleteDocument(ctx, document); err != nil && !sbis.IsNotFound(err) {
		return writeError(err)
	}
	return nil
}

// Lookup returns the data of SBIS about a party.
func (a *Adapter) Lookup(ctx context.Context, account workflow.Account, p acts.Party) (acts.Connection, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return acts.Connection{}, err
	}
	found, err := client.CounterpartyInfo(ctx, organization(p))
	if sbis.IsNotFound(err) || sbis.IsRefused(err) {
		return acts.Connection{Asked: true}, nil
	}
	if err != nil {
		return acts.Connection{}, readError(err)
	}
	connection := acts.Connection{Asked: true}
	if !found.IsAbout(organization(p)) {
		return connection, nil
	}
	connection.Codes = map[string]string{}
	for _, box := range found.Boxes {
		if box.ID == "" || box.Connection.Code == sbis.ConnectionInvited {
			if !connection.Known {
				connection.Note = box.Connection.Description
			}
			continue
		}
		if !connection.Known || box.Main {
			connection.Note = box.Connection.Description
		}
		connection.Known, connection.Boxes = true, append(connection.Boxes, box.ID)
		connection.Codes[box.ID] = box.Connection.Code
	}
	return connection, nil
}

// Invite invites a party to exchange documents and returns the invitation's id, "" when it is connected already.
func (a *Adapter) Invite(ctx context.Context, account workflow.Account, own, p acts.Party) (string, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return "", err
	}
	invited := sbis.Invited{INN: p.INN, KPP: p.KPP, Name: p.Name, Email: p.Email}
	if p.Kind == acts.PartyPerson {
		invited.KPP, invited.Name, invited.Surname, invited.FirstName, invited.Patronymic = "", "", p.LastName, p.FirstName, p.MiddleName
	}
	got, err := client.SendInvitation(ctx, sbis.InvitationRequest{OwnBoxID: own.Participant, Counterparty: invited})
	if err != nil {
		return "", writeError(err)
	}
	if got.State.Code == sbis.InvitationConnected {
		return "", nil
	}
	return got.ID, nil
}

// organization returns a party in the format of SBIS: an ИП has no КПП and is in СвФЛ.
func organization(p acts.Party) sbis.Organization {
	if p.Kind == acts.PartyPerson {
		return sbis.Organization{Person: &sbis.Person{INN: p.INN, Surname: p.LastName, Name: p.FirstName, Patronymic: p.MiddleName}}
	}
	return sbis.Organization{Legal: &sbis.Legal{INN: p.INN, KPP: p.KPP, Name: p.Name}}
}

// errUnavailable is the error of a call that was certainly not executed and may be repeated.
var errUnavailable = acts.Errorf(acts.Unavailable, "СБИС сейчас не отвечает. Повторим через минуту.")

// writeError converts the error of a changing call according to whether SBIS executed it: Unavailable when it certainly did not, Refused
// and the like when it refused, ErrUnclear otherwise.
func writeError(err error) error {
	var e *sbis.Error
	switch {
	case sbis.IsCredentials(err):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Refused, "СБИС не принял вход: проверьте аккаунт в настройках."), err)
	case sbis.Temporary(err):
		return fmt.Errorf("%w (%w)", errUnavailable, err)
	case sbis.IsNotFound(err):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.NotFound, "Документа нет в СБИС."), err)
	case sbis.IsUnsigned(err) && errors.As(err, &e):
		return fmt.Errorf("%w: %w (%w)", workflow.ErrUnprepared, acts.Errorf(acts.Refused, "%s", strings.Trim(e.UserMessage(), " .")+"."), err)
	case sbis.IsRefused(err) && errors.As(err, &e):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Refused, "%s", strings.Trim(e.UserMessage(), " .")+"."), err)
	case sbis.NotExecuted(err), acts.KindOf(err) != "":
		return fmt.Errorf("%w (%w)", errUnavailable, err)
	}
	return fmt.Errorf("%w: %w", workflow.ErrUnclear, err)
}

// readError converts the error of a reading call, which may be repeated when its outcome is unclear.
func readError(err error) error {
	worded := writeError(err)
	if errors.Is(worded, workflow.ErrUnclear) {
		return fmt.Errorf("%w (%w)", errUnavailable, err)
	}
	return worded
}
