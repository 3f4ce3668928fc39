package crm

import (
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// originator marks the items that are ours; origin is the act's id, the key by which an item is found.
const originator = "acts24"

func originOf(a acts.Act) string { return fmt.Sprint(int64(a.ID)) }

func (d *dispatch) itemType() bitrix24.EntityType { return bitrix24.EntityType(d.portal.EntityTypeID) }

// itemFields is the item that the act should have, by the CRM's own names.
func (d *dispatch) itemFields(w *workflow.ItemWish) map[string]string {
	a := w.Act
	fields := map[string]string{
		"title":       clean(a.Title()),
		"stageId":     d.portal.ItemStage(a.Status),
		"parentId2":   fmt.Sprint(int64(a.Deal)),
		"companyId":   fmt.Sprint(int64(a.Company)),
		"mycompanyId": fmt.Sprint(int64(a.OwnCompany)),
		"opportunity": a.Totals.Gross.String(),
		"currencyId":  "RUB",
	}
	if a.Responsible != 0 {
		fields["assignedById"] = fmt.Sprint(int64(a.Responsible))
	}
	own := map[string]string{
		"medium": d.portal.Option(string(a.Medium)), "party": d.portal.Option(string(a.PartyKind)), "channel": d.portal.Option(string(a.Channel)),
		"operator": operatorName(a.Operator), "participant": a.Buyer.Participant, "note": clean(noteOf(a)),
		"number": clean(a.Number), "date": a.Date.Format("2006-01-02"), "net": a.Totals.Net.String(), "tax": a.Totals.Tax.String(),
		"delivery": a.Delivery.Label(), "link": w.Link,
	}
	if a.Medium == acts.Paper {
		own["delivery"] = ""
	}
	for name, value := range own {
		if field := d.portal.ItemField(name); field != "" {
			fields[field] = value
		}
	}
	return fields
}

// noteOf is why the act stands as it does: a person's reason, else what the operator said.
func noteOf(a acts.Act) string {
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

// clean drops what the CRM would not keep as it is.
func clean(text string) string { return strings.Join(strings.Fields(text), " ") }

// itemCommands create the item with its product rows, or update what differs from the last reading. Where it is not
// known how far an earlier try has come there is no reading, and all is written.
func (d *dispatch) itemCommands(i int, w *workflow.ItemWish) []bitrix24.Command {
	fields := d.itemFields(w)
	if w.Act.Item != 0 {
		params := bitrix24.Params{}
		for name, value := range fields {
			if wanted(w.Base, name, value) {
				params[name] = value
			}
		}
		if w.Base == nil {
			params["originatorId"], params["originId"] = originator, originOf(w.Act)
		}
		if len(params) == 0 {
			d.settle(i, workflow.Result{Item: w.Act.Item, Base: w.Base})
			return nil
		}
		commands := []bitrix24.Command{bitrix24.UpdateItem(d.itemType(), bitrix24.ID(w.Act.Item), params).As(key("do", i))}
		if w.Base == nil {
			commands = append(commands, bitrix24.SetProductRows(d.itemType(), bitrix24.ID(w.Act.Item), rowsOf(w.Act)).As(key("rows", i)))
		}
		return commands
	}
	params := bitrix24.Params{"originatorId": originator, "originId": originOf(w.Act)}
	for name, value := range fields {
		params[name] = value
	}
	return []bitrix24.Command{
		bitrix24.AddItem(d.itemType(), params).As(key("do", i)),
		bitrix24.SetProductRows(d.itemType(), 0, rowsOf(w.Act)).With(bitrix24.Ref(key("do", i), "item", "id"), "ownerId").As(key("rows", i)),
	}
}

// wanted reports whether a value is to be written: we have not asked for it last, and the CRM does not hold it.
func wanted(base map[string]string, name, value string) bool {
	if asked, ok := base["="+name]; ok {
		return asked != value
	}
	held, ok := base[name]
	return !ok || held != value
}

func rowsOf(a acts.Act) []bitrix24.ProductRow {
	rows := make([]bitrix24.ProductRow, len(a.Lines))
	for i, l := range a.Lines {
		rows[i] = bitrix24.ProductRow{ProductName: bitrix24.Text(l.Name), Quantity: bitrix24.Amount{Decimal: l.Quantity},
			Price: bitrix24.Amount{Decimal: l.Price}, TaxIncluded: true, Sort: bitrix24.ID(10 * (i + 1))}
		if l.Rate != acts.NoVAT {
			rows[i].TaxRate = bitrix24.Some(bitrix24.Amount{Decimal: l.Rate.Percent()})
		}
	}
	return rows
}

// wroteItem keeps two things of every field: what we asked for ("=name") and what the CRM made of it ("name").
func (d *dispatch) wroteItem(res *bitrix24.BatchResult, i int, w *workflow.ItemWish) workflow.Result {
	var got bitrix24.ItemResult[bitrix24.Item]
	if err := res.Get(key("do", i), &got); err != nil {
		return workflow.Result{Err: writing(err)}
	}
	if w.Act.Item == 0 || w.Base == nil {
		if err := res.Err(key("rows", i)); err != nil { // the item is there without its rows
			return workflow.Result{Err: fmt.Errorf("%w: %w", workflow.ErrUnclear, err)}
		}
	}
	base := map[string]string{}
	for name, value := range w.Base { // files of the card that are no copies
		if strings.HasPrefix(name, "=file") {
			base[name] = value
		}
	}
	for name, value := range d.itemFields(w) {
		base["="+name], base[name] = value, got.Item.Raw.Text(name)
		if held, known := w.Base[name]; known && !wanted(w.Base, name, value) { // what a person has changed there meanwhile is still to be seen
			base[name] = held
		}
	}
	events := 1
	if w.Act.Item == 0 || w.Base == nil { // the rows change the item's sums
		events = 2
	}
	return workflow.Result{Item: acts.ItemID(got.Item.ID), Base: base, Events: events}
}
