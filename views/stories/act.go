package stories

import "acts24/views"

func actPage() []Story {
	return storiesOf(views.ActPageView, overdueAct,
		state[views.ActPage]{"overdue", nil},
		state[views.ActPage]{"draft", draftAct},
		state[views.ActPage]{"to-sign", func(m *views.ActPage) {
			draftAct(m)
			m.Delivery, m.SignHere, m.Actions, m.Checks = chip("Ждёт нашей подписи в СБИС", "attention"), true, m.Actions[1:], nil
			m.NextStep, m.SignerNote, m.Operator = "Ваше действие: подпишите акт в СБИС", "Подпишет в СБИС: Громов Андрей Павлович", fullOperator(m.Delivery)
		}},
		state[views.ActPage]{"sbis-silent", func(m *views.ActPage) {
			draftAct(m)
			m.Delivery, m.Actions, m.Checks = chip("Передаётся в СБИС", "progress"), nil, nil
			m.Operator = fullOperator(m.Delivery)
			m.Operator.Problem, m.Operator.Next, m.Operator.Repeat = "СБИС не отвечает.", "Повторим сами 30.11.2026 15:40.", base+"/acts/104/repeat"
		}},
		state[views.ActPage]{"stopped", func(m *views.ActPage) {
			draftAct(m)
			m.Delivery, m.Actions, m.Checks = chip("Ошибка отправки", "problem"), m.Actions[:1], nil
			m.Operator = fullOperator(m.Delivery)
			m.Operator.Problem, m.Operator.Stopped, m.Operator.Repeat = "СБИС не принял документ: у контрагента нет такого идентификатора участника ЭДО.", true, base+"/acts/104/repeat"
		}},
		state[views.ActPage]{"refused", func(m *views.ActPage) {
			m.Status, m.Delivery, m.Overdue, m.Due = chip("Отказ от подписания", "problem"), chip("Обмен завершён", "neutral"), nil, views.Chip{}
			m.Note, m.NextStep = "Часов сопровождения было 8, а не 10 (Орлов П. С., 26.11.2026)", "Ваше действие: сформируйте исправленный акт или договоритесь"
			m.Progress[2].State, m.Progress[3] = "done", views.ProgressStep{Label: "Отказ от подписания", State: "failed", On: "26.11.2026", Current: true}
			m.Actions = []views.Action{{Href: base + "/acts/104/correct", Label: "Сформировать исправленный акт", TestID: "correct-act", Primary: true, Key: "key"}}
		}},
		state[views.ActPage]{"signed", func(m *views.ActPage) {
			m.Status, m.Delivery, m.Overdue, m.Due, m.NextStep = chip("Акт получен и подписан", "success"), chip("Обмен завершён", "success"), nil, views.Chip{}, ""
			m.Progress[2].State, m.Progress[2].Current = "done", false
			m.Progress[3] = views.ProgressStep{Label: "Акт получен и подписан", State: "done", On: "26.11.2026", Current: true}
			m.Actions, m.Signatures = nil, fullSignatures()
		}},
		state[views.ActPage]{"paper", paperAct},
		state[views.ActPage]{"paper-to-send", func(m *views.ActPage) {
			paperAct(m)
			m.Print.Number, m.Print.First, m.Print.Next = "", false, false
			m.Status, m.NextStep = chip("Подписан с нашей стороны", "progress"), "Ваше действие: направьте акт заявителю"
			m.Progress[0], m.Progress[1] = views.ProgressStep{Label: "Подготовка акта", State: "done", On: "24.11.2026"}, views.ProgressStep{Label: "Подписан с нашей стороны", State: "now", Current: true}
			m.Send = fullSend()
			m.Copies[0].Files = []views.CopyFile{{Name: "Акт № 104-26, страница 1.jpg", Href: base + "/acts/104/files/1", Size: "1,2 МБ", When: "25.11.2026 12:01", TestID: "file-1", Kind: "JPG", Picture: true},
				{Name: longWord + ".pdf", Href: base + "/acts/104/files/2", Size: "640 КБ", When: "25.11.2026 12:01", TestID: "file-2", Kind: "PDF"}}
			m.Copies[0].First, m.Copies[1].First = false, false
		}},
		state[views.ActPage]{"paper-letter-faults", func(m *views.ActPage) {
			paperAct(m)
			m.Print.Number, m.Print.First, m.Print.Next, m.Send = "", false, false, fullSend()
			m.Send.Address, m.Send.AddressFault = "buh@", "Введите адрес целиком, например buh@company.ru."
			m.Faults = withFaults(&m.Frame, map[string]string{"address": m.Send.AddressFault})
		}},
		state[views.ActPage]{"annulment", func(m *views.ActPage) {
			m.Overdue, m.Actions, m.Annulling = nil, nil, chip("Контрагент просит аннулировать", "attention")
			m.Annulment = &views.AnnulmentState{Tone: "attention", Title: "Контрагент предлагает аннулировать акт", Text: "После согласия акт перестанет занимать позиции сделки.",
				Facts: facts("Предложено", "27.11.2026, Орлов П. С.", "Причина", "Акт выставлен по ошибке", "Ответить до", "01.12.2026"), Href: base + "/acts/104/annulment", Answer: true}
		}},
		state[views.ActPage]{"action-fault", func(m *views.ActPage) {
			m.Faults = withFaults(&m.Frame, map[string]string{"reason": "Напишите, почему контрагент отказался."})
			m.Faults["action"] = "mark-refusal"
		}},
		state[views.ActPage]{"read-only", func(m *views.ActPage) {
			m.ReadOnly, m.Actions, m.Secondary, m.Overdue, m.Operator = true, nil, nil, nil, nil
		}},
		state[views.ActPage]{"one-line", func(m *views.ActPage) { m.Lines, m.History = m.Lines[:1], m.History[:1] }},
		state[views.ActPage]{"long-names", func(m *views.ActPage) { nameAct(m, longName, longTitle) }},
		state[views.ActPage]{"unbroken-names", func(m *views.ActPage) { nameAct(m, longWord, longWord) }},
		state[views.ActPage]{"rtl-and-emoji", func(m *views.ActPage) { nameAct(m, rtlName, rtlName) }},
	)
}

// nameAct gives the parties and the texts of an act other names.
func nameAct(m *views.ActPage, name, title string) {
	m.Party.Text, m.Note = name, title
	m.Facts[0].Value, m.Facts[1].Link.Text, m.Facts[3].Value = name, title, title
	m.History[0].Who, m.History[0].Text = name, title
	m.History[1].Changes[0] = views.Change{What: name, Was: title, Is: title}
	for i := range m.Lines {
		m.Lines[i].Name = title
	}
	m.Overdue.Email = "otdel.po.rabote.s.kontragentami.i.buhgalterii@rossiyskiy-gosudarstvenny-universitet.example"
}

func draftAct(m *views.ActPage) {
	m.Overdue, m.Due, m.Operator, m.Note, m.Banners = nil, views.Chip{}, nil, "", nil
	m.Status, m.Delivery, m.NextStep = chip("Подготовка акта", "neutral"), chip("Не передан", "neutral"), "Ваше действие: передайте акт в СБИС"
	m.Progress = []views.ProgressStep{{Label: "Подготовка акта", State: "now", On: "24.11.2026", Current: true}, {Label: "Подписан с нашей стороны", State: "later"},
		{Label: "Акт направлен заявителю", State: "later"}, {Label: "Акт получен и подписан", State: "later"}}
	m.Actions = []views.Action{{Href: base + "/acts/104/send", Label: "Передать в СБИС", TestID: "send-act", Primary: true}, {Href: base + "/acts/104/edit", Label: "Изменить", TestID: "edit-act", Plain: true}}
	m.Green = false
	m.Checks = []views.Check{{Title: "Реквизиты нашей организации", State: "ok"}, {Title: "Идентификатор участника ЭДО", State: "bad", Text: "Не указан.", By: "менеджер", Link: link("Открыть карточку компании", "/crm/company/details/3/")}}
}

func paperAct(m *views.ActPage) {
	draftAct(m)
	m.Delivery, m.Actions, m.Checks = views.Chip{}, m.Actions[1:], nil
	m.NextStep = "Ваше действие: присвойте номер и распечатайте акт"
	m.Print = views.PrintForm{PDF: base + "/acts/104/pdf", Name: "akt-104.pdf", Number: base + "/acts/104/number", First: true, Next: true, Fault: "Нет ИНН нашей организации."}
	m.Copies = []views.CopySide{{Side: "our", Label: "Наш подписанный экземпляр", Upload: base + "/acts/104/files/our", Hint: "Распечатайте, подпишите и загрузите скан или фото."},
		{Side: "their", Label: "Экземпляр заявителя", Hint: "Здесь будет скан, когда контрагент вернёт свой экземпляр."}}
}

func fullSend() *views.SendForm {
	return &views.SendForm{Action: base + "/acts/104/sent", Label: "Направить заявителю", Seen: "token", First: true, Email: true, Address: "buh@severny-veter.example", On: "30.11.2026", Today: "30.11.2026",
		Letter: "Здравствуйте!\n\nНаправляем акт № 104/26 от 24.11.2026 на 54 900,00 ₽. Пожалуйста, подпишите и верните скан."}
}

func fullOperator(delivery views.Chip) *views.OperatorState {
	return &views.OperatorState{State: delivery, Actions: []views.Action{{Href: base + "/acts/104/take-back", Label: "Отозвать из СБИС", TestID: "take-back", Confirm: "Отозвать и удалить документ", Danger: true,
		Explain: "Документ будет удалён из кабинета СБИС. Акт вернётся в подготовку."}}}
}

func fullSignatures() *views.Signatures {
	return &views.Signatures{Package: base + "/acts/104/package", Unchecked: "Срок и отзыв сертификатов здесь не проверяются.",
		List: []views.Signature{{Title: "Исполнитель", File: "upd.xml", Facts: facts("Подписал", "Громов Андрей Павлович", "Когда", "24.11.2026 15:20", "Сертификат", "3A91 04C2 77B1 9E40, до 12.05.2027", "Проверка", "подпись верна")},
			{Title: "Заказчик", File: "title.xml", Wrong: true, Facts: facts("Подписал", "Орлов Пётр Сергеевич", "Когда", "26.11.2026 11:02", "Проверка", "файл изменён после подписи")}}}
}

func overdueAct(f views.Frame) views.ActPage {
	f.Title = "УПД № 104/26"
	reason := views.Field{Name: "reason", Label: "Причина", Type: "text", MaxLength: "500", Required: true}
	return views.ActPage{Frame: f, ID: "104", Title: "УПД № 104/26 от 24.11.2026", Sum: rub("54900"), Party: link(company, "/crm/company/details/3/"), Back: base + "/deals/1",
		Progress: []views.ProgressStep{{Label: "Подготовка акта", State: "done", On: "17.11.2026"}, {Label: "Подписан с нашей стороны", State: "done"},
			{Label: "Акт направлен заявителю", State: "now", On: "17.11.2026", Current: true}, {Label: "Акт получен и подписан", State: "later"}},
		Overdue:  &views.Overdue{Text: "Просрочен на 4 раб. дня (срок 24.11.2026)", Phones: []views.Link{{Text: "+7 495 123-45-67", Href: "+74951234567"}}, Email: "buh@severny-veter.example"},
		Operator: fullOperator(chip("Доставлен контрагенту", "progress")), CheckNow: base + "/acts/104/check", SBISLink: "https://online.sbis.ru/opendoc.html?guid=1", XML: base + "/acts/104/xml",
		Status: chip("Акт направлен заявителю", "progress"), Delivery: chip("Доставлен контрагенту", "progress"), Due: chip("Просрочен на 4 раб. дня (срок 24.11.2026)", "attention"), NextStep: "Ждём подписи контрагента",
		Banners: []views.Banner{{Tone: "attention", TestID: "deal-changed", Text: "Сделка изменилась после акта.", List: []string{"«Сопровождение»: было 12, стало 18"}}},
		Facts: []views.Fact{{Name: "Заказчик", Value: company + ", ИНН 7707083893, КПП 770701001"}, {Name: "Сделка", Link: link("Внедрение учётной системы", "/crm/deal/details/1/")},
			{Name: "Тип", Value: "Электронный, юрлицо"}, {Name: "Основание", Value: "Договор № 101/26 от 12.01.2026"}, {Name: "Оператор ЭДО", Value: "Диадок, 2BM-7707083893-770701001"}},
		Lines: []views.Line{{N: "1", Name: "Внедрение учётной системы, этап 2", Quantity: "3 этап", Price: rub("12200"), Rate: "22 %", Net: rub("30000"), Tax: rub("6600"), Gross: rub("36600")},
			{N: "2", Name: "Сопровождение", Quantity: "10 час", Price: rub("1830"), Rate: "22 %", Net: rub("15000"), Tax: rub("3300"), Gross: rub("18300")}},
		Net: rub("45000"), Tax: rub("9900"), Gross: rub("54900"), Print: views.PrintForm{PDF: base + "/acts/104/pdf", Name: "akt-104.pdf", UPD: base + "/acts/104/upd", UPDName: "upd-104.pdf"},
		Actions: []views.Action{
			{Href: base + "/acts/104/remind", Label: "Напомнить контрагенту", TestID: "remind-counterparty", Primary: true, Confirm: "Отправить письмо", Letter: "Здравствуйте!\n\nНапоминаем об акте № 104/26.", Attached: "Вложением уйдёт печатная форма акта.",
				Fields: []views.Field{{Name: "address", Label: "E-mail контрагента", Type: "email", Value: "buh@severny-veter.example", MaxLength: "254", Required: true}}},
			{Href: base + "/acts/104/mark", Label: "Принят, но не подписан", TestID: "mark-accept", Event: "accept", Fields: []views.Field{{Name: "reason", Label: "Комментарий, если есть", Type: "text", MaxLength: "500"}}, Explain: "Контрагент принял работу, но подписывать сейчас не будет."},
			{Href: base + "/acts/104/mark", Label: "Отказ", TestID: "mark-refusal", Event: "refuse", Danger: true, Fields: []views.Field{reason}, Explain: "Сделка перейдёт на «Услуга оказана, есть замечания»."}},
		Secondary: []views.Action{{Href: base + "/acts/104/relink", Label: "Перенести в другую сделку", TestID: "relink-act", Fields: []views.Field{{Name: "deal", Label: "Номер сделки", Type: "numeric", Required: true}, reason}}},
		History: []views.Event{{At: "17.11.2026 12:10", Text: "Акт направлен заявителю", Who: "СБИС"},
			{At: "17.11.2026 11:40", Text: "Изменён", Who: manager, Changes: []views.Change{{What: "Сопровождение, количество", Was: "12", Is: "10"}}},
			{At: "17.11.2026 11:30", Text: "Сформирован", Who: manager}}}
}
