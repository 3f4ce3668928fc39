package crm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// itemKeyPrefix is the prefix of the xmlId of our items, the only field of a smart process for the key of an external system
// (apidocs.bitrix24.ru/api-reference/crm/universal/object-fields.html).
const itemKeyPrefix = "acts24-"

// itemKey returns the xmlId of the item of an act.
func itemKey(a acts.Act) string { return fmt.Sprint(itemKeyPrefix, int64(a.ID)) }

// actOfKey returns the act of an item by its xmlId, 0 when it is not our key.
func actOfKey(xmlID string) acts.ActID {
	digits, ours := strings.CutPrefix(xmlID, itemKeyPrefix)
	id, err := strconv.ParseInt(digits, 10, 64)
	if !ours || err != nil {
		return 0
	}
	return acts.ActID(id)
}

// taxOfItem is the field of the tax. The vendor does not document whether the portal changes the written value, so it is not compared.
const taxOfItem = "taxValue"

func (d *delivery) itemType() bitrix24.EntityType { return bitrix24.EntityType(d.portal.EntityTypeID) }

// itemFields returns the values that the item of the act should have, by the CRM's names of fields.
func (d *delivery) itemFields(w *workflow.ItemChange) map[string]string {
	a := w.Act
	fields := map[string]string{
		"title":       collapseSpaces(a.Title()),
		"stageId":     d.portal.ItemStage(a.Status),
		"parentId2":   fmt.Sprint(int64(a.Deal)),
		"companyId":   fmt.Sprint(int64(a.Company)),
		"mycompanyId": fmt.Sprint(int64(w.MyCompany)),
		"opportunity": a.Totals.Gross.String(),
		"currencyId":  "RUB",

		// Otherwise the portal recalculates the sum from its own rounding of the rows
		// (apidocs.bitrix24.ru/api-reference/crm/universal/crm-item-add.html).
		"isManualOpportunity": "Y",
		taxOfItem:             a.Totals.Tax.String(),
	}
	if w.DealGone {
		delete(fields, "parentId2")
	}
	if a.Responsible != 0 {
		fields["assignedById"] = fmt.Sprint(int64(a.Responsible))
	}
	own := map[string]string{
		"medium": d.portal.Option(string(a.Medium)), "party": d.portal.Option(string(a.PartyKind)), "channel": d.portal.Option(string(a.Channel)),
		"operator": operatorName(a.Operator), "participant": a.Buyer.Participant, "note": collapseSpaces(actNote(a)),
		"number": collapseSpaces(a.NumberLabel()), "date": a.Date.Format("2006-01-02"), "net": a.Totals.Net.String(), "tax": a.Totals.Tax.String(),
		"delivery": a.Delivery.Label(), "link": w.Link,
	}
	if a.Medium == acts.MediumPaper {
		own["delivery"] = ""
	}
	for name, value := range own {
		if field := d.portal.ItemField(name); field != "" {
			fields[field] = value
		}
	}
	return fields
}

// actNote returns the reason of the act's state: a user's, else the operator's.
func actNote(a acts.Act) string {
	if a.Reason != "" {
		return a.Reason
	}
	return a.DeliveryNote
}

func operatorName(prefix string) string {
	if o, ok := acts.OperatorByPrefix(prefix); ok {
		return o.Name
	}
	return prefix
}

// collapseSpaces removes repeated spaces, which the CRM does not store.
func collapseSpaces(text string) string { return strings.Join(strings.Fields(text), " ") }

// itemCommands returns the commands that create the item with its product rows, or update the fields that differ from its base. Without a
// base the result of an earlier attempt is unknown, so everything is written.
func (d *delivery) itemCommands(i int, w *workflow.ItemChange) []bitrix24.Command {
	fields := d.itemFields(w)
	if w.Act.Item != 0 {
		params := bitrix24.Params{}
		for name, value := range fields {
			if mustWrite(w.Base, name, value) {
				params[name] = value
			}
		}
		if w.Base == nil {
			params["xmlId"] = itemKey(w.Act)
		}
		if len(params) == 0 {
			d.finish(i, workflow.Result{Item: w.Act.Item, Base: w.Base, RowsLeft: w.Base[workflow.RowsMark] != rowsDigest(w.Act)})
			return nil
		}
		commands := []bitrix24.Command{bitrix24.UpdateItem(d.itemType(), bitrix24.ID(w.Act.Item), params).As(key("do", i))}
		if w.Base == nil {
			commands = withRows(commands, d.setRows(w.Act).As(key("rows", i)))
		}
		return commands
	}
	params := bitrix24.Params{"xmlId": itemKey(w.Act)}
	for name, value := range fields {
		params[name] = value
	}
	return withRows([]bitrix24.Command{bitrix24.AddItem(d.itemType(), params).As(key("do", i))},
		d.setRows(w.Act).With(bitrix24.Ref(key("do", i), "item", "id"), "ownerId").As(key("rows", i)))
}

// withRows adds the command for the rows if it fits into a batch.
func withRows(commands []bitrix24.Command, rows bitrix24.Command) []bitrix24.Command {
	if rows.Check() != nil {
		return commands
	}
	return append(commands, rows)
}

func (d *delivery) setRows(a acts.Act) bitrix24.Command {
	return bitrix24.SetProductRows(d.itemType(), bitrix24.ID(a.Item), rowsOf(a))
}

// rowsDigest returns a digest of the rows of an act for the base of its item.
func rowsDigest(a acts.Act) string {
	sum := sha256.New()
	for _, r := range rowsOf(a) {
		fmt.Fprintln(sum, r.ProductName, r.Price, r.Quantity, r.TaxRate, r.TaxIncluded, r.MeasureCode, r.Sort)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// WriteRows replaces the product rows of an act's item and returns their digest. It is a direct call, which has no limit of values.
func (a *Adapter) WriteRows(ctx context.Context, p store.Portal, act acts.Act, checkLease func(context.Context) error) (string, error) {
	client, err := a.asPortal(p, checkLease)
	if err != nil {
		return "", err
	}
	if err := checkLease(ctx); err != nil {
		return "", err
	}
	if _, err := client.SetProductRows(ctx, bitrix24.EntityType(p.EntityTypeID), bitrix24.ID(act.Item), rowsOf(act)); err != nil {
		return "", writeError(err)
	}
	return rowsDigest(act), nil
}

// mustWrite reports whether a value must be written: it differs from what we wrote last, or, if we never wrote it, from what the CRM has.
func mustWrite(base map[string]string, name, value string) bool {
	if written, ok := base["="+name]; ok {
		return written != value
	}
	stored, ok := base[name]
	return !ok || stored != value
}

func rowsOf(a acts.Act) []bitrix24.ProductRow {
	rows := make([]bitrix24.ProductRow, len(a.Lines))
	for i, l := range a.Lines {
		rows[i] = bitrix24.ProductRow{ProductName: bitrix24.Text(l.Name), Quantity: bitrix24.Amount{Decimal: l.Quantity},
			Price: bitrix24.Amount{Decimal: l.UnitPrice()}, TaxIncluded: true, MeasureCode: measureOf(l.Unit), Sort: bitrix24.ID(10 * (i + 1))}
		if l.Rate != acts.NoVAT {
			rows[i].TaxRate = bitrix24.Some(bitrix24.Amount{Decimal: l.Rate.Percent()})
		}
	}
	return rows
}

// measureOf returns the code of a unit in the CRM, 0 for a row without a unit.
func measureOf(u acts.Unit) bitrix24.ID {
	code, err := strconv.ParseInt(u.Code, 10, 64)
	if err != nil {
		return 0
	}
	return bitrix24.ID(code)
}

// itemResult returns the result of writing an item. Its base has two values per field: what we wrote ("=name") and what the CRM stored
// ("name").
func (d *delivery) itemResult(res *bitrix24.BatchResult, i int, w *workflow.ItemChange) workflow.Result {
	var got bitrix24.ItemResult[bitrix24.Item]
	if err := res.Get(key("do", i), &got); err != nil {
		return workflow.Result{Err: writeError(err)}
	}
	base := map[string]string{}
	if mark := w.Base[workflow.RowsMark]; mark != "" {
		base[workflow.RowsMark] = mark
	}
	events, rows := 1, w.Act.Item == 0 || w.Base == nil
	if rows && res.Err(key("rows", i)) == nil {
		base[workflow.RowsMark] = rowsDigest(w.Act)
		events = 2 // the rows change the item's sums
	}
	for name, value := range w.Base { // files in the card that are not signed copies
		if strings.HasPrefix(name, "=file") {
			base[name] = value
		}
	}
	for name, value := range d.itemFields(w) {
		base["="+name], base[name] = value, got.Item.Raw.Text(name)
		if stored, known := w.Base[name]; known && !mustWrite(w.Base, name, value) { // a change by a user meanwhile must still be noticed
			base[name] = stored
		}
	}
	delete(base, taxOfItem)
	return workflow.Result{Item: acts.ItemID(got.Item.ID), Base: base, Events: events, RowsLeft: base[workflow.RowsMark] != rowsDigest(w.Act)}
}
