package bitrix24test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// UserField is a field that the portal's people or an app added.
type UserField struct {
	ID        int64        `json:"id"`
	EntityID  string       `json:"entityId"` // CRM_DEAL, CRM_COMPANY, CRM_CONTACT or CRM_{type id}
	Name      string       `json:"name"`     // UF_CRM_...
	Kind      string       `json:"kind"`
	Label     string       `json:"label"`
	XMLID     string       `json:"xmlId"`
	Sort      int64        `json:"sort"`
	Multiple  bool         `json:"multiple"`
	Mandatory bool         `json:"mandatory"`
	InFilter  bool         `json:"inFilter"`
	Enum      []EnumOption `json:"enum"`
	Settings  Fields       `json:"settings"`
}

// EnumOption is one value of an enumeration; items hold its ID.
type EnumOption struct {
	ID    int64  `json:"id"`
	Value string `json:"value"`
	XMLID string `json:"xmlId"`
	Sort  int64  `json:"sort"`
	Def   bool   `json:"def"`
}

var userFieldKinds = map[string]bool{
	"string": true, "integer": true, "double": true, "boolean": true, "date": true, "datetime": true, "enumeration": true,
	"file": true, "crm": true, "crm_status": true, "employee": true, "money": true, "url": true, "address": true,
}

// itemName returns the name in items: ufCrmDealActsOperator for UF_CRM_DEAL_ACTS_OPERATOR, ufCrm7_17216 for UF_CRM_7_17216.
func (u *UserField) itemName() string {
	rest := strings.TrimPrefix(u.Name, "UF_CRM_")
	name := "ufCrm"
	if number := strings.TrimPrefix(u.EntityID, "CRM_"); isDigits(number) {
		name += number
		rest = strings.TrimPrefix(rest, number+"_")
	}
	for part := range strings.SplitSeq(rest, "_") {
		if part == "" {
			continue
		}
		if part[0] >= '0' && part[0] <= '9' {
			name += "_" + strings.ToLower(part)
			continue
		}
		name += part[:1] + strings.ToLower(part[1:])
	}
	return name
}

func isDigits(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// userFieldEntity returns the ENTITY_ID of the fields of an entity type, which contains the id of a smart process and not its type id.
func (s *state) userFieldEntity(entityType int) string {
	switch entityType {
	case Deal:
		return "CRM_DEAL"
	case Contact:
		return "CRM_CONTACT"
	case Company:
		return "CRM_COMPANY"
	}
	if t := s.typeByEntity(entityType); t != nil {
		return fmt.Sprintf("CRM_%d", t.ID)
	}
	return ""
}

// AddUserField adds a field without checks.
func (p *Portal) AddUserField(u UserField) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.changed()
	return p.addUserField(&u)
}

func (p *Portal) addUserField(u *UserField) int64 {
	u.ID = p.assignID("userField", u.ID)
	for i := range u.Enum {
		u.Enum[i].ID = p.assignID("enum", u.Enum[i].ID)
		if u.Enum[i].XMLID == "" {
			u.Enum[i].XMLID = secret(16)
		}
	}
	p.st.UserFields = append(p.st.UserFields, u)
	return u.ID
}

var fieldName = regexp.MustCompile(`^UF_CRM_[A-Z0-9_]{1,43}$`)

func userFieldAdd(c *call) (any, error) {
	f := php.Map(c.p["field"])
	u := &UserField{
		EntityID: php.Text(f["entityId"]), Name: strings.ToUpper(php.Text(f["fieldName"])), Kind: php.Text(f["userTypeId"]),
		Label: label(f["editFormLabel"]), XMLID: php.Text(f["xmlId"]), Sort: php.Integer(f["sort"]),
		Multiple: php.Truth(f["multiple"]), Mandatory: php.Truth(f["mandatory"]), InFilter: php.Text(f["showFilter"]) == "Y", Settings: php.Map(f["settings"]),
	}
	if u.Sort == 0 {
		u.Sort = 100
	}
	if err := c.checkNewField(u); err != nil {
		return nil, err
	}
	for _, raw := range php.List(f["enum"]) {
		e := php.Map(raw)
		u.Enum = append(u.Enum, EnumOption{
			Value: php.Text(e["value"]), XMLID: php.Text(e["xmlId"]), Sort: max(php.Integer(e["sort"]), 100), Def: php.Truth(e["def"]),
		})
	}
	c.recordIgnored("userfieldconfig.add", f)
	c.addUserField(u)
	return Fields{"field": u.describe(true)}, nil
}

// checkNewField refuses what apidocs.bitrix24.ru/api-reference/crm/universal/userfieldconfig/userfieldconfig-add.html refuses: a
// code begins with UF_ and the whole name of the object, also for deals.
func (c *call) checkNewField(u *UserField) error {
	switch {
	case !c.user.Admin || php.Text(c.p["moduleId"]) != "crm":
		return contract.Refuse("", "Access denied")
	case !userFieldKinds[u.Kind]:
		return contract.Refuse("", "Неверный тип пользовательского поля")
	case !fieldName.MatchString(u.Name) || !strings.HasPrefix(u.Name, "UF_"+u.EntityID+"_"):
		return contract.Refuse("", "Некорректный код поля")
	case !c.st.hasFieldEntity(u.EntityID):
		return contract.Refuse("", "Access denied")
	}
	for _, other := range c.st.UserFields {
		if other.EntityID == u.EntityID && other.Name == u.Name {
			return contract.Refuse("", "Поле %s для объекта %s уже существует.", u.Name, u.EntityID)
		}
	}
	return nil
}

func (s *state) hasFieldEntity(entity string) bool {
	for _, t := range s.Types {
		if entity == fmt.Sprintf("CRM_%d", t.ID) {
			return true
		}
	}
	return entity == "CRM_DEAL" || entity == "CRM_CONTACT" || entity == "CRM_COMPANY"
}

// label returns a label given as text or by language.
func label(v any) string {
	if m, ok := v.(map[string]any); ok {
		return php.Text(m["ru"])
	}
	return php.Text(v)
}

// describe returns the field in the format of userfieldconfig; only get and add include the options.
func (u *UserField) describe(withEnum bool) Fields {
	noLabels := Fields{"en": nil, "ru": nil}
	out := Fields{
		"id": strconv.FormatInt(u.ID, 10), "entityId": u.EntityID, "fieldName": u.Name, "userTypeId": u.Kind,
		"xmlId": orNil(u.XMLID), "sort": strconv.FormatInt(u.Sort, 10), "multiple": php.YesNo(u.Multiple),
		"mandatory": php.YesNo(u.Mandatory), "showFilter": map[bool]string{true: "E", false: "N"}[u.InFilter], "showInList": "Y", "editInList": "Y", "isSearchable": "N",
		"settings": u.Settings, "languageId": Fields{"en": "en", "ru": "ru"},
		"editFormLabel": Fields{"en": u.Label, "ru": u.Label}, "listColumnLabel": noLabels, "listFilterLabel": noLabels,
		"errorMessage": noLabels, "helpMessage": noLabels,
	}
	if withEnum && u.Kind == "enumeration" {
		var options []any
		for _, e := range u.Enum {
			options = append(options, Fields{
				"id": strconv.FormatInt(e.ID, 10), "userFieldId": strconv.FormatInt(u.ID, 10), "value": e.Value,
				"def": php.YesNo(e.Def), "sort": strconv.FormatInt(e.Sort, 10), "xmlId": e.XMLID,
			})
		}
		out["enum"] = options
	}
	return out
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func userFieldGet(c *call) (any, error) {
	for _, u := range c.st.UserFields {
		if u.ID == php.Integer(c.p["id"]) {
			return Fields{"field": u.describe(true)}, nil
		}
	}
	return nil, contract.Refuse("", "Пользовательское поле не найдено")
}

func userFieldList(c *call) (any, error) {
	if php.Text(c.p["moduleId"]) != "crm" {
		return nil, contract.Refuse("", "Access denied")
	}
	filter := php.Map(c.p["filter"])
	var rows []Fields
	for _, u := range c.st.UserFields {
		r := u.describe(false)
		if fieldFits(r, filter) {
			rows = append(rows, r)
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"sort", false}, {"id", false}}
	}
	sortRows(rows, keys)
	rows = c.page(rows)
	if !selectsLabels(c.p["select"]) {
		for _, r := range rows {
			for _, name := range []string{"editFormLabel", "listColumnLabel", "listFilterLabel", "errorMessage", "helpMessage", "languageId"} {
				delete(r, name)
			}
		}
	}
	return Fields{"fields": rows}, nil
}

// selectsLabels reports whether labels were requested: select contains {"language":"ru"}.
func selectsLabels(selected any) bool { return php.Map(selected)["language"] != nil }

func fieldFits(r, filter Fields) bool {
	for key, want := range filter {
		op, name := match.Split(key)
		if !match.Any(op, r[name], want) {
			return false
		}
	}
	return true
}

// DropUserField deletes a user field and reports whether it existed.
func (p *Portal) DropUserField(entity, name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.st.UserFields)
	p.st.UserFields = slices.DeleteFunc(p.st.UserFields, func(f *UserField) bool { return f.EntityID == entity && f.Name == name })
	p.changed()
	return len(p.st.UserFields) < before
}

// UserFields lists the user fields of an entity such as CRM_DEAL.
func (p *Portal) UserFields(entity string) []UserField {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []UserField
	for _, f := range p.st.UserFields {
		if f.EntityID == entity {
			out = append(out, *f)
		}
	}
	return out
}
