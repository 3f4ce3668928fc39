package bitrix24

// Item is an element of a smart process, read by crm.item.* (section 4.3).
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
	BeginDate    Moment   `json:"begindate"`
	CloseDate    Moment   `json:"closedate"`
	OriginatorID Text     `json:"originatorId"`
	OriginID     Text     `json:"originId"`
	Life
	Raw Fields `json:"-"`
}

// Deal is a deal (section 3.2); CompanyID is 0 when it has none.
type Deal struct {
	ID                  ID       `json:"id"`
	Title               Text     `json:"title"`
	CategoryID          ID       `json:"categoryId"`
	StageID             Text     `json:"stageId"`
	StageSemantics      Text     `json:"stageSemanticId"` // P at work, S success, F failure
	CompanyID           ID       `json:"companyId"`
	ContactID           ID       `json:"contactId"`
	ContactIDs          List[ID] `json:"contactIds"`
	AssignedByID        ID       `json:"assignedById"`
	Observers           List[ID] `json:"observers"`
	Opportunity         Amount   `json:"opportunity"`
	IsManualOpportunity Bool     `json:"isManualOpportunity"`
	TaxValue            Amount   `json:"taxValue"`
	CurrencyID          Text     `json:"currencyId"`
	BeginDate           Moment   `json:"begindate"`
	CloseDate           Moment   `json:"closedate"`
	Closed              Bool     `json:"closed"`
	WebformID           ID       `json:"webformId"`
	OriginatorID        Text     `json:"originatorId"`
	OriginID            Text     `json:"originId"`
	Life
	Raw Fields `json:"-"`
}

// Company is a company; IsMyCompany marks our own legal entities (section 3.5).
type Company struct {
	ID           ID               `json:"id"`
	Title        Text             `json:"title"`
	IsMyCompany  Bool             `json:"isMyCompany"`
	AssignedByID ID               `json:"assignedById"`
	Multifields  List[Multifield] `json:"fm"`
	Life
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
	Life
	Raw Fields `json:"-"`
}

// Life is who made, changed and moved an object, and when.
type Life struct {
	CreatedBy   ID     `json:"createdBy"`
	CreatedTime Moment `json:"createdTime"`
	UpdatedBy   ID     `json:"updatedBy"`
	UpdatedTime Moment `json:"updatedTime"`
	MovedBy     ID     `json:"movedBy"`
	MovedTime   Moment `json:"movedTime"`
}

// Multifield is one e-mail, telephone, site or messenger of a company or contact (section 3.5).
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
