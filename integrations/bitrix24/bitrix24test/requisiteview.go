package bitrix24test

// RequisitesOf copies the legal details of a company or a contact.
func (p *Portal) RequisitesOf(entityType int, id int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rowsWhere(p.st.Requisites, "ENTITY_TYPE_ID", int64(entityType), "ENTITY_ID", id)
}

// AddressesOf copies the addresses of a requisite.
func (p *Portal) AddressesOf(requisite int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rowsWhere(p.st.Addresses, "ENTITY_TYPE_ID", 8, "ENTITY_ID", requisite)
}

// BankDetailsOf copies the bank accounts of a requisite.
func (p *Portal) BankDetailsOf(requisite int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rowsWhere(p.st.BankDetails, "ENTITY_TYPE_ID", 8, "ENTITY_ID", requisite)
}

// LinkOf is the choice of requisites of an item; nil when nothing was chosen.
func (p *Portal) LinkOf(entityType int, id int64) Fields {
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

// ChangeRequisite edits single values of a requisite.
func (p *Portal) ChangeRequisite(id int64, change Fields) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.st.Requisites {
		if integer(r["ID"]) != id {
			continue
		}
		for k, v := range change {
			r[k] = text(v)
		}
		r["DATE_MODIFY"] = p.nowText()
		p.emit("ONCRMREQUISITEUPDATE", Fields{"FIELDS": Fields{"ID": r["ID"]}}, nil)
		p.changed()
	}
}

func rowsWhere(rows []Fields, typeName string, entityType int64, idName string, id int64) []Fields {
	out := []Fields{}
	for _, r := range rows {
		if integer(r[typeName]) == entityType && integer(r[idName]) == id {
			out = append(out, plain(r))
		}
	}
	return out
}
