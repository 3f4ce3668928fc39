package bitrix24test

import (
	"fmt"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Type is a smart process. ID names its user fields, EntityTypeID its items.
type Type struct {
	ID           int64    `json:"id"`
	EntityTypeID int      `json:"entityTypeId"`
	Title        string   `json:"title"`
	Code         string   `json:"code"`
	Flags        Fields   `json:"flags"` // isStagesEnabled and the like, Y or N
	Parents      []Fields `json:"parents"`
	Children     []Fields `json:"children"`
	LinkedFields Fields   `json:"linkedFields"`
	Created      string   `json:"created"`
	CreatedBy    int64    `json:"createdBy"`
}

var typeFlags = []string{
	"isCategoriesEnabled", "isStagesEnabled", "isBeginCloseDatesEnabled", "isClientEnabled", "isUseInUserfieldEnabled",
	"isLinkWithProductsEnabled", "isMycompanyEnabled", "isDocumentsEnabled", "isSourceEnabled", "isObserversEnabled",
	"isRecyclebinEnabled", "isAutomationEnabled", "isBizProcEnabled", "isSetOpenPermissions", "isPaymentsEnabled",
	"isCountersEnabled",
}

func (s *state) typeByEntity(entityType int) *Type {
	for _, t := range s.Types {
		if t.EntityTypeID == entityType {
			return t
		}
	}
	return nil
}

func (s *state) hasType(entityType int) bool {
	return entityType == Deal || entityType == Contact || entityType == Company || s.typeByEntity(entityType) != nil
}

func (s *state) typeTitle(entityType int) string {
	switch entityType {
	case Deal:
		return "Сделка"
	case Contact:
		return "Контакт"
	case Company:
		return "Компания"
	}
	if t := s.typeByEntity(entityType); t != nil {
		return t.Title
	}
	return fmt.Sprint(entityType)
}

// parentsOf lists the types whose items may be parents of an item of this type.
func (s *state) parentsOf(entityType int) []int {
	var out []int
	if t := s.typeByEntity(entityType); t != nil {
		for _, p := range t.Parents {
			out = append(out, int(php.Integer(p["entityTypeId"])))
		}
	}
	for _, t := range s.Types {
		for _, child := range t.Children {
			if int(php.Integer(child["entityTypeId"])) == entityType {
				out = append(out, t.EntityTypeID)
			}
		}
	}
	return out
}

// record returns the type in the format of crm.type.*.
func (t *Type) record(withRelations bool) Fields {
	out := Fields{
		"id": t.ID, "title": t.Title, "code": t.Code, "createdBy": t.CreatedBy, "entityTypeId": t.EntityTypeID,
		"customSectionId": nil, "createdTime": t.Created, "updatedTime": t.Created, "updatedBy": t.CreatedBy,
	}
	for _, flag := range typeFlags {
		out[flag] = php.YesNo(php.Truth(t.Flags[flag]))
	}
	if withRelations {
		out["relations"] = Fields{"parent": t.Parents, "child": t.Children}
		out["linkedUserFields"] = t.LinkedFields
		out["customSections"] = []any{}
	}
	return out
}

func typeAdd(c *call) (any, error) {
	f := php.Map(c.p["fields"])
	if strings.TrimSpace(php.Text(f["title"])) == "" {
		return nil, contract.Refuse("100", "Could not find value for parameter {title}")
	}
	id, err := c.freeEntityType(int(php.Integer(f["entityTypeId"])))
	if err != nil {
		return nil, err
	}
	c.recordIgnored("crm.type.add", f)
	t := c.makeType(id, f)
	return Fields{"type": t.record(true)}, nil
}

// freeEntityType returns the given id when it may be used, and a free one when 0 is given.
func (c *call) freeEntityType(given int) (int, error) {
	if given == 0 {
		id := 1030
		for c.st.typeByEntity(id) != nil {
			id += 2
		}
		return id, nil
	}
	if inRange := given >= 128 && given <= 192 || given >= 1030 && given%2 == 0; !inRange || c.st.typeByEntity(given) != nil {
		return 0, contract.Refuse("INVALID_ARG_VALUE", "entityTypeId is out of allowed range")
	}
	return given, nil
}

func (c *call) makeType(entityType int, f Fields) *Type {
	t := &Type{
		ID: c.st.next("type"), EntityTypeID: entityType, Title: strings.TrimSpace(php.Text(f["title"])), Flags: Fields{},
		LinkedFields: Fields{}, Created: c.nowText(), CreatedBy: c.user.ID,
	}
	for _, flag := range typeFlags {
		t.Flags[flag] = php.YesNo(php.Truth(f[flag]))
	}
	if php.Truth(f["isClientEnabled"]) {
		t.Parents = []Fields{relation(Contact, true, true), relation(Company, true, true)}
	}
	relations := php.Map(f["relations"])
	for _, r := range php.List(relations["parent"]) {
		t.Parents = append(t.Parents, relationFrom(php.Map(r)))
	}
	for _, r := range php.List(relations["child"]) {
		t.Children = append(t.Children, relationFrom(php.Map(r)))
	}
	for name, on := range php.Map(f["linkedUserFields"]) {
		t.LinkedFields[name] = php.YesNo(php.Text(on) == "true" || on == true)
	}
	c.st.Types = append(c.st.Types, t)
	c.addFirstPipeline(t)
	return t
}

func relation(entityType int, shown, predefined bool) Fields {
	return Fields{"entityTypeId": entityType, "isChildrenListEnabled": php.YesNo(shown), "isPredefined": php.YesNo(predefined)}
}

// relationFrom reads a relation; like the method it accepts only true and its text.
func relationFrom(f Fields) Fields {
	on := f["isChildrenListEnabled"]
	return relation(int(php.Integer(f["entityTypeId"])), on == "true" || on == true, false)
}

func typeList(c *call) (any, error) {
	filter := php.Map(c.p["filter"])
	var rows []Fields
	for _, t := range c.st.Types {
		if r := t.record(false); fieldFits(r, filter) {
			rows = append(rows, r)
		}
	}
	for key := range filter {
		if _, name := match.Split(key); name == strings.ToUpper(name) && name != "" {
			return nil, contract.Refuse("INVALID_ARG_VALUE", "Invalid filter: field '%s' is not allowed in filter", name)
		}
	}
	sortRows(rows, append(c.orderKeys(), sortKey{"id", false}))
	return Fields{"types": c.page(rows)}, nil
}

func typeByEntity(c *call) (any, error) {
	t := c.st.typeByEntity(int(php.Integer(c.p["entityTypeId"])))
	if t == nil {
		return nil, contract.ErrTypeNotFound()
	}
	return Fields{"type": t.record(true)}, nil
}

// recordIgnored records unknown keys of fields in the trace.
func (c *call) recordIgnored(method string, f Fields) {
	for k := range f {
		if _, known := contract.Methods[method].Fields[k]; !known {
			c.recordIgnoredName(k)
		}
	}
}
