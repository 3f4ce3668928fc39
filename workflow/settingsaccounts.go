package workflow

import (
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// SaveAccount adds an account at SBIS or replaces its login, and asks SBIS of it. id tells that the account is kept, whatever SBIS
// said: a login that it refused stands there with its problem and is not tried again.
func (s *Service) SaveAccount(ctx context.Context, v Visit, a store.EDOAccount) (id int64, err error) {
	var faults acts.Faults
	a.Name = clip(a.Name, 100)
	if a.Name == "" {
		faults.Add("name", "Назовите аккаунт, например «Основной».")
	}
	checkLogin(&faults, a.Login)
	if err := faults.Err(); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		id, err = tx.SaveEDOAccount(ctx, a)
		return err
	})
	if err != nil {
		return 0, err
	}
	return id, s.CheckAccount(ctx, v, id)
}

// checkLogin wants one whole way in: the three keys of an application, or login and password.
func checkLogin(faults *acts.Faults, l store.Login) {
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

// CheckAccount enters an account at SBIS and keeps which organisations and certificates it has.
func (s *Service) CheckAccount(ctx context.Context, v Visit, id int64) error {
	_, err := s.inspect(ctx, v.Portal, id)
	return err
}

// DisconnectAccount forgets an account with its keys. Its companies cannot hand over until they get another.
func (s *Service) DisconnectAccount(ctx context.Context, v Visit, id int64) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.DropEDOAccount(ctx, id) })
}

// SetSigning keeps how documents of an account get our signature. The service signs only for companies that have chosen a key.
func (s *Service) SetSigning(ctx context.Context, v Visit, id int64, way acts.Signing) error {
	if !way.Known() {
		return acts.Faults{{Field: "signing", Text: "Выберите, как подписывать документы."}}
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if way == acts.SignByService {
			if err := mayServe(ctx, tx, id); err != nil {
				return err
			}
		}
		return tx.SetSigning(ctx, id, way)
	})
}

// mayServe refuses the key on the server where the account has none that could sign.
func mayServe(ctx context.Context, tx store.Tx, account int64) error {
	all, err := tx.Certificates(ctx)
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

// AskActivationCode has SBIS send the owner of a certificate a code by SMS.
func (s *Service) AskActivationCode(ctx context.Context, v Visit, account int64, thumbprint string) error {
	if err := s.mayActivate(ctx, v, account, thumbprint); err != nil {
		return err
	}
	if err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.AskCode(ctx, account, thumbprint) }); err != nil {
		return err
	}
	return s.edo.ActivationCode(ctx, Account{v.Portal, account}, thumbprint)
}

// Activate activates a certificate with the code that its owner got.
func (s *Service) Activate(ctx context.Context, v Visit, account int64, thumbprint, code string) error {
	if code = strings.TrimSpace(code); code == "" || len(code) > 20 {
		return acts.Faults{{Field: "code", Text: "Впишите код из СМС."}}
	}
	if err := s.mayActivate(ctx, v, account, thumbprint); err != nil {
		return err
	}
	err := s.edo.Activate(ctx, Account{v.Portal, account}, thumbprint, code)
	if errors.Is(err, acts.Refused) {
		return acts.Faults{{Field: "code", Text: "СБИС не принял код: " + acts.Sentence(err) + " Проверьте код или запросите новый."}}
	}
	if err != nil {
		return err
	}
	return s.CheckAccount(ctx, v, account)
}

func (s *Service) mayActivate(ctx context.Context, v Visit, account int64, thumbprint string) error {
	all, err := s.db.Scope(v.Portal).Certificates(ctx)
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
