package crm

import (
	"context"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
)

// field is one of our user fields: our name of it and how the CRM shows it.
type field struct {
	name, label, kind string
	multiple          bool
	options           []option
}

type option struct{ name, label string }

// itemFields are the fields of the smart process «Акты» beside the CRM's own.
var itemFields = []field{
	{name: "medium", label: "Тип акта", kind: "enumeration", options: []option{
		{string(acts.Paper), acts.Paper.Label()}, {string(acts.Electronic), acts.Electronic.Label()}}},
	{name: "party", label: "Вид контрагента", kind: "enumeration", options: []option{
		{string(acts.Person), acts.Person.Label()}, {string(acts.Company), acts.Company.Label()}}},
	{name: "channel", label: "Способ отправки", kind: "enumeration", options: []option{
		{string(acts.ByEmail), acts.ByEmail.Label()}, {string(acts.ByPost), acts.ByPost.Label()}, {string(acts.ByEDO), acts.ByEDO.Label()}}},
	{name: "operator", label: "Оператор ЭДО", kind: "string"},
	{name: "participant", label: "Идентификатор ЭДО", kind: "string"},
	{name: "note", label: "Причина / замечания", kind: "string"},
	{name: "number", label: "Номер акта", kind: "string"},
	{name: "date", label: "Дата акта", kind: "date"},
	{name: "net", label: "Сумма без НДС", kind: "double"},
	{name: "tax", label: "Сумма НДС", kind: "double"},
	{name: "delivery", label: "Доставка ЭДО", kind: "string"},
	{name: "link", label: "Акт в приложении", kind: "url"},
	{name: "file_ours", label: "Акт, подписанный нами", kind: "file", multiple: true},
	{name: "file_theirs", label: "Акт, подписанный заявителем", kind: "file", multiple: true},
}

// dealFields are the fields that we add to deals.
var dealFields = []field{
	{name: "operator", label: "Оператор ЭДО контрагента", kind: "string"},
	{name: "participant", label: "Идентификатор ЭДО контрагента", kind: "string"},
}

func (i *installer) itemFields(ctx context.Context) error {
	entity := fmt.Sprintf("CRM_%d", i.portal.TypeID)
	return i.fields(ctx, entity, "UF_"+entity+"_", i.itemType(), itemFields, i.items)
}

func (i *installer) dealFields(ctx context.Context) error {
	return i.fields(ctx, "CRM_DEAL", "UF_CRM_ACTS_", bitrix24.DealType, dealFields, i.deals)
}

// fields adds the missing user fields and learns by which names crm.item.* knows them.
func (i *installer) fields(ctx context.Context, entity, prefix string, of bitrix24.EntityType, want []field, names map[string]string) error {
	have, err := i.client.UserFields(ctx, entity)
	if err != nil {
		return fmt.Errorf("user fields of %s: %w", entity, err)
	}
	known := map[string]bitrix24.UserField{}
	for _, f := range have {
		known[strings.ToUpper(string(f.FieldName))] = f
	}
	for n, f := range want {
		upper := prefix + strings.ToUpper(f.name)
		got, ok := known[upper]
		if !ok {
			if got, err = i.client.AddUserField(ctx, f.draft(entity, upper, n)); err != nil {
				return fmt.Errorf("add field %s: %w", upper, err)
			}
			i.did("добавлено поле «%s»", f.label)
		}
		for _, value := range got.Enum {
			i.options[string(value.XMLID)] = value.ID.String()
		}
		names[f.name] = upper
	}
	return i.camel(ctx, of, names)
}

// camel replaces upper-case names by those of crm.item.*; the rule behind them is not documented.
func (i *installer) camel(ctx context.Context, of bitrix24.EntityType, names map[string]string) error {
	fields, err := i.client.ItemFields(ctx, of)
	if err != nil {
		return fmt.Errorf("names of fields: %w", err)
	}
	camel := fields.CamelNames()
	for name, upper := range names {
		names[name] = camel[upper]
	}
	return nil
}

func (f field) draft(entity, upper string, n int) bitrix24.UserFieldDraft {
	d := bitrix24.UserFieldDraft{EntityID: entity, FieldName: upper, UserTypeID: f.kind, XMLID: "acts24_" + f.name, Label: f.label,
		Multiple: f.multiple, ShowFilter: "E", Sort: 100 + 10*n}
	if f.kind == "file" || f.kind == "url" {
		d.ShowFilter = "N"
	}
	for at, o := range f.options {
		d.Enum = append(d.Enum, bitrix24.EnumValue{Value: bitrix24.Text(o.label), XMLID: bitrix24.Text(o.name), Sort: bitrix24.ID(10 * (at + 1))})
	}
	return d
}
