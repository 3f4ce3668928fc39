package main

import (
	"fmt"
	"net/http"
	"slices"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalBinRow is a deleted record.
type portalBinRow struct {
	EntityType        int
	ID                int64
	Title, Kind, Time string
}

// create adds an item of a smart process; an item created in the card of a deal gets its client.
func (s *portalPages) create(w http.ResponseWriter, r *http.Request) {
	entityType := int(number(r.FormValue("type")))
	f := bitrix24test.Fields{"title": r.FormValue("title")}
	if deal := number(r.FormValue("deal")); deal > 0 {
		f["parentId2"] = deal
		if item := s.portal.Item(bitrix24test.Deal, deal); item != nil {
			f["companyId"], f["contactIds"] = item["companyId"], item["contactIds"]
		}
	}
	id, err := s.portal.Create(s.portal.SignedIn(r), entityType, f)
	if err != nil {
		s.back(w, r, err)
		return
	}
	http.Redirect(w, r, fmt.Sprintf("/crm/type/%d/details/%d/", entityType, id), http.StatusSeeOther)
}

// remove deletes the item of a card and redirects to the list.
func (s *portalPages) remove(w http.ResponseWriter, r *http.Request) {
	entityType, id := int(number(r.FormValue("type"))), number(r.FormValue("id"))
	if err := s.portal.Delete(s.portal.SignedIn(r), entityType, id); err != nil {
		s.back(w, r, err)
		return
	}
	to := map[int]string{
		bitrix24test.Deal: "/crm/deal/kanban/", bitrix24test.Company: "/crm/company/list/", bitrix24test.Contact: "/crm/contact/list/",
	}[entityType]
	if to == "" {
		to = fmt.Sprintf("/crm/type/%d/kanban/", entityType)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// bin shows deleted records.
func (s *portalPages) bin(w http.ResponseWriter, r *http.Request) {
	var rows []portalBinRow
	for _, b := range s.portal.Bin() {
		rows = append(rows, portalBinRow{b.EntityType, b.ID, b.Title, s.kindName(b.EntityType), formatTime(b.Time)})
	}
	s.show(w, r, http.StatusOK, portalBin(s.shell(r, "Корзина"), rows))
}

// restore restores a deleted record and opens its card, which has a new number.
func (s *portalPages) restore(w http.ResponseWriter, r *http.Request) {
	entityType := int(number(r.FormValue("type")))
	id, err := s.portal.Restore(s.portal.SignedIn(r), entityType, number(r.FormValue("id")))
	if err != nil {
		s.back(w, r, err)
		return
	}
	to, _ := s.cardLink(entityType, id)
	http.Redirect(w, r, to.URL, http.StatusSeeOther)
}

func (s *portalPages) kindName(entityType int) string {
	switch entityType {
	case bitrix24test.Deal:
		return "Сделка"
	case bitrix24test.Company:
		return "Компания"
	case bitrix24test.Contact:
		return "Контакт"
	}
	t, _ := s.typeOf(entityType)
	return t.Title
}

// creatableTypes returns the smart processes whose items can be created in the card of a deal.
func (s *portalPages) creatableTypes(deal int64) []portalChild {
	var out []portalChild
	for _, t := range s.portal.Types() {
		has := func(f bitrix24test.FieldInfo) bool { return f.Name == "parentId2" }
		if slices.ContainsFunc(s.portal.ItemFields(t.EntityTypeID), has) {
			out = append(out, portalChild{EntityType: t.EntityTypeID, Title: t.Title, Deal: deal})
		}
	}
	return out
}
