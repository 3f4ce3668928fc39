package setup

import (
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/workflow"
)

// SaveAccount adds an account at SBIS or replaces its login, and checks it. id is set when the account is stored,
// whatever SBIS answered: a refused login is shown with its problem and not tried again.
func (s *Service) SaveAccount(ctx context.Context, v workflow.Visit, a accounts.Account) (id int64, err error) {
	var faults acts.Faults
	a.Name = workflow.Clip(a.Name, 100)
	if a.Name == "" {
		faults.Add("name", "Назовите аккаунт, например «Основной».")
	}
	checkLogin(&faults, a.Login)
	if err := faults.Err(); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		id, err = tx.Accounts().Save(ctx, a)
		return err
	})
	if err != nil {
		return 0, err
	}
	return id, s.CheckAccount(ctx, v, id)
}

// checkLogin requires one complete set: the three keys of an application, or login and password.
func checkLogin(faults *acts.Faults, l accounts.Login) {
	keys := l.AppClientID != "" && l.AppSecret != "" && l.SecretKey != ""
	password := l.Login != "" && l.Password != ""
	switch {
	case keys && password:
		faults.Add("login", "Укажите что-то одно: ключи приложения или логин и пароль.")
	case keys || password:
	case l.Login != "" || l.Password != "":
		faults.Add("login", "Укажите и логин, и пароль.")
	case l.AppClientID+l.AppSecret+l.SecretKey != "":
		faults.Add("login", "Укажите все три ключа приложения: идентификатор, защищённый и сервисный.")
	default:
		faults.Add("login", "Укажите либо три ключа приложения, либо логин и пароль.")
	}
}

// CheckAccount logs in to an account at SBIS and stores its organisations and certificates.
func (s *Service) CheckAccount(ctx context.Context, v workflow.Visit, id int64) error {
	_, err := s.fetchAccountDetails(ctx, v.Portal, id)
	return err
}

// DisconnectAccount deletes an account with its keys. Its companies cannot hand over until they get another.
func (s *Service) DisconnectAccount(ctx context.Context, v workflow.Visit, id int64) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Accounts().Drop(ctx, id) })
}

// SetSigning stores how documents of an account are signed. The service signs only for companies that have chosen a
// key.
func (s *Service) SetSigning(ctx context.Context, v workflow.Visit, id int64, way acts.Signing) error {
	if !way.Known() {
		return acts.Faults{{Field: "signing", Text: "Выберите, как подписывать документы."}}
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if way == acts.SigningServer {
			if err := maySignOnServer(ctx, tx, id); err != nil {
				return err
			}
		}
		return tx.Accounts().SetSigning(ctx, id, way)
	})
}

// maySignOnServer refuses signing on the server for an account without a suitable key.
func maySignOnServer(ctx context.Context, tx store.Tx, account int64) error {
	all, err := tx.Accounts().Certificates(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Account == account && c.OnServer() {
			return nil
		}
	}
	return acts.Faults{{Field: "signing", Text: "В аккаунте нет сертификата с ключом на сервере СБИС. Выпустите его в кабинете СБИС и нажмите «Проверить»."}}
}

// AskActivationCode makes SBIS send the owner of a certificate a code by SMS.
func (s *Service) AskActivationCode(ctx context.Context, v workflow.Visit, account int64, thumbprint string) error {
	if err := s.mayActivate(ctx, v, account, thumbprint); err != nil {
		return err
	}
	if err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Accounts().RequestCode(ctx, account, thumbprint) }); err != nil {
		return err
	}
	return s.edo.ActivationCode(ctx, workflow.Account{Portal: v.Portal, ID: account}, thumbprint)
}

// Activate activates a certificate with the code that its owner got.
func (s *Service) Activate(ctx context.Context, v workflow.Visit, account int64, thumbprint, code string) error {
	if code = strings.TrimSpace(code); code == "" || len(code) > 20 {
		return acts.Faults{{Field: "code", Text: "Впишите код из СМС."}}
	}
	if err := s.mayActivate(ctx, v, account, thumbprint); err != nil {
		return err
	}
	err := s.edo.Activate(ctx, workflow.Account{Portal: v.Portal, ID: account}, thumbprint, code)
	if errors.Is(err, acts.Refused) {
		return acts.Faults{{Field: "code", Text: "СБИС не принял код: " + acts.Message(err) + " Проверьте код или запросите новый."}}
	}
	if err != nil {
		return err
	}
	return s.CheckAccount(ctx, v, account)
}

func (s *Service) mayActivate(ctx context.Context, v workflow.Visit, account int64, thumbprint string) error {
	all, err := s.db.Scope(v.Portal).Accounts().Certificates(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Account == account && c.Thumbprint == thumbprint && c.OnServer() {
			if c.Activated {
				return acts.Errorf(acts.Conflict, "Сертификат уже активирован.")
			}
			return nil
		}
	}
	return acts.Errorf(acts.NotFound, "Такого сертификата в аккаунте нет. Нажмите «Проверить» и обновите страницу.")
}
