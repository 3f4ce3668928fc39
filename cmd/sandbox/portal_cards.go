package main

import (
	"fmt"
	"net/http"
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalCard is the card of a deal, company, contact or item.
type portalCard struct {
	portalShell
	EntityType int
	ID         int64
	Heading    string
	StageName  string
	Stages     []portalStage
	Tabs       []portalTab
	Tab        string
	Groups     []portalGroup
	Edit       bool
	Inputs     []portalField
	Rows       []portalProduct
	Total      string
	Timeline   []portalEntry
	Frame      *portalFrame
	Related    []portalRow
	Children   []portalChild
}

// portalChild is a smart process whose items can be created in the card with «+».
type portalChild struct {
	EntityType int
	Title      string
	Deal       int64
}

// portalTab is a tab of the card.
type portalTab struct {
	Key, Title, URL string
	Current         bool
}

// portalGroup is a block of fields.
type portalGroup struct {
	Title string
	Lines []portalLine
}

// portalLine is a field with its value, or several links.
type portalLine struct {
	Title, Text string
	Links       []portalLink
}

// cardOf returns the common parts of a card. When the card cannot be shown, it sends an error page and returns nil.
func (s *portalPages) cardOf(w http.ResponseWriter, r *http.Request, entityType int, place string) (*portalCard, bitrix24test.Fields) {
	id := pathNumber(r, "id")
	item := s.portal.Item(entityType, id)
	if item == nil {
		s.missing(w, r, "Элемент не найден. Возможно, его удалили.")
		return nil, nil
	}
	shell := s.shell(r, textOf(item, "title"))
	if !s.portal.MaySee(shell.User.ID, entityType, id) {
		s.show(w, r, http.StatusForbidden, portalMessage(shell, "У вас нет прав на просмотр этого элемента."))
		return nil, nil
	}
	card := &portalCard{portalShell: shell, EntityType: entityType, ID: id, Heading: textOf(item, "title"), Tab: r.URL.Query().Get("tab")}
	if card.Tab == "" {
		card.Tab = "main"
	}
	card.Edit = r.URL.Query().Get("edit") != ""
	stages := s.portal.Stages(entityType, idOf(item, "categoryId"))
	card.Stages = stageButtons(stages, textOf(item, "stageId"))
	card.StageName = s.portal.StageName(entityType, textOf(item, "stageId"))
	card.Timeline = s.timeline(entityType, id)
	card.Inputs = s.inputs(entityType, item)
	s.addTabs(r, card, place)
	return card, item
}

// addTabs adds the card's own tabs and the tabs of the app; the frame of a selected app tab is opened.
func (s *portalPages) addTabs(r *http.Request, card *portalCard, place string) {
	tabs := []portalTab{{Key: "main", Title: "Общие"}}
	if card.EntityType == bitrix24test.Deal || card.EntityType > bitrix24test.Company {
		tabs = append(tabs, portalTab{Key: "products", Title: "Товары"})
	}
	if card.EntityType <= bitrix24test.Company && len(s.portal.Types()) > 0 || card.EntityType == bitrix24test.Company || card.EntityType == bitrix24test.Contact {
		tabs = append(tabs, portalTab{Key: "related", Title: "Связи"})
	}
	for i, p := range s.portal.Placements(place, card.User.ID) {
		key := "acts"
		if i > 0 {
			key = "app" + strconv.FormatInt(p.ID, 10)
		}
		tabs = append(tabs, portalTab{Key: key, Title: p.Title})
		if key == card.Tab && !isPoll(r) {
			card.Frame = s.tabFrame(r, p, card.ID)
		}
	}
	for i, t := range tabs {
		query := r.URL.Query()
		query.Set("tab", t.Key)
		query.Del("edit")
		query.Del("problem")
		tabs[i].URL, tabs[i].Current = r.URL.Path+"?"+query.Encode(), t.Key == card.Tab
	}
	card.Tabs = tabs
}

func (s *portalPages) dealCard(w http.ResponseWriter, r *http.Request) {
	card, item := s.cardOf(w, r, bitrix24test.Deal, "CRM_DEAL_DETAIL_TAB")
	if card == nil {
		return
	}
	card.Groups = append([]portalGroup{s.aboutDeal(item)}, s.userFields(bitrix24test.Deal, item)...)
	card.products(s.portal.Rows(bitrix24test.Deal, card.ID))
	card.Related = s.children(bitrix24test.Deal, card.ID)
	card.Children = s.creatableTypes(card.ID)
	s.show(w, r, http.StatusOK, portalCardPage(*card))
}

func (s *portalPages) itemCard(w http.ResponseWriter, r *http.Request) {
	entityType := int(pathNumber(r, "type"))
	if _, ok := s.typeOf(entityType); !ok {
		s.missing(w, r, "Такого смарт-процесса нет.")
		return
	}
	card, item := s.cardOf(w, r, entityType, fmt.Sprintf("CRM_DYNAMIC_%d_DETAIL_TAB", entityType))
	if card == nil {
		return
	}
	card.Groups = append([]portalGroup{s.aboutItem(item)}, s.userFields(entityType, item)...)
	card.products(s.portal.Rows(entityType, card.ID))
	s.show(w, r, http.StatusOK, portalCardPage(*card))
}

func (s *portalPages) companyCard(w http.ResponseWriter, r *http.Request) {
	s.partyCard(w, r, bitrix24test.Company, "CRM_COMPANY_DETAIL_TAB")
}

func (s *portalPages) contactCard(w http.ResponseWriter, r *http.Request) {
	s.partyCard(w, r, bitrix24test.Contact, "CRM_CONTACT_DETAIL_TAB")
}

func (s *portalPages) partyCard(w http.ResponseWriter, r *http.Request, entityType int, place string) {
	card, item := s.cardOf(w, r, entityType, place)
	if card == nil {
		return
	}
	if entityType == bitrix24test.Contact {
		card.Heading = contactName(item)
		card.Title = card.Heading
	}
	card.Stages, card.StageName = nil, ""
	card.Groups = append([]portalGroup{s.aboutParty(item)}, s.requisites(entityType, card.ID)...)
	card.Groups = append(card.Groups, s.userFields(entityType, item)...)
	card.Related = s.dealsOf(entityType, card.ID)
	s.show(w, r, http.StatusOK, portalCardPage(*card))
}

// children returns the items of smart processes whose parent is the deal.
func (s *portalPages) children(parent int, id int64) []portalRow {
	var out []portalRow
	for _, t := range s.portal.Types() {
		base := fmt.Sprintf("/crm/type/%d/", t.EntityTypeID)
		for _, item := range s.portal.Items(t.EntityTypeID) {
			if idOf(item, fmt.Sprintf("parentId%d", parent)) == id {
				out = append(out, s.line(base, item, s.stageOf(t.EntityTypeID, item)))
			}
		}
	}
	return out
}

func (s *portalPages) dealsOf(entityType int, id int64) []portalRow {
	var out []portalRow
	for _, deal := range s.portal.Items(bitrix24test.Deal) {
		if entityType == bitrix24test.Company && idOf(deal, "companyId") == id ||
			entityType == bitrix24test.Contact && idOf(deal, "contactId") == id {
			out = append(out, s.line("/crm/deal/", deal, s.stageOf(bitrix24test.Deal, deal)))
		}
	}
	return out
}

func (s *portalPages) stageOf(entityType int, item bitrix24test.Fields) portalStage {
	for _, st := range stageButtons(s.portal.Stages(entityType, idOf(item, "categoryId")), textOf(item, "stageId")) {
		if st.Current {
			return st
		}
	}
	return portalStage{}
}

// person shows an employee.
func (s *portalPages) person(w http.ResponseWriter, r *http.Request) {
	u, ok := s.portal.User(pathNumber(r, "id"))
	if !ok {
		s.missing(w, r, "Сотрудник не найден.")
		return
	}
	g := portalGroup{Title: "Сотрудник", Lines: []portalLine{
		{Title: "Имя", Text: u.FullName()}, {Title: "Должность", Text: u.Position}, {Title: "E-mail", Text: u.Email},
	}}
	if u.Admin {
		g.Lines = append(g.Lines, portalLine{Title: "Права", Text: "Администратор портала"})
	}
	s.show(w, r, http.StatusOK, portalPerson(s.shell(r, u.FullName()), g))
}

// file serves a file of a card to the logged-in user.
func (s *portalPages) file(w http.ResponseWriter, r *http.Request) {
	f, ok := s.portal.File(number(r.URL.Query().Get("fileId")))
	if !ok || !s.portal.MaySee(s.portal.SignedIn(r), int(number(r.URL.Query().Get("entityTypeId"))), number(r.URL.Query().Get("id"))) {
		http.NotFound(w, r)
		return
	}
	f.Serve(w)
}
