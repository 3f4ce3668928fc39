package acts

import (
	"cmp"
	"slices"
	"strings"
)

// DealState is the state of a deal from which an act was made. It is stored with the act, so that later
// changes of the deal can be listed.
type DealState struct {
	INN   string     `json:"inn,omitempty"`
	KPP   string     `json:"kpp,omitempty"`
	Buyer string     `json:"buyer,omitempty"`
	Basis string     `json:"basis,omitempty"` // the document named by the deal's fields
	Rows  []RowState `json:"rows,omitempty"`

	Currency     string `json:"currency,omitempty"`  // set when the deal is not in roubles
	ExchangeRate string `json:"course,omitempty"`    // roubles for one unit of the currency, as entered for this act
	ExchangeDate string `json:"course_on,omitempty"` // the day of the exchange rate, "2026-11-23"
}

// Empty reports whether no state was stored.
func (s DealState) Empty() bool {
	return s.INN+s.KPP+s.Buyer+s.Basis == "" && len(s.Rows) == 0
}

const rouble = "RUB"

// WithExchange returns the state with the exchange rate that was entered for an act of the deal, unless that was for another currency.
func (s DealState) WithExchange(entered DealState) DealState {
	if s.Currency == entered.Currency {
		s.ExchangeRate, s.ExchangeDate = entered.ExchangeRate, entered.ExchangeDate
	}
	return s
}

// RowState is a deal row as it was at one moment.
type RowState struct {
	ID       RowID  `json:"id"`
	Name     string `json:"name"`
	Quantity string `json:"quantity"`
	Price    string `json:"price"` // in the currency of the deal, with at least two decimals
	OnTop    bool   `json:"on_top,omitempty"`
	Rate     Rate   `json:"rate"`
	Unit     string `json:"unit,omitempty"`
}

// StateOfDeal returns the current state of a deal. currency is its code: "RUB".
func StateOfDeal(rows []ProductRow, buyer Party, basis DealBasis, currency string) DealState {
	s := DealState{INN: buyer.INN, KPP: buyer.KPP, Buyer: buyer.FullName(), Basis: basis.Label()}
	if currency != rouble {
		s.Currency = currency
	}
	for _, r := range rows {
		price := r.Price
		if r.OnTop {
			price = r.NetPrice
		}
		s.Rows = append(s.Rows, RowState{ID: r.ID, Name: r.Name, Quantity: r.Quantity.String(), Price: PriceText(price), OnTop: r.OnTop,
			Rate: r.Rate, Unit: r.Unit.Name})
	}
	return s
}

// Difference is one change: of a deal since its act was made, or of an act.
type Difference struct {
	Row  RowID  `json:"row,omitempty"` // 0 when it is not about a row
	What string `json:"what"`          // «Консультации», цена
	Was  string `json:"was,omitempty"` // "" when there was no value before
	Is   string `json:"is,omitempty"`  // "" when there is no value any more
}

// String returns the difference in one line.
func (d Difference) String() string {
	switch {
	case d.Was == "":
		return d.What + ": " + d.Is
	case d.Is == "":
		return d.What + ": " + d.Was
	}
	return d.What + ": " + d.Was + " → " + d.Is
}

// Differences lists everything that changed between s and now: the counterparty, the basis, the currency, added and removed
// rows, and the names, quantities, prices, rates and units of the others.
func (s DealState) Differences(now DealState) []Difference {
	var list []Difference
	if s.INN != now.INN || s.KPP != now.KPP {
		list = append(list, Difference{What: "Контрагент", Was: s.buyer(), Is: now.buyer()})
	}
	if s.Basis != now.Basis {
		list = append(list, Difference{What: "Основание в сделке", Was: orNone(s.Basis), Is: orNone(now.Basis)})
	}
	if s.Currency != now.Currency {
		list = append(list, Difference{What: "Валюта сделки", Was: cmp.Or(s.Currency, rouble), Is: cmp.Or(now.Currency, rouble)})
	}
	for _, was := range s.Rows {
		n := slices.IndexFunc(now.Rows, func(r RowState) bool { return r.ID == was.ID })
		if n < 0 {
			list = append(list, Difference{Row: was.ID, What: "Удалена позиция", Was: was.text(s.Currency)})
			continue
		}
		list = append(list, was.differences(now.Rows[n], s.Currency, now.Currency)...)
	}
	for _, is := range now.Rows {
		if !slices.ContainsFunc(s.Rows, func(r RowState) bool { return r.ID == is.ID }) {
			list = append(list, Difference{Row: is.ID, What: "Добавлена позиция", Is: is.text(now.Currency)})
		}
	}
	return list
}

func (r RowState) differences(now RowState, currency, currencyNow string) (list []Difference) {
	add := func(what, was, is string) {
		if was != is {
			list = append(list, Difference{Row: r.ID, What: "«" + r.Name + "», " + what, Was: was, Is: is})
		}
	}
	add("название", "«"+r.Name+"»", "«"+now.Name+"»")
	add("количество в сделке", decimalComma(r.Quantity), decimalComma(now.Quantity))
	add("цена", r.price(currency), now.price(currencyNow))
	add("НДС", r.Rate.Label(), now.Rate.Label())
	add("единица измерения", orNone(r.Unit), orNone(now.Unit))
	return list
}

// price returns the price of the row with its currency: «1 200,00 ₽ без НДС».
func (r RowState) price(currency string) string {
	text := Figure(r.Price) + " " + cmp.Or(currency, "₽")
	if r.OnTop {
		return text + " без НДС"
	}
	return text
}

// text returns the row in one line: «Консультации», 2,5 ч по 1 200,00 ₽.
func (r RowState) text(currency string) string {
	return strings.Join(strings.Fields("«"+r.Name+"», "+decimalComma(r.Quantity)+" "+r.Unit+" по"), " ") + " " + r.price(currency)
}

func (s DealState) buyer() string {
	if s.INN == "" {
		return strings.TrimSpace("без ИНН " + s.Buyer)
	}
	text := s.Buyer + ", ИНН " + s.INN
	if s.KPP != "" {
		text += ", КПП " + s.KPP
	}
	return strings.TrimPrefix(text, ", ")
}

// decimalComma writes "2.5" as «2,5».
func decimalComma(number string) string { return strings.Replace(number, ".", ",", 1) }

func orNone(text string) string { return cmp.Or(text, "нет") }

// OfLines returns the differences of the rows that lines were made of, and those that are not about a row: the counterparty, the basis
// and the currency.
func OfLines(list []Difference, lines []Line) []Difference {
	return slices.DeleteFunc(slices.Clone(list), func(d Difference) bool {
		return d.Row != 0 && !slices.ContainsFunc(lines, func(l Line) bool { return l.Row == d.Row })
	})
}
