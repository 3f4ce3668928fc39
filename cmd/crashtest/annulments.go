package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"acts24/acts"
)

// recallableActs lists every fifth act that can be recalled, annullableActs every fifth that can be annulled, and proposedActs those whose counterparty
// has proposed to annul them.
const (
	recallableActs = `SELECT portal_id, id FROM acts WHERE id % 5 = 1 AND medium = 'electronic' AND status = 'sent' AND delivery IN ('sent', 'delivered') AND annulment = '{}'`
	annullableActs = `SELECT portal_id, id FROM acts WHERE id % 5 = 2 AND medium = 'electronic' AND status = 'signed' AND delivery = 'completed' AND annulment = '{}'`
	proposedActs   = `SELECT portal_id, id FROM acts WHERE annulment ->> 'proposed' = 'theirs' AND NOT jsonb_exists(annulment, 'step')`
)

// annul recalls and annuls acts through their pages and answers the proposals of counterparties until ctx is done, each act once. SBIS executes it,
// and the counterparty answers.
func (l *load) annul(ctx context.Context) {
	l.harness.world.SBIS.OfferAnnulment(true)
	managers, done := managerPool{l, map[int64]*manager{}}, map[string]bool{}
	for ctx.Err() == nil {
		for query, step := range map[string]acts.AnnulmentStep{recallableActs: acts.StepRecall, annullableActs: acts.StepPropose, proposedActs: acts.StepAgree} {
			rows, err := l.harness.queryPairs(ctx, query)
			if err != nil && ctx.Err() == nil {
				l.recordFailure("look for acts to annul: %v", err)
			}
			for _, r := range rows {
				portal, act, once := r[0], r[1], fmt.Sprint(step, r)
				if done[once] {
					continue
				}
				taken := step
				if step == acts.StepAgree && act%2 == 0 {
					taken = acts.StepDecline
				}
				done[once] = managers.post(ctx, portal, act, "annulment", url.Values{"step": {string(taken)}, "reason": {"Ошибка"}}, string(taken))
			}
		}
		l.harness.waitForNextPoll(ctx, 100*time.Millisecond)
	}
}

// annulmentsOver reports whether no recall or annulment is under way, also none that the program has not read yet.
func (l *load) annulmentsOver(ctx context.Context) bool {
	for _, d := range l.harness.world.SBIS.Documents() {
		if d.Annulment != "" && !d.Deleted {
			return false
		}
	}
	open, err := l.harness.queryNumber(ctx, `SELECT count(*) FROM acts WHERE jsonb_exists_any(annulment, '{step,proposed}')`)
	return err == nil && open == 0
}
