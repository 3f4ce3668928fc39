package bitrix24test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// drivenParty is a company or a contact in the words of the sandbox.
type drivenParty struct {
	Title       string            `json:"title"` // of a contact: surname, name and patronymic
	Email       string            `json:"email"`
	Phone       string            `json:"phone"`
	Own         bool              `json:"own"` // a company of ours
	Responsible *int64            `json:"responsible"`
	Requisites  []drivenRequisite `json:"requisites"`
}

// drivenRequisite is a requisite with its address and its bank account. Any value may be put into any preset, as people do.
type drivenRequisite struct {
	Preset     string `json:"preset"` // company, person (ИП) or private
	INN        string `json:"inn"`
	KPP        string `json:"kpp"`
	OGRN       string `json:"ogrn"`
	OGRNIP     string `json:"ogrnip"`
	Name       string `json:"name"`
	LastName   string `json:"lastName"`
	FirstName  string `json:"firstName"`
	SecondName string `json:"secondName"`
	Address    any    `json:"address"` // one line, or the columns of crm.address.list
	Bank       Fields `json:"bank"`    // the columns of crm.requisite.bankdetail.list
	Fields     Fields `json:"fields"`  // any other column of crm.requisite.list
}

// drivenPresets are the presets by the name that the sandbox gives them, in the order of defaultPresets.
var drivenPresets = []string{"company", "person", "private"}

// postParty makes a company or a contact as a person does, with its requisites.
func (p *Portal) postParty(r *http.Request, entityType int) (any, error) {
	var in drivenParty
	if err := putIn(r, &in); err != nil {
		return nil, err
	}
	if err := checkRequisites(in.Requisites); err != nil {
		return nil, err
	}
	id, err := p.Create(p.signedIn(r), entityType, in.values(entityType))
	if err != nil {
		return nil, err
	}
	return Fields{"id": id, "requisites": p.addDriven(entityType, id, in.Requisites)}, nil
}

// values are the fields of the item; the title of a contact gives the parts of the name.
func (d drivenParty) values(entityType int) Fields {
	out, reach := Fields{"title": d.Title}, []any{}
	if entityType == Contact {
		parts := append(strings.Fields(d.Title), "", "", "")
		out = Fields{"lastName": parts[0], "name": parts[1], "secondName": strings.Join(strings.Fields(strings.Join(parts[2:], " ")), " ")}
	} else if d.Own {
		out["isMyCompany"] = "Y"
	}
	for kind, value := range map[string]string{"EMAIL": d.Email, "PHONE": d.Phone} {
		if value != "" {
			reach = append(reach, Fields{"typeId": kind, "valueType": "WORK", "value": value})
		}
	}
	if len(reach) > 0 {
		out["fm"] = reach
	}
	given(out, "assignedById", d.Responsible)
	return out
}

// postRequisites adds requisites to a company or a contact that is there, one of ours too.
func (p *Portal) postRequisites(r *http.Request, entityType int) (any, error) {
	var in []drivenRequisite
	if err := putIn(r, &in); err != nil {
		return nil, err
	}
	if err := checkRequisites(in); err != nil {
		return nil, err
	}
	if p.Item(entityType, pathID(r)) == nil {
		return nil, errNothingThere
	}
	return Fields{"id": pathID(r), "requisites": p.addDriven(entityType, pathID(r), in)}, nil
}

// deleteRequisite removes a requisite with all that hangs on it.
func (p *Portal) deleteRequisite(r *http.Request) (any, error) {
	if !p.DeleteRequisite(pathID(r)) {
		return nil, errNothingThere
	}
	return Fields{"ok": true}, nil
}

func checkRequisites(list []drivenRequisite) error {
	for i, rq := range list {
		if rq.presetIndex() < 0 {
			return fmt.Errorf("requisites[%d].preset: %q is none of %s", i, rq.Preset, strings.Join(drivenPresets, ", "))
		}
		switch rq.Address.(type) {
		case nil, string, map[string]any:
		default:
			return fmt.Errorf("requisites[%d].address: is neither a line nor an object", i)
		}
	}
	return nil
}

func (d drivenRequisite) presetIndex() int {
	for i, name := range drivenPresets {
		if name == d.Preset {
			return i
		}
	}
	return -1
}

// addDriven adds the requisites and returns their numbers.
func (p *Portal) addDriven(entityType int, owner int64, list []drivenRequisite) []int64 {
	out := []int64{}
	for _, rq := range list {
		preset := p.Presets()[rq.presetIndex()]
		f := Fields{
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
		id := p.AddRequisite(f)
		p.addDrivenAddress(id, rq.Address)
		if rq.Bank != nil {
			p.AddBankDetail(owned(rq.Bank, id))
		}
		p.emitRequisite("ADD", id)
		out = append(out, id)
	}
	return out
}

// addDrivenAddress adds an address of one line, or of columns; none where none is given.
func (p *Portal) addDrivenAddress(requisite int64, address any) {
	switch a := address.(type) {
	case string:
		if a != "" {
			p.AddAddress(Fields{"ENTITY_ID": requisite, "ADDRESS_1": a})
		}
	case map[string]any:
		p.AddAddress(owned(a, requisite))
	}
}

// owned is a record of a requisite.
func owned(f Fields, requisite int64) Fields {
	out := Fields{}
	for k, v := range f {
		out[k] = v
	}
	out["ENTITY_ID"] = requisite
	return out
}

// emitRequisite sends an event of a requisite.
func (p *Portal) emitRequisite(what string, id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.emit("ONCRMREQUISITE"+what, Fields{"FIELDS": Fields{"ID": strconv.FormatInt(id, 10)}}, nil)
}
