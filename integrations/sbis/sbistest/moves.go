package sbistest

import (
	"errors"
	"fmt"
	"slices"
)

// Move is an action of a person in the SBIS account of ours or of the counterparty.
type Move string

// The moves; the name is the last part of the sandbox's address.
const (
	MoveSignByUs           Move = "sign-by-us"
	MoveRefuseByUs         Move = "refuse-by-us"
	MoveReturn             Move = "return"
	MoveEdit               Move = "edit"
	MoveDelete             Move = "delete"
	MoveAcceptInvitation   Move = "accept-invitation"
	MoveDeliver            Move = "deliver"
	MoveDeliveryError      Move = "delivery-error"
	MoveSignByCounterparty Move = "sign-by-counterparty"
	MoveSignWithRemarks    Move = "sign-with-remarks"
	MoveReject             Move = "reject"
	MoveRecall             Move = "recall"
	MoveAnnul              Move = "annul"
	MoveAgreeAnnulment     Move = "agree-annulment"
	MoveDeclineAnnulment   Move = "decline-annulment"
	MoveWithdrawAnnulment  Move = "withdraw-annulment"
	MovePurge              Move = "purge"
)

// MoveRequest is a move with its parameters; only Move is required.
type MoveRequest struct {
	Move    Move
	Comment string
	Person  Person
	Outcome string // КодИтога 1, 2 or 3 of the buyer's title
	Power   string // of attorney, by whose number the counterparty signs
	By      string // who proposes an annulment: "us" (usual) or "counterparty"
	In      []int  // codes of states in which the move is made; any when empty
}

var (
	buyerSigner = Person{Surname: "Петров", Name: "Пётр", Patronymic: "Петрович"}

	// ErrNoDocument means that the document of a move does not exist.
	ErrNoDocument = errors.New("документ не найден")
)

// rule is a move with its condition and its effect.
type rule struct {
	move Move
	when func(*document) bool
	run  func(*Server, *document, MoveRequest) error
}

// rules lists the moves in the order of the buttons.
var rules = []rule{
	{MoveSignByUs, signable, (*Server).signByUs},
	{MoveRefuseByUs, inState(docState.isUnsigned), (*Server).refuseByUs},
	{MoveReturn, inState(docState.isUnsigned), (*Server).sendBack},
	{MoveEdit, inState(docState.isDraft), (*Server).edit},
	{MoveDelete, inState(docState.isUnsigned), (*Server).remove},
	{MoveAcceptInvitation, withCode(2), (*Server).acceptInvitation},
	{MoveDeliver, withCode(3), (*Server).delivered},
	{MoveSignByCounterparty, signableByThem, (*Server).signByCounterparty},
	{MoveSignWithRemarks, withCode(3, 4), (*Server).signWithRemarks},
	{MoveReject, withCode(3, 4), (*Server).reject},
	{MoveDeliveryError, withCode(2, 3, 4), (*Server).failDelivery},
	{MoveRecall, inState(docState.isUnderWay), (*Server).recall},
	{MoveAnnul, annullable, (*Server).proposeAnnulment},
	{MoveAgreeAnnulment, proposed, (*Server).agreeAnnulment},
	{MoveDeclineAnnulment, proposed, (*Server).declineAnnulment},
	{MoveWithdrawAnnulment, proposed, (*Server).withdrawAnnulment},
	{MovePurge, func(*document) bool { return true }, (*Server).purge},
}

func inState(test func(docState) bool) func(*document) bool {
	return func(d *document) bool { return !d.Deleted && test(d.State) }
}

func withCode(codes ...int) func(*document) bool {
	return func(d *document) bool { return !d.Deleted && slices.Contains(codes, d.State.Code) }
}

func signable(d *document) bool { return !d.Deleted && d.State.isUnsigned() && len(d.Attachments) > 0 }

// signableByThem is also true for a recalled document: the counterparty may have signed before the recall reached it (assumed).
func signableByThem(d *document) bool {
	return withCode(3, 4)(d) || !d.Deleted && d.State.Name == stateRecalled.Name
}

func annullable(d *document) bool { return d.Annulment == "" && withCode(4, 7, 9)(d) }

func proposed(d *document) bool { return d.Annulment != "" && !d.Deleted }

// PerformMove makes a move of a party. The error is a message for the user.
func (s *Server) PerformMove(id string, do MoveRequest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.index.documents[id]
	if d == nil {
		return ErrNoDocument
	}
	for _, r := range rules {
		if r.move != do.Move {
			continue
		}
		if do.Move == MoveAnnul && d.Annulment != "" {
			return errors.New("аннулирование уже предложено: сначала на это предложение должен быть ответ")
		}
		if !r.when(d) || len(do.In) > 0 && !slices.Contains(do.In, d.State.Code) {
			return fmt.Errorf("документ в состоянии «%s»: сейчас это невозможно", d.State.Name)
		}
		if err := r.run(s, d, do); err != nil {
			return err
		}
		s.changed()
		return nil
	}
	return fmt.Errorf("нет такого действия: %q", do.Move)
}

// moves returns the possible moves of d.
func moves(d *document) []Move {
	var out []Move
	for _, r := range rules {
		if r.when(d) {
			out = append(out, r.move)
		}
	}
	return out
}

// owner returns the person who acts for us, by default the account's owner.
func (s *Server) owner(d *document, do MoveRequest) Person {
	if a := s.account(d.Account); a != nil {
		return orElse(do.Person, a.Owner)
	}
	return do.Person
}

func (s *Server) signByUs(d *document, do MoveRequest) error {
	s.send(d, s.owner(d, do))
	return nil
}

// refuseByUs refuses the signature on our side; the document is a draft again (assumed).
func (s *Server) refuseByUs(d *document, do MoveRequest) error {
	reason := orElse(do.Comment, "Подписант отказался подписывать")
	s.addEvent(d, newEvent{name: "Отказ от подписания", state: stateDraft.with(reason), comment: reason, by: s.owner(d, do)})
	return nil
}

// sendBack returns the document for changes before the signature (assumed).
func (s *Server) sendBack(d *document, do MoveRequest) error {
	reason := orElse(do.Comment, "Возвращён на доработку")
	s.addEvent(d, newEvent{name: "Возврат на доработку", state: stateDraft.with(reason), comment: reason, by: s.owner(d, do)})
	return nil
}

// remove marks the document as deleted; it can still be read.
func (s *Server) remove(d *document, do MoveRequest) error {
	d.Deleted = true
	name := "Уведомление об удалении на стороне отправителя"
	s.addEvent(d, newEvent{name: name, state: stateDeleted.with(do.Comment), comment: do.Comment, by: s.owner(d, do)})
	return nil
}

func (s *Server) delivered(d *document, _ MoveRequest) error {
	s.deliver(d)
	return nil
}

func (s *Server) signByCounterparty(d *document, do MoveRequest) error {
	return s.counterSign(d, do, orElse(do.Outcome, "1"))
}

func (s *Server) signWithRemarks(d *document, do MoveRequest) error {
	do.Comment = orElse(do.Comment, "Принято с замечаниями")
	return s.counterSign(d, do, "2")
}

func (s *Server) reject(d *document, do MoveRequest) error {
	reason := orElse(do.Comment, "Неверная сумма")
	s.addEvent(d, newEvent{name: "Уведомление об уточнении", state: stateRejected.with(reason), comment: reason, by: orElse(do.Person, buyerSigner)})
	return nil
}

func (s *Server) failDelivery(d *document, do MoveRequest) error {
	reason := orElse(do.Comment, "Оператор получателя не принял документ: нет настроенного роуминга")
	s.addEvent(d, newEvent{name: "Ошибка доставки", state: stateFailed.with(reason), comment: reason})
	return nil
}

// recall withdraws the document before the counterparty has decided.
func (s *Server) recall(d *document, do MoveRequest) error {
	d.Annulment = ""
	s.addEvent(d, newEvent{name: "Отзыв документа", state: stateRecalled.with(do.Comment), comment: do.Comment, by: s.owner(d, do)})
	return nil
}
