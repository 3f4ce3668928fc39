package act

import (
	"time"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
)

// progressOf returns the statuses through which an act goes: those behind it, its own, and those that are still to come. lines are its history.
func progressOf(v web.Visit, a acts.Act, lines []store.ActEvent) []views.ProgressStep {
	way := []acts.Status{acts.StatusDraft, acts.StatusSignedByUs, acts.StatusSent, acts.StatusSigned}
	switch a.Status {
	case acts.StatusAcceptedUnsigned:
		way = []acts.Status{acts.StatusDraft, acts.StatusSignedByUs, acts.StatusSent, acts.StatusAcceptedUnsigned, acts.StatusSigned}
	case acts.StatusRefused:
		way[3] = acts.StatusRefused
	case acts.StatusAnnulled:
		if way = []acts.Status{acts.StatusDraft, acts.StatusAnnulled}; !a.SentAt.IsZero() {
			way = []acts.Status{acts.StatusDraft, acts.StatusSignedByUs, acts.StatusSent, acts.StatusAnnulled}
		}
	}
	var steps []views.ProgressStep
	state := "done"
	for i, status := range way {
		step := views.ProgressStep{Label: status.Label(), State: state}
		if status == a.Status {
			step.State, state = "now", "later"
			if i == len(way)-1 && status == acts.StatusSigned {
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

// reachedOn returns when an act reached a status, the last time according to its history where the act does not keep it; zero when it is unknown.
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
