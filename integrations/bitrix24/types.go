package bitrix24

import (
	"context"
	"strconv"
)

// Type is a smart process. ID is part of the names of user fields, EntityTypeID is used in calls (docs/contracts/bitrix24.md, "Smart process").
type Type struct {
	ID           ID         `json:"id"`
	EntityTypeID EntityType `json:"entityTypeId"`
	Title        Text       `json:"title"`
	Code         Text       `json:"code"`

	IsCategoriesEnabled       Bool `json:"isCategoriesEnabled"`
	IsStagesEnabled           Bool `json:"isStagesEnabled"`
	IsClientEnabled           Bool `json:"isClientEnabled"`
	IsMycompanyEnabled        Bool `json:"isMycompanyEnabled"`
	IsLinkWithProductsEnabled Bool `json:"isLinkWithProductsEnabled"`
	IsAutomationEnabled       Bool `json:"isAutomationEnabled"`
}

// TypeResult is the answer of crm.type.add.
type TypeResult struct {
	Type Type `json:"type"`
}

// TypesResult is the answer of crm.type.list.
type TypesResult struct {
	Types List[Type] `json:"types"`
}

// Relation links a smart process to a parent or child type of objects.
type Relation struct {
	Type     EntityType
	ListOnIt bool // the card of the parent has a tab with its children
}

// TypeDraft is a smart process to create. Flags are Y/N values (docs/contracts/bitrix24.md, "Smart process").
type TypeDraft struct {
	Title    string
	Flags    map[string]bool
	Parents  []Relation
	InFields []string // user fields that may refer to it, such as TASKS_TASK|UF_CRM_TASK
}

// AddType creates a smart process; it needs CRM administrator rights. The answer is a TypeResult.
func AddType(d TypeDraft) Command {
	fields := Params{"title": d.Title}
	for name, on := range d.Flags {
		fields[name] = Bool(on).String()
	}
	if len(d.Parents) > 0 {
		fields["relations"] = Params{"parent": relations(d.Parents)}
	}
	if len(d.InFields) > 0 {
		linked := Params{}
		for _, name := range d.InFields {
			linked[name] = "true"
		}
		fields["linkedUserFields"] = linked
	}
	return Command{Method: "crm.type.add", Params: Params{"fields": fields}}
}

// relations encodes relations with "true" and "false": the portal ignores Y and N here without an error
// (docs/contracts/bitrix24.md, "Smart process").
func relations(list []Relation) []any {
	out := make([]any, 0, len(list))
	for _, r := range list {
		out = append(out, Params{
			"entityTypeId":          int(r.Type),
			"isChildrenListEnabled": strconv.FormatBool(r.ListOnIt),
		})
	}
	return out
}

// ListTypes reads the first 50 smart processes; the keys of the filter are camelCase. The answer is a TypesResult.
func ListTypes(filter Params) Command {
	p := Params{}
	setList(p, nil, filter, Params{"id": "ASC"})
	return Command{Method: "crm.type.list", Params: p}
}

// AddType creates a smart process.
func (c *Client) AddType(ctx context.Context, d TypeDraft) (Type, error) {
	out, err := fetch[TypeResult](ctx, c, AddType(d))
	return out.Type, err
}

// UserField is a field that an administrator or the app added to an object type (docs/contracts/bitrix24.md, "User fields").
type UserField struct {
	ID         ID              `json:"id"`
	EntityID   Text            `json:"entityId"`
	FieldName  Text            `json:"fieldName"`
	UserTypeID Text            `json:"userTypeId"`
	XMLID      Text            `json:"xmlId"`
	Multiple   Bool            `json:"multiple"`
	Mandatory  Bool            `json:"mandatory"`
	Labels     Map[Text]       `json:"editFormLabel"`
	Enum       List[EnumValue] `json:"enum"`
}

// EnumValue is a value of an enumeration; its ID differs from portal to portal, so it is identified by XMLID.
type EnumValue struct {
	ID    ID   `json:"id"`
	Value Text `json:"value"`
	XMLID Text `json:"xmlId"`
	Sort  ID   `json:"sort"`
	Def   Bool `json:"def"`
}

// UserFieldResult is the answer of userfieldconfig.add.
type UserFieldResult struct {
	Field UserField `json:"field"`
}

// UserFieldsResult is the answer of userfieldconfig.list.
type UserFieldsResult struct {
	Fields List[UserField] `json:"fields"`
}

// UserFieldDraft is a field to add; FieldName starts with UF_ and the entity: UF_CRM_7_NUMBER.
type UserFieldDraft struct {
	EntityID, FieldName, UserTypeID, XMLID string
	Label                                  string // in Russian
	Multiple, Mandatory                    bool
	ShowFilter                             bool // userfieldconfig.add takes Y and N; lists return the kind of filter
	Sort                                   int
	Settings                               Params
	Enum                                   []EnumValue // Value, XMLID, Sort and Def are used
}

// AddUserField adds a field to a type of CRM objects; its errors have no code. The answer is a UserFieldResult.
func AddUserField(d UserFieldDraft) Command {
	field := Params{
		"entityId": d.EntityID, "fieldName": d.FieldName, "userTypeId": d.UserTypeID,
		"multiple": Bool(d.Multiple).String(), "mandatory": Bool(d.Mandatory).String(),
	}
	setText(field, "xmlId", d.XMLID)
	field["showFilter"] = Bool(d.ShowFilter).String()
	if d.Label != "" {
		field["editFormLabel"] = Params{"ru": d.Label}
	}
	if d.Sort > 0 {
		field["sort"] = d.Sort
	}
	if len(d.Settings) > 0 {
		field["settings"] = d.Settings
	}
	if len(d.Enum) > 0 {
		field["enum"] = enumParams(d.Enum)
	}
	return Command{Method: "userfieldconfig.add", Params: Params{"moduleId": "crm", "field": field}}
}

func enumParams(values []EnumValue) []any {
	list := make([]any, 0, len(values))
	for i, v := range values {
		sort := int(v.Sort)
		if sort == 0 {
			sort = 100 * (i + 1)
		}
		list = append(list, Params{
			"value": string(v.Value), "xmlId": string(v.XMLID), "def": v.Def.String(), "sort": sort,
		})
	}
	return list
}

// ListUserFields reads a page of 50 fields of a type of CRM objects, by default the first one; the answer is a UserFieldsResult.
func ListUserFields(entityID string) Command {
	return Command{Method: "userfieldconfig.list", Params: Params{
		"moduleId": "crm", "select": Params{"0": "*", "language": "ru"},
		"filter": Params{"entityId": entityID}, "order": Params{"id": "ASC"},
	}}
}

// GetUserField reads one field with the values of an enumeration, which lists omit; the answer is a UserFieldResult.
func GetUserField(id ID) Command {
	return Command{Method: "userfieldconfig.get", Params: Params{"moduleId": "crm", "id": int64(id)}}
}
