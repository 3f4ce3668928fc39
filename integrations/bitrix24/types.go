package bitrix24

import (
	"context"
	"strconv"
)

// Type is a smart process. ID and EntityTypeID must not be mixed: the first is in the names of user fields, the
// second in every call (section 4.1).
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

// FieldsEntity names the smart process in methods of user fields: CRM_7.
func (t Type) FieldsEntity() string { return "CRM_" + t.ID.String() }

// TypeResult is what crm.type.add answers.
type TypeResult struct {
	Type Type `json:"type"`
}

// TypesResult is what crm.type.list answers.
type TypesResult struct {
	Types List[Type] `json:"types"`
}

// Relation binds a smart process to a parent or child kind of objects.
type Relation struct {
	Type     EntityType
	ListOnIt bool // the card of the parent lists its children
}

// TypeDraft is a smart process to be created. Flags are Y/N values by their names of section 4.1.
type TypeDraft struct {
	Title    string
	Flags    map[string]bool
	Parents  []Relation
	InFields []string // user fields that may point to it, such as TASKS_TASK|UF_CRM_TASK
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

// relations are written with "true" and "false": Y and N are ignored here without an error (section 12, pitfall 14).
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

// Types reads all smart processes that match.
func (c *Client) Types(ctx context.Context, filter Params) ([]Type, error) {
	return all(ctx, c, ListTypes(filter), "start", func(p TypesResult) []Type { return p.Types })
}
