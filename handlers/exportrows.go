package handlers

import (
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/handlers/tables"
	"acts24/store"
)

// actColumns are those of a table with a row for each act.
var actColumns = []tables.Column{{Title: "Номер", Width: 12}, {Title: "Дата", Width: 11, Of: "date"}, {Title: "Тип", Width: 22},
	{Title: "Статус", Width: 28, Of: "status"}, {Title: "Доставка", Width: 26, Of: "delivery"}, {Title: "Контрагент", Width: 36, Of: "company"},
	{Title: "ИНН", Width: 14, Of: "company"}, {Title: "КПП", Width: 11, Of: "company"}, {Title: "Сделка", Width: 36, Of: "deal"},
	{Title: "ID сделки", Width: 10, Of: "deal"}, {Title: "Наша организация", Width: 28}, {Title: "Сумма, ₽", Width: 15, Of: "sum"},
	{Title: "Без НДС, ₽", Width: 15, Of: "sum"}, {Title: "НДС, ₽", Width: 14, Of: "sum"}, {Title: "Ответственный", Width: 24, Of: "responsible"},
	{Title: "Направлен", Width: 11}, {Title: "Срок подписания", Width: 11, Of: "due"}, {Title: "Подписан", Width: 11},
	{Title: "Причина", Width: 36, Of: "status"}, {Title: "Ссылка", Width: 40}}

func actCells(v Visit, a store.ExportedAct) [][]any {
	responsible := a.ResponsibleName
	if responsible == "" && a.Responsible != 0 {
		responsible = "Сотрудник " + id(a.Responsible)
	}
	return [][]any{{a.Number, a.Date, typeLabel(a.Medium, a.PartyKind), a.Status.Label(), deliveryChip(a.Medium, a.Status, a.Delivery).Text, a.Buyer.Name, a.Buyer.INN, a.Buyer.KPP, a.DealTitle,
		int(a.Deal), a.Seller.Name, a.Totals.Gross, a.Totals.Net, a.Totals.Tax, responsible, dayIn(v, a.SentAt), a.Due, dayIn(v, a.SignedAt),
		noteOf(a.Reason, a.DeliveryNote), actURL(v, a.ID)}}
}

// lineColumns are those of a table that 1С loads: a row for each line of an act, its order and titles never change.
var lineColumns = []tables.Column{{Title: "Идентификатор"}, {Title: "Номер", Width: 12}, {Title: "Дата", Width: 11}, {Title: "Статус", Width: 24},
	{Title: "ОрганизацияИНН", Width: 14}, {Title: "ОрганизацияКПП", Width: 11}, {Title: "Организация", Width: 28}, {Title: "КонтрагентИНН", Width: 14},
	{Title: "КонтрагентКПП", Width: 11}, {Title: "Контрагент", Width: 36}, {Title: "Договор", Width: 24}, {Title: "ДоговорНомер", Width: 14},
	{Title: "ДоговорДата", Width: 11}, {Title: "НомерСтроки"}, {Title: "Номенклатура", Width: 40}, {Title: "Количество"}, {Title: "Единица"},
	{Title: "ЕдиницаКод"}, {Title: "Цена", Width: 14}, {Title: "СуммаБезНДС", Width: 14}, {Title: "СтавкаНДС"}, {Title: "СуммаНДС", Width: 14},
	{Title: "Всего", Width: 15}}

func lineCells(_ Visit, a store.ExportedAct) [][]any {
	rows := make([][]any, len(a.Lines))
	for i, l := range a.Lines {
		rows[i] = []any{id(a.ID), a.Number, a.Date, a.Status.Label(), a.Seller.INN, a.Seller.KPP, a.Seller.Name, a.Buyer.INN, a.Buyer.KPP, a.Buyer.Name,
			a.Basis.Name, a.Basis.Number, a.Basis.Date, l.N, l.Name, l.Quantity, l.Unit.Name, l.Unit.Code, priced(l.Price), l.Net, rateIn1C(l.Rate),
			l.Tax, l.Gross}
	}
	return rows
}

// priced keeps more digits than a sum only where a price has them.
func priced(price decimal.Decimal) any {
	if price.Equal(price.Round(2)) {
		return acts.Round(price)
	}
	return price
}

// rateIn1C is a rate as the list of rates in 1С has it.
func rateIn1C(r acts.Rate) string {
	if r == acts.NoVAT {
		return "Без НДС"
	}
	return string(r) + "%"
}

// dayIn is the day of a moment in the zone of the portal, zero for none.
func dayIn(v Visit, at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return dayOf(at.In(zoneOf(v)))
}

// actURL opens the act in the portal from anywhere, for those who may.
func actURL(v Visit, act acts.ActID) string {
	if v.AppCode == "" {
		return ""
	}
	return v.Origin + "/marketplace/view/" + v.AppCode + "/?params[actId]=" + id(act)
}
