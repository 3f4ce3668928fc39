package acts

import "testing"

// The required reminder for every status and every location of the document.
func TestAwaits(t *testing.T) {
	for _, a := range everyAct() {
		for d := range deliveryLabels {
			a.Delivery = d
			if got, want := a.Awaits(), awaited(a); got != want {
				t.Errorf("%s act in %s (%q), replaced %v: the reminder is %q; want %q", a.Medium, a.Status, d, a.Replaced(), got, want)
			}
		}
	}
}

// awaited returns the reminder that an act requires, independently of Awaits.
func awaited(a Act) ReminderKind {
	byStatus := map[Status]ReminderKind{StatusSent: RemindUnsigned, StatusAcceptedUnsigned: RemindAccepted}
	inSBIS := map[Delivery]ReminderKind{DeliveryWaitingSignature: RemindOurSignature, DeliveryWaitingConnection: RemindInvitation}
	switch {
	case a.Replaced():
		return NoReminder
	case byStatus[a.Status] != "":
		return byStatus[a.Status]
	case a.Medium == MediumElectronic && (a.Status == StatusDraft || a.Status == StatusSignedByUs):
		return inSBIS[a.Delivery]
	}
	return NoReminder
}

func TestRequiresAnswer(t *testing.T) {
	for kind, want := range map[ReminderKind]bool{RemindUnsigned: true, RemindRemarks: true, RemindAccepted: false, RemindOurSignature: false, RemindInvitation: false,
		RemindAnnulment: false, RemindCounterparty: false, NoReminder: false} {
		if kind.RequiresAnswer() != want {
			t.Errorf("%q requires an answer: %v", kind, kind.RequiresAnswer())
		}
	}
}
