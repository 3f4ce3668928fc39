package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// askAgainAfter is how often SBIS is asked of the certificates of an account (contracts/sbis.md 7.19).
const askAgainAfter = 24 * time.Hour

// FireAccountChecks has SBIS asked once a day of the organisations and certificates of every account, and warns of terms.
func (s *Service) FireAccountChecks(ctx context.Context) (more bool, err error) {
	return s.fire(ctx, "account checks", s.db.DueAccountChecks, func(ctx context.Context, tx store.Tx, account int64) error {
		ok, err := tx.TakeAccountCheck(ctx, account, s.now(), s.now().Add(askAgainAfter))
		if err != nil || !ok {
			return err
		}
		if err := s.warnOfTerms(ctx, tx); err != nil {
			return err
		}
		return tx.Enqueue(ctx, TaskCheck, account)
	})
}

// checkAgain asks SBIS of an account. One that may not be used is shown in the settings and asked again tomorrow.
func (s *Service) checkAgain(ctx context.Context, t store.Task) error {
	if _, err := s.inspect(ctx, t.Portal, t.Subject); err != nil {
		kind := acts.KindOf(err)
		if kind != acts.Refused && kind != acts.NotFound && !errors.Is(err, acts.Conflict) {
			return err
		}
		s.log.WarnContext(ctx, "account not checked", "portal", t.Portal, "account", t.Subject, "err", err)
	}
	s.finish(ctx, t, delivery{}, Result{})
	return nil
}

// inspect asks SBIS of an account and keeps what it says.
func (s *Service) inspect(ctx context.Context, portal acts.PortalID, account int64) (acts.Cabinet, error) {
	cabinet, certificates, err := s.edo.Cabinet(ctx, Account{portal, account})
	if err != nil {
		return cabinet, err
	}
	return cabinet, s.db.InTx(ctx, portal, func(tx store.Tx) error {
		if err := tx.SaveCabinet(ctx, account, cabinet, s.now(), s.now().Add(askAgainAfter)); err != nil {
			return err
		}
		if err := tx.SaveCertificates(ctx, account, certificates); err != nil {
			return err
		}
		return s.warnOfTerms(ctx, tx)
	})
}

// warnOfTerms tells those who administer of every certificate and power of attorney that is about to end: 30, 14 and 7 days
// before, once each.
func (s *Service) warnOfTerms(ctx context.Context, tx store.Tx) error {
	p, err := tx.PortalInfo(ctx)
	if err != nil {
		return err
	}
	today := s.now().In(ZoneOf(p.Zone))
	certificates, err := tx.Certificates(ctx)
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
	own, err := tx.OwnCompanies(ctx)
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

// renewed reports whether another certificate of the same owner lasts longer: nothing is to be mended.
func renewed(c store.Certificate, all []store.Certificate) bool {
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
	first, err := tx.WarnOnce(ctx, kind, subject, until, step, s.now())
	if err != nil || !first {
		return err
	}
	return s.tellAdministrators(ctx, tx, store.Message{Text: text})
}
