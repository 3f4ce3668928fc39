package workflow

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// CompanyForm is what the settings say of one company of ours.
type CompanyForm struct {
	ID          acts.CompanyID
	Participant string
	Signer      string
	Position    string
	Ground      string
	Function    string
	Numbers     string
	Account     int64
	Form        string // store.FormUPD or store.FormPDF, "" for the first
	VATGround   string
}

// SaveCompany keeps the settings of our company and starts following it at SBIS.
func (s *Service) SaveCompany(ctx context.Context, v Visit, f CompanyForm) error {
	var faults acts.Faults
	participant := acts.NormalizeParticipant(f.Participant)
	if participant != "" {
		if text := acts.CheckParticipant(participant); text != "" {
			faults.Add("participant", "%s", text)
		}
	}
	if f.Account != 0 && participant == "" {
		faults.Add("participant", "Укажите идентификатор участника ЭДО нашей организации: он есть в кабинете СБИС.")
	}
	numbers := strings.TrimSpace(f.Numbers)
	if text := acts.CheckNumberPattern(numbers); text != "" {
		faults.Add("numbers", "%s", text)
	}
	signer := acts.ParseSigner(f.Signer)
	signer.Position, signer.Ground = clip(f.Position, 120), clip(f.Ground, 120)
	function := acts.Function(f.Function)
	if function != acts.ActOnly && function != acts.ActAndInvoice {
		faults.Add("function", "Выберите функцию документа.")
	}
	form := cmp.Or(f.Form, store.FormUPD)
	if form != store.FormUPD && form != store.FormPDF {
		faults.Add("function", "Выберите вид электронного акта.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		own := store.OwnCompany{ID: f.ID, Signer: signer, Function: function, Numbers: numbers, AccountID: f.Account,
			Form: form, VATGround: clip(f.VATGround, 200)}
		own.Party.Participant = participant
		if f.Account != 0 {
			if _, err := tx.EDOAccount(ctx, f.Account); err != nil {
				return err
			}
		}
		if err := tx.SaveOwnCompany(ctx, own); err != nil || f.Account == 0 {
			return err
		}
		return tx.AddFeed(ctx, f.ID, s.now())
	})
	s.wake()
	return err
}

// SaveAccount adds an account at SBIS or replaces its login, after SBIS has accepted it.
func (s *Service) SaveAccount(ctx context.Context, v Visit, a store.EDOAccount) error {
	var faults acts.Faults
	a.Name = clip(a.Name, 100)
	if a.Name == "" {
		faults.Add("name", "Назовите аккаунт, например «Основной».")
	}
	keys := a.Login.AppClientID != "" && a.Login.AppSecret != "" && a.Login.SecretKey != ""
	password := a.Login.Login != "" && a.Login.Password != ""
	if keys == password {
		faults.Add("login", "Укажите либо три ключа приложения, либо логин и пароль.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		_, err := tx.SaveEDOAccount(ctx, a)
		return err
	})
}

// CheckAccount enters the account at SBIS and says what became of it.
func (s *Service) CheckAccount(ctx context.Context, v Visit, id int64) error {
	own, err := s.db.Scope(v.Portal).OwnCompanies(ctx)
	if err != nil {
		return err
	}
	for _, c := range own {
		if c.Party.INN != "" {
			_, err = s.edo.Lookup(ctx, Account{v.Portal, id}, c.Party)
			return err
		}
	}
	return acts.Errorf(acts.Conflict, "В портале нет нашей организации с реквизитами.")
}

// Admin reports whether the visitor administers the portal, asking it again when the answer is older than five minutes. While the portal is
// known to answer nobody its last word counts: the state page is for just that time.
func (s *Service) Admin(ctx context.Context, v Visit) (bool, error) {
	if !v.Admin || v.AdminFresh {
		return v.Admin, nil
	}
	if !v.TokenLives {
		return false, acts.Errorf(acts.Forbidden, "Сеанс закончился. Откройте приложение из портала ещё раз.")
	}
	p, err := s.db.Scope(v.Portal).PortalInfo(ctx)
	if err != nil {
		return false, err
	}
	token, err := v.Token()
	if err != nil {
		return false, err
	}
	sight, err := s.crm.Look(ctx, p, token, Object{})
	if err != nil {
		silent, _ := s.db.Scope(v.Portal).Breakers(ctx)
		if errors.Is(err, acts.Unavailable) && silent[store.PortalItself].Opened != nil {
			return true, nil
		}
		return false, err
	}
	return sight.Admin, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.SetAdministrator(ctx, sight.User, sight.UserName, sight.Admin); err != nil {
			return err
		}
		return tx.RefreshAdmin(ctx, v.ID, sight.Admin)
	})
}
