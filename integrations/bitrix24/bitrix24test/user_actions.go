package bitrix24test

import (
	"fmt"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// AddItem stores a record without checks and without an event. Values of user fields that do not exist yet appear once the field is created.
// Without an id the portal chooses one.
func (p *Portal) AddItem(entityType int, f Fields) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.nowText()
	r := Fields{
		"createdTime": now, "updatedTime": now, "movedTime": now, "lastActivityTime": now, "opened": "Y", "currencyId": "RUB",
		"createdBy": 1.0, "updatedBy": 1.0, "movedBy": 1.0, "lastActivityBy": 1.0, "assignedById": 1.0,
	}
	written := php.Copy(f)
	for k, v := range written {
		r[k] = v
	}
	id := p.assignID(fmt.Sprintf("item%d", entityType), php.Integer(f["id"]))
	r["id"] = float64(id)
	if err := p.st.place(entityType, r, written); err != nil {
		panic(fmt.Sprintf("bitrix24test: item %d of type %d: %v", id, entityType, err))
	}
	p.linkContacts(r, written)
	p.nameItem(entityType, r)
	p.mergeFm(r, nil, written["fm"])
	p.st.records(entityType).put(r)
	p.recordStage(entityType, r, "", 1)
	p.changed()
	return id
}

// Create creates an item as a user does in the portal: rights, defaults and events apply.
func (p *Portal) Create(user int64, entityType int, f Fields) (int64, error) {
	c, err := p.actAs(user)
	if err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	c.p = Fields{"entityTypeId": entityType, "fields": php.Copy(f)}
	out, err := itemAdd(c)
	if err != nil {
		return 0, err
	}
	return php.Integer(php.Map(php.Map(out)["item"])["id"]), nil
}

// Change edits an item as a user does in its card; user 0 is a robot, whose events carry no token.
func (p *Portal) Change(user int64, entityType int, id int64, f Fields) error {
	c, err := p.actAs(user)
	if err != nil {
		return err
	}
	defer p.mu.Unlock()
	c.p = Fields{"entityTypeId": entityType, "id": id, "fields": php.Copy(f)}
	_, err = itemUpdate(c)
	return err
}

// DealCard is what a user saves in the card of a deal at once.
type DealCard struct {
	Fields     Fields   // named as in crm.item.update, or UF_CRM_…
	Requisites Fields   // the selected requisites in the columns of crm.requisite.link.list; an omitted column stays unchanged
	Rows       []Fields // the rows of a new deal
}

// CreateDeal creates a deal with its rows and the selected requisites in one step. It returns its id and the rows as written.
func (p *Portal) CreateDeal(user int64, card DealCard) (int64, []Fields, error) {
	c, err := p.actAs(user)
	if err != nil {
		return 0, nil, err
	}
	defer p.mu.Unlock()
	c.p = Fields{"entityTypeId": Deal, "fields": php.Copy(card.Fields), "useOriginalUfNames": "Y"}
	out, err := itemAdd(c)
	if err != nil {
		return 0, nil, err
	}
	id := php.Integer(php.Map(php.Map(out)["item"])["id"])
	p.st.selectRequisites(id, card.Requisites)
	written := []Fields{}
	if len(card.Rows) > 0 {
		written = p.replaceRows(Deal, id, card.Rows, c.user)
	}
	return id, php.Copy(written), nil
}

// ChangeDeal edits the fields of a deal and the selected requisites in one step.
func (p *Portal) ChangeDeal(user, id int64, card DealCard) error {
	c, err := p.actAs(user)
	if err != nil {
		return err
	}
	defer p.mu.Unlock()
	c.p = Fields{"entityTypeId": Deal, "id": id, "fields": php.Copy(card.Fields), "useOriginalUfNames": "Y"}
	if _, err := itemUpdate(c); err != nil {
		return err
	}
	p.st.selectRequisites(id, card.Requisites)
	p.changed()
	return nil
}

// Move moves an item to another stage, as a user does in the kanban.
func (p *Portal) Move(user int64, entityType int, id int64, stage string) error {
	return p.Change(user, entityType, id, Fields{"stageId": stage})
}

// Delete deletes an item as a user.
func (p *Portal) Delete(user int64, entityType int, id int64) error {
	c, err := p.actAs(user)
	if err != nil {
		return err
	}
	defer p.mu.Unlock()
	c.p = Fields{"entityTypeId": entityType, "id": id}
	_, err = itemDelete(c)
	return err
}

// actAs takes the lock and returns a call of the user; user 0 is a robot.
func (p *Portal) actAs(user int64) (*call, error) {
	p.mu.Lock()
	c := &call{Portal: p}
	if user == 0 {
		return c, nil
	}
	if c.user = p.user(user); c.user == nil {
		p.mu.Unlock()
		return nil, contract.Refuse("", "Пользователь %d не найден", user)
	}
	return c, nil
}

// Stages lists the stages of a pipeline in their order.
func (p *Portal) Stages(entityType int, category int64) []Stage {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Stage
	for _, s := range p.st.stagesOf(entityType, category) {
		out = append(out, *s)
	}
	return out
}

// Categories lists the pipelines of an entity type.
func (p *Portal) Categories(entityType int) []Category {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Category
	for _, c := range p.st.categoriesOf(entityType) {
		out = append(out, *c)
	}
	return out
}

// Types lists the smart processes.
func (p *Portal) Types() []Type {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Type
	for _, t := range p.st.Types {
		out = append(out, *t)
	}
	return out
}

// FieldInfo describes a field for a card.
type FieldInfo struct {
	Name, Title, Kind  string
	UpperName          string // the name in capitals: PARENT_ID_2
	ReadOnly, Multiple bool
	Options            []EnumOption
}

// ItemFields lists the fields of an entity type.
func (p *Portal) ItemFields(entityType int) []FieldInfo {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []FieldInfo
	for _, name := range php.SortedKeys(toAny(p.st.fieldsOf(entityType))) {
		f := p.st.fieldsOf(entityType)[name]
		info := FieldInfo{Name: f.name, Title: f.title, Kind: f.kind, UpperName: f.upperName(), ReadOnly: f.readOnly, Multiple: f.multiple}
		if f.user != nil {
			info.Options = f.user.Enum
		}
		out = append(out, info)
	}
	return out
}

func toAny[T any](m map[string]T) Fields {
	out := Fields{}
	for k, v := range m {
		out[k] = v
	}
	return out
}
