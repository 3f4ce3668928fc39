package bitrix24

import (
	"context"
	"maps"
	"net/http"
	"slices"
)

// ItemResult is what crm.item.get, add and update answer; T is Item, Deal, Company or Contact.
type ItemResult[T any] struct {
	Item T `json:"item"`
}

// ItemsResult is what crm.item.list answers.
type ItemsResult[T any] struct {
	Items List[T] `json:"items"`
}

// ItemQuery asks for objects of one kind. Names are camelCase; user fields in a filter of yes and no take 1 and 0
// (section 3.1).
type ItemQuery struct {
	Type   EntityType
	Select []string
	Filter Params
	Order  Params // field to ASC or DESC
	Start  int    // 0, 50, 100…; -1 switches counting off
}

// GetItem reads one object; the answer is an ItemResult.
func GetItem(t EntityType, id ID) Command {
	return Command{Method: "crm.item.get", Params: Params{"entityTypeId": int(t), "id": int64(id)}}
}

// ListItems reads a page of 50 objects; the answer is an ItemsResult.
func ListItems(q ItemQuery) Command {
	p := Params{"entityTypeId": int(q.Type)}
	setList(p, q.Select, q.Filter, q.Order)
	if q.Start != 0 {
		p["start"] = q.Start
	}
	return Command{Method: "crm.item.list", Params: p}
}

// AddItem creates an object. It is not idempotent: after an unclear end look for the object before repeating.
func AddItem(t EntityType, fields Params) Command {
	return Command{Method: "crm.item.add", Params: Params{"entityTypeId": int(t), "fields": fields}}
}

// UpdateItem changes the given fields only; values that are already there raise no event.
func UpdateItem(t EntityType, id ID, fields Params) Command {
	return Command{Method: "crm.item.update", Params: Params{"entityTypeId": int(t), "id": int64(id), "fields": fields}}
}

// DeleteItem removes an object; the answer is empty.
func DeleteItem(t EntityType, id ID) Command {
	return Command{Method: "crm.item.delete", Params: Params{"entityTypeId": int(t), "id": int64(id)}}
}

// Deal reads one deal.
func (c *Client) Deal(ctx context.Context, id ID) (*Deal, error) {
	return one[Deal](ctx, c, GetItem(DealType, id))
}

// Company reads one company.
func (c *Client) Company(ctx context.Context, id ID) (*Company, error) {
	return one[Company](ctx, c, GetItem(CompanyType, id))
}

// Contact reads one contact.
func (c *Client) Contact(ctx context.Context, id ID) (*Contact, error) {
	return one[Contact](ctx, c, GetItem(ContactType, id))
}

// Item reads one element of a smart process.
func (c *Client) Item(ctx context.Context, t EntityType, id ID) (*Item, error) {
	return one[Item](ctx, c, GetItem(t, id))
}

// AddItem creates an element of a smart process and returns it as the CRM keeps it.
func (c *Client) AddItem(ctx context.Context, t EntityType, fields Params) (*Item, error) {
	return one[Item](ctx, c, AddItem(t, fields))
}

// UpdateItem changes an object and returns it as the CRM keeps it.
func (c *Client) UpdateItem(ctx context.Context, t EntityType, id ID, fields Params) (*Item, error) {
	return one[Item](ctx, c, UpdateItem(t, id, fields))
}

// DeleteItem removes an object.
func (c *Client) DeleteItem(ctx context.Context, t EntityType, id ID) error {
	return c.Run(ctx, DeleteItem(t, id), nil)
}

// one reads an object; an answer without its id is of no use to anybody.
func one[T Numbered](ctx context.Context, c *Client, cmd Command) (*T, error) {
	out, err := fetch[ItemResult[T]](ctx, c, cmd)
	if err == nil && out.Item.Number() == 0 {
		err = &Error{Method: cmd.Method, Status: http.StatusOK, cause: ErrUnreadable}
	}
	if err != nil {
		return nil, err
	}
	return &out.Item, nil
}

// setList adds the parts of a list query that are not empty.
func setList(p Params, fields []string, filter, order Params) {
	if len(fields) > 0 {
		p["select"] = slices.Clone(fields)
	}
	if len(filter) > 0 {
		p["filter"] = maps.Clone(filter)
	}
	if len(order) > 0 {
		p["order"] = maps.Clone(order)
	}
}
