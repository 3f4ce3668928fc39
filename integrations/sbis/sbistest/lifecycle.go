package sbistest

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// States of an outgoing document (docs/contracts/sbis.md, "States and events").
var (
	stateDraft                 = docState{Code: 0, Name: "Документ редактируется"}
	stateWaiting               = docState{Code: 23, Name: "Ожидает подписания"}
	stateInvited               = docState{Code: 2, Name: "Отослано приглашение"}
	stateSent                  = docState{Code: 3, Name: "Отправлен"}
	stateDelivered             = docState{Code: 4, Name: "Доставлен", Description: "Ожидается утверждение"}
	stateFailed                = docState{Code: 6, Name: "Ошибка", Description: "Проблемы при доставке"}
	stateDone                  = docState{Code: 7, Name: "Выполнение завершено успешно"}
	stateRejected              = docState{Code: 9, Name: "Выполнение завершено с проблемами", Description: "Отклонен"}
	stateDeleted               = docState{Code: 20, Name: "Удален"}
	stateAnnulled              = docState{Code: 20, Name: "Аннулирован"}
	stateRecalled              = docState{Code: -1, Name: "Отозван мной"} // has no code
	stateDeletedByCounterparty = docState{Code: 20, Name: "Удален контрагентом"}
)

func (s docState) with(comment string) docState {
	s.Comment = comment
	return s
}

// isDraft reports whether the document may still be changed.
func (s docState) isDraft() bool { return s.Code == 0 || s.Code == 10 }

// isUnsigned reports whether our signature is missing.
func (s docState) isUnsigned() bool { return s.isDraft() || s.Code == 23 }

// isUnderWay reports whether the document was sent and the counterparty has not decided.
func (s docState) isUnderWay() bool {
	return s.Code == 2 || s.Code == 3 || s.Code == 4 || s.Code == 6
}

// newEvent is an event to add.
type newEvent struct {
	name    string
	state   docState
	comment string
	by      Person
	files   []*attachment
}

// addEvent sets the document to the event's state and adds the event to its feed; the caller holds the lock.
func (s *Server) addEvent(d *document, n newEvent) {
	e := &event{
		ID: uuid.NewString(), Name: n.name, At: s.cfg.Now(), Comment: n.comment,
		Performer: n.by, State: n.state, Attachments: n.files,
	}
	if n.state.isDraft() {
		d.Prepared = 0
	}
	d.State = n.state
	d.Events = append(d.Events, e)
	feed := feedKey(d.Account, d.Ours)
	s.index.places[e.ID] = place{feed, len(s.st.Feeds[feed])}
	s.st.Feeds[feed] = append(s.st.Feeds[feed], entry{Document: d.ID, Event: e.ID, At: e.At})
}

func feedKey(account string, o Organization) string { return account + "|" + o.INN + "|" + o.KPP }

// serviceFile returns a service attachment of the operators.
func serviceFile(kind string) []*attachment {
	return []*attachment{{ID: uuid.NewString(), Name: kind + ".xml", Type: kind, Service: true, Data: []byte("<?xml version=\"1.0\"?>")}}
}

// send sends the document after our signature: it is delivered at once, waits until the counterparty accepts an invitation, or is on the way
// to another operator.
func (s *Server) send(d *document, by Person) {
	s.sign(d, by)
	if !s.connected(d) {
		s.invite(d.Account, d.Counterparty)
		s.addEvent(d, newEvent{name: "Отправка приглашения", state: stateInvited, by: by})
		return
	}
	s.addEvent(d, newEvent{name: "Отправка", state: stateSent, by: by})
	s.addEvent(d, newEvent{name: "Подтверждение даты отправки", state: stateSent, files: serviceFile("ПодтвДатОтпр")})
	if !s.isRoaming(d) {
		s.deliver(d)
	}
}

func (s *Server) deliver(d *document) {
	s.addEvent(d, newEvent{name: "Извещение о получении", state: stateDelivered, files: serviceFile("ИзвПолуч")})
}

// sign adds our signature to every file without one.
func (s *Server) sign(d *document, by Person) {
	for _, a := range d.Attachments {
		if len(a.Signatures) == 0 && !a.Incoming {
			a.Signatures = []signature{s.signatureOf(a, d.Ours, by, "Генеральный директор", a.Power)}
		}
	}
}

// connected reports whether the counterparty can receive documents at the box named by the document.
// A counterparty unknown to SBIS can when its box is named (assumed).
func (s *Server) connected(d *document) bool {
	known := s.counterparty(d.Counterparty.INN, d.Counterparty.KPP)
	if known == nil {
		return d.Counterparty.BoxID != ""
	}
	return known.Connected && (d.Counterparty.BoxID == "" || len(known.Boxes) == 0 || known.has(d.Counterparty.BoxID))
}

func (c *Counterparty) has(box string) bool {
	return slices.ContainsFunc(c.Boxes, func(b Box) bool { return b.ID == box })
}

// isRoaming reports whether the box belongs to another operator whose answer takes its time.
func (s *Server) isRoaming(d *document) bool {
	known := s.counterparty(d.Counterparty.INN, d.Counterparty.KPP)
	if known == nil {
		return false
	}
	for _, b := range known.Boxes {
		if b.Roaming && (b.ID == d.Counterparty.BoxID || len(known.Boxes) == 1) {
			return true
		}
	}
	return false
}

// counterSign completes the document and adds the signed buyer's title with the code of the outcome for each seller's title; other files get
// nothing.
func (s *Server) counterSign(d *document, do MoveRequest, outcome string) error {
	by := orElse(do.Person, buyerSigner)
	var files []*attachment
	for _, a := range d.Attachments {
		if a.Type != "УпдДоп" && a.Type != "УпдСчфДоп" {
			continue
		}
		answer, err := buyerTitle(a, outcome, do, by, s.Now())
		if err != nil {
			return fmt.Errorf("buyer's title: %w", err)
		}
		answer.Signatures = []signature{s.signatureOf(answer, d.Counterparty, by, "Директор", do.Power)}
		files = append(files, answer)
	}
	s.addEvent(d, newEvent{name: "Утверждение", state: stateDone, comment: do.Comment, by: by, files: files})
	return nil
}
