// Package history describes changes of an act as the history of the act shows them: what was changed, who did it and by which event.
package history

import (
	"cmp"
	"strings"
	"time"

	"acts24/acts"
)

// The sources of an event that a person caused outside the pages of the app. The source of an event of the operator is its id there.
const (
	SourceApp    = ""
	SourceCRM    = "crm"    // in the card or the kanban of the CRM, or by a robot of the portal
	SourceBulk   = "bulk"   // by an action on many acts
	SourceAnswer = "answer" // by the counterparty's answer about the way of exchange
)

// AuthorPortal is the author of what happened in the CRM when the portal does not name a person.
const AuthorPortal = "Битрикс24"

// By returns who caused an event and by what, as users read it. name is the person, for the operator the one who signed or refused.
func By(actor acts.Actor, name, source string) string {
	switch {
	case actor == acts.ActorClock:
		return "по сроку"
	case actor == acts.ActorOperator:
		what := "СБИС, ответ на наш запрос"
		if source != "" {
			what = "СБИС, событие документа"
		}
		return strings.TrimPrefix(name+", "+what, ", ")
	case name == "":
		return AuthorPortal
	case sources[source] != "":
		return name + ", " + sources[source]
	}
	return name
}

var sources = map[string]string{SourceCRM: "в CRM", SourceBulk: "действие со списком актов", SourceAnswer: "ответ о способе обмена"}

// StatusChange returns the change of an act's status, none when it stays.
func StatusChange(from, to acts.Status) []acts.Difference {
	if from == to {
		return nil
	}
	return []acts.Difference{{What: "Статус", Was: from.Label(), Is: to.Label()}}
}

// DeliveryChange returns the change of an act's delivery, none when it stays.
func DeliveryChange(from, to acts.Delivery) []acts.Difference {
	return Between(acts.Act{Delivery: from}, acts.Act{Delivery: to})
}

// Change returns one change in words, none when the values are equal. An empty value is «нет».
func Change(what, was, is string) []acts.Difference {
	if was == is {
		return nil
	}
	return []acts.Difference{{What: what, Was: orNone(was), Is: orNone(is)}}
}

// Between lists everything that differs between two states of one act and that its document, its sending or its state shows, except the
// status.
func Between(was, is acts.Act) []acts.Difference {
	var list []acts.Difference
	add := func(what, before, after string) {
		if before != after {
			list = append(list, acts.Difference{What: what, Was: orNone(before), Is: orNone(after)})
		}
	}
	add("Номер", number(was), number(is))
	add("Номер, который получит акт", was.Wanted, is.Wanted)
	add("Тип акта", was.Medium.Label()+", "+was.PartyKind.Label(), is.Medium.Label()+", "+is.PartyKind.Label())
	add("Счёт-фактура", function(was), function(is))
	add("Способ отправки", was.Channel.Label(), is.Channel.Label())
	add("Оператор ЭДО", operator(was), operator(is))
	add("Идентификатор в ЭДО", was.Buyer.Participant, is.Buyer.Participant)
	add("E-mail контрагента", was.Buyer.Email, is.Buyer.Email)
	add("Наша организация", party(was.Seller), party(is.Seller))
	list = append(list, is.DiffersFrom(was)...)
	add("Сумма НДС", was.Totals.Tax.Label()+" ₽", is.Totals.Tax.Label()+" ₽")
	add("Должность подписанта", was.Signer.Position, is.Signer.Position)
	add("Полномочия подписанта", was.Signer.Ground, is.Signer.Ground)
	add("Основание «без НДС»", was.VATGround, is.VATGround)
	add("Основание ставки 0 %", was.ZeroGround, is.ZeroGround)
	add("Государственный контракт", was.StateContract, is.StateContract)
	add("Платежи", payments(was), payments(is))
	add("Примечание", was.Comment, is.Comment)
	add("Передача документа", was.Delivery.Label(), is.Delivery.Label())
	add("Трек-номер", was.Track, is.Track)
	add("Скан с подписью контрагента", receivedOn(was.ScanOn), receivedOn(is.ScanOn))
	add("Оригинал", receivedOn(was.OriginalOn), receivedOn(is.OriginalOn))
	add("Причина / замечания", was.Reason, is.Reason)
	return list
}

func orNone(text string) string { return cmp.Or(text, "нет") }

func number(a acts.Act) string { return cmp.Or(a.Number, a.Correction.Number) }

func receivedOn(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return "получен " + t.Format("02.01.2006")
}

func function(a acts.Act) string {
	if a.Function == acts.FunctionActAndInvoice {
		return "в составе УПД"
	}
	return "отдельно"
}

func operator(a acts.Act) string {
	if o, ok := acts.OperatorByPrefix(a.Operator); ok {
		return o.Name
	}
	return a.Operator
}

func party(p acts.Party) string { return strings.Trim(p.FullName()+", ИНН "+p.INN, ", ") }

func payments(a acts.Act) string {
	var list []string
	for _, p := range a.Payments {
		list = append(list, p.Label())
	}
	return strings.Join(list, ", ")
}
