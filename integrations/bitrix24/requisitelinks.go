package bitrix24

import "context"

// RequisiteLink is the choice made in a deal or element: the client's requisites and ours; 0 is none (section 3.5).
type RequisiteLink struct {
	EntityTypeID   EntityType `json:"ENTITY_TYPE_ID"`
	EntityID       ID         `json:"ENTITY_ID"`
	RequisiteID    ID         `json:"REQUISITE_ID"`
	BankDetailID   ID         `json:"BANK_DETAIL_ID"`
	MyRequisiteID  ID         `json:"MC_REQUISITE_ID"`
	MyBankDetailID ID         `json:"MC_BANK_DETAIL_ID"`
}

// Address is one address; those of a company belong to its requisites (section 3.5).
type Address struct {
	TypeID       ID         `json:"TYPE_ID"` // 1 actual, 6 legal
	EntityTypeID EntityType `json:"ENTITY_TYPE_ID"`
	EntityID     ID         `json:"ENTITY_ID"`
	Address1     Text       `json:"ADDRESS_1"`
	Address2     Text       `json:"ADDRESS_2"`
	City         Text       `json:"CITY"`
	PostalCode   Text       `json:"POSTAL_CODE"`
	Region       Text       `json:"REGION"`
	Province     Text       `json:"PROVINCE"`
	Country      Text       `json:"COUNTRY"`
	CountryCode  Text       `json:"COUNTRY_CODE"`
	AnchorTypeID EntityType `json:"ANCHOR_TYPE_ID"`
	AnchorID     ID         `json:"ANCHOR_ID"`
}

// GetRequisiteLink reads the choice of an object; the answer is a RequisiteLink. Without a choice the portal answers
// an error that IsNotFound recognises.
func GetRequisiteLink(t EntityType, id ID) Command {
	return Command{Method: "crm.requisite.link.get", Params: Params{"entityTypeId": int(t), "entityId": int64(id)}}
}

// ListRequisiteLinks reads the choice of an object as a list, empty without a choice; the answer is a List of
// RequisiteLink. In a batch it is kinder than GetRequisiteLink.
func ListRequisiteLinks(t EntityType, id ID) Command {
	return Command{Method: "crm.requisite.link.list", Params: Params{
		"filter": Params{"ENTITY_TYPE_ID": int(t), "ENTITY_ID": int64(id)},
	}}
}

// ListAddresses reads the first 50 addresses of a requisite; the answer is a List of Address.
func ListAddresses(requisite ID) Command {
	return Command{Method: "crm.address.list", Params: Params{
		"filter": Params{"ENTITY_TYPE_ID": int(RequisiteType), "ENTITY_ID": int64(requisite)},
		"order":  Params{"TYPE_ID": "ASC"},
	}}
}

// RequisiteLink reads the choice of an object.
func (c *Client) RequisiteLink(ctx context.Context, t EntityType, id ID) (RequisiteLink, error) {
	return fetch[RequisiteLink](ctx, c, GetRequisiteLink(t, id))
}

// RequisiteLinks reads the choice of an object, none or one.
func (c *Client) RequisiteLinks(ctx context.Context, t EntityType, id ID) ([]RequisiteLink, error) {
	return fetch[List[RequisiteLink]](ctx, c, ListRequisiteLinks(t, id))
}

// Addresses reads all addresses of a requisite.
func (c *Client) Addresses(ctx context.Context, requisite ID) ([]Address, error) {
	return all(ctx, c, ListAddresses(requisite), "start", plain[Address])
}
