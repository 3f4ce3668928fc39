package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"acts24/acts"
)

// withCounterparty lists acts that can be recalled, signedByBoth and proposedToUs those that can be annulled; of the first two every fifth act.
const (
	withCounterparty = `SELECT portal_id, id FROM acts WHERE id % 5 = 1 AND medium = 'electronic' AND status = 'sent' AND delivery IN ('sent', 'delivered') AND annulment = '{}'`
	signedByBoth     = `SELECT portal_id, id FROM acts WHERE id % 5 = 2 AND medium = 'electronic' AND status = 'signed' AND delivery = 'completed' AND annulment = '{}'`
	proposedToUs     = `SELECT portal_id, id FROM acts WHERE annulment ->> 'proposed' = 'theirs' AND NOT jsonb_exists(annulment, 'step')`
)

// annul recalls and annuls acts through their pages and answers the proposals of counterparties until ctx is done, each act once. SBIS executes it,
// and the counterparty answers.
func (l *load) annul(ctx context.Context) {
	l.harness.world.SBIS.OfferAnnulment(true)
	clerks, asked := map[int64]*manager{}, map[string]bool{}
	for ctx.Err() == nil {
		for query, step := range map[string]acts.AnnulmentStep{withCounterparty: acts.StepRecall, signedByBoth: acts.StepPropose, proposedToUs: acts.StepAgree} {
			rows, err := l.harness.list(ctx, query)
			if err != nil && ctx.Err() == nil {
				l.recordFailure("look for acts to annul: %v", err)
			}
			for _, r := range rows {
				once := fmt.Sprint(step, r)
				if asked[once] {
					continue
				}
				take := step
				if step == acts.StepAgree && r[1]%2 == 0 {
					take = acts.StepDecline
				}
				m := clerks[r[0]]
				if m == nil {
					m = l.managerOf(ctx, r[0])
					clerks[r[0]] = m
				}
				page, err := m.visitor.Post(fmt.Sprintf("/p/%d/acts/%d/annulment", r[0], r[1]), url.Values{"step": {string(take)}, "reason": {"Ошибка"}})
				if err == nil && (page.Status == http.StatusUnauthorized || page.Status == http.StatusForbidden) { // his token has expired: he opens the app again
					delete(clerks, r[0])
					continue
				}
				if err != nil || page.Status >= 500 { // without an answer it is asked again
					continue
				}
				if asked[once] = true; page.Status != http.StatusOK && page.Status != http.StatusConflict {
					l.recordFailure("%s of act %d: %d %s", take, r[1], page.Status, alertOf(page.Body))
				}
			}
		}
		l.harness.rest(ctx, 100*time.Millisecond)
	}
}

// annulmentsOver reports whether no recall or annulment is under way, also none that the program has not read yet.
func (l *load) annulmentsOver(ctx context.Context) bool {
	for _, d := range l.harness.world.SBIS.Documents() {
		if d.Annulment != "" && !d.Deleted {
			return false
		}
	}
	open, err := l.harness.list(ctx, `SELECT count(*), 0 FROM acts WHERE jsonb_exists_any(annulment, '{step,proposed}')`)
	return err == nil && open[0][0] == 0
}

// annulledActs returns the acts whose document was annulled by both parties, with the status that the act has then: a refused act stays refused, so
// that it can be corrected.
func (s *state) annulledActs() map[ref]acts.Status {
	of := map[string]ref{}
	for _, a := range s.Attempts {
		of[a.ID] = ref{a.Portal, a.Act}
	}
	annulled := map[ref]acts.Status{}
	for _, d := range s.Documents {
		if act, ok := of[d.ID]; ok && d.Annulled {
			annulled[act] = acts.StatusAnnulled
			if d.Refused {
				annulled[act] = acts.StatusRefused
			}
		}
	}
	return annulled
}

// revoked returns the deals with an act that was recalled or annulled. They stay where they were, since a deal is not moved back.
func (s *state) revoked() map[ref]bool {
	of, deals := map[string]ref{}, map[ref]bool{}
	dealOf := map[ref]int64{}
	for _, a := range s.Acts {
		dealOf[ref{a.Portal, a.ID}] = a.Deal
	}
	for _, a := range s.Attempts {
		of[a.ID] = ref{a.Portal, a.Act}
	}
	for _, d := range s.Documents {
		if act, ok := of[d.ID]; ok && (d.OurRequests > 0 || d.Annulled) {
			deals[ref{d.Portal, dealOf[act]}] = true
		}
	}
	return deals
}

// askedOnce checks that no document was recalled, or proposed to be annulled, twice, and that each proposal was answered once.
func askedOnce(s *state) (broken []string) {
	of := map[string]ref{}
	for _, a := range s.Attempts {
		of[a.ID] = ref{a.Portal, a.Act}
	}
	for _, d := range s.Documents {
		if d.OurRequests > 1 {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, which was recalled or annulled %d times", d.ID, d.OurRequests))
		}
		if d.Answers > d.Proposals {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, whose %d proposals were answered %d times", d.ID, d.Proposals, d.Answers))
		}
	}
	return broken
}
