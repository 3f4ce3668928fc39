package crm

import (
	"context"
	"time"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/acts/workday"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// alreadyAnswered is the problem of a reminder that is not sent, because the counterparty no longer has to sign.
const alreadyAnswered = "контрагент уже ответил или документ отозван"

// checkReminder decides whether a queued reminder is still to be sent: hours may have passed since then. due is false when the counterparty no
// longer has to sign the act, by our copy or by the document at SBIS. A letter of the calendar waits for the hours of a working day. The link for
// the counterparty is inserted into the letter. A letter that may have been sent already is not dropped: SendLetter looks for it.
func (s *Service) checkReminder(ctx context.Context, scope store.Scope, p store.Portal, t queue.Task, letter *store.Letter) (due bool, err error) {
	act, err := scope.Acts().Get(ctx, letter.Act)
	if err != nil {
		return false, err
	}
	if act.MayRemindCounterparty() != nil && !t.Unclear {
		return false, nil
	}
	if letter.UserName == "" && !t.Unclear {
		settings, err := scope.Portals().Settings(ctx)
		if err != nil {
			return false, err
		}
		now := s.now()
		if at := workday.New(settings.Calendar).LetterTime(now, workflow.ZoneOf(p.Zone)); at.After(now) {
			return false, letterWaits{min(at.Sub(now), s.timing.Retry)}
		}
	}
	if act.Medium != acts.MediumElectronic {
		return true, nil
	}
	r := s.readReminded(ctx, scope, act)
	if hasAnswer(r.DocumentState) && !t.Unclear {
		return false, nil
	}
	if act.BothAtSBIS() && workflow.IsOperatorLink(r.Theirs) {
		letter.Body = letters.WithLink(letter.Body, r.Theirs)
	} else {
		letter.Body = letters.WithoutLink(letter.Body)
	}
	return true, nil
}

// readReminded fetches the document of an act. Without an answer of SBIS the report is empty: the reminder goes out without a link.
func (s *Service) readReminded(ctx context.Context, scope store.Scope, act acts.Act) (r workflow.Report) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.CallTimeout/3)
	defer cancel()
	own, err := scope.Companies().Get(ctx, act.OwnCompany)
	if err != nil || own.AccountID == 0 {
		return r
	}
	doc, ok, err := scope.Documents().Live(ctx, act.ID)
	if err != nil || !ok {
		return r
	}
	if r, err = s.edo.Read(ctx, workflow.Account{Portal: scope.Portal(), ID: own.AccountID}, doc.ID); err != nil {
		s.log.WarnContext(ctx, "document of a reminder not read", "portal", scope.Portal(), "act", act.ID, "err", err)
		return workflow.Report{}
	}
	return r
}

// hasAnswer reports whether the counterparty has signed or refused a document, or does not have it any more.
func hasAnswer(d acts.DocumentState) bool {
	switch d.Phase {
	case acts.PhaseDecided, acts.PhaseRefused, acts.PhaseCancelled:
		return true
	}
	return d.Deleted || d.Recalled
}

// letterWaits is the error of a reminder that is due at night or on a day off.
type letterWaits struct{ wait time.Duration }

// Error returns the reason for the log.
func (l letterWaits) Error() string { return "letters are not sent at this hour" }

// Unwrap returns the message for users.
func (l letterWaits) Unwrap() error {
	return acts.Errorf(acts.Unavailable, "Письмо контрагенту ждёт рабочего времени.")
}

// RetryAfter returns the pause before the next attempt: business time may be ahead of the clock of the machine.
func (l letterWaits) RetryAfter() time.Duration { return l.wait }
