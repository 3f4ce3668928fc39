package act

import (
	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/handlers/web"
	"acts24/views"
)

var reasonField = views.Field{Name: "reason", Label: "Причина", Type: "text", MaxLength: "500", Required: true}

// personActions are the events that a person may set on the page of an act.
var personActions = map[acts.Event]views.Action{
	acts.EventAcceptUnsigned: {TestID: "mark-accept", Fields: []views.Field{{Name: "reason", Label: "Комментарий, если есть", Type: "text", MaxLength: "500"}},
		Explain: "Контрагент принял работу, но подписывать сейчас не будет."},
	acts.EventCountersignature: {TestID: "mark-signed", Fields: []views.Field{{Name: "reason", Label: "Комментарий, если есть", Type: "text", MaxLength: "500"}},
		Explain: "Контрагент подписал акт не в СБИС, и подпись у вас есть."},
	acts.EventRefusal: {TestID: "mark-refusal", Fields: []views.Field{reasonField}, Danger: true, Explain: "Если стадии двигает acts24, сделка перейдёт на «Услуга оказана, есть замечания»."},
	acts.EventReturnToDraft: {TestID: "mark-return", Fields: []views.Field{reasonField},
		Explain: "Акт снова можно изменить. Наш подписанный скан останется в истории."},
	acts.EventAnnulment: {TestID: "mark-annul", Fields: []views.Field{reasonField}, Danger: true,
		Explain: "Акт перестанет занимать позиции сделки. Вернуть его нельзя, можно создать копию."},
}

// rareEvents are events that are seldom set: the page shows them in a less prominent place.
var rareEvents = map[acts.Event]bool{acts.EventReturnToDraft: true, acts.EventAnnulment: true}

// appender returns a function that appends an action unless an error forbids it.
func appender(list *[]views.Action) func(error, views.Action) {
	return func(may error, action views.Action) {
		if may == nil {
			*list = append(*list, action)
		}
	}
}

// actActions returns the actions that a person may take now, the next step of the lifecycle first.
func actActions(v web.Visit, a acts.Act, today string) []views.Action {
	at := web.Base(v) + "/acts/" + web.ID(a.ID)
	var list []views.Action
	add := appender(&list)
	add(a.MayHandOver(), views.Action{Href: at + "/send", Label: "Передать в СБИС", TestID: "send-act", Primary: true})
	add(a.MayCorrect(), views.Action{Href: at + "/correct", Label: "Сформировать исправленный акт", TestID: "correct-act", Primary: true, Key: uuid.NewString()})
	add(mayOfferCopy(a), views.Action{Href: at + "/copy", Label: "Создать копию", TestID: "copy-act", Primary: true, Key: uuid.NewString()})
	add(a.MayEdit(), views.Action{Href: at + "/edit", Label: "Изменить", TestID: "edit-act", Plain: true})
	add(a.MayTakeBack(), views.Action{Href: at + "/take-back", Label: "Отозвать из СБИС", TestID: "take-back", Confirm: "Отозвать и удалить документ", Danger: true,
		Explain: "Документ будет удалён из кабинета СБИС, подписать его там будет нельзя. Акт вернётся в подготовку: его можно изменить и передать заново."})
	list = append(list, recallActions(at, a)...)
	add(mayRecordOriginal(a), views.Action{Href: at + "/original", Label: "Оригинал получен", TestID: "mark-original",
		Fields:  []views.Field{{Name: "original", Label: "Когда", Type: "date", Value: today, MaxDay: today, Required: true}},
		Explain: "Отметка с датой. Если акт ещё не подписан, он станет подписанным."})
	add(a.MayRemindCounterparty(), views.Action{Href: at + "/remind-counterparty", Label: "Напомнить контрагенту", TestID: "remind-counterparty", Confirm: "Отправить письмо",
		Fields: []views.Field{{Name: "address", Label: "E-mail контрагента", Type: "email", Value: a.Buyer.Email, MaxLength: "254", Required: true}},
		Letter: letters.Draft(letters.Reminder(a, web.Zone(v))), Attached: attachedTo(a)})
	return append(list, markActions(at, a, false)...)
}

// attachedTo returns what a letter about an act carries.
func attachedTo(a acts.Act) string {
	if a.BothAtSBIS() {
		return "Вложением уйдёт печатная форма акта. Вместо " + letters.LinkMark + " подставится ссылка, по которой контрагент откроет документ в СБИС."
	}
	if a.Medium == acts.MediumElectronic {
		return "Вложением уйдёт печатная форма акта."
	}
	return "Вложением уйдёт акт, подписанный нами."
}

// secondaryActions returns the actions that undo something or are seldom needed.
func secondaryActions(v web.Visit, a acts.Act) []views.Action {
	at := web.Base(v) + "/acts/" + web.ID(a.ID)
	list := markActions(at, a, true)
	add := appender(&list)
	add(a.MayUndo(), views.Action{Href: at + "/undo", Label: "Отменить «" + a.Status.Label() + "»", TestID: "undo-mark", Fields: []views.Field{reasonField},
		Explain: "Акт вернётся в статус, который был до отметки «" + a.Status.Label() + "»."})
	add(mayRelink(a), views.Action{Href: at + "/relink", Label: "Перенести в другую сделку", TestID: "relink-act",
		Fields:  []views.Field{{Name: "deal", Label: "Номер сделки", Type: "numeric", Required: true}, reasonField},
		Explain: "Можно в сделку с тем же контрагентом. Номер есть в адресе карточки сделки."})
	return list
}

// markActions returns the allowed events as actions, either the rare ones or the others.
func markActions(at string, a acts.Act, seldom bool) []views.Action {
	var list []views.Action
	for _, e := range a.AllowedEvents(acts.ActorPerson) {
		action, ok := personActions[e]
		if !ok || rareEvents[e] != seldom {
			continue
		}
		if e == acts.EventCountersignature && a.Medium == acts.MediumPaper { // a paper act becomes signed by its scan or its original
			continue
		}
		if e == acts.EventAnnulment {
			if _, err := a.MayAnnul(); err != nil {
				continue
			}
		}
		action.Href, action.Label, action.Event = at+"/mark", e.Label(), string(e)
		list = append(list, action)
	}
	return list
}

// mayRecordOriginal returns an error unless the original of a paper act may be recorded now.
func mayRecordOriginal(a acts.Act) error {
	if a.Medium != acts.MediumPaper || !a.OriginalOn.IsZero() || a.Replaced() {
		return acts.Conflict
	}
	if _, err := a.Apply(acts.EventCountersignature, acts.ActorPerson); err != nil && a.Status != acts.StatusSigned {
		return err
	}
	return nil
}

// mayOfferCopy returns an error unless the page offers a copy. An annulled correction offers none: the next correction starts from the
// refused act.
func mayOfferCopy(a acts.Act) error {
	if a.Corrects != 0 {
		return acts.Conflict
	}
	return a.MayCopy()
}

// mayRelink returns an error unless the act may be moved to another deal.
func mayRelink(a acts.Act) error {
	if !a.CountsTowardDeal() || a.Delivery == acts.DeliveryQueued || a.Delivery == acts.DeliveryWithdrawing {
		return acts.Conflict
	}
	return nil
}
