package crm

import (
	"context"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// field is one of our user fields: our name and how the CRM shows it.
type field struct {
	name, label, kind string
	multiple          bool
	options           []option
}

type option struct{ name, label string }

// itemFields are our fields of the smart process «Акты».
var itemFields = []field{
	{name: "medium", label: "Тип акта", kind: "enumeration", options: []option{
		{string(acts.MediumPaper), acts.MediumPaper.Label()}, {string(acts.MediumElectronic), acts.MediumElectronic.Label()}}},
	{name: "party", label: "Вид контрагента", kind: "enumeration", options: []option{
		{string(acts.PartyPerson), acts.PartyPerson.Label()}, {string(acts.PartyCompany), acts.PartyCompany.Label()}}},
	{name: "channel", label: "Способ отправки", kind: "enumeration", options: []option{
		{string(acts.ChannelEmail), acts.ChannelEmail.Label()}, {string(acts.ChannelPost), acts.ChannelPost.Label()}, {string(acts.ChannelEDO), acts.ChannelEDO.Label()}}},
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
	{name: "file_signed", label: acts.SideSigned.Label(), kind: "file", multiple: true},
}

// dealFields are the fields that we add to deals.
var dealFields = []field{
	{name: "operator", label: "Оператор ЭДО контрагента", kind: "string"},
	{name: "participant", label: "Идентификатор ЭДО контрагента", kind: "string"},
	{name: "exchange", label: "Способ обмена актами", kind: "string"},
}

// partyFields are the fields that we add to companies and contacts.
var partyFields = []field{
	{name: "exchange", label: "Способ обмена актами", kind: "string"},
	{name: "operator", label: "Оператор ЭДО", kind: "string"},
	{name: "participant", label: "Идентификатор ЭДО", kind: "string"},
}

// itemFieldPrefix returns the prefix of the upper-case names of our item fields.
func (i *installer) itemFieldPrefix() string { return "UF_" + i.itemEntityID() + "_" }

// The prefixes of the names of our other fields. A name begins with UF_ and the whole name of the entity
// (apidocs.bitrix24.ru/api-reference/crm/universal/userfieldconfig/userfieldconfig-add.html).
const (
	dealPrefix    = "UF_CRM_DEAL_ACTS_"
	companyPrefix = "UF_CRM_COMPANY_ACTS_"
	contactPrefix = "UF_CRM_CONTACT_ACTS_"
)

// planFields plans the missing user fields of items, deals and parties.
func (i *installer) planFields(res results) error {
	for _, set := range []struct {
		key, entity, prefix, of string
		want                    []field
	}{
		{"itemfields", i.itemEntityID(), i.itemFieldPrefix(), "акта", itemFields},
		{"dealfields", "CRM_DEAL", dealPrefix, "сделки", dealFields},
		{"companyfields", "CRM_COMPANY", companyPrefix, "компании", partyFields},
		{"contactfields", "CRM_CONTACT", contactPrefix, "контакта", partyFields},
	} {
		var have []bitrix24.UserField
		if set.key != "itemfields" || i.portal.TypeID != 0 { // a smart process that does not exist yet has no fields
			var err error
			if have, err = userFields(res, set.key); err != nil {
				return fmt.Errorf("user fields of %s: %w", set.entity, err)
			}
		}
		known := map[string]bool{}
		for _, f := range have {
			known[strings.ToUpper(string(f.EntityID))+" "+strings.ToUpper(string(f.FieldName))] = true
		}
		for n, f := range set.want {
			upper := set.prefix + strings.ToUpper(f.name)
			if !known[set.entity+" "+upper] {
				i.planCommand(workflow.PartFields, bitrix24.AddUserField(f.draft(set.entity, upper, n)), "поле «%s» %s", f.label, set.of)
			}
		}
	}
	return nil
}

// userFields returns the user fields on all pages of a list.
func userFields(res results, key string) ([]bitrix24.UserField, error) {
	return allRows(res, key, func(page bitrix24.UserFieldsResult) []bitrix24.UserField { return page.Fields })
}

// readNames fetches the CRM's names of our fields when some were created, or when not all are known.
func (i *installer) readNames(ctx context.Context) error {
	if len(i.plan[workflow.PartFields]) > 0 || !i.namesKnown() {
		return i.fetchNames(ctx)
	}
	i.made.Portal = i.portal
	return nil
}

// fetchNames fetches the names of our fields in crm.item.*, whose rule is not documented, and the ids of our enumeration values.
func (i *installer) fetchNames(ctx context.Context) error {
	res, err := i.run(ctx, singleGroups(
		bitrix24.GetItemFields(i.itemType()).As("items"),
		bitrix24.GetItemFields(bitrix24.DealType).As("deals"),
		bitrix24.GetItemFields(bitrix24.CompanyType).As("companies"),
		bitrix24.GetItemFields(bitrix24.ContactType).As("contacts"),
		bitrix24.ListUserFields(i.itemEntityID()).As("values"),
	)...)
	if err != nil {
		return fmt.Errorf("names of fields: %w", err)
	}
	items, err := camelNames(res, "items", i.itemFieldPrefix(), itemFields)
	if err != nil {
		return err
	}
	deals, err := camelNames(res, "deals", dealPrefix, dealFields)
	if err != nil {
		return err
	}
	parties, err := camelNames(res, "companies", companyPrefix, partyFields)
	if err != nil {
		return err
	}
	contacts, err := camelNames(res, "contacts", contactPrefix, partyFields)
	if err != nil {
		return err
	}
	for name, theirs := range contacts {
		parties[store.OfContact+name] = theirs
	}
	have, err := userFields(res, "values")
	if err != nil {
		return fmt.Errorf("values of fields: %w", err)
	}
	options, err := i.readOptions(ctx, have)
	if err != nil {
		return err
	}
	i.made.Portal = i.portal.WithNames(i.stageIDs(), items, deals, parties, options)
	return nil
}

// readOptions fetches the ids of our enumeration values by our names; lists of fields leave the values out.
func (i *installer) readOptions(ctx context.Context, fields []bitrix24.UserField) (map[string]string, error) {
	var commands []bitrix24.Command
	for _, f := range fields {
		if f.UserTypeID == "enumeration" {
			commands = append(commands, bitrix24.GetUserField(f.ID).As("f"+f.ID.String()))
		}
	}
	res, err := i.run(ctx, singleGroups(commands...)...)
	if err != nil {
		return nil, fmt.Errorf("values of fields: %w", err)
	}
	ids := map[string]string{}
	for _, c := range commands {
		var got bitrix24.UserFieldResult
		if err := res.get(c.Key, &got); err != nil {
			return nil, fmt.Errorf("values of fields: %w", err)
		}
		for _, value := range got.Field.Enum {
			ids[string(value.XMLID)] = value.ID.String()
		}
	}
	return ids, nil
}

// camelNames returns the names in crm.item.* of our fields, by our names; "" for one that does not exist.
func camelNames(res results, key, prefix string, want []field) (map[string]string, error) {
	var got bitrix24.ItemFieldsResult
	if err := res.get(key, &got); err != nil {
		return nil, fmt.Errorf("names of fields: %w", err)
	}
	known, names := got.Fields.CamelNames(), map[string]string{}
	for _, f := range want {
		names[f.name] = known[prefix+strings.ToUpper(f.name)]
	}
	return names, nil
}

func (f field) draft(entity, upper string, n int) bitrix24.UserFieldDraft {
	d := bitrix24.UserFieldDraft{EntityID: entity, FieldName: upper, UserTypeID: f.kind, XMLID: "acts24_" + f.name, Label: f.label,
		Multiple: f.multiple, ShowFilter: f.kind != "file" && f.kind != "url", Sort: 100 + 10*n}
	for at, o := range f.options {
		d.Enum = append(d.Enum, bitrix24.EnumValue{Value: bitrix24.Text(o.label), XMLID: bitrix24.Text(o.name), Sort: bitrix24.ID(10 * (at + 1))})
	}
	return d
}
