package workflow

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// CompanyForm is what the settings say of one company of ours, as it was typed.
type CompanyForm struct {
	ID                        acts.CompanyID
	Participant               string
	Signer, Position, Ground  string
	Function                  string
	Numbers                   string
	Manual                    bool
	Account                   int64
	Certificate               string // thumbprint
	Power, PowerFrom, PowerTo string
	Form                      string // store.FormUPD or store.FormPDF, "" for the first
	VAT, VATGround            string
	ActType, ActChannel       string
	Closed                    string // "2026-10-01", "" when nothing is closed
}

// actTypes are the types of an act as the forms name them.
var actTypes = []string{"electronic-company", "electronic-person", "paper-company", "paper-person"}

// SaveCompany keeps the settings of our company and starts following it at SBIS.
func (s *Service) SaveCompany(ctx context.Context, v Visit, f CompanyForm) error {
	scope := s.db.Scope(v.Portal)
	before, err := scope.OwnCompany(ctx, f.ID)
	if err != nil {
		return err
	}
	zone, err := s.zone(ctx, scope)
	if err != nil {
		return err
	}
	var faults acts.Faults
	own := f.parse(&faults, s.now().In(zone))
	if err := s.accountFits(ctx, v, &faults, before, own); err != nil {
		return err
	}
	if err := faults.Err(); err != nil {
		return err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.SaveOwnCompany(ctx, own); err != nil {
			return err
		}
		if !own.Closed.Equal(before.Closed) {
			if err := s.logPeriod(ctx, tx, v, own); err != nil {
				return err
			}
		}
		if err := s.warnOfTerms(ctx, tx); err != nil || own.AccountID == 0 {
			return err
		}
		return tx.AddFeed(ctx, f.ID, s.now())
	})
	s.wake()
	return err
}

// parse reads the form; what is wrong in it stands at its field.
func (f CompanyForm) parse(faults *acts.Faults, today time.Time) store.OwnCompany {
	p := parser{}
	own := store.OwnCompany{ID: f.ID, Signer: acts.ParseSigner(clip(f.Signer, 180)), Function: acts.Function(f.Function), Numbers: strings.TrimSpace(f.Numbers),
		Manual: f.Manual, AccountID: f.Account, Certificate: f.Certificate, Form: cmp.Or(f.Form, store.FormUPD), VAT: acts.VATMode(f.VAT), VATGround: clip(f.VATGround, 200),
		ActType: f.ActType, ActChannel: acts.Channel(f.ActChannel), Closed: p.date("closed", f.Closed, false),
		Power: acts.Power{ID: strings.ToLower(strings.TrimSpace(f.Power)), Issued: p.date("power-from", f.PowerFrom, false), Until: p.date("power-to", f.PowerTo, false)}}
	own.Signer.Position, own.Signer.Ground = clip(f.Position, 120), clip(f.Ground, 120)
	own.Party.Participant = acts.NormalizeParticipant(f.Participant)
	*faults = append(*faults, p.faults...)
	if text := acts.CheckParticipant(own.Party.Participant); own.Party.Participant != "" && text != "" {
		faults.Add("participant", "%s", text)
	}
	if f.Account != 0 && own.Party.Participant == "" {
		faults.Add("participant", "Укажите идентификатор участника ЭДО нашей организации: он есть в кабинете СБИС.")
	}
	if own.Manual && own.Numbers == "" {
		own.Numbers = acts.DefaultNumbers
	}
	if text := acts.CheckNumberPattern(own.Numbers); text != "" {
		faults.Add("numbers", "%s", text)
	}
	if own.Signer.Last != "" && own.Signer.First == "" {
		faults.Add("signer", "Укажите фамилию и имя подписанта.")
	}
	if len(p.faults) == 0 {
		acts.CheckPower(faults, own.Power)
	}
	if own.Closed.After(dayIn(today, today.Location())) {
		faults.Add("closed", "Закрыть можно только прошедший период: укажите день не позже сегодняшнего.")
	}
	f.choices(faults, own)
	return own
}

// choices refuses what no list of the page offers.
func (f CompanyForm) choices(faults *acts.Faults, own store.OwnCompany) {
	if own.Function != acts.ActOnly && own.Function != acts.ActAndInvoice {
		faults.Add("function", "Выберите функцию документа.")
	}
	if own.VAT == acts.VATNone && own.Function == acts.ActAndInvoice {
		faults.Add("function", "Без НДС счёт-фактура не выставляется: выберите «Только акт».")
	}
	if own.Form != store.FormUPD && own.Form != store.FormPDF {
		faults.Add("form", "Выберите вид электронного акта.")
	}
	if !own.VAT.Known() {
		faults.Add("vat", "Выберите, как организация работает с НДС.")
	}
	known := f.ActType == ""
	for _, t := range actTypes {
		known = known || t == f.ActType
	}
	if !known {
		faults.Add("act-type", "Выберите тип нового акта.")
	}
	if c := own.ActChannel; c != "" && c != acts.ByPost && c != acts.ByEmail {
		faults.Add("act-channel", "Выберите способ отправки.")
	}
}

// accountFits refuses an account that cannot send documents of the company, and a certificate of another account. An account that
// was never asked is asked now.
func (s *Service) accountFits(ctx context.Context, v Visit, faults *acts.Faults, before, own store.OwnCompany) error {
	if own.AccountID == 0 {
		if own.Certificate != "" {
			faults.Add("certificate", "Сертификат выбирается вместе с аккаунтом СБИС.")
		}
		return nil
	}
	if before.AccountID != 0 && before.AccountID != own.AccountID {
		open, err := s.db.Scope(v.Portal).OpenDocuments(ctx, own.ID)
		if err != nil {
			return err
		}
		if open > 0 {
			faults.Add("account", "Через прежний аккаунт ещё идут документы: %d. Дождитесь их или отзовите. Чтобы сменить ключи, замените их в самом аккаунте.", open)
		}
	}
	cabinet, err := s.cabinetOf(ctx, v.Portal, own.AccountID)
	switch {
	case errors.Is(err, acts.Refused), errors.Is(err, acts.NotFound):
		faults.Add("account", "%s", acts.Sentence(err))
		return nil
	case err != nil && !errors.Is(err, acts.Unavailable):
		return err
	case err == nil && cabinet.Fault(before.Party) != "":
		faults.Add("account", "%s", cabinet.Fault(before.Party))
	}
	return s.certificateFits(ctx, v, faults, own)
}

// cabinetOf is what SBIS says of an account. Where the company's organisation may have been added since, a person presses «Проверить».
func (s *Service) cabinetOf(ctx context.Context, portal acts.PortalID, account int64) (acts.Cabinet, error) {
	all, err := s.db.Scope(portal).EDOAccounts(ctx)
	if err != nil {
		return acts.Cabinet{}, err
	}
	for _, a := range all {
		switch {
		case a.ID != account:
		case a.Problem != "":
			return acts.Cabinet{}, acts.Errorf(acts.Refused, "%s", a.Problem)
		case a.Cabinet != nil:
			return *a.Cabinet, nil
		default:
			return s.inspect(ctx, portal, account)
		}
	}
	return acts.Cabinet{}, acts.Errorf(acts.NotFound, "Такого аккаунта СБИС нет. Обновите страницу.")
}

func (s *Service) certificateFits(ctx context.Context, v Visit, faults *acts.Faults, own store.OwnCompany) error {
	if own.Certificate == "" {
		return nil
	}
	all, err := s.db.Scope(v.Portal).Certificates(ctx)
	if err != nil {
		return err
	}
	text := "Такого сертификата нет. Нажмите «Проверить» у аккаунта и выберите сертификат снова."
	for _, c := range all {
		if c.Thumbprint != own.Certificate {
			continue
		}
		if c.Account == own.AccountID {
			return nil
		}
		text = "Этот сертификат из другого аккаунта СБИС: «" + c.AccountName + "». Выберите сертификат того аккаунта, через который отправляет организация."
	}
	faults.Add("certificate", "%s", text)
	return nil
}

// logPeriod keeps that the closed period of our company was moved.
func (s *Service) logPeriod(ctx context.Context, tx store.Tx, v Visit, own store.OwnCompany) error {
	text := "Период открыт"
	if !own.Closed.IsZero() {
		text = "Закрыт период до " + own.Closed.Format("02.01.2006")
	}
	return tx.AddClosedTry(ctx, store.ClosedTry{Own: own.ID, At: s.now(), User: v.User, UserName: v.UserName, Text: text})
}
