package acts

// ReminderKind is the kind of a reminder.
type ReminderKind string

// The kinds of reminders about an act; Awaits returns the kind that the act's state requires.
const (
	NoReminder         ReminderKind = ""
	RemindUnsigned     ReminderKind = "unsigned"      // sent and not signed: the task «Указать статус акта»
	RemindOurSignature ReminderKind = "our_signature" // waiting in SBIS for our signature
	RemindInvitation   ReminderKind = "invitation"    // waiting for the counterparty to connect
	RemindAccepted     ReminderKind = "accepted"      // accepted without a signature
)

// Terms are the delays of reminders.
type Terms struct {
	Unsigned     int `json:"unsigned"`      // working days after the act was sent
	OurSignature int `json:"our_signature"` // working days
	Invitation   int `json:"invitation"`    // working days
	Again        int `json:"again"`         // working days until the second reminder of an invitation
	Accepted     int `json:"accepted"`      // calendar days, repeated
}

// DefaultTerms are the terms of a portal without its own.
var DefaultTerms = Terms{Unsigned: 5, OurSignature: 1, Invitation: 3, Again: 7, Accepted: 30}

// Awaits returns the kind of reminder that the current state of the act requires, or "".
func (a Act) Awaits() ReminderKind {
	switch {
	case !a.Counts():
		return NoReminder
	case a.Status == StatusSent:
		return RemindUnsigned
	case a.Status == StatusAcceptedUnsigned:
		return RemindAccepted
	case a.Medium == MediumPaper || a.Status == StatusSigned || a.Status == StatusRefused: // regardless of where its document is
		return NoReminder
	case a.Delivery == DeliveryWaitingSignature:
		return RemindOurSignature
	case a.Delivery == DeliveryWaitingConnection:
		return RemindInvitation
	}
	return NoReminder
}

// Asks reports whether the reminder is a CRM task that requires an answer; other reminders are notifications.
func (k ReminderKind) Asks() bool { return k == RemindUnsigned }
