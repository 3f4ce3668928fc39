package main

import (
	"fmt"
	"strings"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// seedParty is a company or a person of the seed with everything stored in the CRM.
type seedParty struct {
	Name    string // title of the card
	Legal   string // full name; for an ИП «Фамилия Имя Отчество»
	INN     string
	KPP     string
	OGRN    string
	City    string
	Street  string
	Index   string
	Email   string
	Phone   string
	Box     string // EDO participant id, empty when not known
	Own     bool
	Contact bool // stored as a contact, not as a company
	Bare    bool // without requisites
}

func (p seedParty) isPerson() bool { return len(p.INN) == 12 }

// legalEntity returns a legal entity; n is its number among the seed's companies.
func legalEntity(n int, name, legal, city, street, index string) seedParty {
	inn := apptest.INN10(771500000 + n*7919)
	return seedParty{
		Name: name, Legal: legal, INN: inn, KPP: inn[:4] + "01001", OGRN: ogrn(fmt.Sprintf("11%02d77%06d", 10+n%14, 400000+n*131)),
		City: city, Street: street, Index: index, Box: sbisBox(inn),
		Email: fmt.Sprintf("office%d@client.example", n), Phone: fmt.Sprintf("+7 495 555-%02d-%02d", n, 10+n),
	}
}

// soleProprietor returns an ИП.
func soleProprietor(n int, legal, city, street, index string) seedParty {
	inn := apptest.INN12(5024000000 + n*6007)
	return seedParty{
		Name: "ИП " + legal, Legal: legal, INN: inn, OGRN: ogrn(fmt.Sprintf("3%02d5081%07d", 15+n%9, 1000000+n*173)),
		City: city, Street: street, Index: index, Box: sbisBox(inn),
		Email: fmt.Sprintf("ip%d@client.example", n), Phone: fmt.Sprintf("+7 916 555-%02d-%02d", n, 30+n),
	}
}

// seedOwn returns our legal entities: one on the common tax system, one ИП.
func seedOwn() []seedParty {
	center := legalEntity(90, "АНО «Центр экспорта»", "Автономная некоммерческая организация «Центр поддержки экспорта»", "Москва", "Тверская улица, дом 9, помещение 3", "125009")
	ip := soleProprietor(90, "Громов Алексей Петрович", "Москва", "Сущёвский Вал, дом 5, строение 1", "127018")
	center.Own, ip.Own = true, true
	return []seedParty{center, ip}
}

// seedClients returns the counterparties. The first ten have everything that an act needs.
func seedClients() []seedParty {
	list := []seedParty{
		legalEntity(1, "ООО «Московские сыры»", "Общество с ограниченной ответственностью «Московские сыры»", "Москва", "Нагатинская улица, дом 16", "115487"),
		soleProprietor(1, "Ёлкина Наталья Семёновна", "Мытищи", "Новомытищинский проспект, дом 30, квартира 12", "141018"),
		legalEntity(2, "ООО «Точные приборы»", "Общество с ограниченной ответственностью «Точные приборы»", "Москва", "Большая Семёновская улица, дом 40", "107023"),
		soleProprietor(2, "Абдуллаев Рустам Маратович", "Москва", "Рязанский проспект, дом 8А", "109428"),
		legalEntity(3, "АО «Кондитерская фабрика „Заря“»", "Акционерное общество «Кондитерская фабрика „Заря“»", "Москва", "Варшавское шоссе, дом 95", "117556"),
		soleProprietor(3, "Королёв Фёдор Ильич", "Химки", "улица Панфилова, дом 4", "141407"),
		legalEntity(4, "ООО «Кабель-Плюс»", "Общество с ограниченной ответственностью «Кабель-Плюс»", "Зеленоград", "проезд 4806, дом 6", "124460"),
		soleProprietor(4, "Щукина Мария Олеговна", "Москва", "Ленинградское шоссе, дом 58", "125212"),
		legalEntity(5, "ООО «Фарм Лаб»", "Общество с ограниченной ответственностью «Фарм Лаб»", "Москва", "Научный проезд, дом 20", "117246"),
		soleProprietor(5, "Ким Виктор Сергеевич", "Одинцово", "Можайское шоссе, дом 71", "143005"),
		legalEntity(6, "ООО «Рога, копыта и К°»", "Общество с ограниченной ответственностью «Рога, копыта и К°»", "Москва", "Малая Бронная улица, дом 2", "123104"),
		legalEntity(7, "ЗАО «Старый прайс»", "Закрытое акционерное общество «Старый прайс»", "Москва", "Дубининская улица, дом 57", "115054"),
		legalEntity(8, "ООО «Мебель Экспорт»", "Общество с ограниченной ответственностью «Мебель Экспорт»", "Москва", "Авиамоторная улица, дом 55", "111024"),
		legalEntity(9, `ООО «<script>alert("имя")</script>»`, `Общество с ограниченной ответственностью «"><img src=x onerror=alert(1)>»`, "Москва", "улица Уязвимая, дом 1", "101000"),
		soleProprietor(6, "Соловьёва Анна Викторовна", "Москва", "улица Академика Янгеля, дом 3", "117534"),
		soleProprietor(7, "Гончаренко Игорь Павлович", "Реутов", "Юбилейный проспект, дом 14", "143968"),
	}
	return append(list, seedIncomplete()...)
}

// seedIncomplete returns counterparties with missing or wrong data, and people without a company.
func seedIncomplete() []seedParty {
	withoutKPP := legalEntity(10, "ООО «Без КПП»", "Общество с ограниченной ответственностью «Без КПП»", "Москва", "улица Правды, дом 24", "125124")
	withoutKPP.KPP = ""
	typo := legalEntity(11, "ООО «Опечатка»", "Общество с ограниченной ответственностью «Опечатка»", "Москва", "Шаболовка, дом 37", "115162")
	typo.INN = typo.INN[:9] + string('0'+(typo.INN[9]-'0'+1)%10)
	bare := legalEntity(12, "Новая компания без реквизитов", "", "Москва", "", "")
	bare.Bare, bare.Box = true, ""
	silent := legalEntity(13, "ООО «Молчуны»", "Общество с ограниченной ответственностью «Молчуны»", "Москва", "улица Тихая, дом 8", "109390")
	silent.Email, silent.Phone, silent.Box = "", "", ""
	roaming := legalEntity(14, "ООО «Роуминг»", "Общество с ограниченной ответственностью «Роуминг»", "Москва", "Волоколамское шоссе, дом 1", "125080")
	roaming.Box = diadocBox(roaming.INN, roaming.KPP)
	contact := soleProprietor(8, "Белов Кирилл Андреевич", "Москва", "улица Удальцова, дом 50", "119607")
	contact.Contact, contact.Box = true, diadocBox(contact.INN, "")
	plain := seedParty{Legal: "Тихонова Вера Павловна", Contact: true, Bare: true, Email: "vera@person.example", Phone: "+7 903 555-01-02"}
	return []seedParty{withoutKPP, typo, bare, silent, roaming, contact, plain}
}

// putParty creates a party with its requisites, address and bank account, and returns the ids of the card and the requisite.
func putParty(p *bitrix24test.Portal, party seedParty) (card, requisite int64) {
	entityType, f := bitrix24test.Company, bitrix24test.Fields{"title": party.Name, "isMyCompany": yes(party.Own), "assignedById": seedManager, "fm": contactsOf(party)}
	if party.Contact {
		last, first, middle := nameParts(party.Legal)
		entityType = bitrix24test.Contact
		f = bitrix24test.Fields{"name": first, "secondName": middle, "lastName": last, "assignedById": seedManager, "fm": contactsOf(party)}
	}
	card = p.AddItem(entityType, f)
	if party.Bare {
		return card, 0
	}
	requisite = p.AddRequisite(requisiteOf(entityType, card, party))
	p.AddAddress(bitrix24test.Fields{
		"ENTITY_ID": requisite, "TYPE_ID": "6", "POSTAL_CODE": party.Index, "CITY": party.City, "ADDRESS_1": party.Street,
		"ANCHOR_TYPE_ID": entityType, "ANCHOR_ID": card,
	})
	p.AddBankDetail(bitrix24test.Fields{
		"ENTITY_ID": requisite, "RQ_BANK_NAME": "ПАО Сбербанк", "RQ_BIK": "044525225", "RQ_COR_ACC_NUM": "30101810400000000225",
		"RQ_ACC_NUM": accountOf(party), "RQ_ACC_CURRENCY": "RUB",
	})
	return card, requisite
}

// accountOf returns a bank account number of twenty digits.
func accountOf(p seedParty) string {
	if p.isPerson() {
		return "40802810" + p.INN
	}
	return "40702810" + p.INN + "00"
}

func requisiteOf(entityType int, card int64, party seedParty) bitrix24test.Fields {
	f := bitrix24test.Fields{
		"ENTITY_TYPE_ID": entityType, "ENTITY_ID": card, "RQ_INN": party.INN, "RQ_EMAIL": party.Email, "RQ_PHONE": party.Phone,
	}
	if !party.isPerson() {
		f["PRESET_ID"], f["NAME"], f["RQ_KPP"], f["RQ_OGRN"] = bitrix24test.PresetCompany, "Организация", party.KPP, party.OGRN
		f["RQ_COMPANY_NAME"], f["RQ_COMPANY_FULL_NAME"] = party.Name, party.Legal
		f["RQ_DIRECTOR"], f["RQ_CEO_NAME"], f["RQ_CEO_WORK_POS"] = "Иванов Пётр Сергеевич", "Иванов Пётр Сергеевич", "Генеральный директор"
		return f
	}
	last, first, middle := nameParts(party.Legal)
	f["PRESET_ID"], f["NAME"], f["RQ_OGRNIP"] = bitrix24test.PresetEntrepreneur, "ИП", party.OGRN
	f["RQ_COMPANY_NAME"], f["RQ_LAST_NAME"], f["RQ_FIRST_NAME"], f["RQ_SECOND_NAME"] = "ИП "+party.Legal, last, first, middle
	return f
}

func nameParts(full string) (last, first, middle string) {
	parts := append(strings.Fields(full), "", "", "")
	return parts[0], parts[1], parts[2]
}

func contactsOf(p seedParty) []any {
	out := []any{}
	if p.Email != "" {
		out = append(out, bitrix24test.Fields{"typeId": "EMAIL", "valueType": "WORK", "value": p.Email})
	}
	if p.Phone != "" {
		out = append(out, bitrix24test.Fields{"typeId": "PHONE", "valueType": "WORK", "value": p.Phone})
	}
	return out
}

func yes(b bool) string {
	if b {
		return "Y"
	}
	return "N"
}
