package bitrix24test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// binRecord is a deleted record in the recycle bin with its related data.
type binRecord struct {
	EntityType int             `json:"entityType"`
	Record     Fields          `json:"record"`
	Rows       []Fields        `json:"rows"`
	Children   map[int][]int64 `json:"children"` // items whose parent it was, by type
	Link       Fields          `json:"link"`
	Time       string          `json:"time"`
}

// DeletedRecord is a record that can be restored.
type DeletedRecord struct {
	EntityType  int
	ID          int64
	Title, Time string
}

// binSize is how many deleted records are kept.
const binSize = 100

// copyToBin copies a record that is to be deleted to the recycle bin and removes the links of its children.
func (p *Portal) copyToBin(entityType int, id int64) {
	r := p.st.records(entityType).get(id)
	if r == nil {
		return
	}
	b := &binRecord{
		EntityType: entityType, Record: php.Copy(r), Rows: php.Copy(p.st.Rows[rowsKey(ownerCode(entityType), id)]),
		Children: map[int][]int64{}, Link: p.st.linkOf(entityType, id), Time: p.nowText(),
	}
	parent := fmt.Sprintf("parentId%d", entityType)
	for _, kind := range slices.Sorted(maps.Keys(p.st.Items)) {
		for _, child := range p.st.records(kind).Records {
			if php.Integer(child[parent]) == id {
				b.Children[kind] = append(b.Children[kind], php.Integer(child["id"]))
				child[parent] = nil
			}
		}
	}
	p.st.Bin = append(p.st.Bin, b)
	if len(p.st.Bin) > binSize {
		p.dropFiles(p.st.Bin[0].EntityType, p.st.Bin[0].Record, Fields{})
		p.st.Bin = p.st.Bin[1:]
	}
}

// Bin returns the records that can be restored, the latest first.
func (p *Portal) Bin() []DeletedRecord {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []DeletedRecord{}
	for _, b := range p.st.Bin {
		out = append(out, DeletedRecord{b.EntityType, php.Integer(b.Record["id"]), php.Text(b.Record["title"]), b.Time})
	}
	slices.Reverse(out)
	return out
}

// Restore restores a record as a user does and returns its new id: Bitrix24 restores a record by adding it again with its fields, files,
// rows and children, which sends an event of an added object.
func (p *Portal) Restore(user int64, entityType int, id int64) (int64, error) {
	c, err := p.actAs(user)
	if err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	b := p.st.takeFromBin(entityType, id)
	if b == nil {
		return 0, contract.ErrItemNotFound()
	}
	r := b.Record
	fresh := p.st.next(fmt.Sprintf("item%d", entityType))
	r["id"], r["updatedTime"], r["updatedBy"] = float64(fresh), p.nowText(), float64(actorID(c.user))
	p.st.records(entityType).put(r)
	p.restoreRelations(b, fresh)
	p.recordStage(entityType, r, "", 1)
	p.emitItem("ADD", entityType, fresh, c.user)
	p.changed()
	return fresh, nil
}

// takeFromBin removes and returns a record of the bin; nil when it is not there.
func (s *state) takeFromBin(entityType int, id int64) *binRecord {
	for i, b := range s.Bin {
		if b.EntityType == entityType && php.Integer(b.Record["id"]) == id {
			s.Bin = slices.Delete(s.Bin, i, i+1)
			return b
		}
	}
	return nil
}

// restoreRelations gives a restored record its rows, children and requisite links.
func (p *Portal) restoreRelations(b *binRecord, fresh int64) {
	if len(b.Rows) > 0 {
		for _, row := range b.Rows {
			row["ownerId"] = float64(fresh)
		}
		p.st.Rows[rowsKey(ownerCode(b.EntityType), fresh)] = b.Rows
	}
	if b.Link != nil {
		link := php.Copy(b.Link)
		link["ENTITY_ID"] = fresh
		p.st.link(link)
	}
	parent := fmt.Sprintf("parentId%d", b.EntityType)
	for kind, children := range b.Children {
		for _, id := range children {
			if child := p.st.records(kind).get(id); child != nil && php.Integer(child[parent]) == 0 {
				child[parent] = float64(fresh)
			}
		}
	}
}

// MergeCompanies merges a duplicate company into another, as a user does: its deals, items, contacts and requisites are moved, then it is
// deleted. Every change of a deal, an item or a contact, and the deletion, sends its event; that of a requisite sends none.
func (p *Portal) MergeCompanies(user, from, into int64) error {
	c, err := p.actAs(user)
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
		return contract.Refuse("", "Нельзя объединить компанию с самой собой")
	}
	for _, kind := range p.st.typesWithCompany() {
		for _, r := range p.st.records(kind).Records {
			if err := c.replaceCompany(kind, r, from, into); err != nil {
				return err
			}
		}
	}
	for _, rq := range p.st.Requisites {
		if php.Integer(rq["ENTITY_TYPE_ID"]) == Company && php.Integer(rq["ENTITY_ID"]) == from {
			rq["ENTITY_ID"] = strconv.FormatInt(into, 10)
		}
	}
	p.removeItem(Company, from, c.user)
	return nil
}

// typesWithCompany returns the entity types with a company field.
func (s *state) typesWithCompany() []int {
	out := []int{Deal, Contact}
	for _, t := range s.Types {
		out = append(out, t.EntityTypeID)
	}
	return out
}

// replaceCompany replaces one company by another in all fields of a record.
func (c *call) replaceCompany(kind int, r Fields, from, into int64) error {
	change := Fields{}
	for _, name := range []string{"companyId", "mycompanyId"} {
		if php.Integer(r[name]) == from {
			change[name] = float64(into)
		}
	}
	return c.apply(kind, r, change, c.user)
}

// RenameCompany changes the name of a company, as a user does in its card.
func (p *Portal) RenameCompany(user, id int64, title string) error {
	return p.Change(user, Company, id, Fields{"title": title})
}
