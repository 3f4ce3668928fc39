package bitrix24

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
)

// ItemResult is what crm.item.get, add and update answer; T is Item, Deal, Company or Contact.
type ItemResult[T any] struct {
	Item T `json:"item"`
}

// ItemsResult is what crm.item.list answers.
type ItemsResult[T any] struct {
	Items List[T] `json:"items"`
}

// ItemQuery is a query for objects of one type. Names are camelCase; a filter by a boolean user field takes 1 and 0
// (docs/contracts/bitrix24.md, "CRM objects").
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

// AddItem creates an object. It is not idempotent: after an unclear result search for the object before repeating.
func AddItem(t EntityType, fields Params) Command {
	return Command{Method: "crm.item.add", Params: Params{"entityTypeId": int(t), "fields": fields}}
}

// UpdateItem changes the given fields only; unchanged values raise no event.
func UpdateItem(t EntityType, id ID, fields Params) Command {
	return Command{Method: "crm.item.update", Params: Params{"entityTypeId": int(t), "id": int64(id), "fields": fields}}
}

// Item reads one element of a smart process.
func (c *Client) Item(ctx context.Context, t EntityType, id ID) (*Item, error) {
	return readOne[Item](ctx, c, GetItem(t, id))
}

// UpdateItem changes an object and returns it as stored by the CRM.
func (c *Client) UpdateItem(ctx context.Context, t EntityType, id ID, fields Params) (*Item, error) {
	return readOne[Item](ctx, c, UpdateItem(t, id, fields))
}

// readOne reads an object; an answer without an id is an error.
func readOne[T Object](ctx context.Context, c *Client, cmd Command) (*T, error) {
	out, err := fetch[ItemResult[T]](ctx, c, cmd)
	if err == nil && out.Item.ObjectID() == 0 {
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

// ItemFieldsResult is what crm.item.fields answers.
type ItemFieldsResult struct {
	Fields ItemFields `json:"fields"`
}

// ItemFields describes the fields of an object type by their camelCase names.
type ItemFields Map[ItemField]

// ItemField describes one field of crm.item.* (docs/contracts/bitrix24.md, "CRM objects").
type ItemField struct {
	Type       Text `json:"type"`
	Title      Text `json:"title"`
	UpperName  Text `json:"upperName"`
	IsRequired Bool `json:"isRequired"`
	IsReadOnly Bool `json:"isReadOnly"`
	IsMultiple Bool `json:"isMultiple"`
	IsDynamic  Bool `json:"isDynamic"` // a user field
}

// UnmarshalJSON reads every format of a map.
func (f *ItemFields) UnmarshalJSON(data []byte) error {
	return (*Map[ItemField])(f).UnmarshalJSON(data)
}

// CamelNames maps upper-case names to those of crm.item.*: UF_CRM_7_NUMBER to ufCrm7_NUMBER, as the portal reports them. The rule is
// not documented, so we do not convert names ourselves.
func (f ItemFields) CamelNames() map[string]string {
	names := make(map[string]string, len(f))
	for camel, field := range f {
		if field.UpperName != "" {
			names[string(field.UpperName)] = camel
		}
	}
	return names
}

// GetItemFields reads the fields of an object type; the answer is an ItemFieldsResult.
func GetItemFields(t EntityType) Command {
	return Command{Method: "crm.item.fields", Params: Params{"entityTypeId": int(t)}}
}

// ItemFields reads the fields of an object type.
func (c *Client) ItemFields(ctx context.Context, t EntityType) (ItemFields, error) {
	out, err := fetch[ItemFieldsResult](ctx, c, GetItemFields(t))
	return out.Fields, err
}

// Item is an element of a smart process, read by crm.item.* (docs/contracts/bitrix24.md, "Items of the smart process").
type Item struct {
	ID           ID       `json:"id"`
	Title        Text     `json:"title"`
	XMLID        Text     `json:"xmlId"`
	CategoryID   ID       `json:"categoryId"`
	StageID      Text     `json:"stageId"`
	DealID       ID       `json:"parentId2"`
	CompanyID    ID       `json:"companyId"`
	ContactIDs   List[ID] `json:"contactIds"`
	MyCompanyID  ID       `json:"mycompanyId"`
	AssignedByID ID       `json:"assignedById"`
	Observers    List[ID] `json:"observers"`
	Opportunity  Amount   `json:"opportunity"`
	CurrencyID   Text     `json:"currencyId"`
	BeginDate    DateTime `json:"begindate"`
	CloseDate    DateTime `json:"closedate"`
	ChangeInfo
	Raw Fields `json:"-"`
}

// Deal is a deal (docs/contracts/bitrix24.md, "Fields of deals"); CompanyID is 0 when it has none.
type Deal struct {
	ID                  ID       `json:"id"`
	Title               Text     `json:"title"`
	CategoryID          ID       `json:"categoryId"`
	StageID             Text     `json:"stageId"`
	StageSemantics      Text     `json:"stageSemanticId"` // P in progress, S success, F failure
	CompanyID           ID       `json:"companyId"`
	ContactID           ID       `json:"contactId"`
	ContactIDs          List[ID] `json:"contactIds"`
	AssignedByID        ID       `json:"assignedById"`
	Observers           List[ID] `json:"observers"`
	Opportunity         Amount   `json:"opportunity"`
	IsManualOpportunity Bool     `json:"isManualOpportunity"`
	TaxValue            Amount   `json:"taxValue"`
	CurrencyID          Text     `json:"currencyId"`
	BeginDate           DateTime `json:"begindate"`
	CloseDate           DateTime `json:"closedate"`
	Closed              Bool     `json:"closed"`
	WebformID           ID       `json:"webformId"`
	OriginatorID        Text     `json:"originatorId"`
	OriginID            Text     `json:"originId"`
	ChangeInfo
	Raw Fields `json:"-"`
}

// Company is a company; IsMyCompany marks our own legal entities (docs/contracts/bitrix24.md, "Requisites and parties").
type Company struct {
	ID           ID               `json:"id"`
	Title        Text             `json:"title"`
	IsMyCompany  Bool             `json:"isMyCompany"`
	AssignedByID ID               `json:"assignedById"`
	Multifields  List[Multifield] `json:"fm"`
	ChangeInfo
	Raw Fields `json:"-"`
}

// Contact is a person, possibly without a company.
type Contact struct {
	ID           ID               `json:"id"`
	Name         Text             `json:"name"`
	SecondName   Text             `json:"secondName"`
	LastName     Text             `json:"lastName"`
	Post         Text             `json:"post"`
	CompanyID    ID               `json:"companyId"`
	AssignedByID ID               `json:"assignedById"`
	Multifields  List[Multifield] `json:"fm"`
	ChangeInfo
	Raw Fields `json:"-"`
}

// ChangeInfo contains who created, changed and moved an object, and when.
type ChangeInfo struct {
	CreatedBy   ID       `json:"createdBy"`
	CreatedTime DateTime `json:"createdTime"`
	UpdatedBy   ID       `json:"updatedBy"`
	UpdatedTime DateTime `json:"updatedTime"`
	MovedBy     ID       `json:"movedBy"`
	MovedTime   DateTime `json:"movedTime"`
}

// Multifield is one e-mail, telephone, site or messenger of a company or contact
// (docs/contracts/bitrix24.md, "Requisites and parties").
type Multifield struct {
	ID        ID   `json:"id"`
	TypeID    Text `json:"typeId"`    // EMAIL, PHONE, WEB, IM
	ValueType Text `json:"valueType"` // WORK, HOME, MAILING, OTHER
	Value     Text `json:"value"`
}

// UnmarshalJSON keeps all fields in Raw.
func (i *Item) UnmarshalJSON(data []byte) error {
	type plain Item
	return withRaw(data, (*plain)(i), &i.Raw)
}

// UnmarshalJSON keeps all fields in Raw.
func (d *Deal) UnmarshalJSON(data []byte) error {
	type plain Deal
	return withRaw(data, (*plain)(d), &d.Raw)
}

// UnmarshalJSON keeps all fields in Raw.
func (c *Company) UnmarshalJSON(data []byte) error {
	type plain Company
	return withRaw(data, (*plain)(c), &c.Raw)
}

// UnmarshalJSON keeps all fields in Raw.
func (c *Contact) UnmarshalJSON(data []byte) error {
	type plain Contact
	return withRaw(data, (*plain)(c), &c.Raw)
}

// Fields holds all fields of an object as received, including those that its struct lacks: user fields, parents.
type Fields map[string]json.RawMessage

// Text returns a field as text, "" when it is missing or not a scalar.
func (f Fields) Text(name string) string { return lenientText(f[name]) }

// Files returns the files of a single or multiple file field (docs/contracts/bitrix24.md, "Files").
func (f Fields) Files(name string) []File {
	var one File
	if json.Unmarshal(f[name], &one) == nil && one.ID != 0 {
		return []File{one}
	}
	return read[List[File]](f, name)
}

// File is a file of a CRM field. URLMachine contains the access token: use it for a download at once, and do not
// store or log it.
type File struct {
	ID         ID     `json:"id"`
	URLMachine string `json:"urlMachine"`
}

func read[T any](f Fields, name string) T {
	var value T
	if raw, found := f[name]; !found || json.Unmarshal(raw, &value) != nil {
		var none T
		return none
	}
	return value
}

// withRaw decodes an object into its struct and into the map of all fields; [] is an empty object.
func withRaw(data []byte, plain any, raw *Fields) error {
	*raw = Fields{}
	if isEmpty(data) {
		return nil
	}
	if err := json.Unmarshal(data, plain); err != nil {
		return err
	}
	return json.Unmarshal(data, raw)
}

// EntityType is the id of a type of CRM objects (docs/contracts/bitrix24.md, "CRM objects").
type EntityType int

// The types of CRM objects that we use. Those of smart processes differ from portal to portal.
const (
	LeadType      EntityType = 1
	DealType      EntityType = 2
	ContactType   EntityType = 3
	CompanyType   EntityType = 4
	RequisiteType EntityType = 8
)

// Short returns the short code: D for a deal, T406 for the smart process 1030
// (docs/contracts/bitrix24.md, "CRM objects" and "Product rows").
func (t EntityType) Short() string {
	switch t {
	case LeadType:
		return "L"
	case DealType:
		return "D"
	case ContactType:
		return "C"
	case CompanyType:
		return "CO"
	}
	return "T" + strconv.FormatInt(int64(t), 16)
}

// Name returns the name that timeline methods use: deal, company, dynamic_1030 (docs/contracts/bitrix24.md, "Timeline").
func (t EntityType) Name() string {
	switch t {
	case LeadType:
		return "lead"
	case DealType:
		return "deal"
	case ContactType:
		return "contact"
	case CompanyType:
		return "company"
	}
	return "dynamic_" + strconv.Itoa(int(t))
}

// UnmarshalJSON reads every format of an id.
func (t *EntityType) UnmarshalJSON(data []byte) error {
	var id ID
	if err := id.UnmarshalJSON(data); err != nil || id < 0 || id > math.MaxInt32 {
		return errShape
	}
	*t = EntityType(id)
	return nil
}
