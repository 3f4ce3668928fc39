package main

import (
	"fmt"

	"acts24/integrations/bitrix24/bitrix24test"
)

// The people of the seed.
const (
	seedAdmin      = 1
	seedManager    = 2
	seedOutsider   = 3 // may not see the last two deals
	seedAccountant = 4
	seedHead       = 5
)

// Counterparty is a party of the seed as an EDO operator knows it. An ИП has the parts of a name and no KPP.
type Counterparty struct {
	INN, KPP, Name                  string
	LastName, FirstName, MiddleName string
	Participant                     string // EDO id, empty when the party has none
	Own                             bool   // one of our own legal entities
}

// Counterparties lists every party of the seed that has an INN, our own last.
func Counterparties() []Counterparty {
	var out []Counterparty
	for _, p := range append(seedClients(), seedOwn()...) {
		if p.Bare {
			continue
		}
		c := Counterparty{INN: p.INN, KPP: p.KPP, Name: p.Name, Participant: p.Box, Own: p.Own}
		if p.person() {
			c.LastName, c.FirstName, c.MiddleName = nameParts(p.Legal)
			c.Name = "ИП " + p.Legal
		}
		out = append(out, c)
	}
	return out
}

// seedPortal fills an empty portal with people, pipelines, parties and thirty deals; twice the same.
func seedPortal(p *bitrix24test.Portal) {
	seedPeople(p)
	seedPipelines(p)
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

// seedDeals puts the deals one by one, their clients with them.
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

// dealClient chooses the client: one each for the first deals, then those with something missing, then again from the first.
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
		"comments": fmt.Sprintf("Договор № %d/26 от 12.01.2026", 100+n), "currencyId": "RUB",
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
		f["ufCrmActsOperator"], f["ufCrmActsParticipant"] = operatorTitle(client.Box), client.Box
	}
	if n == 15 || n == 16 || n == 26 { // no rows: the sum is entered by hand
		f["opportunity"], f["isManualOpportunity"] = 85000.0+float64(n), "Y"
	}
	if n == 18 {
		f["currencyId"] = "USD"
	}
	return f
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

func responsible(n int) int64 {
	if n > 10 && n%4 == 0 {
		return seedHead
	}
	return seedManager
}
