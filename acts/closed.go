package acts

import "time"

// ClosedError is an attempt to do something in a closed period; it answers to Conflict, and as a mistake of a form to Invalid.
type ClosedError struct {
	Act   ActID // 0 when there is no act yet
	Own   CompanyID
	Doing string // «сформировать акт»
	Day   time.Time
	cause error
}

// Error is the sentence for the person.
func (e *ClosedError) Error() string { return e.cause.Error() }

// Unwrap gives the Conflict, or the fault of the form.
func (e *ClosedError) Unwrap() error { return e.cause }

// Period is how far the acts of our company are closed: those dated before the day may not be dated, changed or annulled.
type Period struct {
	Own    CompanyID
	Before time.Time // zero when nothing is closed
}

// Closed reports whether acts of a day are closed.
func (p Period) Closed(date time.Time) bool {
	return !p.Before.IsZero() && day(date.Date()).Before(p.Before)
}

// MayDate refuses a date for an act that lies in the closed period; the mistake stands at the field "date".
func (p Period) MayDate(act ActID, date time.Time) error {
	if !p.Closed(date) {
		return nil
	}
	return &ClosedError{Act: act, Own: p.Own, Doing: "датировать акт " + date.Format("02.01.2006"), Day: p.Before,
		cause: Faults{{Field: "date", Text: "Период до " + p.Before.Format("02.01.2006") + " закрыт. Поставьте дату не раньше этого дня."}}}
}

// MayChange refuses to do something with an act of the closed period. A draft without a number is no document yet: it may
// get another date, or be dropped.
func (p Period) MayChange(a Act, doing string) error {
	if a.Number == "" || !p.Closed(a.Date) {
		return nil
	}
	return p.refuse(a, doing)
}

// MayIssue refuses to make the document of an act that is dated in the closed period.
func (p Period) MayIssue(a Act, doing string) error {
	if !p.Closed(a.Date) {
		return nil
	}
	return p.refuse(a, doing)
}

func (p Period) refuse(a Act, doing string) error {
	way := "Откройте период в настройках организации"
	if a.Number == "" {
		way = "Измените дату акта"
	}
	return &ClosedError{Act: a.ID, Own: p.Own, Doing: doing, Day: p.Before, cause: Errorf(Conflict,
		"%s — в закрытом периоде (до %s), %s нельзя. %s или обратитесь к администратору.", a.Title(), p.Before.Format("02.01.2006"), doing, way)}
}
