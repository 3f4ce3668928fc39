package bitrix24test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
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

// itemName is the name on items: UF_CRM_ACTS_OPERATOR is ufCrmActsOperator, UF_CRM_7_17216 is ufCrm7_17216.
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

// userFieldEntity is the name under which fields of an entity type are kept; it uses the small id of a type.
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

// AddUserField adds a field without any check, as the portal's own people did long ago.
func (p *Portal) AddUserField(u UserField) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.changed()
	return p.addUserField(&u)
}

func (p *Portal) addUserField(u *UserField) int64 {
	u.ID = p.numbered("userField", u.ID)
	for i := range u.Enum {
		u.Enum[i].ID = p.numbered("enum", u.Enum[i].ID)
		if u.Enum[i].XMLID == "" {
			u.Enum[i].XMLID = secret(16)
		}
	}
	p.st.UserFields = append(p.st.UserFields, u)
	return u.ID
}

var fieldName = regexp.MustCompile(`^UF_CRM_[A-Z0-9_]{1,43}$`)

func userFieldAdd(c *call) (any, error) {
	f := fields(c.p["field"])
	u := &UserField{
		EntityID: text(f["entityId"]), Name: strings.ToUpper(text(f["fieldName"])), Kind: text(f["userTypeId"]),
		Label: label(f["editFormLabel"]), XMLID: text(f["xmlId"]), Sort: integer(f["sort"]),
		Multiple: truth(f["multiple"]), Mandatory: truth(f["mandatory"]), Settings: fields(f["settings"]),
	}
	if u.Sort == 0 {
		u.Sort = 100
	}
	if err := c.mayAddField(u); err != nil {
		return nil, err
	}
	for _, raw := range list(f["enum"]) {
		e := fields(raw)
		u.Enum = append(u.Enum, EnumOption{
			Value: text(e["value"]), XMLID: text(e["xmlId"]), Sort: max(integer(e["sort"]), 100), Def: truth(e["def"]),
		})
	}
	c.recordIgnored("userfieldconfig.add", f)
	c.addUserField(u)
	return Fields{"field": u.describe(true)}, nil
}

func (c *call) mayAddField(u *UserField) error {
	prefix := "UF_CRM_"
	if n := strings.TrimPrefix(u.EntityID, "CRM_"); isDigits(n) {
		prefix += n + "_"
	}
	switch {
	case !c.user.Admin || text(c.p["moduleId"]) != "crm":
		return bad("", "Access denied")
	case !userFieldKinds[u.Kind]:
		return bad("", "Неверный тип пользовательского поля")
	case !fieldName.MatchString(u.Name) || !strings.HasPrefix(u.Name, prefix):
		return bad("", "Название поля должно начинаться с %s", prefix)
	case !c.st.knowsFieldEntity(u.EntityID):
		return bad("", "Access denied")
	}
	for _, other := range c.st.UserFields {
		if other.EntityID == u.EntityID && other.Name == u.Name {
			return bad("", "Поле %s для объекта %s уже существует.", u.Name, u.EntityID)
		}
	}
	return nil
}

func (s *state) knowsFieldEntity(entity string) bool {
	for _, t := range s.Types {
		if entity == fmt.Sprintf("CRM_%d", t.ID) {
			return true
		}
	}
	return entity == "CRM_DEAL" || entity == "CRM_CONTACT" || entity == "CRM_COMPANY"
}

// label reads a label given as text or per language.
func label(v any) string {
	if m, ok := v.(map[string]any); ok {
		return text(m["ru"])
	}
	return text(v)
}
