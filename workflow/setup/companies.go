package setup

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// SaveCompany stores the settings of our company and starts polling it at SBIS.
func (s *Service) SaveCompany(ctx context.Context, v workflow.Visit, f CompanyForm) error {
	scope := s.db.Scope(v.Portal)
	before, err := scope.Companies().Get(ctx, f.ID)
	if err != nil {
		return err
	}
	zone, err := s.calendar.Zone(ctx, scope)
	if err != nil {
		return err
	}
	var faults acts.Faults
	own := f.parse(&faults, before.Party, s.now().In(zone))
	if err := s.accountFits(ctx, v, &faults, before, own); err != nil {
		return err
	}
	if err := faults.Err(); err != nil {
		return err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.Companies().Save(ctx, own); err != nil {
			return err
		}
		if err := saveNextNumber(ctx, tx, f, s.now().In(zone)); err != nil {
			return err
		}
		if !own.Closed.Equal(before.Closed) {
			if err := s.logPeriod(ctx, tx, v, own); err != nil {
				return err
			}
		}
		if err := s.warnOfExpiry(ctx, tx); err != nil || own.AccountID == 0 {
			return err
		}
		return queue.AddFeed(ctx, tx, f.ID, s.now())
	})
	s.wake()
	return err
}

// accountFits refuses an account that cannot send documents of the company, and a certificate of another account. An
// account that was never checked is checked now.
func (s *Service) accountFits(ctx context.Context, v workflow.Visit, faults *acts.Faults, before, own store.OwnCompany) error {
	if own.AccountID == 0 {
		if own.Certificate != "" {
			faults.Add("certificate", "Сертификат выбирается вместе с аккаунтом СБИС.")
		}
		return nil
	}
	if before.AccountID != 0 && before.AccountID != own.AccountID {
		open, err := s.db.Scope(v.Portal).Documents().CountOpen(ctx, own.ID)
		if err != nil {
			return err
		}
		if open > 0 {
			faults.Add("account", "Через прежний аккаунт ещё идут документы: %d. Дождитесь их или отзовите. Чтобы сменить ключи, замените их в самом аккаунте.", open)
		}
	}
	details, err := s.accountDetails(ctx, v.Portal, own.AccountID)
	switch {
	case errors.Is(err, acts.Refused), errors.Is(err, acts.NotFound):
		faults.Add("account", "%s", acts.Message(err))
		return nil
	case err != nil && !errors.Is(err, acts.Unavailable):
		return err
	case err == nil && details.Fault(before.Party) != "":
		faults.Add("account", "%s", details.Fault(before.Party))
	}
	return s.certificateFits(ctx, v, faults, own)
}

// accountDetails returns what SBIS reported of an account. When the company's organisation may have been added since, a
// person presses «Проверить».
func (s *Service) accountDetails(ctx context.Context, portal acts.PortalID, account int64) (acts.OperatorAccount, error) {
	all, err := s.db.Scope(portal).Accounts().List(ctx)
	if err != nil {
		return acts.OperatorAccount{}, err
	}
	for _, a := range all {
		switch {
		case a.ID != account:
		case a.Problem != "":
			return acts.OperatorAccount{}, acts.Errorf(acts.Refused, "%s", a.Problem)
		case a.Details != nil:
			return *a.Details, nil
		default:
			return s.fetchAccountDetails(ctx, portal, account)
		}
	}
	return acts.OperatorAccount{}, acts.Errorf(acts.NotFound, "Такого аккаунта СБИС нет. Обновите страницу.")
}

func (s *Service) certificateFits(ctx context.Context, v workflow.Visit, faults *acts.Faults, own store.OwnCompany) error {
	if own.Certificate == "" {
		return nil
	}
	all, err := s.db.Scope(v.Portal).Accounts().Certificates(ctx)
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

// logPeriod records a change of the closed period of our company.
func (s *Service) logPeriod(ctx context.Context, tx store.Tx, v workflow.Visit, own store.OwnCompany) error {
	text := "Период открыт"
	if !own.Closed.IsZero() {
		text = "Закрыт период до " + own.Closed.Format("02.01.2006")
	}
	return tx.Portals().AddClosedTry(ctx, store.ClosedTry{Own: own.ID, At: s.now(), User: v.User, UserName: v.UserName, Text: text})
}
