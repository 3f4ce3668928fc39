package acts

import "strings"

// WaysOut names in words what may be done with the act now.
func (a Act) WaysOut(by Actor) string {
	var words []string
	if by == ByPerson && a.MayHandOver() == nil {
		words = append(words, "передать в СБИС")
	}
	for _, e := range a.Allowed(by) {
		if by != ByPerson || a.open(e) {
			words = append(words, strings.ToLower(e.Label()))
		}
	}
	if by == ByPerson && a.undoable() {
		words = append(words, "отменить отметку")
	}
	if by == ByPerson && a.MayCorrect() == nil {
		words = append(words, "сформировать исправленный акт")
	}
	if len(words) == 0 {
		return a.onlyWay()
	}
	return strings.Join(words, ", ")
}

// open reports whether the place of the document leaves the event to a person.
func (a Act) open(e Event) bool {
	switch e {
	case Recall:
		return a.MayTakeBack() == nil
	case Annulment:
		return !a.heldBySBIS() || a.MayTakeBack() == nil
	}
	return true
}

// onlyWay is what is left when the act itself can do nothing.
func (a Act) onlyWay() string {
	switch {
	case a.Status == Annulled:
		return "создать копию"
	case a.Status == Signed:
		return "аннулировать по согласию обеих сторон в СБИС"
	case a.Delivery.onTheLine():
		return "дождаться ответа СБИС"
	}
	return "отозвать документ в кабинете СБИС"
}

// heldBySBIS reports whether the document must leave SBIS before the act is annulled.
func (a Act) heldBySBIS() bool {
	return a.Medium == Electronic && a.Delivery.WithOperator() && a.Status != StatusRefused
}

// onTheLine reports whether our own call to SBIS is on its way.
func (d Delivery) onTheLine() bool { return d == Queued || d == Withdrawing }
