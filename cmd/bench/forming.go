package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// The goals of forming acts, each a commit that is on the disk.
const (
	goalForming    = 500 // acts a second over eight companies of ours
	goalFormingOne = 200 // over one, whose numbers follow each other
)

// formers is how many managers form acts at once, formedDeals how many deals they form them of in turn: a deal has few acts.
const formers, formedDeals = 16, 4000

// measureForming has managers form acts and hand them over as fast as they can. A number is taken by every act.
func (h *hall) measureForming(ctx context.Context, p plan, r *report) error {
	db, err := h.store()
	if err != nil {
		return err
	}
	defer db.Close()
	var portal acts.PortalID
	if err := h.super.QueryRowContext(ctx, `SELECT id FROM portals WHERE member_id = $1`, member(len(h.tenants)+smallTenants)).Scan(&portal); err != nil {
		return err
	}
	if err := furnishForming(ctx, db, portal); err != nil {
		return err
	}
	service := workflow.New(db, nil, nil, workflow.DefaultTiming, h.portals.URL, time.Now, func() {}, log)
	for _, run := range []struct {
		companies int
		goal      float64
	}{{owners, goalForming}, {1, goalFormingOne}} {
		rate, err := form(ctx, service, portal, run.companies, time.Duration(p.rounds)*p.each*2)
		if err != nil {
			return err
		}
		r.add(line{what: fmt.Sprintf("acts formed and handed over by %d managers, %d of our companies", formers, run.companies), value: rate, unit: "/s", goal: run.goal, atLeast: true})
	}
	return nil
}

const formingINN = "7802020205"

// furnishForming makes deals whose rows are never used up, and our companies what a hand-over needs.
func furnishForming(ctx context.Context, db *store.DB, portal acts.PortalID) error {
	return db.InTx(ctx, portal, func(tx store.Tx) error {
		account, err := tx.SaveEDOAccount(ctx, store.EDOAccount{Name: "Основной", Login: store.Login{Login: "robot", Password: "secret"}})
		if err != nil {
			return err
		}
		box := "2BE0123456789abcdef0123456789abcdef"
		errs := []error{tx.SaveLookup(ctx, formingINN, "780201001", acts.Connection{Asked: true, Known: true, Boxes: []string{box}})}
		for n := range owners {
			own := store.OwnCompany{ID: acts.CompanyID(n + 1), Function: acts.ActOnly, Numbers: "{N}", AccountID: account, Form: store.FormUPD}
			own.Party = acts.Party{Kind: acts.Company, Name: fmt.Sprintf("ООО «Исполнитель %d»", n+1), INN: "7701010105", KPP: "770101001", Address: "Москва", Participant: box}
			own.Signer = acts.Signer{Last: "Иванов", First: "Иван", Position: "Директор", Ground: "Устав"}
			errs = append(errs, tx.MergeOwnCompany(ctx, own), tx.SaveOwnCompany(ctx, own))
		}
		for n := range formedDeals {
			d := store.Deal{ID: acts.DealID(n + 1), Title: "Поставка", StageID: "ACT", Company: 5, Responsible: 1, Currency: "RUB",
				Buyer: acts.Party{Kind: acts.Company, Name: "ООО «Заказчик»", INN: formingINN, KPP: "780201001", Address: "Санкт-Петербург"},
				Rows: []acts.ProductRow{{ID: acts.RowID(n + 1), Name: "Работа", Quantity: decimal.New(1, 9), Price: decimal.New(100, 0), Rate: acts.NoVAT,
					Unit: acts.Unit{Code: "796", Name: "шт"}, NeedsAct: true}}}
			errs = append(errs, tx.SaveDeal(ctx, d))
		}
		return errors.Join(errs...)
	})
}

// warming is how long is not counted: every connection plans its statements some times before it keeps a plan.
const warming = 3 * time.Second

// form counts acts over some companies for a while.
func form(ctx context.Context, service *workflow.Service, portal acts.PortalID, companies int, d time.Duration) (rate float64, err error) {
	var count, turn atomic.Int64
	var work sync.WaitGroup
	errs := make([]error, formers)
	v := workflow.Visit{Visit: store.Visit{Portal: portal, User: 1, UserName: "Сотрудник"}}
	start := time.Now()
	for n := range formers {
		work.Go(func() {
			for errs[n] == nil && time.Since(start) < d+warming {
				deal := int(turn.Add(1) % formedDeals)
				_, errs[n] = service.FormAct(ctx, v, acts.DealID(deal+1), formOf(deal, companies))
				if since := time.Since(start); since > warming && since < d+warming {
					count.Add(1)
				}
			}
		})
	}
	work.Wait()
	return float64(count.Load()) / d.Seconds(), errors.Join(errs...)
}

func formOf(n, companies int) workflow.ActForm {
	return workflow.ActForm{Key: uuid.NewString(), Type: "electronic-company", Own: acts.CompanyID(1 + n%companies), Date: time.Now().Format(time.DateOnly),
		BasisName: "Договор", BasisNumber: "1", BasisDate: "2026-01-12", Signer: "Иванов Иван", Position: "Директор", Ground: "Устав",
		Participant: "2BE0123456789abcdef0123456789abcdef", Picks: map[acts.RowID]workflow.Pick{acts.RowID(n + 1): {On: true, Quantity: "1"}}, Send: true}
}
