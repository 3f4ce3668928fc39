package acts

// ReminderKind is what the clock brings.
type ReminderKind string

// The kinds of reminders about an act (design: reminders).
const (
	NoReminder         ReminderKind = ""
	RemindUnsigned     ReminderKind = "unsigned"      // sent and not signed: the task «Указать статус акта»
	RemindOurSignature ReminderKind = "our_signature" // waits in SBIS for our signature
	RemindInvitation   ReminderKind = "invitation"    // waits for the counterparty to connect
	RemindAccepted     ReminderKind = "accepted"      // accepted and not signed
)

// Terms are the terms of reminders.
type Terms struct {
	Unsigned     int `json:"unsigned"`      // working days after the act was sent
	OurSignature int `json:"our_signature"` // working days
	Invitation   int `json:"invitation"`    // working days
	Again        int `json:"again"`         // working days to the second reminder of an invitation
	Accepted     int `json:"accepted"`      // calendar days, again and again
}

// DefaultTerms are the terms of a portal that has set none.
var DefaultTerms = Terms{Unsigned: 5, OurSignature: 1, Invitation: 3, Again: 7, Accepted: 30}

// Awaits says what the clock is to remind of while the act stands as it does.
func (a Act) Awaits() ReminderKind {
	switch {
	case !a.Counts():
		return NoReminder
	case a.Status == Sent:
		return RemindUnsigned
	case a.Status == AcceptedUnsigned:
		return RemindAccepted
	case a.Medium == Paper || a.Status == Signed || a.Status == StatusRefused: // wherever a document of it may be
		return NoReminder
	case a.Delivery == WaitingSignature:
		return RemindOurSignature
	case a.Delivery == WaitingConnection:
		return RemindInvitation
	}
	return NoReminder
}

// Asks reports whether the reminder is a task that waits for an answer; the others are notifications.
func (k ReminderKind) Asks() bool { return k == RemindUnsigned }
