package act

import (
	"time"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
)

// progressOf returns the statuses of an act in their order: those it has had, its own, and those that are still to come. lines are its history.
func progressOf(v web.Visit, a acts.Act, lines []store.ActEvent) []views.ProgressStep {
	statuses := []acts.Status{acts.StatusDraft, acts.StatusSignedByUs, acts.StatusSent, acts.StatusSigned}
	switch a.Status {
	case acts.StatusAcceptedUnsigned:
		statuses = []acts.Status{acts.StatusDraft, acts.StatusSignedByUs, acts.StatusSent, acts.StatusAcceptedUnsigned, acts.StatusSigned}
	case acts.StatusRefused:
		statuses[3] = acts.StatusRefused
	case acts.StatusAnnulled:
		if statuses = []acts.Status{acts.StatusDraft, acts.StatusAnnulled}; !a.SentAt.IsZero() {
			statuses = []acts.Status{acts.StatusDraft, acts.StatusSignedByUs, acts.StatusSent, acts.StatusAnnulled}
		}
	}
	var steps []views.ProgressStep
	state := "done"
	for i, status := range statuses {
		step := views.ProgressStep{Label: status.Label(), State: state}
		if status == a.Status {
			step.State, state = "now", "later"
			if i == len(statuses)-1 && status == acts.StatusSigned {
				step.State = "done"
			} else if status == acts.StatusRefused || status == acts.StatusAnnulled {
				step.State = "failed"
			}
			step.Current = true
		}
		if step.State != "later" {
			step.On = views.Date(zoned(v, reachedOn(a, status, lines)))
		}
		steps = append(steps, step)
	}
	return steps
}

// reachedOn returns when an act reached a status, zero when it is unknown. Where the act has no field for it, the last such line of its history
// counts.
func reachedOn(a acts.Act, s acts.Status, lines []store.ActEvent) (at time.Time) {
	switch {
	case s == acts.StatusDraft:
		return a.CreatedAt
	case s == acts.StatusSent:
		return a.SentAt
	case a.Status == s && s != acts.StatusSignedByUs && s != acts.StatusAnnulled:
		return a.DecidedAt
	}
	for _, e := range lines {
		if e.To == s && e.From != s && e.At.After(at) {
			at = e.At
		}
	}
	return at
}

// zoned returns a moment in the zone of the portal, zero for none.
func zoned(v web.Visit, at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.In(web.Zone(v))
}
