package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/audit"
	"acts24/store/queue"
	"acts24/store/recovery"
)

const reconcileUsage = "usage: actsd reconcile [--portal ID] [--yes] | --hold"

// Reconcile compares the held portals of a restored database with the CRM and SBIS, and prints what it finds. With --yes it brings the
// database up to date and releases each portal, waiting for the limits of its calls; without, it changes nothing but the copies of deals. With --hold it only holds all portals.
// now returns business time.
func Reconcile(ctx context.Context, cfg Config, args []string, now func() time.Time, out io.Writer) (err error) {
	flags := flag.NewFlagSet("reconcile", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	portal := flags.Int64("portal", 0, "")
	yes, hold := flags.Bool("yes", false, ""), flags.Bool("hold", false, "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 || *hold && (*yes || *portal != 0) {
		return errors.New(reconcileUsage)
	}
	cfg.patient, cfg.onWait = true, func(portal acts.PortalID, wait time.Duration) {
		if wait >= time.Second {
			fmt.Fprintf(out, "  ...   the limit of calls of portal %d is used up: waiting %s\n", portal, wait.Round(time.Second))
		}
	}
	a, err := New(ctx, cfg, now, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if *hold {
		held, err := recovery.Hold(ctx, a.jobs)
		if err == nil {
			fmt.Fprintf(out, "%d portals are held\n", held)
		}
		return err
	}
	ids, err := recovery.Held(ctx, a.jobs)
	if err != nil {
		return err
	}
	failed := 0
	for _, id := range ids {
		if *portal != 0 && *portal != int64(id) {
			continue
		}
		fmt.Fprintf(out, "portal %d\n", id)
		found := &recovery.Findings{Dry: !*yes, Progress: func(text string) { fmt.Fprintf(out, "  ...   %s\n", text) }}
		err := a.reconcilePortal(ctx, id, found)
		printFindings(out, found, err)
		if err != nil {
			failed++
		}
	}
	switch {
	case failed > 0:
		return fmt.Errorf("%d portals are not reconciled and stay held: see above, then repeat", failed)
	case len(ids) == 0:
		fmt.Fprintln(out, "No portal is held: there is nothing to reconcile.")
	case !*yes:
		fmt.Fprintln(out, "Nothing was changed: repeat with --yes to do this and to release the portals.")
	}
	return nil
}

// reconcilePortal brings a held portal up to date and releases it.
func (a *App) reconcilePortal(ctx context.Context, portal acts.PortalID, found *recovery.Findings) error {
	backup, err := recovery.NewestOf(ctx, a.jobs.Scope(portal))
	if err != nil {
		return err
	}
	if err := a.service.CRM.Recover(ctx, portal, found); err != nil {
		return fmt.Errorf("Bitrix24: %w", err)
	}
	if err := a.service.EDO.Recover(ctx, portal, found); err != nil {
		return fmt.Errorf("SBIS: %w", err)
	}
	if err := a.service.Monthly.Recover(ctx, portal, found); err != nil {
		return err
	}
	sent, err := a.service.Remind.SentLetters(ctx, portal)
	if err != nil {
		return fmt.Errorf("Bitrix24: %w", err)
	}
	found.AddUnknownToDo()
	return recovery.InTx(ctx, a.jobs, portal, found, func(tx store.Tx) error {
		if err := a.service.Remind.Recover(ctx, tx, sent, found); err != nil {
			return err
		}
		if err := queue.EnqueueBadges(ctx, tx); err != nil {
			return err
		}
		if err := audit.AddTo(ctx, tx, audit.Record{Action: audit.Reconcile}); err != nil {
			return err
		}
		return recovery.Release(ctx, tx, backup, found)
	})
}

func printFindings(out io.Writer, found *recovery.Findings, err error) {
	for _, text := range found.Done {
		fmt.Fprintf(out, "  ok    %s\n", text)
	}
	for _, text := range found.ToDo {
		fmt.Fprintf(out, "  TODO  %s.\n", text)
	}
	if found.Numbers > 0 {
		fmt.Fprintln(out, "  ok    the next numbers are above those in the CRM and SBIS")
	}
	switch {
	case err != nil:
		fmt.Fprintf(out, "  FAIL  %s\n", err)
	case !found.Dry:
		fmt.Fprintln(out, "  ok    released")
	}
}
