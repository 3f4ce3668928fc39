package stories

import "acts24/views"

// messages returns the stories of the pages that show a message, and of the page of a person's own settings.
func messages() []Story {
	message := func(heading, text string) func(views.Frame) views.Message {
		return func(f views.Frame) views.Message { return views.Message{Frame: f, Heading: heading, Text: text} }
	}
	return append(storiesOf(views.MessagePage, message("Нет доступа", "Акты этой сделки вам не видны. Попросите администратора добавить вас в настройках приложения, раздел «Люди»."),
		state[views.Message]{"no-rights", nil},
		state[views.Message]{"service-down", func(m *views.Message) {
			m.Heading, m.Text, m.Button, m.Return = "Нет связи", "Битрикс24 не отвечает. Введённое не потеряно: повторите через минуту.", "Повторить", base+"/acts"
		}},
		state[views.Message]{"too-many-requests", func(m *views.Message) {
			m.Heading, m.Text, m.Again = "Слишком много запросов", "Подождите несколько секунд и нажмите «Повторить».", base+"/acts"
		}},
		state[views.Message]{"broken", func(m *views.Message) {
			m.Heading, m.Text, m.Code = "Не получилось", "Что-то сломалось у нас. Введённое не потеряно: вернитесь назад и повторите.", "K7Q2M9XA"
		}},
		state[views.Message]{"opened-by-hand", func(m *views.Message) {
			m.Heading, m.Text = "Акты для Битрикс24", "Откройте приложение из портала Битрикс24."
		}}),
		storiesOf(views.MePage, func(f views.Frame) views.Me {
			return views.Me{Frame: tab(f, "Мои уведомления", "/me"), Digest: true, Save: base + "/me", Themes: options("=Как на устройстве", "light=Светлое", "dark=Тёмное")}
		}, state[views.Me]{"full", nil})...)
}
