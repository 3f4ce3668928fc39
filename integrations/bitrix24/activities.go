package bitrix24

import "context"

// Activity is an entry of the timeline of a CRM object, such as a letter (section 6.3).
type Activity struct {
	ID            ID         `json:"ID"`
	OwnerTypeID   EntityType `json:"OWNER_TYPE_ID"`
	OwnerID       ID         `json:"OWNER_ID"`
	TypeID        ID         `json:"TYPE_ID"`
	Direction     ID         `json:"DIRECTION"`
	Subject       Text       `json:"SUBJECT"`
	Completed     Bool       `json:"COMPLETED"`
	ResponsibleID ID         `json:"RESPONSIBLE_ID"`
	Created       Moment     `json:"CREATED"`
	OriginatorID  Text       `json:"ORIGINATOR_ID"`
	OriginID      Text       `json:"ORIGIN_ID"`
}

// ListActivities reads the first 50 activities that match; the answer is a List of Activity. Keys are upper-case.
func ListActivities(filter Params) Command {
	p := Params{"select": []string{
		"ID", "OWNER_TYPE_ID", "OWNER_ID", "TYPE_ID", "DIRECTION", "SUBJECT", "COMPLETED", "RESPONSIBLE_ID", "CREATED",
		"ORIGINATOR_ID", "ORIGIN_ID",
	}}
	setList(p, nil, filter, Params{"ID": "ASC"})
	return Command{Method: "crm.activity.list", Params: p}
}

// OfOrigin is the filter of activities that carry our key.
func OfOrigin(originator, origin string) Params {
	return Params{"ORIGINATOR_ID": originator, "ORIGIN_ID": origin}
}

// DeleteActivity removes an activity; the answer is true.
func DeleteActivity(id ID) Command {
	return Command{Method: "crm.activity.delete", Params: Params{"id": int64(id)}}
}

// Activities reads all activities that match.
func (c *Client) Activities(ctx context.Context, filter Params) ([]Activity, error) {
	return all(ctx, c, ListActivities(filter), "start", plain[Activity])
}

// DeleteActivity removes an activity.
func (c *Client) DeleteActivity(ctx context.Context, id ID) error {
	return c.Run(ctx, DeleteActivity(id), nil)
}
