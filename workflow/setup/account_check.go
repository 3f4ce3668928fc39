package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// checkInterval is the interval of the checks of accounts (docs/contracts/sbis.md, "Certificates").
const checkInterval = 24 * time.Hour

// ProcessDueAccountChecks fetches once a day from SBIS the organisations and certificates of every account, and warns
// of expiry.
func (s *Service) ProcessDueAccountChecks(ctx context.Context) (more bool, err error) {
	return s.queue.ProcessDue(ctx, "account checks", s.db.DueAccountChecks, func(ctx context.Context, tx store.Tx, account int64) error {
		ok, err := tx.Accounts().TakeCheck(ctx, account, s.now(), s.now().Add(checkInterval))
		if err != nil || !ok {
			return err
		}
		if err := s.warnOfExpiry(ctx, tx); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.CheckAccount(account))
	})
}

// checkAccountTask checks an account. One that may not be used is shown in the settings and checked again tomorrow.
func (s *Service) checkAccountTask(ctx context.Context, t queue.Task) error {
	if _, err := s.fetchAccountDetails(ctx, t.Portal, t.Subject); err != nil {
		kind := acts.KindOf(err)
		if kind != acts.Refused && kind != acts.NotFound && !errors.Is(err, acts.Conflict) {
			return err
		}
		s.log.WarnContext(ctx, "account not checked", "portal", t.Portal, "account", t.Subject, "err", err)
	}
	s.queue.Done(ctx, t)
	return nil
}

// fetchAccountDetails checks an account at SBIS and stores the result.
func (s *Service) fetchAccountDetails(ctx context.Context, portal acts.PortalID, account int64) (acts.OperatorAccount, error) {
	details, certificates, err := s.edo.CheckAccount(ctx, workflow.Account{Portal: portal, ID: account})
	if err != nil {
		return details, err
	}
	return details, s.db.InTx(ctx, portal, func(tx store.Tx) error {
		if err := tx.Accounts().SaveDetails(ctx, account, details, s.now(), s.now().Add(checkInterval)); err != nil {
			return err
		}
		if err := tx.Accounts().SaveCertificates(ctx, account, certificates); err != nil {
			return err
		}
		return s.warnOfExpiry(ctx, tx)
	})
}

// warnOfExpiry notifies the administrators of every certificate and power of attorney that is about to expire: 30, 14
// and 7 days before, once each.
func (s *Service) warnOfExpiry(ctx context.Context, tx store.Tx) error {
	p, err := tx.Portals().Get(ctx)
	if err != nil {
		return err
	}
	today := s.now().In(workflow.ZoneOf(p.Zone))
	certificates, err := tx.Accounts().Certificates(ctx)
	if err != nil {
		return err
	}
	for _, c := range certificates {
		if renewed(c, certificates) {
			continue
		}
		text := fmt.Sprintf("сертификат «%s» аккаунта СБИС «%s» действует до %s. Выпустите новый и нажмите «Проверить» в настройках аккаунта.",
			c.Owner, c.AccountName, c.To.Format("02.01.2006"))
		if err := s.warn(ctx, tx, "certificate", c.Thumbprint, c.To, today, text); err != nil {
			return err
		}
	}
	own, err := tx.Companies().List(ctx)
	if err != nil {
		return err
	}
	for _, c := range own {
		text := fmt.Sprintf("доверенность подписанта %s (%s) действует до %s. Оформите новую и впишите её номер в настройках организации.",
			c.Signer.Short(), c.Party.Name, c.Power.Until.Format("02.01.2006"))
		if err := s.warn(ctx, tx, "power", c.Power.ID, c.Power.Until, today, text); err != nil {
			return err
		}
	}
	return nil
}

// renewed reports whether another certificate of the same owner expires later: nothing needs to be done.
func renewed(c accounts.Certificate, all []accounts.Certificate) bool {
	for _, other := range all {
		if other.Account == c.Account && strings.EqualFold(other.Owner, c.Owner) && other.INN == c.INN && other.KeyType == c.KeyType && other.To.After(c.To) {
			return true
		}
	}
	return false
}

func (s *Service) warn(ctx context.Context, tx store.Tx, kind, subject string, until, today time.Time, text string) error {
	step := acts.TermStep(until, today)
	if step == 0 {
		return nil
	}
	first, err := tx.Accounts().WarnOnce(ctx, kind, subject, until, step, s.now())
	if err != nil || !first {
		return err
	}
	return s.history.NotifyAdministrators(ctx, tx, store.Message{Text: text})
}
