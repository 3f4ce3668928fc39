package bitrix24test

import (
	"slices"
	"strconv"
)

// The presets of a Russian portal.
const (
	PresetCompany      = 1 // Организация
	PresetEntrepreneur = 2 // ИП
	PresetPerson       = 3 // Физ. лицо
)

func defaultPresets() []Fields {
	preset := func(id int, name, xml string) Fields {
		return Fields{
			"ID": strconv.Itoa(id), "ENTITY_TYPE_ID": "8", "COUNTRY_ID": "1", "NAME": name, "ACTIVE": "Y",
			"SORT": strconv.Itoa(id * 100), "XML_ID": xml,
		}
	}
	return []Fields{
		preset(PresetCompany, "Организация", "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#"),
		preset(PresetEntrepreneur, "ИП", "#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#"),
		preset(PresetPerson, "Физ. лицо", "#CRM_REQUISITE_PRESET_DEF_RU_PERSON#"),
	}
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
func (p *Portal) AddRequisite(f Fields) int64 {
	return p.addOld("requisite", &p.st.Requisites, f, Fields{
		"PRESET_ID": "1", "NAME": "Реквизиты", "ACTIVE": "Y", "ADDRESS_ONLY": "N", "SORT": "500", "XML_ID": "", "CODE": "",
		"ORIGINATOR_ID": nil, "DATE_CREATE": p.nowText(), "DATE_MODIFY": p.nowText(), "CREATED_BY_ID": "1", "MODIFY_BY_ID": "1",
	}, requisiteKeys)
}

// AddBankDetail adds a bank account to a requisite, its ENTITY_ID.
func (p *Portal) AddBankDetail(f Fields) int64 {
	return p.addOld("bankDetail", &p.st.BankDetails, f, Fields{
		"ENTITY_TYPE_ID": "8", "COUNTRY_ID": "1", "NAME": text(f["RQ_BANK_NAME"]), "ACTIVE": "Y", "SORT": "500", "XML_ID": "",
		"CODE": "", "COMMENTS": "", "ORIGINATOR_ID": nil,
	}, bankKeys)
}

// AddAddress adds an address of a requisite: ENTITY_ID is its number, TYPE_ID 1 actual, 6 legal.
func (p *Portal) AddAddress(f Fields) {
	p.addOld("address", &p.st.Addresses, f, Fields{
		"TYPE_ID": "6", "ENTITY_TYPE_ID": "8", "COUNTRY": "Россия", "COUNTRY_CODE": nil, "LOC_ADDR_ID": "0",
	}, []string{"ADDRESS_1", "ADDRESS_2", "CITY", "POSTAL_CODE", "REGION", "PROVINCE", "ANCHOR_TYPE_ID", "ANCHOR_ID"})
}

// addOld adds a record of the old kind: all known columns, all values text.
func (p *Portal) addOld(kind string, to *[]Fields, f, base Fields, columns []string) int64 {
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
			r[k] = text(v)
		}
	}
	id := p.numbered(kind, integer(f["ID"]))
	if kind != "address" {
		r["ID"] = strconv.FormatInt(id, 10)
	}
	*to = append(*to, r)
	p.changed()
	return id
}

// Link chooses the requisites of a deal: the client's and, with mc, our own company's.
func (p *Portal) Link(entityType int, id, requisite, bank, mcRequisite, mcBank int64) {
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
		r[k] = strconv.FormatInt(integer(f[k]), 10)
	}
	s.Links = slices.DeleteFunc(s.Links, func(o Fields) bool {
		return o["ENTITY_TYPE_ID"] == r["ENTITY_TYPE_ID"] && o["ENTITY_ID"] == r["ENTITY_ID"]
	})
	s.Links = append(s.Links, r)
}

func requisiteList(c *call) (any, error)  { return rowsOrEmpty(c.oldList(c.st.Requisites)), nil }
func presetList(c *call) (any, error)     { return rowsOrEmpty(c.oldList(c.st.Presets)), nil }
func bankDetailList(c *call) (any, error) { return rowsOrEmpty(c.oldList(c.st.BankDetails)), nil }
func addressList(c *call) (any, error)    { return rowsOrEmpty(c.oldList(c.st.Addresses)), nil }
func linkList(c *call) (any, error)       { return rowsOrEmpty(c.oldList(c.st.Links)), nil }

func rowsOrEmpty(rows []Fields) []Fields {
	if rows == nil {
		return []Fields{}
	}
	return rows
}

func linkGet(c *call) (any, error) {
	entityType, id := integer(c.p["entityTypeId"]), integer(c.p["entityId"])
	for _, l := range c.st.Links {
		if integer(l["ENTITY_TYPE_ID"]) == entityType && integer(l["ENTITY_ID"]) == id {
			out := plain(l)
			out["ENTITY_TYPE_ID"], out["ENTITY_ID"] = entityType, id
			return out, nil
		}
	}
	return nil, bad("", "Not found")
}

// linkRegister sets the choice; every number must exist or be 0.
func linkRegister(c *call) (any, error) {
	f := fields(c.p["fields"])
	if c.st.records(int(integer(f["ENTITY_TYPE_ID"]))).get(integer(f["ENTITY_ID"])) == nil {
		return nil, bad("", "Not found")
	}
	for name, rows := range map[string][]Fields{
		"REQUISITE_ID": c.st.Requisites, "MC_REQUISITE_ID": c.st.Requisites,
		"BANK_DETAIL_ID": c.st.BankDetails, "MC_BANK_DETAIL_ID": c.st.BankDetails,
	} {
		id := text(f[name])
		if integer(id) != 0 && !slices.ContainsFunc(rows, func(r Fields) bool { return text(r["ID"]) == id }) {
			return nil, bad("", "The %s with ID '%s' is not found.", name, id)
		}
	}
	c.recordIgnored("crm.requisite.link.register", f)
	c.st.link(f)
	return true, nil
}
