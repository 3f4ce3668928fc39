package main

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
)

// waitingSQL adds waiting acts of every organisation that has no real portal: $1 their number, $2 the first of these portals.
//
//go:embed organisations.sql
var waitingSQL string

// memberOf returns the name of a portal that exists only in the database.
func memberOf(n int) string { return fmt.Sprintf("economy-%d", n) }

// addOrganisations adds portals with one organisation each that has an account of its own at SBIS. They exist only in our database. Their
// polls begin when all have been added.
func (s *site) addOrganisations(ctx context.Context, n int) error {
	keys, err := store.ParseKeys(s.cfg.Keys)
	if err != nil {
		return err
	}
	db, err := store.Open(s.cfg.DatabaseURL, keys, store.Options{Connections: 4})
	if err != nil {
		return err
	}
	defer db.Close()
	for i := range n {
		number := 1000 + i
		a := apptest.Account(number)
		own := sbistest.Organization{INN: apptest.INN10(770300000 + i), KPP: "770301001", Name: fmt.Sprintf("ООО «Исполнитель %d»", i), Connected: true, BoxID: fmt.Sprintf("2BE%032x", 0xdef000+i)}
		a.Own = []sbistest.Organization{own}
		s.world.SBIS.AddAccount(a)
		p, err := db.SavePortal(ctx, store.Portal{MemberID: memberOf(i), Endpoint: s.world.Portals[0].URL() + "/rest/", Origin: s.world.Portals[0].URL(), AppCode: "economy"})
		if err != nil {
			return err
		}
		err = db.InTx(ctx, p.ID, func(tx store.Tx) error {
			account, err := tx.Accounts().Save(ctx, accounts.Account{Name: "Основной",
				Login: accounts.Login{AppClientID: a.AppClientID, AppSecret: a.AppSecret, SecretKey: a.SecretKey}})
			if err != nil {
				return err
			}
			company := store.OwnCompany{ID: 1, Party: acts.Party{Kind: acts.PartyCompany, Name: own.Name, INN: own.INN, KPP: own.KPP, Participant: own.BoxID},
				Function: acts.FunctionAct, AccountID: account, Numbers: "{N}", Form: store.FormUPD, PaperForm: acts.PaperFormAct}
			for _, err := range []error{tx.Portals().SaveTokens(ctx, "access", "refresh", "application"), queue.AddBudget(ctx, tx),
				tx.Companies().Merge(ctx, company), tx.Companies().Save(ctx, company), queue.AddFeed(ctx, tx, company.ID, time.Now())} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("organisation %d: %w", i, err)
		}
	}
	return s.exec(ctx, `UPDATE portals SET state = 'active' WHERE member_id LIKE 'economy-%'`)
}

// pollCalls are the numbers of the calls for lists of changes, of calls refused for a limit, of logins and of logins refused for a limit.
type pollCalls struct{ polls, refused, logins, refusedLogins int }

// countPolls counts the calls in lines of the journal.
func countPolls(lines []sbistest.Line) (c pollCalls) {
	for _, l := range lines {
		switch login := l.Method == "oauth/service" || l.Method == "СБИС.Аутентифицировать" || l.Effect == "session"; {
		case login && l.Status == 429:
			c.refusedLogins++
		case login:
			c.logins++
		case l.Status == 429:
			c.refused++
		case l.Method == "СБИС.СписокИзменений":
			c.polls++
		}
	}
	return c
}
