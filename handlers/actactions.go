package handlers

import (
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/views"
)

var reason = views.Field{Name: "reason", Label: "Причина", Type: "text", Most: "500", Required: true}

// personActions are the marks that a person may set from this page.
var personActions = map[acts.Event]views.Action{
	acts.AcceptUnsigned: {TestID: "mark-accept", Fields: []views.Field{{Name: "reason", Label: "Комментарий, если есть", Type: "text", Most: "500"}},
		Explain: "Контрагент принял работу, но подписывать сейчас не будет."},
	acts.Countersignature: {TestID: "mark-signed", Fields: []views.Field{{Name: "reason", Label: "Комментарий, если есть", Type: "text", Most: "500"}},
		Explain: "Контрагент подписал акт не в СБИС, и подпись у вас есть."},
	acts.Refusal: {TestID: "mark-refusal", Fields: []views.Field{reason}, Danger: true, Explain: "Сделка перейдёт на стадию «Услуга оказана, есть замечания»."},
	acts.ReturnToDraft: {TestID: "mark-return", Fields: []views.Field{reason},
		Explain: "Акт снова можно изменить. Наш подписанный скан останется в истории."},
	acts.Annulment: {TestID: "mark-annul", Fields: []views.Field{reason}, Danger: true,
		Explain: "Акт перестанет занимать позиции сделки. Вернуть его нельзя, можно создать копию."},
}

// rare are the marks that are seldom set: the page does not offer them as loudly as the others.
var rare = map[acts.Event]bool{acts.ReturnToDraft: true, acts.Annulment: true}

// adder appends the actions that are possible.
func adder(list *[]views.Action) func(error, views.Action) {
	return func(may error, action views.Action) {
		if may == nil {
			*list = append(*list, action)
		}
	}
}

// actActions are what a person may do now, the next step of the act's life first.
func actActions(v Visit, a acts.Act, today string) []views.Action {
	at := base(v) + "/acts/" + id(a.ID)
	var list []views.Action
	add := adder(&list)
	add(a.MayHandOver(), views.Action{Href: at + "/send", Label: "Передать в СБИС", TestID: "send-act", Primary: true})
	add(a.MayCorrect(), views.Action{Href: at + "/correct", Label: "Сформировать исправленный акт", TestID: "correct-act", Primary: true, Key: uuid.NewString()})
	add(mayCopyHere(a), views.Action{Href: at + "/copy", Label: "Создать копию", TestID: "copy-act", Primary: true, Key: uuid.NewString()})
	add(a.MayEdit(), views.Action{Href: at + "/edit", Label: "Изменить", TestID: "edit-act", Plain: true})
	add(a.MayTakeBack(), views.Action{Href: at + "/take-back", Label: "Отозвать из СБИС", TestID: "take-back",
		Explain: "Документ будет удалён из кабинета, акт можно будет изменить."})
	add(mayOriginal(a), views.Action{Href: at + "/original", Label: "Оригинал получен", TestID: "mark-original",
		Fields:  []views.Field{{Name: "original", Label: "Когда", Type: "date", Value: today, Required: true}},
		Explain: "Отметка с датой. Если акт ещё не подписан, он станет подписанным."})
	return append(list, marks(at, a, false)...)
}

// rareActions are ways back and what is seldom needed.
func rareActions(v Visit, a acts.Act) []views.Action {
	at := base(v) + "/acts/" + id(a.ID)
	list := marks(at, a, true)
	add := adder(&list)
	add(a.MayUndo(), views.Action{Href: at + "/undo", Label: "Отменить отметку", TestID: "undo-mark", Fields: []views.Field{reason},
		Explain: "Акт вернётся в статус, который был до отметки «" + a.Status.Label() + "»."})
	add(mayRelink(a), views.Action{Href: at + "/relink", Label: "Перенести в другую сделку", TestID: "relink-act",
		Fields:  []views.Field{{Name: "deal", Label: "Номер сделки", Type: "number", Required: true}, reason},
		Explain: "Можно в сделку с тем же контрагентом. Номер есть в адресе карточки сделки."})
	return list
}

func marks(at string, a acts.Act, seldom bool) []views.Action {
	var list []views.Action
	for _, e := range a.Allowed(acts.ByPerson) {
		action, ok := personActions[e]
		if !ok || rare[e] != seldom {
			continue
		}
		if e == acts.Countersignature && a.Medium == acts.Paper { // its scan, or its original, signs a paper act
			continue
		}
		if e == acts.Annulment {
			if _, err := a.MayAnnul(); err != nil {
				continue
			}
		}
		action.Href, action.Label, action.Event = at+"/mark", e.Label(), string(e)
		list = append(list, action)
	}
	return list
}

// mayOriginal reports whether the original of a paper act may come now.
func mayOriginal(a acts.Act) error {
	if a.Medium != acts.Paper || !a.OriginalOn.IsZero() || a.Replaced() {
		return acts.Conflict
	}
	if _, err := a.Apply(acts.Countersignature, acts.ByPerson); err != nil && a.Status != acts.Signed {
		return err
	}
	return nil
}

// mayCopyHere reports whether the page offers a copy: the place of an annulled correction is the refused act's again.
func mayCopyHere(a acts.Act) error {
	if a.Corrects != 0 {
		return acts.Conflict
	}
	return a.MayCopy()
}

func mayRelink(a acts.Act) error {
	if !a.Counts() || a.Delivery == acts.Queued || a.Delivery == acts.Withdrawing {
		return acts.Conflict
	}
	return nil
}

// dueChip says until when the counterparty's signature is in time.
func dueChip(due, today time.Time) views.Chip {
	if due.IsZero() {
		return views.Chip{}
	}
	day := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	late := int(day.Sub(due).Hours() / 24)
	switch {
	case late > 7:
		return views.Chip{Text: "Просрочен, ждали до " + views.Date(due), Tone: "problem"}
	case late > 0:
		return views.Chip{Text: "Просрочен, ждали до " + views.Date(due), Tone: "attention"}
	}
	return views.Chip{Text: "Ждём подпись до " + views.Date(due), Tone: "progress"}
}
