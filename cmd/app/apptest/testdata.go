package apptest

import (
	"fmt"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

type fields = bitrix24test.Fields

// Deals is the number of deals of a portal of a World; odd ones are with a legal entity, even ones with an ИП.
const Deals = 20

// OurCompany holds the settings of our company in a portal of a World.
var OurCompany = Company{ID: 1, Participant: Own.BoxID, Signer: "Иванов Иван Иванович", Position: "Генеральный директор", Ground: "Устав", Function: "ДОП"}

// BoxOf returns the EDO participant id of the counterparty of a deal.
func BoxOf(deal int) string { return fmt.Sprintf("2BE%032x", 0xabc000+deal) }

func innOf(deal int) string {
	if deal%2 == 0 {
		return INN12(7702000000 + deal)
	}
	return INN10(780200000 + deal)
}

// addTestData creates in a portal the mapped stages, our company, and deals with complete counterparties.
func addTestData(p *bitrix24test.Portal) {
	for i, name := range []string{"Подготовка акта", "Одобрено комиссией", "Акт направлен заявителю"} {
		p.AddStage(bitrix24test.Deal, 0, bitrix24test.Stage{StatusID: fmt.Sprintf("ACTS_%d", i+1), Name: name, Sort: int64(50 + i)})
	}
	p.AddStage(bitrix24test.Deal, 0, bitrix24test.Stage{StatusID: "ACTS_DONE", Name: "Услуга оказана", Sort: 61, Semantics: "S"})
	p.AddStage(bitrix24test.Deal, 0, bitrix24test.Stage{StatusID: "ACTS_REMARKS", Name: "Услуга оказана, есть замечания", Sort: 57})

	own := p.AddItem(bitrix24test.Company, fields{"title": Own.Name, "isMyCompany": "Y"})
	req := p.AddRequisite(fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": own, "PRESET_ID": 1, "NAME": "Организация", "RQ_INN": Own.INN, "RQ_KPP": Own.KPP,
		"RQ_COMPANY_NAME": Own.Name, "RQ_DIRECTOR": "Иванов Иван Иванович"})
	p.AddAddress(fields{"ENTITY_ID": req, "TYPE_ID": 6, "CITY": "Москва", "ADDRESS_1": "ул. Тверская, д. 1", "POSTAL_CODE": "125009"})

	for n := 1; n <= Deals; n++ {
		addDeal(p, n)
	}
}

// Grow adds deals to every portal of the world until it has the given number, with counterparties known to SBIS.
func (w *World) Grow(deals int) {
	for n := Deals + 1; n <= deals; n++ {
		for _, p := range w.Portals {
			addDeal(p, n)
		}
		w.SBIS.AddCounterparty(CounterpartyOf(n))
	}
}

func addDeal(p *bitrix24test.Portal, n int) {
	company := p.AddItem(bitrix24test.Company, fields{"title": fmt.Sprintf("Контрагент %d", n)})
	req := fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "NAME": "Реквизиты", "RQ_INN": innOf(n)}
	if n%2 == 0 {
		req["PRESET_ID"], req["RQ_LAST_NAME"], req["RQ_FIRST_NAME"], req["RQ_SECOND_NAME"] = bitrix24test.PresetEntrepreneur, "Петров", "Пётр", "Петрович"
	} else {
		req["PRESET_ID"], req["RQ_KPP"], req["RQ_COMPANY_NAME"] = 1, "780201001", fmt.Sprintf("ООО «Контрагент %d»", n)
	}
	id := p.AddRequisite(req)
	p.AddAddress(fields{"ENTITY_ID": id, "TYPE_ID": 6, "CITY": "Санкт-Петербург", "ADDRESS_1": "Невский пр., д. 1"})
	deal := p.AddItem(bitrix24test.Deal, fields{"title": fmt.Sprintf("Продвижение продукции № %d", n), "companyId": company, "categoryId": 0,
		"stageId": "EXECUTING", "assignedById": p.Manager(), "currencyId": "RUB", "opportunity": 17800,
		"ufCrmDealActsOperator": "2BE", "ufCrmDealActsParticipant": BoxOf(n)})
	p.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{
		{Name: "Участие в выставке", Price: 10000, Quantity: 1, TaxRate: rate(22), TaxIncluded: true},
		{Name: "Подготовка каталога", Price: 1200, Quantity: 4, TaxRate: rate(22), TaxIncluded: true},
		{Name: "Перевод материалов", Price: 1500, Quantity: 2},
	})
}

func rate(percent float64) *float64 { return &percent }

// CounterpartyOf returns the counterparty of the n-th deal as SBIS reports it.
func CounterpartyOf(n int) sbistest.Counterparty {
	c := sbistest.Counterparty{Boxes: []sbistest.Box{{ID: BoxOf(n), Operator: "2BE", Name: "СБИС", Main: true}}}
	c.Organization = sbistest.Organization{INN: innOf(n), Connected: true, BoxID: BoxOf(n)}
	if n%2 == 0 {
		c.Person = sbistest.Person{Surname: "Петров", Name: "Пётр", Patronymic: "Петрович"}
	} else {
		c.KPP, c.Name = "780201001", fmt.Sprintf("ООО «Контрагент %d»", n)
	}
	return c
}
