package control

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

// partyRequest describes a company or a contact.
type partyRequest struct {
	Title       string             `json:"title"` // of a contact: last name, first name and patronymic
	Email       string             `json:"email"`
	Phone       string             `json:"phone"`
	Own         bool               `json:"own"` // a company of ours
	Responsible *int64             `json:"responsible"`
	Requisites  []requisiteRequest `json:"requisites"`
}

// requisiteRequest describes a requisite with its address and its bank account. Any value is accepted for any preset, as in the CRM.
type requisiteRequest struct {
	Preset     string `json:"preset"` // one of presetNames
	INN        string `json:"inn"`
	KPP        string `json:"kpp"`
	OGRN       string `json:"ogrn"`
	OGRNIP     string `json:"ogrnip"`
	Name       string `json:"name"`
	LastName   string `json:"lastName"`
	FirstName  string `json:"firstName"`
	SecondName string `json:"secondName"`
	Address    any    `json:"address"` // one line, or the columns of crm.address.list
	Bank       fields `json:"bank"`    // the columns of crm.requisite.bankdetail.list
	Fields     fields `json:"fields"`  // any other column of crm.requisite.list
}

// presetNames name the presets in the order of Portal.Presets: a company, a sole proprietor (ИП), a person.
var presetNames = []string{"company", "person", "private"}

// postParty creates a company or a contact with its requisites.
func (c controls) postParty(r *http.Request, entityType int) (any, error) {
	var in partyRequest
	if err := decodeStrict(r, &in); err != nil {
		return nil, err
	}
	if err := checkRequisites(in.Requisites); err != nil {
		return nil, err
	}
	id, err := c.portal.Create(c.portal.SignedIn(r), entityType, in.values(entityType))
	if err != nil {
		return nil, err
	}
	return fields{"id": id, "requisites": c.addRequisites(entityType, id, in.Requisites)}, nil
}

// values returns the fields of the item; the title of a contact is split into the parts of its name.
func (d partyRequest) values(entityType int) fields {
	out, contacts := fields{"title": d.Title}, []any{}
	if entityType == bitrix24test.Contact {
		parts := append(strings.Fields(d.Title), "", "", "")
		out = fields{"lastName": parts[0], "name": parts[1], "secondName": strings.Join(strings.Fields(strings.Join(parts[2:], " ")), " ")}
	} else if d.Own {
		out["isMyCompany"] = "Y"
	}
	for kind, value := range map[string]string{"EMAIL": d.Email, "PHONE": d.Phone} {
		if value != "" {
			contacts = append(contacts, fields{"typeId": kind, "valueType": "WORK", "value": value})
		}
	}
	if len(contacts) > 0 {
		out["fm"] = contacts
	}
	setIfGiven(out, "assignedById", d.Responsible)
	return out
}

// postRequisites adds requisites to an existing company or contact.
func (c controls) postRequisites(r *http.Request, entityType int) (any, error) {
	var in []requisiteRequest
	if err := decodeStrict(r, &in); err != nil {
		return nil, err
	}
	if err := checkRequisites(in); err != nil {
		return nil, err
	}
	if c.portal.Item(entityType, pathID(r)) == nil {
		return nil, errNotFound
	}
	return fields{"id": pathID(r), "requisites": c.addRequisites(entityType, pathID(r), in)}, nil
}

// deleteRequisite removes a requisite with its address, bank accounts and links.
func (c controls) deleteRequisite(r *http.Request) (any, error) {
	if !c.portal.DeleteRequisite(pathID(r)) {
		return nil, errNotFound
	}
	return ok, nil
}

func checkRequisites(list []requisiteRequest) error {
	for i, rq := range list {
		if !slices.Contains(presetNames, rq.Preset) {
			return fmt.Errorf("requisites[%d].preset: %q is none of %s", i, rq.Preset, strings.Join(presetNames, ", "))
		}
		switch rq.Address.(type) {
		case nil, string, map[string]any:
		default:
			return fmt.Errorf("requisites[%d].address: is neither a line nor an object", i)
		}
	}
	return nil
}

// addRequisites adds the requisites and returns their ids.
func (c controls) addRequisites(entityType int, owner int64, list []requisiteRequest) []int64 {
	out := []int64{}
	for _, rq := range list {
		id := c.portal.AddRequisite(rq.columns(entityType, owner, c.portal.Presets()[slices.Index(presetNames, rq.Preset)]))
		c.addAddress(id, rq.Address)
		if rq.Bank != nil {
			c.portal.AddBankDetail(ownedBy(id, rq.Bank))
		}
		c.portal.SendRequisiteAdded(id)
		out = append(out, id)
	}
	return out
}

// columns returns the columns of the requisite as crm.requisite.list names them.
func (rq requisiteRequest) columns(entityType int, owner int64, preset fields) fields {
	f := fields{
		"ENTITY_TYPE_ID": entityType, "ENTITY_ID": owner, "PRESET_ID": preset["ID"], "NAME": preset["NAME"], "RQ_INN": rq.INN, "RQ_KPP": rq.KPP,
		"RQ_OGRN": rq.OGRN, "RQ_OGRNIP": rq.OGRNIP, "RQ_LAST_NAME": rq.LastName, "RQ_FIRST_NAME": rq.FirstName, "RQ_SECOND_NAME": rq.SecondName,
	}
	f["RQ_COMPANY_NAME"] = rq.Name
	if rq.Preset == "private" {
		f["RQ_COMPANY_NAME"], f["RQ_NAME"] = "", rq.Name
	}
	for column, v := range rq.Fields {
		f[column] = v
	}
	return f
}

// addAddress adds an address given as one line or as columns.
func (c controls) addAddress(requisite int64, address any) {
	switch a := address.(type) {
	case string:
		if a != "" {
			c.portal.AddAddress(fields{"ENTITY_ID": requisite, "ADDRESS_1": a})
		}
	case map[string]any:
		c.portal.AddAddress(ownedBy(requisite, a))
	}
}

// ownedBy returns a copy of a record that belongs to a requisite.
func ownedBy(requisite int64, f fields) fields {
	out := fields{}
	for k, v := range f {
		out[k] = v
	}
	out["ENTITY_ID"] = requisite
	return out
}
