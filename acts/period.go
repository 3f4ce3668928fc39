package acts

import "time"

// ClosedError is the error of an attempt to change something in a closed period. Its kind is Conflict, or
// Invalid when it is a fault of a form.
type ClosedError struct {
	Act   ActID // 0 when there is no act yet
	Own   CompanyID
	Doing string // what was attempted: «сформировать акт»
	Day   time.Time
	cause error
}

// Error returns the message for the user.
func (e *ClosedError) Error() string { return e.cause.Error() }

// Unwrap returns the Conflict or the Faults of the form.
func (e *ClosedError) Unwrap() error { return e.cause }

// ClosedPeriod is the closed period of one of our companies: acts dated before Before cannot be dated, changed or annulled.
type ClosedPeriod struct {
	Own    CompanyID
	Before time.Time // zero when nothing is closed
}

// Closed reports whether a date is in the closed period.
func (p ClosedPeriod) Closed(date time.Time) bool {
	return !p.Before.IsZero() && day(date.Date()).Before(p.Before)
}

// MayDate returns a ClosedError when the date of the act is in the closed period; the fault is at the date field of the
// form.
func (p ClosedPeriod) MayDate(a Act) error {
	date, field := a.DocumentDay(), "date"
	if !p.Closed(date) {
		return nil
	}
	if a.Correction.IsSet() {
		field = "correction-date"
	}
	return &ClosedError{Act: a.ID, Own: p.Own, Doing: "датировать акт " + date.Format("02.01.2006"), Day: p.Before,
		cause: Faults{{Field: field, Text: "Период до " + p.Before.Format("02.01.2006") + " закрыт. Поставьте дату не раньше этого дня."}}}
}

// MayChange returns a ClosedError when an act in the closed period would be changed. A draft without a number
// is not a document yet and may get another date or be deleted.
func (p ClosedPeriod) MayChange(a Act, doing string) error {
	if a.Number == "" || !p.Closed(a.DocumentDay()) {
		return nil
	}
	return p.refuse(a, doing)
}

// MayIssue returns a ClosedError when the document of an act dated in the closed period would be made.
func (p ClosedPeriod) MayIssue(a Act, doing string) error {
	if !p.Closed(a.DocumentDay()) {
		return nil
	}
	return p.refuse(a, doing)
}

func (p ClosedPeriod) refuse(a Act, doing string) error {
	advice := "Откройте период в настройках организации"
	if a.Number == "" {
		advice = "Измените дату акта"
	}
	return &ClosedError{Act: a.ID, Own: p.Own, Doing: doing, Day: p.Before, cause: Errorf(Conflict,
		"%s — в закрытом периоде (до %s), %s нельзя. %s или обратитесь к администратору.", a.Title(), p.Before.Format("02.01.2006"), doing, advice)}
}
