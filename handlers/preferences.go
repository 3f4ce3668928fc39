package handlers

import (
	"strings"

	"acts24/store"
	"acts24/views"
)

// preferencesView words how a counterparty exchanges acts: what it chose last, and what before.
func preferencesView(v Visit, given []store.PartyAnswer) *views.Preferences {
	m := &views.Preferences{}
	for i, a := range given {
		p := views.Preference{Text: a.Words(), At: views.Moment(a.At, zoneOf(v)), Who: giverOf(a.Answer)}
		if a.DealTitle != "" {
			p.Deal = dealLink(v, a.Deal, a.DealTitle)
		}
		if i > 0 {
			m.Earlier = append(m.Earlier, p)
			continue
		}
		m.Last = &p
		m.Facts = append(m.Facts, views.Fact{Name: "Вид контрагента", Value: a.PartyKind.Label()})
		if contact := strings.Trim(a.Answer.Answer.Contact+", "+a.Phone, ", "); contact != "" {
			m.Facts = append(m.Facts, views.Fact{Name: "Контакт", Value: contact})
		}
		if a.Comment != "" {
			m.Facts = append(m.Facts, views.Fact{Name: "Комментарий", Value: a.Comment})
		}
	}
	return m
}
