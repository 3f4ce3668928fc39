package acts

// Change is one change of status in the history of an act.
type Change struct {
	From, To Status
	By       Actor
}

// undoable reports whether the status is a mark that a person set and may take back.
func (a Act) undoable() bool {
	switch a.Status {
	case Sent, AcceptedUnsigned, StatusRefused, Signed:
		return a.MarkedByPerson && !a.Replaced()
	}
	return false
}

// MayUndo returns Conflict when the status is not a mark that a person set and may take back.
func (a Act) MayUndo() error {
	switch {
	case a.Replaced():
		return Errorf(Conflict, "Вместо этого акта сформирован исправленный. Аннулируйте его, если отметка ошибочна.")
	case a.undoable():
		return nil
	case a.Status == Draft || a.Status == SignedByUs || a.Status == Annulled:
		return a.conflict(ByPerson)
	}
	return Errorf(Conflict, "Статус «%s» сообщил СБИС, отменить его отметку нельзя.", a.Status.Label())
}

// Undo takes the last mark of a person back: it returns the status before it, and who had set that one.
// history is oldest first.
func (a Act) Undo(history []Change) (before Status, by Actor, err error) {
	if err := a.MayUndo(); err != nil {
		return a.Status, "", err
	}
	last := len(history) - 1
	for ; last >= 0; last-- {
		if c := history[last]; c.From != c.To && c.To == a.Status {
			break
		}
	}
	if last < 0 || history[last].By != ByPerson {
		return a.Status, "", Errorf(Conflict, "В истории акта не видно, какой статус был до отметки.")
	}
	before, by = history[last].From, ByPerson
	for i := last - 1; i >= 0; i-- {
		if c := history[i]; c.From != c.To && c.To == before {
			return before, c.By, nil
		}
	}
	return before, by, nil
}
