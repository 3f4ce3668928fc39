package acts

import "time"

// Sending is how a person sent a paper act.
type Sending struct {
	Channel Channel // ByEmail or ByPost
	On      time.Time
	Track   string
	Address string // e-mail address
}

// MaySend returns Conflict when a paper act cannot be sent now.
func (a Act) MaySend() error {
	_, err := a.Apply(a.SendEvent(), ByPerson)
	return err
}

// Seen marks where an act stands that somebody looks at: a form that was opened before the act left sends it no second time.
func (a Act) Seen() string {
	if a.SentAt.IsZero() {
		return string(a.Status)
	}
	return string(a.Status) + "-" + a.SentAt.UTC().Format("20060102150405.000000")
}

// SendEvent is Dispatch for the first sending and Redispatch for the next.
func (a Act) SendEvent() Event {
	if a.Status == Sent {
		return Redispatch
	}
	return Dispatch
}

// MayUpload returns Conflict when a copy of the side cannot be taken now. A further page or a better scan of a copy
// that is there already may come as long as the act counts.
func (a Act) MayUpload(side Side) error {
	if a.Medium != Paper {
		return Errorf(Conflict, "Подписи электронного акта сообщает СБИС, загружать скан не нужно.")
	}
	if _, err := a.Apply(side.Event(), ByPerson); err == nil {
		return nil
	}
	switch {
	case side == Ours && a.Counts() && a.Status != Draft:
		return nil
	case side == Theirs && a.Counts() && a.Status == Signed:
		return nil
	}
	return a.conflict()
}

// MayCorrect returns Conflict when no corrected act can be formed in the act's place.
func (a Act) MayCorrect() error {
	if a.Status != StatusRefused {
		return Errorf(Conflict, "Исправленный акт формируют после отказа от подписания.")
	}
	if a.Replaced() {
		return Errorf(Conflict, "Исправленный акт уже сформирован.")
	}
	return nil
}

// MayCopy returns Conflict when the act is still in use: what it covers needs no second act.
func (a Act) MayCopy() error {
	if a.Status != Annulled {
		return Errorf(Conflict, "Копию создают вместо аннулированного акта.")
	}
	return nil
}

// MayAnnul returns Conflict when a person cannot annul the act now. later tells that its document must be taken out of
// SBIS first, which is done before the act is annulled.
func (a Act) MayAnnul() (later bool, err error) {
	if _, err := a.Apply(Annulment, ByPerson); err != nil {
		return false, err
	}
	switch {
	case a.Status == Draft && a.Delivery == WaitingSignature:
		return true, nil
	case a.heldBySBIS() && a.Delivery.onTheLine():
		return false, Errorf(Conflict, "Документ в пути: «%s». Дождитесь ответа СБИС, затем аннулируйте акт.", a.Delivery.Label())
	case a.heldBySBIS():
		return false, Errorf(Conflict, "Документ в СБИС: «%s». Отзовите его в кабинете СБИС, затем аннулируйте акт.", a.Delivery.Label())
	}
	return false, nil
}
