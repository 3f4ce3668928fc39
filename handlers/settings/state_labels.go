package settings

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/views"
)

// taskNames are the kinds of tasks in words.
var taskNames = map[string]string{
	task.KindSyncItem: "Запись акта в CRM", task.KindMoveDeal: "Стадия сделки", task.KindShowBadge: "Значок сделки на канбане", task.KindAddToTimeline: "Запись в ленте сделки",
	task.KindSendMessage: "Сообщение", task.KindShowAnswer: "Способ обмена в CRM", task.KindInviteCounterparty: "Приглашение в СБИС",
	task.KindRemind: "Напоминание", task.KindReadItem: "Чтение карточки акта", task.KindReadStatusTask: "Чтение задачи",
	task.KindFormAct: "Формирование акта сделки", task.KindSyncFiles: "Файлы акта в CRM", task.KindWriteRows: "Позиции карточки акта в CRM", task.KindSendLetter: "Письмо",
	task.KindNotifyResponsible: "Уведомление", task.KindNotifyOfDeals: "Уведомление о сделках", task.KindNotifyOfReminders: "Напоминание", task.KindReadDeal: "Чтение сделки", task.KindPutDocument: "Передача акта в СБИС",
	task.KindWithdrawDocument: "Отзыв документа из СБИС", task.KindAnnulDocument: "Отзыв или аннулирование документа в СБИС",
	task.KindFetchSigned:  "Загрузка подписанного документа из СБИС",
	task.KindSignDocument: "Подпись документа в СБИС", task.KindLookUpCounterparty: "Проверка контрагента сделки в СБИС",
	task.KindFormMonthly: "Ежемесячный акт сделки", task.KindRunRobot: "Робот портала", task.KindAnswerRobot: "Ответ роботу портала", task.KindRunTriggers: "Триггер портала",
	task.KindNotifyIncident: "Сообщение администратору о связи", task.KindSendDigest: "Сводка на день",
}

// taskName returns a kind of task in words; an unknown kind stays as it is.
func taskName(kind string) string { return cmp.Or(taskNames[kind], kind) }

// aboutActs and aboutDeals are the kinds of tasks whose subject has a page.
var (
	aboutActs  = []string{task.KindSyncItem, task.KindWriteRows, task.KindSyncFiles, task.KindPutDocument, task.KindWithdrawDocument, task.KindSignDocument, task.KindAnnulDocument, task.KindFetchSigned}
	aboutDeals = []string{task.KindMoveDeal, task.KindShowBadge, task.KindReadDeal, task.KindFormAct, task.KindFormMonthly, task.KindInviteCounterparty, task.KindLookUpCounterparty}
)

// taskWords returns a task in words with the number of its act or deal.
func taskWords(t queue.Task) string {
	if slices.Contains(aboutActs, t.Kind) || slices.Contains(aboutDeals, t.Kind) {
		return taskName(t.Kind) + " № " + web.ID(acts.ActID(t.Subject))
	}
	return taskName(t.Kind)
}

// placeOf returns our page of the subject of a task, "" for none.
func placeOf(v web.Visit, t queue.Task) string {
	switch {
	case slices.Contains(aboutActs, t.Kind):
		return web.Base(v) + "/acts/" + web.ID(acts.ActID(t.Subject))
	case slices.Contains(aboutDeals, t.Kind):
		return web.Base(v) + "/deals/" + web.ID(acts.DealID(t.Subject))
	}
	return ""
}

// eventNames are the events of a portal in words, by prefix.
var eventNames = []struct{ begins, words string }{
	{"ONCRMDEALUPDATE", "изменение сделки"}, {"ONCRMDEALADD", "новая сделка"}, {"ONCRMDEALDELETE", "удаление сделки"},
	{"ONCRMDYNAMICITEM", "карточка акта"}, {"ONCRMCOMPANY", "компания"}, {"ONCRMCONTACT", "контакт"}, {"ONTASK", "задача"}, {"ONAPP", "приложение"},
}

func eventWords(event string) string {
	for _, e := range eventNames {
		if strings.HasPrefix(event, e.begins) {
			return e.words
		}
	}
	return event
}

// waitDuration formats a waiting time: «меньше минуты», «12 минут», «3 часа», «2 дня».
func waitDuration(d time.Duration) string {
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

// pausedWords returns the methods that must not be called for a while, each with the remaining time; "*" stands for all.
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
