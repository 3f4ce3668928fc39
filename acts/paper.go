package acts

import "time"

// Sending is how a person sent a paper act.
type Sending struct {
	Channel Channel // ChannelEmail or ChannelPost
	On      time.Time
	Track   string
	Address string // e-mail address
}

// MaySend returns Conflict when a paper act cannot be sent now.
func (a Act) MaySend() error {
	_, err := a.Apply(a.SendEvent(), ActorPerson)
	return err
}

// SeenToken returns a token of the act's state for a form. A form opened before the act was sent carries another
// token, so it cannot send the act a second time.
func (a Act) SeenToken() string {
	if a.SentAt.IsZero() {
		return string(a.Status)
	}
	return string(a.Status) + "-" + a.SentAt.UTC().Format("20060102150405.000000")
}

// SendEvent returns EventDispatch for the first sending and EventRedispatch for later ones.
func (a Act) SendEvent() Event {
	if a.Status == StatusSent {
		return EventRedispatch
	}
	return EventDispatch
}

// MayUpload returns Conflict when a copy of the side cannot be uploaded now. Further pages and better scans
// of a copy that already exists are accepted as long as the act counts.
func (a Act) MayUpload(side Side) error {
	if a.Medium != MediumPaper {
		return Errorf(Conflict, "Подписи электронного акта сообщает СБИС, загружать скан не нужно.")
	}
	if _, err := a.Apply(side.Event(), ActorPerson); err == nil {
		return nil
	}
	switch {
	case side == SideOurs && a.CountsTowardDeal() && a.Status != StatusDraft:
		return nil
	case side == SideTheirs && a.CountsTowardDeal() && a.Status == StatusSigned:
		return nil
	}
	return a.conflict()
}

// MayCorrect returns Conflict when no corrected act can be formed to replace this one.
func (a Act) MayCorrect() error {
	if a.Status != StatusRefused {
		return Errorf(Conflict, "Исправленный акт формируют после отказа от подписания.")
	}
	if a.Replaced() {
		return Errorf(Conflict, "Исправленный акт уже сформирован.")
	}
	return nil
}

// MayCopy returns Conflict when the act is still in use, because what it covers needs no second act.
func (a Act) MayCopy() error {
	if a.Status != StatusAnnulled {
		return Errorf(Conflict, "Копию создают вместо аннулированного акта.")
	}
	return nil
}

// MayAnnul returns Conflict when a person cannot annul the act now. later is true when the document must be
// withdrawn from SBIS first; the act is annulled after that.
func (a Act) MayAnnul() (later bool, err error) {
	if _, err := a.Apply(EventAnnulment, ActorPerson); err != nil {
		return false, err
	}
	switch {
	case a.Status == StatusDraft && a.Delivery == DeliveryWaitingSignature:
		return true, nil
	case a.heldBySBIS() && a.Delivery.callPending():
		return false, Errorf(Conflict, "Документ в пути: «%s». Дождитесь ответа СБИС, затем аннулируйте акт.", a.Delivery.Label())
	case a.heldBySBIS():
		return false, Errorf(Conflict, "Документ в СБИС: «%s». Сначала отзовите его, затем аннулируйте акт.", a.Delivery.Label())
	}
	return false, nil
}
