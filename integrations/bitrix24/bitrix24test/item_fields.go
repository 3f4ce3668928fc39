package bitrix24test

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// The entity types with fixed numbers.
const (
	Deal    = 2
	Contact = 3
	Company = 4
)

// field describes one field of an item.
type field struct {
	name     string
	kind     string
	title    string
	readOnly bool
	multiple bool
	needs    string     // the setting of a smart process that enables the field
	user     *UserField // set for user fields
}

// itemFieldsTable is the table of standard fields; its head explains the columns.
//
//go:embed item_fields.txt
var itemFieldsTable string

// fixedFields are the standard fields by entity type; 0 stands for every smart process.
var fixedFields = readFields(itemFieldsTable)

// settingOf names the setting of a smart process behind a flag of a field.
var settingOf = map[rune]string{'P': "isLinkWithProductsEnabled", 'C': "isClientEnabled", 'S': "isStagesEnabled", 'B': "isBeginCloseDatesEnabled",
	'M': "isMycompanyEnabled", 'Q': "isSourceEnabled", 'O': "isObserversEnabled"}

func readFields(table string) map[int][]field {
	sections := map[string][]field{}
	section := ""
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(name, "]")
		}
		if parts := strings.SplitN(line, " ", 4); len(parts) == 4 && parts[0] != "#" {
			sections[section] = append(sections[section], newField(parts))
		}
	}
	of := func(names ...string) (all []field) {
		for _, name := range append([]string{"common"}, names...) {
			all = append(all, sections[name]...)
		}
		return all
	}
	return map[int][]field{Deal: of("deal"), Contact: of("contact", "multi"), Company: of("company", "multi"), 0: of("dynamic")}
}

// newField reads name, type, flags and title.
func newField(parts []string) field {
	f := field{name: parts[0], kind: parts[1], title: parts[3]}
	for _, flag := range parts[2] {
		switch flag {
		case '-':
		case 'r':
			f.readOnly = true
		case 'm':
			f.multiple = true
		default:
			f.needs = settingOf[flag]
		}
	}
	return f
}

// fieldsOf lists all fields of an entity type: fixed ones, links to parents, user fields.
func (s *state) fieldsOf(entityType int) map[string]field {
	base, ok := fixedFields[entityType]
	var settings Fields
	if !ok {
		base = fixedFields[0]
		if t := s.typeByEntity(entityType); t != nil {
			settings = t.Flags
		}
	}
	out := map[string]field{}
	for _, f := range base {
		if f.needs == "" || php.Truth(settings[f.needs]) {
			out[f.name] = f
		}
	}
	for _, parent := range s.parentsOf(entityType) {
		name := fmt.Sprintf("parentId%d", parent)
		out[name] = field{name: name, kind: "crm_entity", title: s.typeTitle(parent)}
	}
	for _, uf := range s.UserFields {
		if uf.EntityID == s.userFieldEntity(entityType) {
			out[uf.itemName()] = field{
				name: uf.itemName(), kind: uf.Kind, title: uf.Label, multiple: uf.Multiple, user: uf,
			}
		}
	}
	return out
}

// upperName returns the upper-case name of a field: PARENT_ID_2 for parentId2.
func (f field) upperName() string {
	if f.user != nil {
		return f.user.Name
	}
	var b strings.Builder
	digits := false
	for i, r := range f.name {
		if i > 0 && (unicode.IsUpper(r) || unicode.IsDigit(r) && !digits) {
			b.WriteByte('_')
		}
		digits = unicode.IsDigit(r)
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// describe returns the field in the format of crm.item.fields.
func (f field) describe(s *state, entityType int) Fields {
	out := Fields{
		"type": f.kind, "isRequired": f.user != nil && f.user.Mandatory, "isReadOnly": f.readOnly, "isImmutable": false,
		"isMultiple": f.multiple, "isDynamic": f.user != nil, "title": f.title, "upperName": f.upperName(),
	}
	switch {
	case f.name == "sourceId":
		out["statusType"] = "SOURCE"
	case f.name == "stageId" || f.name == "previousStageId":
		out["statusType"] = s.stageEntity(entityType, s.firstCategory(entityType))
	case f.kind == "crm_entity":
		out["settings"] = Fields{"parentEntityTypeId": php.Integer(strings.TrimPrefix(f.name, "parentId"))}
	case f.kind == "crm_company":
		out["settings"] = Fields{"parentEntityTypeId": Company}
	case f.user != nil && len(f.user.Enum) > 0:
		var items []any
		for _, e := range f.user.Enum {
			items = append(items, Fields{"ID": strconv.FormatInt(e.ID, 10), "VALUE": e.Value})
		}
		out["items"] = items
	}
	return out
}

func itemFields(c *call) (any, error) {
	entityType := int(php.Integer(c.p["entityTypeId"]))
	if !c.st.hasType(entityType) {
		return nil, contract.ErrTypeNotFound()
	}
	out := Fields{}
	for name, f := range c.st.fieldsOf(entityType) {
		out[name] = f.describe(c.st, entityType)
	}
	return Fields{"fields": out}, nil
}
