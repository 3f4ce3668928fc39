package sbistest

import "errors"

// proposeAnnulment proposes an annulment, to which the other party must agree. A document that the counterparty has not approved is
// withdrawn at once (docs/contracts/sbis.md, "Recall and annulment").
func (s *Server) proposeAnnulment(d *document, do MoveRequest) error {
	name, by := "Отправка соглашения об аннулировании", s.owner(d, do)
	if d.State.isUnderWay() && orElse(do.By, "us") == "us" {
		return s.recall(d, do)
	}
	d.Annulment = orElse(do.By, "us")
	switch d.Annulment {
	case "us":
	case "counterparty":
		name, by = "Получение соглашения об аннулировании", orElse(do.Person, buyerSigner)
	default:
		d.Annulment = ""
		return errors.New("кто предлагает: us или counterparty")
	}
	state := d.State
	if state.isUnderWay() {
		state = stateDeletedByCounterparty.with(do.Comment)
	}
	state.Description = "Ожидается аннулирование"
	s.addEvent(d, newEvent{name: name, state: state, comment: do.Comment, by: by})
	return nil
}

func (s *Server) agreeAnnulment(d *document, do MoveRequest) error {
	by := s.respondent(d, do)
	d.Annulment = ""
	s.addEvent(d, newEvent{name: "Документ аннулирован", state: stateAnnulled.with(do.Comment), comment: do.Comment, by: by})
	return nil
}

// declineAnnulment ends the proposal. The document stays approved or refused as before it; one that the proposal has withdrawn stays withdrawn
// (docs/contracts/sbis.md, "Recall and annulment").
func (s *Server) declineAnnulment(d *document, do MoveRequest) error {
	by := s.respondent(d, do)
	d.Annulment = ""
	state := d.State
	state.Description = ""
	for _, known := range []docState{stateDelivered, stateRejected} {
		if known.Code == state.Code {
			state.Description = known.Description
		}
	}
	reason := orElse(do.Comment, "Не согласны с аннулированием")
	s.addEvent(d, newEvent{name: "Отказ в аннулировании", state: state, comment: reason, by: by})
	return nil
}

// withdrawAnnulment withdraws the proposal (assumed).
func (s *Server) withdrawAnnulment(d *document, do MoveRequest) error {
	state, by := d.State, s.owner(d, do)
	if d.Annulment == "counterparty" {
		by = orElse(do.Person, buyerSigner)
	}
	d.Annulment, state.Description = "", ""
	s.addEvent(d, newEvent{name: "Отзыв соглашения об аннулировании", state: state, comment: do.Comment, by: by})
	return nil
}

// respondent returns the party that did not propose.
func (s *Server) respondent(d *document, do MoveRequest) Person {
	if d.Annulment == "counterparty" {
		return s.owner(d, do)
	}
	return orElse(do.Person, buyerSigner)
}
