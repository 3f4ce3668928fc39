package bitrix24

import (
	"context"
)

// UserField is a field that an administrator or we added to a kind of objects (section 4.2).
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

// EnumValue is a value of an enumeration; its ID differs from portal to portal, so it is found by XMLID.
type EnumValue struct {
	ID    ID   `json:"id"`
	Value Text `json:"value"`
	XMLID Text `json:"xmlId"`
	Sort  ID   `json:"sort"`
	Def   Bool `json:"def"`
}

// UserFieldResult is what userfieldconfig.add answers.
type UserFieldResult struct {
	Field UserField `json:"field"`
}

// UserFieldsResult is what userfieldconfig.list answers.
type UserFieldsResult struct {
	Fields List[UserField] `json:"fields"`
}

// UserFieldDraft is a field to be added; FieldName starts with UF_ and the entity: UF_CRM_7_NUMBER.
type UserFieldDraft struct {
	EntityID, FieldName, UserTypeID, XMLID string
	Label                                  string // in Russian
	Multiple, Mandatory                    bool
	ShowFilter                             string // N, I, E or S; N when empty
	Sort                                   int
	Settings                               Params
	Enum                                   []EnumValue // Value, XMLID, Sort and Def are used
}

// AddUserField adds a field to a kind of CRM objects; errors come without a code. The answer is a UserFieldResult.
func AddUserField(d UserFieldDraft) Command {
	field := Params{
		"entityId": d.EntityID, "fieldName": d.FieldName, "userTypeId": d.UserTypeID,
		"multiple": Bool(d.Multiple).String(), "mandatory": Bool(d.Mandatory).String(),
	}
	setText(field, "xmlId", d.XMLID)
	setText(field, "showFilter", d.ShowFilter)
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

// ListUserFields reads the first 50 fields of a kind of CRM objects; the answer is a UserFieldsResult.
func ListUserFields(entityID string) Command {
	return Command{Method: "userfieldconfig.list", Params: Params{
		"moduleId": "crm", "select": Params{"0": "*", "language": "ru"},
		"filter": Params{"entityId": entityID}, "order": Params{"id": "ASC"},
	}}
}

// GetUserField reads one field with the values of an enumeration, which lists leave out; the answer is a UserFieldResult.
func GetUserField(id ID) Command {
	return Command{Method: "userfieldconfig.get", Params: Params{"moduleId": "crm", "id": int64(id)}}
}

// AddUserField adds a field to a kind of CRM objects.
func (c *Client) AddUserField(ctx context.Context, d UserFieldDraft) (UserField, error) {
	out, err := fetch[UserFieldResult](ctx, c, AddUserField(d))
	return out.Field, err
}

// UserFields reads all fields of a kind of CRM objects: CRM_DEAL, CRM_COMPANY, CRM_7.
func (c *Client) UserFields(ctx context.Context, entityID string) ([]UserField, error) {
	return all(ctx, c, ListUserFields(entityID), "start", func(p UserFieldsResult) []UserField { return p.Fields })
}
