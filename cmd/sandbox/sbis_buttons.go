package main

import (
	"strings"

	"acts24/integrations/sbis/sbistest"
)

// sbisChipOf returns the name of the state in the colour that follows from the code of the state and from an open annulment.
func sbisChipOf(d sbistest.DocumentView) sbisChip {
	kind := "neutral"
	switch d.State {
	case 23, 2:
		kind = "attention"
	case 3, 4:
		kind = "progress"
	case 7:
		kind = "success"
	case 6, 9:
		kind = "problem"
	}
	if d.Annulment != "" {
		kind = "attention"
	}
	return sbisChip{d.StateName, kind}
}

// sbisMoney formats 65000.00 as 65 000,00 ₽ with no-break spaces.
func sbisMoney(sum string) string {
	if sum == "" {
		return ""
	}
	whole, cents, _ := strings.Cut(sum, ".")
	var groups []string
	for len(whole) > 3 {
		groups = append([]string{whole[len(whole)-3:]}, groups...)
		whole = whole[:len(whole)-3]
	}
	groups = append([]string{whole}, groups...)
	return strings.Join(groups, "\u00a0") + "," + (cents + "00")[:2] + "\u00a0₽"
}

// sbisNumber formats a quantity or a price with a comma.
func sbisNumber(s string) string { return strings.Replace(s, ".", ",", 1) }

// sbisTax formats a tax sum, or returns the words given instead of it.
func sbisTax(s string) string {
	if s != "" && strings.Trim(s, "0123456789.") == "" {
		return sbisMoney(s)
	}
	return s
}

// sbisNumbers returns the ИНН and КПП of a party.
func sbisNumbers(s sbistest.Side) string {
	if s.KPP == "" {
		return "ИНН " + s.INN
	}
	return "ИНН " + s.INN + ", КПП " + s.KPP
}

// sbisGroup is the group of buttons of one party.
type sbisGroup struct {
	Title, Hint string
	ID          string
	Buttons     []sbisButton
}

// sbisButton is an action that is possible now.
type sbisButton struct {
	Text, Move, TestID, Kind string
	Name, Value              string // a form value sent with the button
}

// sbisButtons holds all buttons of a group; only those that are possible now are shown.
type sbisButtons struct {
	group   sbisGroup
	buttons []sbisButton
}

func sbisMove(text string, move sbistest.Move, kind string) sbisButton {
	return sbisButton{Text: text, Move: string(move), TestID: "sbis-" + string(move), Kind: kind}
}

// with returns the button with a form value and its own test id.
func (b sbisButton) with(name, value, testID string) sbisButton {
	b.Name, b.Value, b.TestID = name, value, testID
	return b
}

var (
	sbisAgree   = sbisMove("Согласиться аннулировать", sbistest.MoveAgreeAnnulment, "primary")
	sbisDecline = sbisMove("Отказать в аннулировании", sbistest.MoveDeclineAnnulment, "wide")
	sbisRetract = sbisMove("Отозвать запрос на аннулирование", sbistest.MoveWithdrawAnnulment, "wide")
)

var sbisAllButtons = []sbisButtons{
	{sbisGroup{Title: "Мы", Hint: "Что делает наш сотрудник в своём кабинете", ID: "us"}, []sbisButton{
		sbisMove("Подписать (мы)", sbistest.MoveSignByUs, "primary"),
		sbisMove("Отказать (мы)", sbistest.MoveRefuseByUs, ""),
		sbisMove("Вернуть на доработку", sbistest.MoveReturn, ""),
		sbisMove("Изменить", sbistest.MoveEdit, ""),
		sbisMove("Отозвать", sbistest.MoveRecall, ""),
		sbisMove("Аннулировать", sbistest.MoveAnnul, "").with("by", "us", "sbis-annul"),
		sbisMove("Удалить", sbistest.MoveDelete, "danger"),
	}},
	{sbisGroup{Title: "Контрагент", Hint: "Что делает другая сторона в своём кабинете", ID: "counterparty"}, []sbisButton{
		sbisMove("Приглашение принято", sbistest.MoveAcceptInvitation, "primary"),
		sbisMove("Подписать (контрагент)", sbistest.MoveSignByCounterparty, "primary"),
		sbisMove("Подписать с замечаниями", sbistest.MoveSignWithRemarks, ""),
		sbisMove("Подписать, но не принять", sbistest.MoveSignByCounterparty, "").with("outcome", "3", "sbis-sign-not-accepted"),
		sbisMove("Отказать (контрагент)", sbistest.MoveReject, "danger"),
		sbisMove("Аннулировать (контрагент)", sbistest.MoveAnnul, "").with("by", "counterparty", "sbis-annul-by-counterparty"),
	}},
	{sbisGroup{Title: "Оператор", Hint: "Что происходит с документом в пути", ID: "operator"}, []sbisButton{
		sbisMove("Доставлен", sbistest.MoveDeliver, ""),
		sbisMove("Ошибка доставки", sbistest.MoveDeliveryError, "danger"),
	}},
}

// sbisGroupsOf returns the buttons of the actions that are possible now; only the party that did not propose
// an annulment can answer it.
func sbisGroupsOf(d sbistest.DocumentView) []sbisGroup {
	possible := map[string]bool{}
	for _, m := range d.Moves {
		possible[string(m)] = true
	}
	var out []sbisGroup
	for _, all := range sbisAllButtons {
		g := all.group
		if d.Annulment != "" && g.ID != "operator" && g.ID != d.Annulment {
			g.Buttons = append(g.Buttons, sbisAgree, sbisDecline)
		}
		if d.Annulment == "us" && g.ID == "us" || d.Annulment == "counterparty" && g.ID == "counterparty" {
			g.Buttons = append(g.Buttons, sbisRetract)
		}
		for _, b := range all.buttons {
			if possible[b.Move] {
				g.Buttons = append(g.Buttons, b)
			}
		}
		if len(g.Buttons) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// sbisCurrent returns the aria-current value of the open folder.
func sbisCurrent(current bool) string {
	if current {
		return "page"
	}
	return "false"
}
