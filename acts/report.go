package acts

import "strings"

// Report is what SBIS says about one document (contracts/sbis.md 3).
type Report struct {
	Code       int    // Состояние.Код
	Name       string // Состояние.Название
	Comment    string // why, in the words of who did it
	Deleted    bool   // Удален
	Returned   bool   // our signer refused, or it was sent back to be mended
	Dispatched bool   // the document carries our signature or was on its way already
	Verdict    int    // КодИтога of the buyer's title: 1, 2, 3; 0 when there is no title; -1 not yet readable
}

// Unsigned reports whether the document lies in the cabinet and could still be signed there by us.
func (r Report) Unsigned() bool { return r.Code == 0 || r.Code == 10 || r.Code == 23 }

// Draft reports whether the document still waits to be sent: nothing was executed (contracts/sbis.md 2.3).
func (r Report) Draft() bool { return r.Code == 0 || r.Code == 10 }

// Outcome is what a report means for an act.
type Outcome struct {
	Delivery Delivery
	Events   []Event // to be applied in order; those the status has passed already are left out
	Note     string  // the reason to show
	Over     bool    // the document is dead: the act may be handed over again with a new one
	Wait     bool    // nothing can be said yet, read again
}

// Read turns a report into what happens to the act; a report that says nothing new changes nothing.
func (a Act) Read(r Report) Outcome {
	recalled := strings.Contains(strings.ToLower(r.Name), "отозван")
	switch {
	case r.Code == 20 || r.Deleted:
		return a.readGone(r, "Документ удалён в СБИС")
	case recalled:
		return a.readGone(r, "Документ отозван в СБИС")
	case r.Unsigned():
		return a.readWaiting(r)
	case r.Code == 2:
		return Outcome{Delivery: WaitingConnection, Events: a.upTo(SignedByUs)}
	case r.Code == 3:
		return Outcome{Delivery: OnItsWay, Events: a.upTo(Sent)}
	case r.Code == 4:
		return Outcome{Delivery: Delivered, Events: a.upTo(Sent)}
	case r.Code == 6:
		return Outcome{Delivery: DeliveryFailed, Events: []Event{DeliveryError}, Note: because("Ошибка доставки", r), Over: true}
	case r.Code == 7:
		return a.readDecided(r)
	case r.Code == 9 && !r.Dispatched && (a.Status == Draft || a.Status == SignedByUs):
		return Outcome{Delivery: NotHanded, Events: []Event{Recall}, Note: because("Подписание отклонено с нашей стороны", r), Over: true}
	case r.Code == 9:
		return Outcome{Delivery: Completed, Events: append(a.upTo(Sent), Refusal), Note: because("", r)}
	}
	return Outcome{Delivery: a.Delivery, Note: "СБИС сообщил неизвестное состояние «" + r.Name + "»."}
}

// readWaiting: the document lies in the cabinet and nobody has signed it. A draft that
// SBIS had already dispatched does not come back by this: only a recall says so by name.
func (a Act) readWaiting(r Report) Outcome {
	switch a.Status {
	case Draft:
		if r.Returned {
			return Outcome{Delivery: NotHanded, Events: []Event{Recall}, Note: because("Подписание отклонено с нашей стороны", r), Over: true}
		}
		if a.Delivery == Withdrawing { // our taking back is on its way, this report is older
			return Outcome{Delivery: Withdrawing}
		}
		return Outcome{Delivery: WaitingSignature, Note: because("", r)}
	case SignedByUs:
		return Outcome{Delivery: WaitingSignature, Events: []Event{Recall}, Note: because("", r)}
	}
	return Outcome{Delivery: a.Delivery}
}

func (a Act) readGone(r Report, what string) Outcome {
	switch a.Status {
	case Draft, SignedByUs, Sent:
		return Outcome{Delivery: NotHanded, Events: []Event{Recall}, Note: because(what, r), Over: true}
	case Signed:
		return Outcome{Delivery: Completed, Events: []Event{Annulment}, Note: because("Документ аннулирован обеими сторонами", r), Over: true}
	case AcceptedUnsigned: // nothing of it is left to recall: the act may be annulled
		return Outcome{Delivery: NotHanded, Note: because(what, r), Over: true}
	}
	return Outcome{Delivery: Completed, Note: because(what, r), Over: true}
}

func (a Act) readDecided(r Report) Outcome {
	switch r.Verdict {
	case -1:
		return Outcome{Delivery: Delivered, Events: a.upTo(Sent), Wait: true}
	case 3:
		return Outcome{Delivery: Completed, Events: append(a.upTo(Sent), Refusal), Note: because("", r)}
	case 2:
		return Outcome{Delivery: Completed, Events: append(a.upTo(Sent), Countersignature), Note: because("Принят с расхождениями", r)}
	}
	return Outcome{Delivery: Completed, Events: append(a.upTo(Sent), Countersignature), Note: because("", r)}
}

// upTo lists the events that bring the act to SignedByUs or Sent, leaving out what it has passed.
func (a Act) upTo(target Status) []Event {
	switch {
	case a.Status == Draft && target == SignedByUs:
		return []Event{OurSignature}
	case a.Status == Draft:
		return []Event{OurSignature, Dispatch}
	case a.Status == SignedByUs && target == Sent:
		return []Event{Dispatch}
	}
	return nil
}

func because(what string, r Report) string {
	switch {
	case r.Comment == "" && what == "":
		return ""
	case r.Comment == "":
		return what + "."
	case what == "":
		return r.Comment
	}
	return what + ": " + r.Comment
}
