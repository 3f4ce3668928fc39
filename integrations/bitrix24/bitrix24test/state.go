package bitrix24test

import (
	"slices"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/defaults"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Fields is a record or a set of parameters: names with values of JSON types.
type Fields = php.Fields

// state is the state of a portal. It is saved as JSON.
type state struct {
	Version       int64               `json:"version"`
	Next          map[string]int64    `json:"next"` // last assigned id, by kind
	App           installation        `json:"app"`
	Users         []*User             `json:"users"`
	Departments   []*Department       `json:"departments"`
	Groups        []*Group            `json:"groups"`
	Hidden        map[string][]int64  `json:"hidden"` // "2:15" to users who may not see it
	Items         map[int]*itemTable  `json:"items"`
	Rows          map[string][]Fields `json:"rows"` // "D:15" to product rows
	Types         []*Type             `json:"types"`
	Categories    []*Category         `json:"categories"`
	Stages        []*Stage            `json:"stages"`
	Required      map[string][]string `json:"required"` // "2:C9:WON" to required fields
	UserFields    []*UserField        `json:"userFields"`
	Presets       []Fields            `json:"presets"`
	Requisites    []Fields            `json:"requisites"`
	BankDetails   []Fields            `json:"bankDetails"`
	Addresses     []Fields            `json:"addresses"`
	Links         []Fields            `json:"links"`
	Placements    []*Placement        `json:"placements"`
	Handlers      []*Handler          `json:"handlers"`
	Tasks         []Fields            `json:"tasks"`
	Notifications []*Notification     `json:"notifications"`
	Activities    []Fields            `json:"activities"`
	Letters       []*Letter           `json:"letters"`
	Comments      []Fields            `json:"comments"`
	LogMessages   []Fields            `json:"logMessages"`
	History       []Fields            `json:"history"`
	Files         map[int64]*File     `json:"files"`
	Calendar      Fields              `json:"calendar"`
	Bin           []*binRecord        `json:"bin"`
	Measures      map[int]string      `json:"measures"`    // units of measure added by the portal, by code
	PriceDigits   int                 `json:"priceDigits"` // decimals of stored prices, 2 when zero
	Automation    automation.State    `json:"automation"`
	NoMail        bool                `json:"noMail"`     // no mailbox is connected
	EventsLost    bool                `json:"eventsLost"` // no event is sent
}

// installation is the state of the app on the portal.
type installation struct {
	Token       string `json:"token"` // application_token
	Installed   bool   `json:"installed"`
	Uninstalled bool   `json:"uninstalled"`
	Version     int    `json:"version"`
	Installer   int64  `json:"installer"`
}

func newState() *state {
	return &state{
		Next: map[string]int64{}, App: installation{Token: secret(16), Version: 1},
		Hidden: map[string][]int64{}, Items: map[int]*itemTable{}, Rows: map[string][]Fields{},
		Required: map[string][]string{}, Files: map[int64]*File{}, Calendar: defaults.Calendar(),
		Presets: defaultPresets(), Measures: map[int]string{},
	}
}

// next returns the next id of a kind.
func (s *state) next(kind string) int64 {
	s.Next[kind]++
	return s.Next[kind]
}

// reserve records an id chosen by the caller, so that next continues after it.
func (s *state) reserve(kind string, id int64) int64 {
	s.Next[kind] = max(s.Next[kind], id)
	return id
}

// itemTable holds the records of one entity type, ordered by id.
type itemTable struct {
	Records []Fields `json:"records"`
}

func (s *itemTable) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(s.Records, id, func(r Fields, id int64) int {
		return int(php.Integer(r["id"]) - id)
	})
}

func (s *itemTable) get(id int64) Fields {
	if i, ok := s.find(id); ok {
		return s.Records[i]
	}
	return nil
}

func (s *itemTable) put(r Fields) {
	i, ok := s.find(php.Integer(r["id"]))
	if ok {
		s.Records[i] = r
		return
	}
	s.Records = slices.Insert(s.Records, i, r)
}

func (s *itemTable) remove(id int64) {
	if i, ok := s.find(id); ok {
		s.Records = slices.Delete(s.Records, i, i+1)
	}
}

// records returns the table of an entity type, which is created on first use.
func (s *state) records(entityType int) *itemTable {
	if s.Items[entityType] == nil {
		s.Items[entityType] = &itemTable{}
	}
	return s.Items[entityType]
}

// stamp returns a time in the format of the CRM, in the portal's zone.
func (p *core) stamp(t time.Time) string {
	return t.In(p.cfg.Zone).Format("2006-01-02T15:04:05-07:00")
}

// nowText returns the business time as text.
func (p *core) nowText() string { return p.stamp(p.cfg.Now()) }
