package bitrix24

import "context"

// ItemFieldsResult is what crm.item.fields answers.
type ItemFieldsResult struct {
	Fields ItemFields `json:"fields"`
}

// ItemFields describes the fields of a kind of objects by their camelCase names.
type ItemFields Map[ItemField]

// ItemField describes one field of crm.item.* (section 3.1).
type ItemField struct {
	Type       Text `json:"type"`
	Title      Text `json:"title"`
	UpperName  Text `json:"upperName"`
	IsRequired Bool `json:"isRequired"`
	IsReadOnly Bool `json:"isReadOnly"`
	IsMultiple Bool `json:"isMultiple"`
	IsDynamic  Bool `json:"isDynamic"` // a user field
}

// UnmarshalJSON reads every shape of a map.
func (f *ItemFields) UnmarshalJSON(data []byte) error {
	return (*Map[ItemField])(f).UnmarshalJSON(data)
}

// CamelNames leads from upper-case names to those of crm.item.*: UF_CRM_7_NUMBER to ufCrm7_NUMBER, as the portal
// itself writes them. The rule behind them is not documented, so no name is ever converted by hand.
func (f ItemFields) CamelNames() map[string]string {
	names := make(map[string]string, len(f))
	for camel, field := range f {
		if field.UpperName != "" {
			names[string(field.UpperName)] = camel
		}
	}
	return names
}

// GetItemFields reads the fields of a kind of objects; the answer is an ItemFieldsResult.
func GetItemFields(t EntityType) Command {
	return Command{Method: "crm.item.fields", Params: Params{"entityTypeId": int(t)}}
}

// ItemFields reads the fields of a kind of objects.
func (c *Client) ItemFields(ctx context.Context, t EntityType) (ItemFields, error) {
	out, err := fetch[ItemFieldsResult](ctx, c, GetItemFields(t))
	return out.Fields, err
}
