package handlers

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// taskNames are the kinds of tasks as an administrator reads them.
var taskNames = map[string]string{
	workflow.TaskItem: "Запись акта в CRM", workflow.TaskStage: "Стадия сделки", workflow.TaskTimeline: "Запись в ленте сделки",
	workflow.TaskMessage: "Сообщение", workflow.TaskExchange: "Способ обмена в CRM", workflow.TaskInvite: "Приглашение в СБИС",
	workflow.TaskRemind: "Напоминание", workflow.TaskRead: "Чтение карточки акта", workflow.TaskTask: "Чтение задачи",
	workflow.TaskForm: "Формирование акта сделки", workflow.TaskFiles: "Файлы акта в CRM", workflow.TaskLetter: "Письмо",
	workflow.TaskNotify: "Уведомление", workflow.TaskDeal: "Чтение сделки", workflow.TaskPut: "Передача акта в СБИС",
	workflow.TaskWithdraw: "Отзыв документа из СБИС", workflow.TaskLookup: "Проверка контрагента сделки в СБИС",
	workflow.TaskAlarm: "Сообщение администратору о связи", workflow.TaskDigest: "Сводка на день",
}

// taskName is a kind in words; one that a newer release made stays as it is.
func taskName(kind string) string { return cmp.Or(taskNames[kind], kind) }

// aboutActs and aboutDeals are the kinds whose subject a person can look at.
var (
	aboutActs  = []string{workflow.TaskItem, workflow.TaskFiles, workflow.TaskPut, workflow.TaskWithdraw}
	aboutDeals = []string{workflow.TaskStage, workflow.TaskDeal, workflow.TaskForm, workflow.TaskInvite, workflow.TaskLookup}
)

// taskWords are a task in words, with the number of the act or deal that it is about.
func taskWords(t store.Task) string {
	if slices.Contains(aboutActs, t.Kind) || slices.Contains(aboutDeals, t.Kind) {
		return taskName(t.Kind) + " № " + id(acts.ActID(t.Subject))
	}
	return taskName(t.Kind)
}

// placeOf is our page of what a task is about, "" when it is about nothing that has one.
func placeOf(v Visit, t store.Task) string {
	switch {
	case slices.Contains(aboutActs, t.Kind):
		return base(v) + "/acts/" + id(acts.ActID(t.Subject))
	case slices.Contains(aboutDeals, t.Kind):
		return base(v) + "/deals/" + id(acts.DealID(t.Subject))
	}
	return ""
}

// events are what a portal tells of, by the beginning of its name.
var events = []struct{ begins, words string }{
	{"ONCRMDEALUPDATE", "изменение сделки"}, {"ONCRMDEALADD", "новая сделка"}, {"ONCRMDEALDELETE", "удаление сделки"},
	{"ONCRMDYNAMICITEM", "карточка акта"}, {"ONCRMCOMPANY", "компания"}, {"ONCRMCONTACT", "контакт"}, {"ONTASK", "задача"}, {"ONAPP", "приложение"},
}

func eventWords(event string) string {
	for _, e := range events {
		if strings.HasPrefix(event, e.begins) {
			return e.words
		}
	}
	return event
}

// waitedFor is how long something has waited: «меньше минуты», «12 минут», «3 часа», «2 дня».
func waitedFor(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "меньше минуты"
	case d < time.Hour:
		return views.Plural(int(d.Minutes()), "минуту", "минуты", "минут")
	case d < 24*time.Hour:
		return views.Plural(int(d.Hours()), "час", "часа", "часов")
	}
	return views.Plural(int(d.Hours()/24), "день", "дня", "дней")
}

// pausedWords are the methods that the portal asked not to call, with the time that is left; "*" stands for all of them.
func pausedWords(paused map[string]time.Duration) (list []string) {
	for _, method := range slices.Sorted(maps.Keys(paused)) {
		name := method
		if method == "*" {
			name = "все вызовы"
		}
		list = append(list, name+" ещё "+views.Plural(int(math.Ceil(paused[method].Seconds())), "секунду", "секунды", "секунд"))
	}
	return list
}
