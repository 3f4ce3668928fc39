package handlers

import (
	"cmp"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

var tones = map[acts.Status]string{
	acts.Draft: "neutral", acts.Annulled: "neutral", acts.SignedByUs: "progress", acts.Sent: "progress",
	acts.AcceptedUnsigned: "attention", acts.Signed: "success", acts.StatusRefused: "problem",
}

func statusChip(s acts.Status) views.Chip {
	return views.Chip{Text: s.Label(), Tone: tones[s]}
}

var deliveryTones = map[acts.Delivery]string{
	acts.Queued: "progress", acts.WaitingSignature: "attention", acts.WaitingConnection: "attention", acts.OnItsWay: "progress",
	acts.Delivered: "progress", acts.Completed: "success", acts.DeliveryFailed: "problem", acts.Withdrawing: "progress",
}

// deliveryChip is empty on paper: nothing of it is at SBIS.
func deliveryChip(m acts.Medium, s acts.Status, d acts.Delivery) views.Chip {
	if m == acts.Paper {
		return views.Chip{}
	}
	tone := deliveryTones[d]
	if tone == "" || s == acts.StatusRefused || s == acts.Annulled {
		tone = "neutral"
	}
	return views.Chip{Text: d.Label(), Tone: tone}
}

// turnOf says whose move it is.
func turnOf(a acts.Act) string {
	switch {
	case a.Replaced():
		return "Вместо него сформирован исправленный акт"
	case !a.Counts():
		return ""
	case a.Status == acts.StatusRefused:
		return "Ход за нами: сформировать исправленный акт или договориться"
	case a.Medium == acts.Paper && a.Status == acts.Draft && a.Number == "":
		return "Ход за нами: присвоить номер и распечатать"
	case a.Medium == acts.Paper && a.Status == acts.Draft:
		return "Ход за нами: подписать и загрузить скан"
	case a.Medium == acts.Paper && a.Status == acts.SignedByUs:
		return "Ход за нами: направить заявителю"
	case a.Status == acts.AcceptedUnsigned:
		return "Ход за контрагентом: подписать"
	case a.Delivery == acts.WaitingSignature:
		return "Ход за нами: подпишите документ в СБИС"
	case a.Delivery == acts.WaitingConnection:
		return "Ход за контрагентом: принять приглашение к обмену"
	case a.Status == acts.Sent:
		return "Ход за контрагентом: подписать"
	case a.Status == acts.Draft && !a.Delivery.WithOperator():
		return "Ход за нами: передать в СБИС"
	}
	return ""
}

// busy reports whether something is on its way that the page should look at again soon.
func busy(a acts.Act) bool {
	switch a.Delivery {
	case acts.Queued, acts.Withdrawing, acts.WaitingSignature, acts.OnItsWay, acts.Delivered, acts.WaitingConnection:
		return a.Counts()
	}
	return false
}

func typeLabel(m acts.Medium, k acts.PartyKind) string {
	if k == acts.Person {
		return m.Label() + ", ИП"
	}
	return m.Label() + ", юрлицо"
}

func actRow(v Visit, a acts.Act, due views.Chip) views.ActRow {
	row := views.ActRow{ID: id(a.ID), Title: a.Title(), Href: base(v) + "/acts/" + id(a.ID), Type: typeLabel(a.Medium, a.PartyKind),
		Sum:    money(a.Totals.Gross),
		Status: statusChip(a.Status), Delivery: deliveryChip(a.Medium, a.Status, a.Delivery), Note: noteOf(a.Reason, a.DeliveryNote), Turn: turnOf(a), Due: due}
	if a.MayHandOver() == nil && v.May(acts.Work) {
		row.Send = base(v) + "/acts/" + id(a.ID) + "/send"
	}
	return row
}

// noteOf is why an act stands as it does: a person's reason, else what the operator said.
func noteOf(reason, said string) string { return cmp.Or(reason, said) }

// actRows draws acts; due are the days until which signatures are in time, by act.
func actRows(v Visit, list []acts.Act, due map[acts.ActID]time.Time, today time.Time) []views.ActRow {
	rows := make([]views.ActRow, len(list))
	for i, a := range list {
		rows[i] = actRow(v, a, dueChip(due[a.ID], today))
	}
	return rows
}

// partyDetails are the requisites in one line.
func partyDetails(p acts.Party) string {
	var parts []string
	if p.INN != "" {
		parts = append(parts, "ИНН "+p.INN)
	}
	if p.KPP != "" {
		parts = append(parts, "КПП "+p.KPP)
	}
	if p.OGRN != "" {
		name := "ОГРН "
		if p.Kind == acts.Person {
			name = "ОГРНИП "
		}
		parts = append(parts, name+p.OGRN)
	}
	if p.Address != "" {
		parts = append(parts, p.Address)
	}
	if len(parts) == 0 {
		return "реквизиты не заполнены"
	}
	return strings.Join(parts, ", ")
}

// checkViews words the pre-send check; each failed line leads to where it is mended.
func checkViews(v Visit, list []acts.Check, d store.Deal, own acts.CompanyID) []views.Check {
	out := make([]views.Check, len(list))
	for i, c := range list {
		state := "bad"
		switch {
		case c.OK:
			state = "ok"
		case c.Open:
			state = "open"
		}
		out[i] = views.Check{Title: c.Title, State: state, Text: c.Text, By: string(c.By)}
		switch c.Place {
		case acts.AtBuyer:
			out[i].Link = buyerLink(v, d.Company, d.Contact, d.ID)
		case acts.AtSeller:
			out[i].Link = portalLink(v, "Открыть карточку организации", "/crm/company/details/"+id(own)+"/")
		case acts.AtSettings:
			if v.May(acts.Administer) {
				out[i].Link = views.Link{Text: "Открыть настройки", Href: base(v) + "/settings/companies"}
			}
		}
	}
	return out
}

func money(k acts.Kopecks) string { return views.Money(k.String()) }
