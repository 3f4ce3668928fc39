package main

import (
	"context"
	"fmt"
	"time"

	"acts24/integrations/sbis/sbistest"
)

const (
	maxParallel  = 5   // calls of one session at a time
	loginsAtOnce = 400 // accounts whose sessions have ended at the same time, more than may log in within a minute
	handedOver   = 20  // acts of one account that are handed over at once
)

// measureSessions lets three replicas log in many accounts at once, and hand over many acts of one account.
func measureSessions(ctx context.Context, p plan, r *report) error {
	w, err := openSite(ctx, p.program, options{portals: 1, replicas: 3})
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.addOrganisations(ctx, loginsAtOnce); err != nil {
		return err
	}
	began, before := time.Now(), len(w.world.SBIS.Trace().Lines())
	if err := w.exec(ctx, `UPDATE feeds SET next_at = clock_timestamp()`); err != nil {
		return err
	}
	if err := w.awaitPolls(ctx); err != nil {
		return err
	}
	took := time.Since(began)
	all := countPolls(w.world.SBIS.Trace().Lines()[before:])
	r.add(figure{what: "logins refused", value: float64(all.refusedLogins), unit: "calls", note: fmt.Sprintf("of %d accounts whose sessions ended at once, 300 a minute are let in; all were polled after %v",
		loginsAtOnce, took.Round(time.Second))})
	r.add(figure{what: "logins of one account", value: float64(all.logins) / float64(loginsAtOnce), unit: "", goal: 1.01, note: "over three replicas"})
	before = len(w.world.SBIS.Trace().Lines())
	if err := w.world.SBIS.Fault(sbistest.Fault{Kind: sbistest.FaultLatency, Delay: 300 * time.Millisecond}); err != nil {
		return err
	}
	if _, err := w.handOver(ctx, 0, handedOver); err != nil {
		return err
	}
	if err := w.await(ctx, 10*time.Minute, `SELECT count(*) FROM acts WHERE delivery = 'queued'`); err != nil {
		return err
	}
	w.world.SBIS.ClearFaults()
	all = countPolls(w.world.SBIS.Trace().Lines()[before:])
	r.add(figure{what: "parallel calls of one session", value: float64(w.world.SBIS.PeakParallel()), unit: "", goal: maxParallel, note: fmt.Sprintf("%d acts handed over at once by three replicas", handedOver)})
	r.add(figure{what: "calls refused for it", value: float64(all.refused), unit: "calls"})
	return nil
}
