package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalField is an input of the card's form.
type portalField struct {
	Name, Title, Kind, Value string
	Options                  []portalOption
	Multiple                 bool
	Files                    []portalOption // the stored files of a file field, with their numbers
}

// portalOption is an option of a list.
type portalOption struct {
	Value, Title string
	Current      bool
}

func link(title, address string) portalLink { return portalLink{Title: title, URL: address} }

func (s *portalPages) aboutDeal(d bitrix24test.Fields) portalGroup {
	g := portalGroup{Title: "О сделке", Lines: []portalLine{
		{Title: "Сумма", Text: rubles(numberOf(d, "opportunity"))},
		{Title: "Клиент", Links: s.clients(d)},
		{Title: "Ответственный", Links: s.personLink(idOf(d, "assignedById"))},
		{Title: "Комментарий", Text: textOf(d, "comments")},
		{Title: "Создана", Text: formatTime(textOf(d, "createdTime"))},
		{Title: "Изменена", Text: formatTime(textOf(d, "updatedTime")) + ", " + s.userName(idOf(d, "updatedBy"))},
	}}
	if l := s.portal.LinkOf(bitrix24test.Deal, idOf(d, "id")); l != nil {
		g.Lines = append(g.Lines, portalLine{Title: "Реквизиты клиента", Text: s.requisiteName(textOf(l, "REQUISITE_ID"))},
			portalLine{Title: "Реквизиты нашей компании", Text: s.requisiteName(textOf(l, "MC_REQUISITE_ID"))})
	}
	return g
}

func (s *portalPages) aboutItem(d bitrix24test.Fields) portalGroup {
	g := portalGroup{Title: "Об элементе", Lines: []portalLine{
		{Title: "Сумма", Text: rubles(numberOf(d, "opportunity"))},
		{Title: "Клиент", Links: s.clients(d)},
		{Title: "Ответственный", Links: s.personLink(idOf(d, "assignedById"))},
	}}
	if own := s.portal.Item(bitrix24test.Company, idOf(d, "mycompanyId")); own != nil {
		g.Lines = append(g.Lines, portalLine{Title: "Наша компания", Links: []portalLink{link(textOf(own, "title"), fmt.Sprintf("/crm/company/details/%d/", idOf(own, "id")))}})
	}
	if deal := s.portal.Item(bitrix24test.Deal, idOf(d, "parentId2")); deal != nil {
		g.Lines = append(g.Lines, portalLine{Title: "Сделка", Links: []portalLink{link(textOf(deal, "title"), fmt.Sprintf("/crm/deal/details/%d/", idOf(deal, "id")))}})
	}
	return g
}

func (s *portalPages) aboutParty(c bitrix24test.Fields) portalGroup {
	g := portalGroup{Title: "О клиенте"}
	if textOf(c, "isMyCompany") == "Y" {
		g.Lines = append(g.Lines, portalLine{Title: "Вид", Text: "Наша компания"})
	}
	for _, name := range []string{"post", "phone", "email", "comments"} {
		title := map[string]string{"post": "Должность", "phone": "Телефон", "email": "E-mail", "comments": "Комментарий"}[name]
		if text := textOf(c, name); text != "" || name == "phone" || name == "email" {
			g.Lines = append(g.Lines, portalLine{Title: title, Text: text})
		}
	}
	g.Lines = append(g.Lines, portalLine{Title: "Ответственный", Links: s.personLink(idOf(c, "assignedById"))})
	return g
}

// clients returns links to the company and the contacts of an item.
func (s *portalPages) clients(d bitrix24test.Fields) []portalLink {
	var out []portalLink
	if c := s.portal.Item(bitrix24test.Company, idOf(d, "companyId")); c != nil {
		out = append(out, link(textOf(c, "title"), fmt.Sprintf("/crm/company/details/%d/", idOf(c, "id"))))
	}
	for _, id := range idsOf(d, "contactIds") {
		if c := s.portal.Item(bitrix24test.Contact, id); c != nil {
			out = append(out, link(contactName(c), fmt.Sprintf("/crm/contact/details/%d/", id)))
		}
	}
	return out
}

func (s *portalPages) personLink(id int64) []portalLink {
	return []portalLink{link(s.userName(id), fmt.Sprintf("/company/personal/user/%d/", id))}
}

func (s *portalPages) requisiteName(id string) string {
	for _, entityType := range []int{bitrix24test.Company, bitrix24test.Contact} {
		for _, c := range s.portal.Items(entityType) {
			for _, rq := range s.portal.RequisitesOf(entityType, idOf(c, "id")) {
				if textOf(rq, "ID") == id {
					return strings.TrimSpace(textOf(rq, "RQ_COMPANY_NAME") + " ИНН " + textOf(rq, "RQ_INN"))
				}
			}
		}
	}
	return ""
}

// requisites returns the legal details of a party, one group each.
func (s *portalPages) requisites(entityType int, id int64) []portalGroup {
	var out []portalGroup
	for _, rq := range s.portal.RequisitesOf(entityType, id) {
		g := portalGroup{Title: "Реквизиты: " + textOf(rq, "NAME")}
		for _, line := range [][2]string{
			{"RQ_COMPANY_NAME", "Название"}, {"RQ_COMPANY_FULL_NAME", "Полное название"}, {"RQ_INN", "ИНН"}, {"RQ_KPP", "КПП"},
			{"RQ_OGRN", "ОГРН"}, {"RQ_OGRNIP", "ОГРНИП"}, {"RQ_DIRECTOR", "Руководитель"},
		} {
			if v := textOf(rq, line[0]); v != "" {
				g.Lines = append(g.Lines, portalLine{Title: line[1], Text: v})
			}
		}
		number, _ := strconv.ParseInt(textOf(rq, "ID"), 10, 64)
		for _, a := range s.portal.AddressesOf(number) {
			parts := []string{textOf(a, "POSTAL_CODE"), textOf(a, "PROVINCE"), textOf(a, "CITY"), textOf(a, "ADDRESS_1"), textOf(a, "ADDRESS_2")}
			parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
			g.Lines = append(g.Lines, portalLine{Title: "Адрес", Text: strings.Join(parts, ", ")})
		}
		for _, b := range s.portal.BankDetailsOf(number) {
			g.Lines = append(g.Lines, portalLine{Title: "Банк", Text: fmt.Sprintf("%s, БИК %s, р/с %s", textOf(b, "RQ_BANK_NAME"), textOf(b, "RQ_BIK"), textOf(b, "RQ_ACC_NUM"))})
		}
		out = append(out, g)
	}
	return out
}

// userFields returns the fields added by people and apps.
func (s *portalPages) userFields(entityType int, item bitrix24test.Fields) []portalGroup {
	g := portalGroup{Title: "Дополнительно"}
	for _, f := range s.portal.ItemFields(entityType) {
		if strings.HasPrefix(f.Name, "ufCrm") {
			g.Lines = append(g.Lines, s.userFieldLine(f, item))
		}
	}
	if len(g.Lines) == 0 {
		return nil
	}
	return []portalGroup{g}
}

func (s *portalPages) userFieldLine(f bitrix24test.FieldInfo, item bitrix24test.Fields) portalLine {
	line := portalLine{Title: f.Title, Text: textOf(item, f.Name)}
	switch f.Kind {
	case "file":
		line.Text, line.Links = "", s.fileLinks(item[f.Name])
	case "enumeration":
		line.Text = optionName(f.Options, idOf(item, f.Name))
	case "date":
		line.Text = formatDay(line.Text)
	case "datetime":
		line.Text = formatTime(line.Text)
	case "boolean":
		line.Text = map[string]string{"Y": "да", "N": "нет"}[line.Text]
	case "url":
		if isSafeAddress(line.Text) {
			line.Links = []portalLink{link(line.Text, line.Text)}
			line.Text = ""
		}
	}
	return line
}

func optionName(options []bitrix24test.EnumOption, id int64) string {
	for _, o := range options {
		if o.ID == id {
			return o.Value
		}
	}
	return ""
}

func (s *portalPages) fileLinks(v any) []portalLink {
	var out []portalLink
	files, many := v.([]any)
	if !many {
		files = []any{v}
	}
	for _, raw := range files {
		m, _ := raw.(map[string]any)
		if file, ok := s.portal.File(idOf(m, "id")); ok {
			out = append(out, link(file.Name, textOf(m, "url")))
		}
	}
	return out
}
