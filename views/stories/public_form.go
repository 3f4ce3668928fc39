package stories

import "acts24/views"

func publicForm() []Story {
	return append(storiesOf(views.PublicFormPage, fullPublicForm,
		state[views.PublicForm]{"full", nil},
		state[views.PublicForm]{"electronic", func(m *views.PublicForm) { m.Channels[0].Chosen = true }},
		state[views.PublicForm]{"found-in-sbis", func(m *views.PublicForm) {
			m.Channels[0].Chosen = true
			m.Found = []views.PublicChoice{{Value: "2BM-1", Label: "Диадок", Note: "2BM-7707083893-770701001"}, {Value: "2BE-1", Label: "СБИС", Note: "2BE-7707083893-770701001-0000000000000000", Chosen: true}}
			m.FindNote = "Выберите идентификатор или впишите другой."
		}},
		state[views.PublicForm]{"mistakes", func(m *views.PublicForm) {
			m.Channels[0].Chosen, m.Typed["participant"], m.Typed["phone"] = true, "2BM-1", "+7 916 555-00-11"
			m.Faults = map[string]string{"participant": "У оператора Диадок выглядит так: 2BM-ИНН-КПП-цифры.", "consent": "Без согласия мы не можем сохранить имя и телефон."}
			m.Summary = []views.PublicFault{{Field: "participant", Text: m.Faults["participant"]}, {Field: "consent", Text: m.Faults["consent"]}}
			m.Unconfirmed = "2BM-1"
		}},
		state[views.PublicForm]{"done", func(m *views.PublicForm) {
			m.Done, m.Chosen, m.Participant, m.Button, m.Channels[0].Chosen = "Спасибо, ответ получен", "через ЭДО, Диадок", "2BM-7707083893-770701001", "Изменить ответ", true
		}},
		state[views.PublicForm]{"long-names", func(m *views.PublicForm) {
			m.Own, m.Deal, m.Buyer, m.Works = longName, longTitle, longWord, []string{longTitle, longWord, rtlName}
		}},
		state[views.PublicForm]{"rtl-and-emoji", func(m *views.PublicForm) {
			m.Own, m.Deal, m.Buyer, m.Works = rtlName, rtlName, rtlName, []string{rtlName}
		}}),
		storiesOf(views.PublicMessagePage, func(views.Frame) views.PublicMessage {
			return views.PublicMessage{Heading: "Ссылка больше не действует", Text: "Попросите того, кто прислал письмо, прислать новую ссылку."}
		}, state[views.PublicMessage]{"link-expired", nil},
			state[views.PublicMessage]{"broken", func(m *views.PublicMessage) {
				m.Heading, m.Text, m.Code = "Не получилось", "Что-то сломалось у нас. Повторите через минуту.", "K7Q2M9XA"
			}})...)
}

func fullPublicForm(views.Frame) views.PublicForm {
	return views.PublicForm{Action: "/f/6Jw0cV1yQmVn2k8kP3b7", Own: "ООО «Акты и Ко»", OwnINN: "5003052454", Deal: "Внедрение учётной системы", Works: []string{"Внедрение учётной системы, этап 2", "Сопровождение, 10 час"},
		Buyer: company, INN: "7707•••893", Channels: []views.PublicChoice{{Value: "edo", Label: "Через ЭДО", Note: "подпись в вашем операторе"}, {Value: "email", Label: "На бумаге, по e-mail", Note: "скан в обе стороны"}, {Value: "post", Label: "На бумаге, почтой"}},
		Kinds: []views.PublicChoice{{Value: "company", Label: "Организация", Chosen: true}, {Value: "person", Label: "ИП"}}, Operators: []string{"Диадок", "СБИС", "Такском"}, HasEDO: true,
		IDFormats: options("2BM-ИНН-КПП-цифры=Диадок", "2BE и 32 знака=СБИС"), IDFormat: "Первые три знака — код оператора.", Typed: map[string]string{}, Faults: map[string]string{},
		ConsentText: "Согласен на обработку имени и телефона для обмена документами с ООО «Акты и Ко».", ConsentVersion: "1", Button: "Отправить ответ"}
}
