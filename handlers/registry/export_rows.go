package registry

import (
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/handlers/tables"
	"acts24/handlers/web"
	"acts24/store/list"
)

// actColumns are the columns of a table with a row per act.
var actColumns = []tables.Column{{Title: "Номер", Width: 12}, {Title: "Дата", Width: 11, ListColumn: "date"}, {Title: "Тип", Width: 22},
	{Title: "Статус", Width: 28, ListColumn: "status"}, {Title: "Доставка", Width: 26, ListColumn: "delivery"}, {Title: "Контрагент", Width: 36, ListColumn: "company"},
	{Title: "ИНН", Width: 14, ListColumn: "company"}, {Title: "КПП", Width: 11, ListColumn: "company"}, {Title: "Сделка", Width: 36, ListColumn: "deal"},
	{Title: "ID сделки", Width: 10, ListColumn: "deal"}, {Title: "Наша организация", Width: 28}, {Title: "Сумма, ₽", Width: 15, ListColumn: "sum"},
	{Title: "Без НДС, ₽", Width: 15, ListColumn: "sum"}, {Title: "НДС, ₽", Width: 14, ListColumn: "sum"}, {Title: "Ответственный", Width: 24, ListColumn: "responsible"},
	{Title: "Направлен", Width: 11}, {Title: "Срок подписания", Width: 11, ListColumn: "due"}, {Title: "Подписан", Width: 11},
	{Title: "Причина", Width: 36, ListColumn: "status"}, {Title: "Ссылка", Width: 40}}

func actCells(v web.Visit, a list.ExportedAct) [][]any {
	responsible := a.ResponsibleName
	if responsible == "" && a.Responsible != 0 {
		responsible = "Сотрудник " + web.ID(a.Responsible)
	}
	return [][]any{{a.NumberLabel(), a.Date, web.TypeLabel(a.Medium, a.PartyKind), a.Status.Label(), web.DeliveryChip(a.Medium, a.Status, a.Delivery).Text, a.Buyer.Name, a.Buyer.INN, a.Buyer.KPP, a.DealTitle,
		int(a.Deal), a.Seller.Name, a.Totals.Gross, a.Totals.Net, a.Totals.Tax, responsible, dayIn(v, a.SentAt), a.Due, dayIn(v, a.SignedAt),
		web.Note(a.Reason, a.DeliveryNote), actURL(v, a.ID)}}
}

// lineColumns are the columns of the table for 1С with a row per line. Their order and titles never change.
var lineColumns = []tables.Column{{Title: "Идентификатор"}, {Title: "Номер", Width: 12}, {Title: "Дата", Width: 11}, {Title: "Статус", Width: 24},
	{Title: "ОрганизацияИНН", Width: 14}, {Title: "ОрганизацияКПП", Width: 11}, {Title: "Организация", Width: 28}, {Title: "КонтрагентИНН", Width: 14},
	{Title: "КонтрагентКПП", Width: 11}, {Title: "Контрагент", Width: 36}, {Title: "Договор", Width: 24}, {Title: "ДоговорНомер", Width: 14},
	{Title: "ДоговорДата", Width: 11}, {Title: "НомерСтроки"}, {Title: "Номенклатура", Width: 40}, {Title: "Количество"}, {Title: "Единица"},
	{Title: "ЕдиницаКод"}, {Title: "Цена", Width: 14}, {Title: "СуммаБезНДС", Width: 14}, {Title: "СтавкаНДС"}, {Title: "СуммаНДС", Width: 14},
	{Title: "Всего", Width: 15}}

func lineCells(_ web.Visit, a list.ExportedAct) [][]any {
	rows := make([][]any, len(a.Lines))
	for i, l := range a.Lines {
		rows[i] = []any{web.ID(a.ID), a.NumberLabel(), a.Date, a.Status.Label(), a.Seller.INN, a.Seller.KPP, a.Seller.Name, a.Buyer.INN, a.Buyer.KPP, a.Buyer.Name,
			a.Basis.Name, a.Basis.Number, a.Basis.Date, l.N, l.Name, l.Quantity, l.Unit.Name, l.Unit.Code, priced(l.Price), l.Net, rateIn1C(l.Rate),
			l.Tax, l.Gross}
	}
	return rows
}

// priced returns a price as a sum, or as a decimal if it has more than two digits.
func priced(price decimal.Decimal) any {
	if price.Equal(price.Round(2)) {
		return acts.Round(price)
	}
	return price
}

// rateIn1C returns a rate as 1С names it.
func rateIn1C(r acts.Rate) string {
	if r == acts.NoVAT {
		return "Без НДС"
	}
	return string(r) + "%"
}

// dayIn returns the day of a moment in the zone of the portal, zero for none.
func dayIn(v web.Visit, at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return web.DayOf(at.In(web.Zone(v)))
}

// actURL returns a link that opens the act inside the portal.
func actURL(v web.Visit, act acts.ActID) string {
	if v.AppCode == "" {
		return ""
	}
	return v.Origin + "/marketplace/view/" + v.AppCode + "/?params[actId]=" + web.ID(act)
}
