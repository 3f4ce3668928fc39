package crm

import (
	"cmp"
	"context"
	"slices"

	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// exchangeFields returns the values of our fields about the exchange of acts; name maps our names to those of the CRM.
func exchangeFields(w *workflow.FieldsChange, name func(string) string) bitrix24.Params {
	params := bitrix24.Params{}
	for ours, value := range map[string]string{"exchange": w.Exchange, "operator": w.Operator, "participant": w.Participant} {
		if field := name(ours); field != "" {
			params[field] = value
		}
	}
	return params
}

// fieldCommands returns the commands that write an answer to the deal and to its company, or to the contact of a deal without one.
func (d *delivery) fieldCommands(i int, w *workflow.FieldsChange) []bitrix24.Command {
	commands := []bitrix24.Command{bitrix24.UpdateItem(bitrix24.DealType, bitrix24.ID(w.Deal), exchangeFields(w, d.portal.DealField)).As(key("do", i))}
	kind, party, name := bitrix24.CompanyType, bitrix24.ID(w.Company), d.portal.CompanyField
	if w.Company == 0 {
		kind, party, name = bitrix24.ContactType, bitrix24.ID(w.Contact), d.portal.ContactField
	}
	if fields := exchangeFields(w, name); party != 0 && len(fields) > 0 {
		commands = append(commands, bitrix24.UpdateItem(kind, party, fields).As(key("party", i)))
	}
	return commands
}

// fieldsError returns the error of the commands; a deleted counterparty is no error.
func (d *delivery) fieldsError(res *bitrix24.BatchResult, i int, w *workflow.FieldsChange) error {
	if err := res.Err(key("do", i)); err != nil {
		return writeError(err)
	}
	if len(d.fieldCommands(i, w)) == 1 {
		return nil
	}
	if err := res.Err(key("party", i)); err != nil && !bitrix24.IsNotFound(err) {
		return writeError(err)
	}
	return nil
}

// DealFieldNames returns the names in crm.item.* of deal fields that are given by their codes. Both maps have the same keys, parts of an answer or
// of a basis; fields that the portal does not have are missing.
func (a *Adapter) DealFieldNames(ctx context.Context, p store.Portal, codes map[string]string) (map[string]string, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	fields, err := client.ItemFields(ctx, bitrix24.DealType)
	if err != nil {
		return nil, readError(err)
	}
	known, names := fields.CamelNames(), map[string]string{}
	for part, code := range codes {
		if name := known[code]; name != "" {
			names[part] = name
		}
	}
	return names, nil
}

// DealFields returns the single-value user fields of deals that are not ours, ordered by title.
func (a *Adapter) DealFields(ctx context.Context, p store.Portal) ([]workflow.DealField, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	fields, err := client.ItemFields(ctx, bitrix24.DealType)
	if err != nil {
		return nil, readError(err)
	}
	ours := map[string]bool{}
	for _, f := range dealFields {
		ours[p.DealField(f.name)] = true
	}
	var list []workflow.DealField
	for name, f := range fields {
		if bool(f.IsDynamic) && !bool(f.IsMultiple) && !ours[name] {
			list = append(list, workflow.DealField{Code: string(f.UpperName), Name: name, Title: tidy(f.Title), Type: string(f.Type)})
		}
	}
	slices.SortFunc(list, func(a, b workflow.DealField) int {
		return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.Code, b.Code))
	})
	return list, nil
}

// answerField returns the name of the deal field for a part of the answer: the field of a Bitrix24 form that was chosen, else our own.
func answerField(p store.Portal, part string) string {
	return first(p.DealField(store.PortalFieldPrefix+part), p.DealField(part))
}
