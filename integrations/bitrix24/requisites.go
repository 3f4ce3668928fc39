package bitrix24

import (
	"context"
)

// Requisite holds the legal details of a company or contact. RQ_OGRNIP, a 12-digit INN or the preset identify a sole
// proprietor (docs/contracts/bitrix24.md, "Requisites and parties").
type Requisite struct {
	ID              ID         `json:"ID"`
	EntityTypeID    EntityType `json:"ENTITY_TYPE_ID"`
	EntityID        ID         `json:"ENTITY_ID"`
	PresetID        ID         `json:"PRESET_ID"`
	Name            Text       `json:"NAME"`
	Active          Bool       `json:"ACTIVE"`
	Sort            ID         `json:"SORT"`
	INN             Text       `json:"RQ_INN"`
	KPP             Text       `json:"RQ_KPP"`
	OGRN            Text       `json:"RQ_OGRN"`
	OGRNIP          Text       `json:"RQ_OGRNIP"`
	OKPO            Text       `json:"RQ_OKPO"`
	CompanyName     Text       `json:"RQ_COMPANY_NAME"`
	CompanyFullName Text       `json:"RQ_COMPANY_FULL_NAME"`
	LastName        Text       `json:"RQ_LAST_NAME"`
	FirstName       Text       `json:"RQ_FIRST_NAME"`
	SecondName      Text       `json:"RQ_SECOND_NAME"`
	Director        Text       `json:"RQ_DIRECTOR"`
	Accountant      Text       `json:"RQ_ACCOUNTANT"`
	CEOName         Text       `json:"RQ_CEO_NAME"`
	CEOPost         Text       `json:"RQ_CEO_WORK_POS"`
	BaseDoc         Text       `json:"RQ_BASE_DOC"`
	Contact         Text       `json:"RQ_CONTACT"`
	Email           Text       `json:"RQ_EMAIL"`
	Phone           Text       `json:"RQ_PHONE"`
	Raw             Fields     `json:"-"`
}

// UnmarshalJSON keeps all fields in Raw.
func (r *Requisite) UnmarshalJSON(data []byte) error {
	type plain Requisite
	return withRaw(data, (*plain)(r), &r.Raw)
}

// Preset is a template of requisites; the standard names are «Организация», «ИП», «Физ. лицо».
type Preset struct {
	ID        ID   `json:"ID"`
	Name      Text `json:"NAME"`
	CountryID ID   `json:"COUNTRY_ID"`
	XMLID     Text `json:"XML_ID"`
	Active    Bool `json:"ACTIVE"`
}

// BankDetail is a bank account of a requisite.
type BankDetail struct {
	ID          ID     `json:"ID"`
	EntityID    ID     `json:"ENTITY_ID"` // the requisite
	Name        Text   `json:"NAME"`
	Active      Bool   `json:"ACTIVE"`
	BankName    Text   `json:"RQ_BANK_NAME"`
	BIK         Text   `json:"RQ_BIK"`
	Account     Text   `json:"RQ_ACC_NUM"`
	CorrAccount Text   `json:"RQ_COR_ACC_NUM"`
	Currency    Text   `json:"RQ_ACC_CURRENCY"`
	Raw         Fields `json:"-"`
}

// UnmarshalJSON keeps all fields in Raw.
func (b *BankDetail) UnmarshalJSON(data []byte) error {
	type plain BankDetail
	return withRaw(data, (*plain)(b), &b.Raw)
}

// ListRequisites reads the first 50 requisites of a company or contact; the answer is a List of Requisite.
func ListRequisites(t EntityType, id ID) Command {
	return Command{Method: "crm.requisite.list", Params: Params{
		"filter": Params{"ENTITY_TYPE_ID": int(t), "ENTITY_ID": int64(id)}, "order": Params{"ID": "ASC"},
	}}
}

// RequisitesByID reads requisites of any owner by their ids, which may be references. The answer is a List of Requisite.
func RequisitesByID(ids ...any) Command {
	return Command{Method: "crm.requisite.list", Params: Params{"filter": Params{"@ID": ids}, "order": Params{"ID": "ASC"}}}
}

// ListPresets reads the first 50 templates of requisites; the answer is a List of Preset.
func ListPresets() Command {
	return Command{Method: "crm.requisite.preset.list", Params: Params{
		"select": []string{"ID", "NAME", "COUNTRY_ID", "XML_ID", "ACTIVE"}, "order": Params{"ID": "ASC"},
	}}
}

// ListBankDetails reads the first 50 accounts of a requisite; the answer is a List of BankDetail.
func ListBankDetails(requisite ID) Command {
	return Command{Method: "crm.requisite.bankdetail.list", Params: Params{
		"filter": Params{"ENTITY_ID": int64(requisite)}, "order": Params{"ID": "ASC"},
	}}
}

// BankDetailsOf reads the first 50 accounts of several requisites; ids may be references. The answer is a List of BankDetail.
func BankDetailsOf(requisites ...any) Command {
	return Command{Method: "crm.requisite.bankdetail.list", Params: Params{"filter": Params{"@ENTITY_ID": requisites}, "order": Params{"ID": "ASC"}}}
}

// Requisites reads all requisites of a company or contact.
func (c *Client) Requisites(ctx context.Context, t EntityType, id ID) ([]Requisite, error) {
	return readAll(ctx, c, ListRequisites(t, id), "start", listRows[Requisite])
}

// Presets reads all templates of requisites.
func (c *Client) Presets(ctx context.Context) ([]Preset, error) {
	return readAll(ctx, c, ListPresets(), "start", listRows[Preset])
}

// BankDetails reads all accounts of a requisite.
func (c *Client) BankDetails(ctx context.Context, requisite ID) ([]BankDetail, error) {
	return readAll(ctx, c, ListBankDetails(requisite), "start", listRows[BankDetail])
}

// RequisiteLink holds the requisites selected in a deal or item: the client's and ours; 0 is none
// (docs/contracts/bitrix24.md, "Requisites and parties").
type RequisiteLink struct {
	EntityTypeID   EntityType `json:"ENTITY_TYPE_ID"`
	EntityID       ID         `json:"ENTITY_ID"`
	RequisiteID    ID         `json:"REQUISITE_ID"`
	BankDetailID   ID         `json:"BANK_DETAIL_ID"`
	MyRequisiteID  ID         `json:"MC_REQUISITE_ID"`
	MyBankDetailID ID         `json:"MC_BANK_DETAIL_ID"`
}

// Address is one address; those of a company belong to its requisites (docs/contracts/bitrix24.md, "Requisites and parties").
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

// ListRequisiteLinks reads the link of an object as a list, which is empty without a link; the answer is a List of RequisiteLink.
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

// AddressesOf reads the first 50 addresses of several requisites; ids may be references. The answer is a List of Address.
func AddressesOf(requisites ...any) Command {
	return Command{Method: "crm.address.list", Params: Params{
		"filter": Params{"ENTITY_TYPE_ID": int(RequisiteType), "@ENTITY_ID": requisites}, "order": Params{"TYPE_ID": "ASC"},
	}}
}

// Addresses reads all addresses of a requisite.
func (c *Client) Addresses(ctx context.Context, requisite ID) ([]Address, error) {
	return readAll(ctx, c, ListAddresses(requisite), "start", listRows[Address])
}
