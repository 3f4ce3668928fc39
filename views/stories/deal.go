package stories

import (
	"fmt"

	"acts24/views"
)

func dealTab() []Story {
	return storiesOf(views.DealTabPage, fullDeal,
		state[views.DealTab]{"usual", func(m *views.DealTab) {
			m.Banners, m.Form.LostRows, m.Monthly.Open = nil, nil, false
			m.Form.Rows = append(m.Form.Rows[:2], m.Form.Rows[3])
		}},
		state[views.DealTab]{"full", nil},
		state[views.DealTab]{"asked", func(m *views.DealTab) {
			m.Exchange = &views.Exchange{At: base + "/deals/1", State: chip("отправлено", "progress"), Times: facts("Отправлено", "11.11.2026 09:00, buh@severny-veter.example", "Ждём ответа до", "14.11.2026"),
				Ask: "Спросить ещё раз", Address: "buh@severny-veter.example", CanWithdraw: true, Channels: m.Exchange.Channels, Operators: m.Exchange.Operators}
		}},
		state[views.DealTab]{"asking", func(m *views.DealTab) { openQuestion(m, "buh@severny-veter.example") }},
		state[views.DealTab]{"question-faults", func(m *views.DealTab) {
			openQuestion(m, "бухгалтерия")
			m.Exchange.Subject, m.Exchange.Letter = "", "Добрый день!\n\nПодскажите, пожалуйста, как вам удобно обмениваться актами?"
			m.Exchange.Faults = withFaults(&m.Frame, map[string]string{"address": "Похоже, в адресе ошибка: «бухгалтерия».", "subject": "Впишите тему письма.",
				"text": "В письме нужна ссылка на форму: верните {ссылка}."})
		}},
		state[views.DealTab]{"first-act", func(m *views.DealTab) {
			m.Acts, m.Banners, m.Exchange.Earlier, m.Form.Source = nil, nil, nil, nil
			m.Remainder.Closed, m.Monthly.Runs, m.Monthly.On = nil, nil, false
		}},
		state[views.DealTab]{"one-row", func(m *views.DealTab) { m.Form.Rows, m.Acts = m.Form.Rows[:1], m.Acts[:1] }},
		state[views.DealTab]{"not-ready", func(m *views.DealTab) {
			m.Green, m.Form.Unfold = false, true
			m.Checks[1] = views.Check{Title: "ИНН контрагента", State: "bad", Text: "В реквизитах компании нет ИНН.", By: "менеджер", Link: link("Открыть карточку компании", "/crm/company/details/3/")}
			m.Checks[3] = views.Check{Title: "Идентификатор участника ЭДО", State: "bad", Text: "Не указан: впишите его ниже или спросите контрагента.", By: "менеджер"}
		}},
		state[views.DealTab]{"formed", func(m *views.DealTab) {
			m.Formed = true
			m.Banners = []views.Banner{{Tone: "success", TestID: "formed", Text: "Акт № 105/26 сформирован и передаётся в СБИС.", Link: views.Link{Text: "Открыть акт", Href: base + "/acts/105"}}}
		}},
		state[views.DealTab]{"paper", func(m *views.DealTab) {
			m.Form.Types[0].Chosen, m.Form.Types[2].Chosen, m.PaperGreen = false, true, true
		}},
		state[views.DealTab]{"faults", func(m *views.DealTab) {
			m.Form.Unfold = true
			m.Form.Rows[0].Quantity, m.Form.Rows[0].Fault = "три", "Введите число, например 3 или 2,5."
			m.Form.Faults = withFaults(&m.Frame, map[string]string{"quantity-11": m.Form.Rows[0].Fault, "date": "Введите дату в виде дд.мм.гггг.", "basis-number": "Укажите номер договора или выберите «Без документа-основания».",
				"participant": "Идентификатор начинается с трёх знаков оператора, например 2BM."})
		}},
		state[views.DealTab]{"correction", correctedDeal},
		state[views.DealTab]{"own-lines", func(m *views.DealTab) {
			m.Form.Rows = nil
			for n := 1; n <= 3; n++ {
				m.Form.FreeLines = append(m.Form.FreeLines, views.FreeLine{N: n, Name: "Консультации по налоговому учёту", Quantity: "12", Price: "1830", Sum: rub("21960"), Rates: options("22=НДС 22 %", "none=Без НДС")})
			}
			m.Form.FreeLines[2] = views.FreeLine{N: 3, Rates: options("22=НДС 22 %", "none=Без НДС"), NameFault: "Назовите работу или услугу."}
		}},
		state[views.DealTab]{"nothing-left", func(m *views.DealTab) {
			m.Form.AllCovered, m.Missing = true, ""
			for i := range m.Form.Rows {
				m.Form.Rows[i].Available, m.Form.Rows[i].Picked, m.Form.Rows[i].Left, m.Form.Rows[i].Quantity = false, false, "0", ""
			}
		}},
		state[views.DealTab]{"no-company", func(m *views.DealTab) { m.HasOwn, m.Acts = false, nil }},
		state[views.DealTab]{"read-only", func(m *views.DealTab) { m.ReadOnly = true }},
		state[views.DealTab]{"portal-silent", func(m *views.DealTab) {
			m.Stale = "Битрикс24 не отвечает, показана сделка на 29.11.2026 14:02."
		}},
		state[views.DealTab]{"foreign-currency", func(m *views.DealTab) { m.Form.Currency, m.Form.Unit, m.Form.Unfold = "USD", "USD", true }},
		state[views.DealTab]{"long-names", func(m *views.DealTab) { nameDeal(m, longName, longTitle) }},
		state[views.DealTab]{"unbroken-names", func(m *views.DealTab) { nameDeal(m, longWord, longWord) }},
		state[views.DealTab]{"rtl-and-emoji", func(m *views.DealTab) { nameDeal(m, rtlName, rtlName) }},
		state[views.DealTab]{"300-rows", func(m *views.DealTab) {
			row := m.Form.Rows[0]
			m.Form.Rows = nil
			for n := range 300 {
				row.ID, row.TestID = fmt.Sprint(1000+n), fmt.Sprint(2000+n)
				row.Name = fmt.Sprintf("Этап %d: обследование и настройка учётной системы", n+1)
				m.Form.Rows = append(m.Form.Rows, row)
			}
		}},
	)
}

// nameDeal gives the parties and the texts of a deal other names.
func nameDeal(m *views.DealTab, name, title string) {
	m.Form.Buyer, m.Form.Seller, m.Form.Signer, m.Form.Summary = name, name, name, title
	for i := range m.Form.Rows {
		m.Form.Rows[i].Name = title
	}
	for i := range m.Acts {
		m.Acts[i].Note = title
	}
	m.Missing, m.Exchange.Answer, m.Exchange.Stored = title, name, title
	m.Banners[0].Text = title
	m.Checks[0].Text = title
	m.Monthly.Rows[0].Name = title
}

// correctedDeal is the edit page of a draft that corrects a refused act.
func correctedDeal(m *views.DealTab) {
	m.Edit = &views.EditedAct{ID: "106", Title: "УПД № 104/26 (испр. 1)", Back: base + "/acts/106", Status: chip("Подготовка акта", "neutral"),
		Refused: &views.RefusedAct{Title: "УПД № 104/26 от 24.11.2026", Href: base + "/acts/104", Reason: "Часов сопровождения было 8, а не 10",
			Differences: []string{"Сопровождение, час: было 10, стало 8", "Сумма: было 54 900,00 ₽, стало 51 240,00 ₽"}}}
	m.Form.Types = m.Form.Types[:2]
	m.Form.Correction = &views.CorrectionForm{Number: "104/26", Date: "24.11.2026", Cause: "mistake"}
	m.Form.Rows = m.Form.Rows[:2]
	m.Form.Rows[1].Quantity, m.Form.Rows[1].Was, m.Form.Rows[1].Differs, m.Form.Rows[1].Sum, m.Form.Rows[1].Discount = "8", "10", true, rub("14640"), ""
	m.Form.Sums = views.FormSums{Gross: rub("51240"), Net: rub("42000"), Tax: rub("9240")}
	m.Form.Unfold, m.Form.Source, m.Form.LostRows = true, nil, nil
	m.Exchange, m.Monthly, m.Remainder, m.Banners, m.Missing = nil, nil, nil, nil, ""
}

func fullDeal(f views.Frame) views.DealTab {
	f.Title = "Акты"
	m := views.DealTab{Frame: f, Deal: "1", HasOwn: true, Green: true, Settings: base + "/settings", Missing: "Чтобы сделка перешла в «Услуга оказана», нужен акт на оставшиеся 83 570,00 ₽.",
		Banners: []views.Banner{{Tone: "attention", TestID: "changed", Text: "Сделка изменилась после акта № 103/26.", List: []string{"«Сопровождение»: было 12, стало 18"},
			Link: views.Link{Text: "Открыть акт", Href: base + "/acts/103"}}},
		Acts: []views.ActRow{
			{ID: "104", Title: "УПД № 104/26 от 24.11.2026", Href: base + "/acts/104", Type: "Электронный, юрлицо", Sum: rub("54900"), Status: chip("Отказ от подписания", "problem"), Delivery: chip("Обмен завершён", "neutral"),
				Note: "Часов сопровождения было 8, а не 10 (Орлов П. С., 26.11.2026)", NextStep: "Ваше действие: сформируйте исправленный акт или договоритесь"},
			{ID: "103", Title: "УПД № 103/26 от 17.11.2026", Href: base + "/acts/103", Type: "Электронный, юрлицо", Sum: rub("36600"), Status: chip("Акт направлен заявителю", "progress"), Delivery: chip("Доставлен контрагенту", "progress"),
				Due: chip("Просрочен на 2 раб. дня (срок 26.11.2026)", "attention"), NextStep: "Ждём подписи контрагента"},
			{ID: "102", Title: "Акт от 30.10.2026", Href: base + "/acts/102", Type: "Электронный, юрлицо", Sum: rub("12200"), Status: chip("Подготовка акта", "neutral"), Delivery: chip("Не передан", "neutral"),
				NextStep: "Ваше действие: передайте акт в СБИС", Send: base + "/acts/102/send"},
		},
		Form: fullForm(),
		Checks: []views.Check{{Title: "Реквизиты нашей организации", State: "ok"}, {Title: "ИНН контрагента", State: "ok"}, {Title: "Позиции и суммы", State: "ok"},
			{Title: "Идентификатор участника ЭДО", State: "ok", Text: "2BM-7707083893-770701001"}, {Title: "Приглашение к обмену", State: "open", Text: "Отправим вместе с актом.", By: "СБИС"}},
		PaperChecks: []views.Check{{Title: "Реквизиты нашей организации", State: "ok"}, {Title: "Позиции и суммы", State: "ok"}}, PaperGreen: true,
		Exchange: fullExchange(),
		Remainder: &views.Remainder{Close: base + "/deals/1/remainder", Reopen: base + "/deals/1/remainder/reopen", Rows: options("0=Вся сделка", "11=Внедрение, остаток 3"),
			Closed: []views.ClosedRow{{ID: "13", TestID: "13", Text: "«Обучение», 2 час: Эти часы заказчик оплатил отдельно. Закрыла Ирина Соколова, 20.11.2026."}}},
		Monthly: fullMonthly(),
	}
	return m
}

func fullForm() views.ActForm {
	return views.ActForm{Action: base + "/deals/1/acts", Mark: base + "/deals/1/acts/mark", Continue: base + "/deals/1/acts/rows", Preview: base + "/deals/1/acts/preview", Key: "key",
		Rows: []views.ProductRow{
			{ID: "11", TestID: "1", Name: "Внедрение учётной системы, этап 2", Unit: "этап", Price: rub("12200"), Rate: "НДС 22 %", InDeal: "5", InActs: "2", Left: "3", Quantity: "3", Sum: rub("36600"), NeedsAct: true, Picked: true, Available: true},
			{ID: "12", TestID: "2", Name: "Сопровождение, час", Unit: "час", Price: rub("1830"), Rate: "НДС 22 %", InDeal: "18", InActs: "0", Left: "18", Quantity: "18", Sum: rub("32940"), NeedsAct: true, Picked: true, Available: true,
				Discount: "скидка по сделке −" + rub("1000") + ", с ней " + rub("32940") + " за всё"},
			{ID: "13", TestID: "3", Name: "Обучение", Unit: "час", Price: rub("2440"), Rate: "НДС 20 %", InDeal: "4", InActs: "0", Closed: "2", Left: "2", Quantity: "", NeedsAct: false, Available: true,
				Rates: options("=Выберите", "22=НДС 22 %"), RateFault: "Ставка сделки (НДС 20 %) не действует на дату акта."},
			{ID: "14", TestID: "4", Name: "Обследование", Unit: "шт", Price: rub("61000"), Rate: "НДС 22 %", InDeal: "1", InActs: "1", Left: "0", NeedsAct: true},
		},
		LostRows: []views.LostRow{{ID: "9", Text: "Позиции «Аренда стенда» больше нет в сделке, а 1 шт по ней в актах. Какая позиция её продолжает?", Next: options("12=Сопровождение, час", "0=Никакая")}},
		Types: []views.ActType{{Value: "electronic-company", TestID: "act-type-electronic-company", Label: "Электронный, юрлицо", Hint: "УПД 5.03 через СБИС", Chosen: true},
			{Value: "electronic-person", TestID: "act-type-electronic-person", Label: "Электронный, ИП", Hint: "УПД 5.03 через СБИС"},
			{Value: "paper-company", TestID: "act-type-paper-company", Label: "Бумажный, юрлицо", Hint: "e-mail, почта, курьер или лично"},
			{Value: "paper-person", TestID: "act-type-paper-person", Label: "Бумажный, ИП", Hint: "e-mail, почта, курьер или лично"}},
		OwnCompanies: options("2=ООО «Акты и Ко»", "5=ИП Громов А. П."), OwnShown: "2", Channels: options("post=Почтой", "email=По e-mail"), Unit: "₽",
		Date: "30.11.2026", From: "01.11.2026", To: "30.11.2026", Basis: "Договор", BasisNumber: "101/26", BasisDate: "12.01.2026", BasisFrom: views.Link{Text: "Как в акте № 103/26", Href: base + "/acts/103"},
		Source:  &views.SourceAct{Act: views.Link{Text: "акту № 103/26", Href: base + "/acts/103"}, What: "тип, основание, подписант, данные ЭДО"},
		AsksVAT: true, VATGround: "п. 2 ст. 346.11 НК РФ", Payments: []views.Payment{{N: "1", Number: "318", Date: "05.11.2026"}, {N: "2"}},
		Signer: "Громов Андрей Павлович", Position: "Генеральный директор", Ground: "Устава", SignerNote: "Подпишет в СБИС: Громов Андрей Павлович",
		Operators: options("2BM=Диадок", "2BE=СБИС"), Participant: "2BM-7707083893-770701001", ParticipantHint: "Формат: 2BM-ИНН-КПП-цифры.",
		ExchangeRate: "91,2345", ExchangeDate: "30.11.2026", Comment: "Работы за ноябрь",
		Buyer: company, BuyerDetails: "ИНН 7707083893, КПП 770701001, 125009, г Москва, ул Тверская, д 7", BuyerLink: link("Открыть карточку компании", "/crm/company/details/3/"),
		Seller: "ООО «Акты и Ко»", SellerDetails: "ИНН 5003052454, КПП 500301001, 142701, Московская обл, г Видное",
		Sums:    views.FormSums{Gross: rub("69540"), Net: rub("57000"), Tax: rub("12540"), Left: rub("14030")},
		Summary: "Договор № 101/26 от 12.01.2026 · Громов А. П. · 30.11.2026"}
}

// openQuestion opens the form of the question to the counterparty.
func openQuestion(m *views.DealTab, address string) {
	m.Exchange.Answer, m.Exchange.Link, m.Exchange.Earlier, m.Exchange.State, m.Exchange.Times = "", "", nil, chip("не уточнён", "neutral"), nil
	m.Exchange.AskOpen, m.Exchange.Ask, m.Exchange.Address, m.Exchange.CanWithdraw, m.Exchange.CanInvite = true, "Запросить способ обмена", address, false, false
}

func fullExchange() *views.Exchange {
	return &views.Exchange{At: base + "/deals/1", State: chip("получен ответ", "success"), Answer: "Через ЭДО, Диадок, 2BM-7707083893-770701001", From: "ответ контрагента, 12.11.2026 10:24",
		Stored: "В сделке «Поставка стенда» контрагент выбрал то же.", Times: facts("Отправлено", "11.11.2026 09:00, buh@severny-veter.example", "Открыто", "12.11.2026 10:20"),
		Link: "https://acts.example/f/6Jw0cV1yQmVn2k8kP3b7Jw0cV1yQmVn2k8kP3b7", Ask: "Спросить ещё раз", Address: "buh@severny-veter.example", CanWithdraw: true, CanInvite: true,
		Subject: "Как обмениваться актами: " + ownName,
		Letter: "Здравствуйте!\n\n" + ownName + " готовит для вас акт. Подскажите, пожалуйста, как вам удобно обмениваться актами: на бумаге или через электронный документооборот.\n\n" +
			"Ответ займёт минуту: {ссылка}\n\nСсылка работает до 30.12.2026. Регистрироваться не нужно.\n\nС уважением,\n" + ownName,
		Channels: options("edo=Через ЭДО", "email=На бумаге, по e-mail", "post=На бумаге, почтой"), Operators: options("2BM=Диадок", "2BE=СБИС"), Participant: "2BM-7707083893-770701001",
		Earlier: []views.Event{{At: "02.06.2026 12:10", Text: "На бумаге, по e-mail", Who: "указал сотрудник " + manager}}}
}

func fullMonthly() *views.Monthly {
	return &views.Monthly{Save: base + "/deals/1/monthly", Stop: base + "/deals/1/monthly/stop", Repeat: base + "/deals/1/monthly/repeat", On: true, Open: true, Next: "30.12.2026", NextPeriod: "декабрь 2026",
		Days: options("last=В последний рабочий день", "1=1-го рабочего дня"), Covers: options("same=За тот же месяц", "previous=За прошлый месяц"), FixedQuantities: true,
		Rows:        []views.MonthlyRow{{ID: "12", TestID: "2", Name: "Сопровождение, час", Left: "18", Quantity: "6"}},
		MayHandOver: true, HandsOver: true, AllowedBy: manager + ", 01.10.2026", SetBy: manager + ", 01.10.2026",
		Runs: []views.MonthlyRun{{Month: "2026-11", Title: "Акт за ноябрь 2026", Href: base + "/acts/102", At: "30.11.2026 09:00", State: chip("сформирован", "success")},
			{Month: "2026-10", Title: "Октябрь 2026", At: "30.10.2026 09:00", State: chip("не получилось", "problem"), Note: "В сделке не осталось количества.", Again: true}}}
}
