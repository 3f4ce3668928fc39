package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/prices"
)

// portalBoard is a kanban or a list of one entity type.
type portalBoard struct {
	portalShell
	Heading    string
	EntityType int
	Pipelines  []portalPipeline
	Columns    []portalColumn
	Head       []string
	Rows       []portalRow
	KanbanURL  string
	ListURL    string
	CreateURL  string
	RulesURL   string // settings of robots and triggers, of deals only
}

// portalPipeline is an option of the pipeline selection.
type portalPipeline struct {
	Name, URL string
	Current   bool
}

// portalColumn is a stage with its cards.
type portalColumn struct {
	portalStage
	Count string
	Sum   string
	Cards []kanbanCard
}

// kanbanCard is a card of the kanban.
type kanbanCard struct {
	ID                      int64
	Title, URL, Party, Note string
	Sum                     string
	Person                  string
	Moves                   []portalStage
	Badge, BadgeType        string
}

// portalStage is a button of a stage.
type portalStage struct {
	ID, Name, Color, Ink string
	Current, Done        bool
}

// portalRow is a line of a list; the first cell is a link.
type portalRow struct {
	URL   string
	Cells []portalCell
	Menu  []portalMenuItem // of the row: places of apps, opened in a slider
}

// portalCell is one cell; Chip is the colour of a stage.
type portalCell struct {
	Text, Chip, Ink string
	Right           bool
}

func (s *portalPages) dealKanban(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, portalKanban(s.board(r, bitrix24test.Deal, "Сделки", "/crm/deal/")))
}

func (s *portalPages) dealList(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, portalTable(s.board(r, bitrix24test.Deal, "Сделки", "/crm/deal/")))
}

func (s *portalPages) itemKanban(w http.ResponseWriter, r *http.Request) {
	s.itemBoard(w, r, true)
}

func (s *portalPages) itemList(w http.ResponseWriter, r *http.Request) { s.itemBoard(w, r, false) }

func (s *portalPages) itemBoard(w http.ResponseWriter, r *http.Request, kanban bool) {
	entityType := int(pathNumber(r, "type"))
	t, ok := s.typeOf(entityType)
	if !ok {
		s.missing(w, r, "Такого смарт-процесса нет.")
		return
	}
	board := s.board(r, entityType, t.Title, fmt.Sprintf("/crm/type/%d/", entityType))
	board.CreateURL = "/_portal/create"
	page := portalTable(board)
	if kanban {
		page = portalKanban(board)
	}
	s.show(w, r, http.StatusOK, page)
}

func (s *portalPages) typeOf(entityType int) (bitrix24test.Type, bool) {
	for _, t := range s.portal.Types() {
		if t.EntityTypeID == entityType {
			return t, true
		}
	}
	return bitrix24test.Type{}, false
}

// board returns the items of the selected pipeline that the user may see.
func (s *portalPages) board(r *http.Request, entityType int, title, base string) portalBoard {
	b := portalBoard{portalShell: s.shell(r, title), Heading: title, EntityType: entityType, KanbanURL: base + "kanban/", ListURL: base + "list/"}
	var chosen int64
	categories := s.portal.Categories(entityType)
	if len(categories) > 0 {
		chosen = categories[0].ID
	}
	if n, err := strconv.ParseInt(r.URL.Query().Get("category"), 10, 64); err == nil {
		chosen = n
	}
	for _, c := range categories {
		b.Pipelines = append(b.Pipelines, portalPipeline{c.Name, fmt.Sprintf("%s?category=%d", r.URL.Path, c.ID), c.ID == chosen})
		if c.ID == chosen {
			b.KanbanURL = fmt.Sprintf("%s?category=%d", b.KanbanURL, c.ID)
			b.ListURL = fmt.Sprintf("%s?category=%d", b.ListURL, c.ID)
		}
	}
	if entityType == bitrix24test.Deal {
		b.RulesURL = fmt.Sprintf("/crm/deal/automation/%d/", chosen)
	}
	var items []bitrix24test.Fields
	for _, item := range s.portal.Items(entityType) {
		if idOf(item, "categoryId") == chosen && s.portal.MaySee(b.User.ID, entityType, idOf(item, "id")) {
			items = append(items, item)
		}
	}
	b.fill(s, base, s.portal.Stages(entityType, chosen), items)
	return b
}

// fill distributes the items over columns and lines.
func (b *portalBoard) fill(s *portalPages, base string, stages []bitrix24test.Stage, items []bitrix24test.Fields) {
	b.Head = []string{"Название", "Стадия", "Клиент", "Сумма", "Ответственный", "Изменена"}
	all := stageButtons(stages, "")
	for _, stage := range all {
		column := portalColumn{portalStage: stage}
		sum := 0.0
		for _, item := range items {
			if textOf(item, "stageId") != stage.ID {
				continue
			}
			sum += numberOf(item, "opportunity")
			column.Cards = append(column.Cards, s.kanbanCard(base, item, all))
			b.Rows = append(b.Rows, s.line(base, item, stage))
		}
		column.Count, column.Sum = strconv.Itoa(len(column.Cards)), rubles(sum)
		b.Columns = append(b.Columns, column)
	}
}

func (s *portalPages) kanbanCard(base string, item bitrix24test.Fields, moves []portalStage) kanbanCard {
	id := idOf(item, "id")
	badge := automation.Badge{}
	if strings.HasPrefix(base, "/crm/deal/") {
		badge, _ = s.portal.Automation.BadgeOf(id)
	}
	return kanbanCard{
		Badge: badge.Value, BadgeType: badge.Type, ID: id, Title: textOf(item, "title"), URL: fmt.Sprintf("%sdetails/%d/", base, id), Party: s.partyName(item),
		Sum: rubles(numberOf(item, "opportunity")), Person: s.userName(idOf(item, "assignedById")), Moves: moves,
		Note: formatDay(textOf(item, "createdTime")),
	}
}

func (s *portalPages) line(base string, item bitrix24test.Fields, stage portalStage) portalRow {
	var menu []portalMenuItem
	if base == "/crm/deal/" {
		for _, p := range s.portal.Placements("CRM_DEAL_LIST_MENU", s.portal.Admin()) {
			menu = append(menu, portalMenuItem{Title: p.Title, URL: fmt.Sprintf("%s?place=%d&deal=%d", appAddress(), p.ID, idOf(item, "id"))})
		}
	}
	return portalRow{Menu: menu, URL: fmt.Sprintf("%sdetails/%d/", base, idOf(item, "id")), Cells: []portalCell{
		{Text: textOf(item, "title")}, {Text: stage.Name, Chip: stage.Color, Ink: stage.Ink}, {Text: s.partyName(item)},
		{Text: rubles(numberOf(item, "opportunity")), Right: true}, {Text: s.userName(idOf(item, "assignedById"))},
		{Text: formatTime(textOf(item, "updatedTime"))},
	}}
}

// partyName returns the client of an item: its company, else its contact.
func (s *portalPages) partyName(item bitrix24test.Fields) string {
	if c := s.portal.Item(bitrix24test.Company, idOf(item, "companyId")); c != nil {
		return textOf(c, "title")
	}
	if c := s.portal.Item(bitrix24test.Contact, idOf(item, "contactId")); c != nil {
		return contactName(c)
	}
	return ""
}

func contactName(c bitrix24test.Fields) string {
	return strings.Join(strings.Fields(textOf(c, "lastName")+" "+textOf(c, "name")+" "+textOf(c, "secondName")), " ")
}

// stageButtons returns the buttons of the stages; those up to the current stage are done.
func stageButtons(stages []bitrix24test.Stage, current string) []portalStage {
	var out []portalStage
	passed := current != ""
	for _, st := range stages {
		here := st.StatusID == current
		out = append(out, portalStage{st.StatusID, st.Name, st.Color, textColor(st.Color), here, passed})
		if here {
			passed = false
		}
	}
	return out
}

func (s *portalPages) companyList(w http.ResponseWriter, r *http.Request) {
	b := portalBoard{portalShell: s.shell(r, "Компании"), Heading: "Компании", Head: []string{"Название", "ИНН", "КПП", "Телефон", "E-mail"}}
	for _, c := range s.portal.Items(bitrix24test.Company) {
		b.Rows = append(b.Rows, s.partyRow(bitrix24test.Company, "/crm/company/details/", c, textOf(c, "title")))
	}
	s.show(w, r, http.StatusOK, portalTable(b))
}

func (s *portalPages) contactList(w http.ResponseWriter, r *http.Request) {
	b := portalBoard{portalShell: s.shell(r, "Контакты"), Heading: "Контакты", Head: []string{"Имя", "ИНН", "КПП", "Телефон", "E-mail"}}
	for _, c := range s.portal.Items(bitrix24test.Contact) {
		b.Rows = append(b.Rows, s.partyRow(bitrix24test.Contact, "/crm/contact/details/", c, contactName(c)))
	}
	s.show(w, r, http.StatusOK, portalTable(b))
}

func (s *portalPages) partyRow(entityType int, base string, c bitrix24test.Fields, name string) portalRow {
	var inn, kpp string
	if rq := s.portal.RequisitesOf(entityType, idOf(c, "id")); len(rq) > 0 {
		inn, kpp = textOf(rq[0], "RQ_INN"), textOf(rq[0], "RQ_KPP")
	}
	if textOf(c, "isMyCompany") == "Y" {
		name += " (наша компания)"
	}
	return portalRow{URL: fmt.Sprintf("%s%d/", base, idOf(c, "id")), Cells: []portalCell{
		{Text: name}, {Text: inn}, {Text: kpp}, {Text: textOf(c, "phone")}, {Text: textOf(c, "email")},
	}}
}

// portalProduct is a product row in the card.
type portalProduct struct {
	ID                                            int64
	Name, Price, Quantity, Measure, Discount, VAT string
	RawPrice, RawQuantity                         string
	Sum                                           string
}

// products adds the product rows and their sum to the card.
func (c *portalCard) products(rows []bitrix24test.Fields) {
	for _, r := range rows {
		price, n := numberOf(r, "price"), numberOf(r, "quantity")
		p := portalProduct{
			ID: idOf(r, "id"), Name: textOf(r, "productName"), Price: rubles(price), Quantity: quantity(n),
			Measure: textOf(r, "measureName"), VAT: "без НДС", Sum: rubles(prices.OfRow(r)),
			RawPrice: strconv.FormatFloat(price, 'f', -1, 64), RawQuantity: strconv.FormatFloat(n, 'f', -1, 64),
		}
		if _, taxed := r["taxRate"].(float64); taxed {
			p.VAT = textOf(r, "taxRate") + " %"
		}
		if d := numberOf(r, "discountSum"); d > 0 {
			p.Discount = rubles(d)
		}
		c.Rows = append(c.Rows, p)
	}
	c.Total = rubles(prices.OfRows(rows))
}
