package bitrix24test

import "strconv"

// MergeCompanies joins two companies, as a person does who found a duplicate: deals, items and contacts of the one go
// to the other together with its requisites, then it is deleted. Every change has its event.
func (p *Portal) MergeCompanies(user, from, into int64) error {
	c, err := p.person(user)
	if err != nil {
		return err
	}
	defer p.mu.Unlock()
	for _, id := range []int64{from, into} {
		if _, err := c.readable(Company, id); err != nil {
			return err
		}
	}
	if from == into {
		return bad("", "Нельзя объединить компанию с самой собой")
	}
	for _, kind := range p.st.kinds() {
		for _, r := range p.st.records(kind).Records {
			if err := c.passCompany(kind, r, from, into); err != nil {
				return err
			}
		}
	}
	for _, rq := range p.st.Requisites {
		if integer(rq["ENTITY_TYPE_ID"]) == Company && integer(rq["ENTITY_ID"]) == from {
			rq["ENTITY_ID"] = strconv.FormatInt(into, 10)
		}
	}
	p.removeItem(Company, from, c.user)
	return nil
}

// kinds are the entity types that have a company.
func (s *state) kinds() []int {
	out := []int{Deal, Contact}
	for _, t := range s.Types {
		out = append(out, t.EntityTypeID)
	}
	return out
}

// passCompany puts one company in the place of another wherever a record names it.
func (c *call) passCompany(kind int, r Fields, from, into int64) error {
	change := Fields{}
	for _, name := range []string{"companyId", "mycompanyId"} {
		if integer(r[name]) == from {
			change[name] = float64(into)
		}
	}
	return c.apply(kind, r, change, c.user)
}

// RenameCompany gives a company another name, as a person does in its card.
func (p *Portal) RenameCompany(user, id int64, title string) error {
	return p.Change(user, Company, id, Fields{"title": title})
}
