package bitrix24test

import (
	"maps"
	"slices"
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// The presets of a new Russian portal. Their ids differ from portal to portal (see RenumberPresets); XML_ID identifies them.
const (
	PresetCompany      = 1 // Организация
	PresetEntrepreneur = 2 // ИП
	PresetPerson       = 3 // Физ. лицо
)

func defaultPresets() []Fields {
	preset := func(id int, name, xml string) Fields {
		return Fields{
			"ID": strconv.Itoa(id), "ENTITY_TYPE_ID": "8", "COUNTRY_ID": "1", "NAME": name, "ACTIVE": "Y",
			"SORT": strconv.Itoa(id * 100), "XML_ID": xml, "DATE_CREATE": "2024-01-15T10:00:00+03:00", "DATE_MODIFY": "",
			"CREATED_BY_ID": "1", "MODIFY_BY_ID": "",
		}
	}
	return []Fields{
		preset(PresetCompany, "Организация", "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#"),
		preset(PresetEntrepreneur, "ИП", "#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#"),
		preset(PresetPerson, "Физ. лицо", "#CRM_REQUISITE_PRESET_DEF_RU_PERSON#"),
	}
}

// AddPreset adds a preset of requisites as an administrator does, and returns its id; country is 1 Russia, 4 Belarus, 6 Kazakhstan
// (crm.requisite.preset.countries).
func (p *requisites) AddPreset(name string, country int) int64 {
	return p.addRecord("preset", &p.st.Presets, Fields{"ID": len(p.Presets()) + 101, "COUNTRY_ID": country, "NAME": name},
		Fields{"ENTITY_TYPE_ID": "8", "ACTIVE": "Y", "SORT": "500", "XML_ID": "", "DATE_CREATE": p.nowText(), "DATE_MODIFY": "", "CREATED_BY_ID": "1", "MODIFY_BY_ID": ""}, nil)
}

var requisiteKeys = []string{
	"RQ_INN", "RQ_KPP", "RQ_OGRN", "RQ_OGRNIP", "RQ_OKPO", "RQ_OKVED", "RQ_COMPANY_NAME", "RQ_COMPANY_FULL_NAME",
	"RQ_COMPANY_REG_DATE", "RQ_DIRECTOR", "RQ_ACCOUNTANT", "RQ_CEO_NAME", "RQ_CEO_WORK_POS", "RQ_NAME", "RQ_FIRST_NAME",
	"RQ_SECOND_NAME", "RQ_LAST_NAME", "RQ_IFNS", "RQ_BASE_DOC", "RQ_PHONE", "RQ_EMAIL", "RQ_CONTACT", "RQ_IDENT_DOC",
}

var bankKeys = []string{
	"RQ_BANK_NAME", "RQ_BANK_ADDR", "RQ_BIK", "RQ_ACC_NUM", "RQ_COR_ACC_NUM", "RQ_ACC_CURRENCY", "RQ_SWIFT", "RQ_IBAN",
}

// AddRequisite adds legal details to a company (4) or a contact (3): ENTITY_TYPE_ID, ENTITY_ID, PRESET_ID, RQ_*.
func (p *requisites) AddRequisite(f Fields) int64 {
	return p.addRecord("requisite", &p.st.Requisites, f, Fields{
		"PRESET_ID": "1", "NAME": "Реквизиты", "ACTIVE": "Y", "ADDRESS_ONLY": "N", "SORT": "500", "XML_ID": "", "CODE": "",
		"ORIGINATOR_ID": nil, "DATE_CREATE": p.nowText(), "DATE_MODIFY": p.nowText(), "CREATED_BY_ID": "1", "MODIFY_BY_ID": "1",
	}, requisiteKeys)
}

// AddBankDetail adds a bank account to a requisite, its ENTITY_ID.
func (p *requisites) AddBankDetail(f Fields) int64 {
	return p.addRecord("bankDetail", &p.st.BankDetails, f, Fields{
		"ENTITY_TYPE_ID": "8", "COUNTRY_ID": "1", "NAME": php.Text(f["RQ_BANK_NAME"]), "ACTIVE": "Y", "SORT": "500", "XML_ID": "",
		"CODE": "", "COMMENTS": "", "ORIGINATOR_ID": nil,
	}, bankKeys)
}

// AddAddress adds an address of a requisite: ENTITY_ID is its id, TYPE_ID 1 actual, 6 legal. The portal adds the owner of the
// requisite (apidocs.bitrix24.ru/api-reference/crm/requisites/addresses/crm-address-list.html: ANCHOR_TYPE_ID, ANCHOR_ID).
func (p *requisites) AddAddress(f Fields) {
	base := Fields{"TYPE_ID": "6", "ENTITY_TYPE_ID": "8", "COUNTRY": "Россия", "COUNTRY_CODE": nil, "LOC_ADDR_ID": "0"}
	if owner := p.Requisite(php.Integer(f["ENTITY_ID"])); owner != nil {
		base["ANCHOR_TYPE_ID"], base["ANCHOR_ID"] = owner["ENTITY_TYPE_ID"], owner["ENTITY_ID"]
	}
	p.addRecord("address", &p.st.Addresses, f, base, []string{"ADDRESS_1", "ADDRESS_2", "CITY", "POSTAL_CODE", "REGION", "PROVINCE", "ANCHOR_TYPE_ID", "ANCHOR_ID"})
}

// addRecord adds a record in the format of the older methods, with all columns and with texts as values, and returns its id.
func (p *requisites) addRecord(kind string, to *[]Fields, f, base Fields, columns []string) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := Fields{}
	for _, name := range columns {
		r[name] = ""
	}
	for _, m := range []Fields{base, f} {
		for k, v := range m {
			if v == nil {
				r[k] = nil
				continue
			}
			r[k] = php.Text(v)
		}
	}
	id := p.assignID(kind, php.Integer(f["ID"]))
	if kind != "address" {
		r["ID"] = strconv.FormatInt(id, 10)
	}
	*to = append(*to, r)
	p.changed()
	return id
}

// Link selects the requisites of a deal: the client's and, with mc, our company's. Nothing is checked, so that a link can name objects that
// do not exist.
func (p *requisites) Link(entityType int, id, requisite, bank, mcRequisite, mcBank int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.link(Fields{
		"ENTITY_TYPE_ID": entityType, "ENTITY_ID": id, "REQUISITE_ID": requisite, "BANK_DETAIL_ID": bank,
		"MC_REQUISITE_ID": mcRequisite, "MC_BANK_DETAIL_ID": mcBank,
	})
	p.changed()
}

var linkKeys = []string{"ENTITY_TYPE_ID", "ENTITY_ID", "REQUISITE_ID", "BANK_DETAIL_ID", "MC_REQUISITE_ID", "MC_BANK_DETAIL_ID"}

func (s *state) link(f Fields) {
	r := Fields{}
	for _, k := range linkKeys {
		r[k] = strconv.FormatInt(php.Integer(f[k]), 10)
	}
	s.Links = slices.DeleteFunc(s.Links, func(o Fields) bool {
		return o["ENTITY_TYPE_ID"] == r["ENTITY_TYPE_ID"] && o["ENTITY_ID"] == r["ENTITY_ID"]
	})
	s.Links = append(s.Links, r)
}

// selectRequisites writes the selected requisites of a deal; columns that are not given stay unchanged.
func (s *state) selectRequisites(deal int64, given Fields) {
	if len(given) == 0 {
		return
	}
	link := s.linkOf(Deal, deal)
	if link == nil {
		link = Fields{"ENTITY_TYPE_ID": Deal, "ENTITY_ID": deal}
	}
	maps.Copy(link, given)
	s.link(link)
}

func requisiteList(c *call) (any, error)  { return rowsOrEmpty(c.upperCaseList(c.st.Requisites)), nil }
func presetList(c *call) (any, error)     { return rowsOrEmpty(c.upperCaseList(c.st.Presets)), nil }
func bankDetailList(c *call) (any, error) { return rowsOrEmpty(c.upperCaseList(c.st.BankDetails)), nil }
func addressList(c *call) (any, error)    { return rowsOrEmpty(c.upperCaseList(c.st.Addresses)), nil }
func linkList(c *call) (any, error)       { return rowsOrEmpty(c.upperCaseList(c.st.Links)), nil }

func rowsOrEmpty(rows []Fields) []Fields {
	if rows == nil {
		return []Fields{}
	}
	return rows
}

func linkGet(c *call) (any, error) {
	entityType, id := php.Integer(c.p["entityTypeId"]), php.Integer(c.p["entityId"])
	for _, l := range c.st.Links {
		if php.Integer(l["ENTITY_TYPE_ID"]) == entityType && php.Integer(l["ENTITY_ID"]) == id {
			out := php.Copy(l)
			out["ENTITY_TYPE_ID"], out["ENTITY_ID"] = entityType, id
			return out, nil
		}
	}
	return nil, contract.Refuse("", "Not found")
}

// linkRegister sets the link. The selected objects must belong to the client and to a company of ours; 0 selects none
// (apidocs.bitrix24.ru/api-reference/crm/requisites/links/crm-requisite-link-register.html, with its texts).
func linkRegister(c *call) (any, error) {
	f := php.Map(c.p["fields"])
	entityType, id := int(php.Integer(f["ENTITY_TYPE_ID"])), php.Integer(f["ENTITY_ID"])
	owner := c.st.records(entityType).get(id)
	if owner == nil {
		return nil, contract.Refuse("", "Entity is not found")
	}
	for _, name := range linkKeys[2:] {
		if _, ok := php.Number(f[name]); !ok {
			return nil, contract.Refuse("", "%s is not defined or invalid", name)
		}
	}
	if err := c.st.checkClientRequisites(owner, php.Integer(f["REQUISITE_ID"]), php.Integer(f["BANK_DETAIL_ID"])); err != nil {
		return nil, err
	}
	if err := c.st.checkOwnRequisites(php.Integer(f["MC_REQUISITE_ID"]), php.Integer(f["MC_BANK_DETAIL_ID"])); err != nil {
		return nil, err
	}
	c.recordIgnored("crm.requisite.link.register", f)
	c.st.link(f)
	return true, nil
}

// checkClientRequisites refuses a requisite of another party and a bank account of another requisite.
func (s *state) checkClientRequisites(owner Fields, requisite, bank int64) error {
	rq, detail := recordByID(s.Requisites, requisite), recordByID(s.BankDetails, bank)
	company, contact := php.Integer(owner["companyId"]), php.Integer(owner["contactId"])
	switch {
	case requisite > 0 && rq == nil:
		return contract.Refuse("", "The Requisite with ID '%d' is not found", requisite)
	case requisite > 0 && company > 0 && !belongs(rq, Company, company):
		return contract.Refuse("", "The Requisite with ID '%d' is not assigned to Company with ID '%d'", requisite, company)
	case requisite > 0 && company == 0 && !belongs(rq, Contact, contact):
		return contract.Refuse("", "The Requisite with ID '%d' is not assigned to Contact with ID '%d'", requisite, contact)
	case bank > 0 && detail == nil:
		return contract.Refuse("", "The BankDetail with ID '%d' is not found", bank)
	case bank > 0 && php.Integer(detail["ENTITY_ID"]) != requisite:
		return contract.Refuse("", "The BankDetail with ID '%d' is not assigned to Requisite with ID '%d'", bank, requisite)
	}
	return nil
}

// checkOwnRequisites refuses a requisite that is not of a company of ours, and a bank account of another requisite.
func (s *state) checkOwnRequisites(requisite, bank int64) error {
	rq, detail := recordByID(s.Requisites, requisite), recordByID(s.BankDetails, bank)
	company := php.Integer(rq["ENTITY_ID"])
	switch {
	case requisite > 0 && rq == nil:
		return contract.Refuse("", "The Requisite of your company with ID '%d' is not found", requisite)
	case requisite > 0 && !php.Truth(s.records(Company).get(company)["isMyCompany"]):
		return contract.Refuse("", "The Requisite with ID '%d' is not assigned to your company with ID '%d'", requisite, company)
	case bank > 0 && detail == nil:
		return contract.Refuse("", "The BankDetail of your company with ID '%d' is not found", bank)
	case bank > 0 && php.Integer(detail["ENTITY_ID"]) != requisite:
		return contract.Refuse("", "The BankDetail of your company with ID '%d' is not assigned to Requisite of your company with ID '%d'", bank, requisite)
	}
	return nil
}

func belongs(rq Fields, entityType int, id int64) bool {
	return php.Integer(rq["ENTITY_TYPE_ID"]) == int64(entityType) && php.Integer(rq["ENTITY_ID"]) == id
}

// recordByID returns a record in the format of the older methods by its id; nil when there is none.
func recordByID(rows []Fields, id int64) Fields {
	for _, r := range rows {
		if r["ID"] == strconv.FormatInt(id, 10) {
			return r
		}
	}
	return nil
}

// Requisite copies one requisite; nil when there is none.
func (p *requisites) Requisite(id int64) Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return php.Copy(recordByID(p.st.Requisites, id))
}

// DeleteRequisite deletes a requisite with its addresses, bank accounts and links, as a user does in the card of its owner
// (apidocs.bitrix24.ru/api-reference/crm/requisites/universal/crm-requisite-delete.html). It reports whether the requisite existed.
func (p *requisites) DeleteRequisite(id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if recordByID(p.st.Requisites, id) == nil {
		return false
	}
	p.st.Requisites = slices.DeleteFunc(p.st.Requisites, func(r Fields) bool { return php.Integer(r["ID"]) == id })
	belongsToIt := func(r Fields) bool { return php.Integer(r["ENTITY_TYPE_ID"]) == 8 && php.Integer(r["ENTITY_ID"]) == id }
	p.st.Addresses = slices.DeleteFunc(p.st.Addresses, belongsToIt)
	p.st.BankDetails = slices.DeleteFunc(p.st.BankDetails, belongsToIt)
	p.st.unlink(strconv.FormatInt(id, 10))
	p.emit("ONCRMREQUISITEDELETE", Fields{"FIELDS": Fields{"ID": strconv.FormatInt(id, 10)}}, nil)
	p.changed()
	return true
}

// unlink removes the requisite from all links and deletes links without requisites (EntityLink::unregisterByRequisite in the portal's
// source).
func (s *state) unlink(requisite string) {
	for _, l := range s.Links {
		for _, side := range []string{"", "MC_"} {
			if l[side+"REQUISITE_ID"] == requisite {
				l[side+"REQUISITE_ID"], l[side+"BANK_DETAIL_ID"] = "0", "0"
			}
		}
	}
	s.Links = slices.DeleteFunc(s.Links, func(l Fields) bool { return l["REQUISITE_ID"] == "0" && l["MC_REQUISITE_ID"] == "0" })
}

// Presets returns the presets of requisites.
func (p *requisites) Presets() []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return php.Copy(p.st.Presets)
}

// RenumberPresets changes the ids of the presets of companies, sole proprietors and persons, also in the requisites, because they differ from
// portal to portal.
func (p *requisites) RenumberPresets(company, entrepreneur, person int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	newIDs := map[string]string{}
	for i, id := range []int64{company, entrepreneur, person} {
		newIDs[php.Text(p.st.Presets[i]["ID"])] = strconv.FormatInt(id, 10)
		p.st.Presets[i]["ID"] = strconv.FormatInt(id, 10)
	}
	for _, rq := range p.st.Requisites {
		if id, ok := newIDs[php.Text(rq["PRESET_ID"])]; ok {
			rq["PRESET_ID"] = id
		}
	}
	p.changed()
}

// RequisitesOf copies the legal details of a company or a contact.
func (p *requisites) RequisitesOf(entityType int, id int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rowsWhere(p.st.Requisites, "ENTITY_TYPE_ID", int64(entityType), "ENTITY_ID", id)
}

// AddressesOf copies the addresses of a requisite.
func (p *requisites) AddressesOf(requisite int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rowsWhere(p.st.Addresses, "ENTITY_TYPE_ID", 8, "ENTITY_ID", requisite)
}

// BankDetailsOf copies the bank accounts of a requisite.
func (p *requisites) BankDetailsOf(requisite int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rowsWhere(p.st.BankDetails, "ENTITY_TYPE_ID", 8, "ENTITY_ID", requisite)
}

// LinkOf returns the requisite link of an item; nil when there is none.
func (p *requisites) LinkOf(entityType int, id int64) Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.linkOf(entityType, id)
}

func (s *state) linkOf(entityType int, id int64) Fields {
	rows := rowsWhere(s.Links, "ENTITY_TYPE_ID", int64(entityType), "ENTITY_ID", id)
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// SendRequisiteAdded sends the event of a new requisite. AddRequisite sends none.
func (p *requisites) SendRequisiteAdded(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.emit("ONCRMREQUISITEADD", Fields{"FIELDS": Fields{"ID": strconv.FormatInt(id, 10)}}, nil)
}

// ChangeRequisite edits single values of a requisite.
func (p *requisites) ChangeRequisite(id int64, change Fields) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.st.Requisites {
		if php.Integer(r["ID"]) != id {
			continue
		}
		for k, v := range change {
			r[k] = php.Text(v)
		}
		r["DATE_MODIFY"] = p.nowText()
		p.emit("ONCRMREQUISITEUPDATE", Fields{"FIELDS": Fields{"ID": r["ID"]}}, nil)
		p.changed()
	}
}

func rowsWhere(rows []Fields, typeName string, entityType int64, idName string, id int64) []Fields {
	out := []Fields{}
	for _, r := range rows {
		if php.Integer(r[typeName]) == entityType && php.Integer(r[idName]) == id {
			out = append(out, php.Copy(r))
		}
	}
	return out
}
