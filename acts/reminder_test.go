package acts

import "testing"

// What the clock waits for, for every status and every place of the document.
func TestAwaits(t *testing.T) {
	for _, a := range everyAct() {
		for d := range deliveryLabels {
			a.Delivery = d
			if got, want := a.Awaits(), awaited(a); got != want {
				t.Errorf("%s act in %s (%q), replaced %v: the clock brings %q; want %q", a.Medium, a.Status, d, a.Replaced(), got, want)
			}
		}
	}
}

// awaited is section 6 of the design.
func awaited(a Act) ReminderKind {
	byStatus := map[Status]ReminderKind{Sent: RemindUnsigned, AcceptedUnsigned: RemindAccepted}
	inSBIS := map[Delivery]ReminderKind{WaitingSignature: RemindOurSignature, WaitingConnection: RemindInvitation}
	switch {
	case a.Replaced():
		return NoReminder
	case byStatus[a.Status] != "":
		return byStatus[a.Status]
	case a.Medium == Electronic && (a.Status == Draft || a.Status == SignedByUs):
		return inSBIS[a.Delivery]
	}
	return NoReminder
}

func TestOnlyUnsignedAsks(t *testing.T) {
	for kind, asks := range map[ReminderKind]bool{RemindUnsigned: true, RemindAccepted: false, RemindOurSignature: false, RemindInvitation: false, NoReminder: false} {
		if kind.Asks() != asks {
			t.Errorf("%q asks for an answer: %v", kind, kind.Asks())
		}
	}
}
