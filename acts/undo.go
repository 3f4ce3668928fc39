package acts

// Change is one change of status in the history of an act.
type Change struct {
	From, To Status
	By       Actor
	Undo     bool // it took a mark back
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
		return a.conflict()
	}
	return Errorf(Conflict, "Статус «%s» сообщил СБИС, отменить его отметку нельзя.", a.Status.Label())
}

// Undo takes the last mark of a person back: it returns the status before it, and who had set that one.
// history is oldest first.
func (a Act) Undo(history []Change) (before Status, by Actor, err error) {
	if err := a.MayUndo(); err != nil {
		return a.Status, "", err
	}
	way := standing(history)
	last := len(way) - 1
	if last < 0 || way[last].To != a.Status || way[last].By != ByPerson {
		return a.Status, "", Errorf(Conflict, "В истории акта не видно, какой статус был до отметки.")
	}
	before, by = way[last].From, ByPerson
	if last > 0 {
		by = way[last-1].By
	}
	return before, by, nil
}

// standing leaves of a history the changes that were not taken back, so that each undo goes one mark further back.
func standing(history []Change) []Change {
	var way []Change
	for _, c := range history {
		last := len(way) - 1
		switch {
		case c.From == c.To:
		case c.Undo && last >= 0 && way[last].From == c.To:
			way = way[:last]
		default:
			way = append(way, c)
		}
	}
	return way
}
