// Package automation defines what the app offers to the automation of a portal: robots, triggers and badges, and when they apply.
package automation

import (
	"slices"
	"time"

	"acts24/acts"
	"acts24/acts/period"
)

// The codes of our robots.
const (
	RobotForm     = "acts24_form"
	RobotHandOver = "acts24_hand_over"
	RobotAsk      = "acts24_ask"
)

// AnswerWithin is how long the automation of a portal waits for a robot at most: a call whose work is not finished then is refused.
const AnswerWithin = 4 * time.Hour

// KeepCall is how long a call is kept after its outcome, so that a repeated one is recognised. The automation has stopped waiting long before.
const KeepCall = 30 * 24 * time.Hour

// Robot is a robot of ours in the settings of a stage.
type Robot struct {
	Code, Name, About string
	Properties        []Property
}

// Property is a setting of a robot or a part of its result: one of the options, if there are any, else a text. An option is a value and its title.
type Property struct {
	Name, Title, About string
	Options            [][2]string
}

// The names of properties and results.
const (
	PropertyPeriod  = "period"
	PropertyAct     = "act"
	PropertyAddress = "address"
	ResultOutcome   = "result"
	ResultAct       = "act"
	ResultNumber    = "act_number"
	ResultReason    = "reason"
)

// The values of ResultOutcome.
const (
	OutcomeDone    = "выполнено"
	OutcomeRefused = "не выполнено"
)

// Robots are our robots.
var Robots = []Robot{
	{Code: RobotForm, Name: "Сформировать акт", About: "Формирует черновик акта по сделке так, как его предлагает вкладка «Акты».",
		Properties: []Property{{Name: PropertyPeriod, Title: "Период услуг", About: "Пусто — как предлагает вкладка: следующий за периодом прошлого акта.", Options: [][2]string{
			{string(period.CoversThisMonth), "Текущий месяц"}, {string(period.CoversLastMonth), "Прошлый месяц"}, {string(period.CoversLastMonthDatedEnd), "Прошлый месяц, акт его последним днём"}}}}},
	{Code: RobotHandOver, Name: "Передать в СБИС", About: "Передаёт черновик акта сделки в СБИС.",
		Properties: []Property{{Name: PropertyAct, Title: "Номер записи акта", About: "Пусто — единственный черновик сделки. Можно подставить результат робота «Сформировать акт»."}}},
	{Code: RobotAsk, Name: "Запросить способ обмена", About: "Отправляет контрагенту вопрос о способе обмена актами.",
		Properties: []Property{{Name: PropertyAddress, Title: "E-mail", About: "Пусто — адрес из карточки контакта или компании."}}},
}

// Results are what every robot returns.
var Results = []Property{
	{Name: ResultOutcome, Title: "Результат", About: "«" + OutcomeDone + "» или «" + OutcomeRefused + "»"},
	{Name: ResultAct, Title: "Номер записи акта"}, {Name: ResultNumber, Title: "Номер акта"}, {Name: ResultReason, Title: "Причина отказа"},
}

// RobotName returns the name of a robot; ok is false for an unknown code.
func RobotName(code string) (name string, ok bool) {
	for _, r := range Robots {
		if r.Code == code {
			return r.Name, true
		}
	}
	return "", false
}

// Trigger is the code of a trigger.
type Trigger string

// Our triggers.
const (
	TriggerSent     Trigger = "acts24_sent"
	TriggerSigned   Trigger = "acts24_signed"
	TriggerRefused  Trigger = "acts24_refused"
	TriggerOverdue  Trigger = "acts24_overdue"
	TriggerAnswered Trigger = "acts24_answered"
)

// Triggers are our triggers in the order in which they are offered.
var Triggers = []Trigger{TriggerSent, TriggerSigned, TriggerRefused, TriggerOverdue, TriggerAnswered}

// Name returns the name of a trigger in the settings of a stage.
func (t Trigger) Name() string {
	return map[Trigger]string{TriggerSent: "Акт направлен", TriggerSigned: "Акт подписан", TriggerRefused: "Отказ от подписи акта",
		TriggerOverdue: "Подпись акта просрочена", TriggerAnswered: "Получен ответ о способе обмена"}[t]
}

// When returns the event of a trigger in words.
func (t Trigger) When() string {
	return map[Trigger]string{TriggerSent: "Акт направлен заявителю", TriggerSigned: "Заявитель подписал акт", TriggerRefused: "Заявитель отказался подписать акт",
		TriggerOverdue: "Акт не подписан в срок", TriggerAnswered: "Контрагент ответил, как обмениваться актами, или способ указан в сделке"}[t]
}

// TriggerOf returns the trigger of a change of an act's status, "" for none.
func TriggerOf(from, to acts.Status) Trigger {
	switch {
	case from == to:
		return ""
	case to == acts.StatusSent:
		return TriggerSent
	case to == acts.StatusSigned:
		return TriggerSigned
	case to == acts.StatusRefused:
		return TriggerRefused
	}
	return ""
}

// Badge is the code of a badge, the mark that a deal has in the kanban; "" for none.
type Badge string

// Our badges.
const (
	BadgeUnsigned Badge = "acts24_unsigned"
	BadgeRefused  Badge = "acts24_refused"
)

// Badges are our badges.
var Badges = []Badge{BadgeUnsigned, BadgeRefused}

// BadgeTitle is the title of our badges, which distinguishes them from those of other apps.
const BadgeTitle = "Акты"

// Value returns the text of a badge.
func (b Badge) Value() string {
	return map[Badge]string{BadgeUnsigned: "Акт не подписан", BadgeRefused: "Отказ"}[b]
}

// Color returns the vendor's type of a badge.
func (b Badge) Color() string {
	return map[Badge]string{BadgeUnsigned: "warning", BadgeRefused: "failure"}[b]
}

// BadgeOf returns the badge of a deal by its acts: a refusal that is not corrected, else an act that the counterparty has not signed.
func BadgeOf(all []acts.Act) Badge {
	has := func(s acts.Status) bool {
		return slices.ContainsFunc(all, func(a acts.Act) bool { return a.CountsTowardDeal() && a.Status == s })
	}
	switch {
	case has(acts.StatusRefused):
		return BadgeRefused
	case has(acts.StatusSent), has(acts.StatusAcceptedUnsigned):
		return BadgeUnsigned
	}
	return ""
}
