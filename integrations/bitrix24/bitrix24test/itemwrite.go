package bitrix24test

import (
	"fmt"
	"reflect"
	"strings"
)

func itemAdd(c *call) (any, error) {
	entityType := int(integer(c.p["entityTypeId"]))
	if !c.st.knowsType(entityType) {
		return nil, errTypeNotFound()
	}
	changes, err := c.changes(entityType, fields(c.p["fields"]), nil)
	if err != nil {
		return nil, err
	}
	r, err := c.create(entityType, changes, c.user)
	if err != nil {
		return nil, err
	}
	c.emitItem("ADD", entityType, integer(r["id"]), c.user)
	defer c.wakeRobots(entityType, r, "")
	return Fields{"item": c.inNames(entityType, c.visible(entityType, r, c.token))}, nil
}

func itemUpdate(c *call) (any, error) {
	entityType, id := int(integer(c.p["entityTypeId"])), integer(c.p["id"])
	r, err := c.readable(entityType, id)
	if err != nil {
		return nil, err
	}
	changes, err := c.changes(entityType, fields(c.p["fields"]), r)
	if err != nil {
		return nil, err
	}
	defer c.wakeRobots(entityType, r, text(r["stageId"]))
	if err := c.apply(entityType, r, changes, c.user); err != nil {
		return nil, err
	}
	return Fields{"item": c.inNames(entityType, c.visible(entityType, r, c.token))}, nil
}

// changes normalises the written fields of a record. Unknown and read-only names are ignored and written down.
func (c *call) changes(entityType int, in, record Fields) (Fields, error) {
	known := c.st.fieldsOf(entityType)
	byUpper := map[string]field{}
	for _, f := range known {
		byUpper[f.upperName()] = f
	}
	out := Fields{}
	for name, v := range in {
		f, ok := known[name]
		if !ok && truth(c.p["useOriginalUfNames"]) {
			f, ok = byUpper[name]
		}
		if !ok || f.readOnly {
			c.ignore(name)
			continue
		}
		value, err := c.normalise(f, v, record[f.name])
		if err != nil {
			return nil, err
		}
		out[f.name] = value
	}
	return out, nil
}

// create fills a new item with its defaults. The caller sends the event.
func (p *Portal) create(entityType int, changes Fields, actor *User) (Fields, error) {
	now, by := p.nowText(), float64(actorID(actor))
	r := Fields{
		"createdTime": now, "updatedTime": now, "movedTime": now, "lastActivityTime": now, "opened": "Y",
		"createdBy": by, "updatedBy": by, "movedBy": by,
		"lastActivityBy": by, "assignedById": by, "currencyId": "RUB",
	}
	for k, v := range changes {
		r[k] = v
	}
	if err := p.st.place(entityType, r, changes); err != nil {
		return nil, err
	}
	p.linkContacts(r, changes)
	r["id"] = float64(p.st.next(fmt.Sprintf("item%d", entityType)))
	p.nameItem(entityType, r)
	p.mergeFm(r, nil, changes["fm"])
	p.st.records(entityType).put(r)
	p.moved(entityType, r, "", 1)
	p.changed()
	return r, nil
}

// nameItem gives a nameless item the usual title.
func (p *Portal) nameItem(entityType int, r Fields) {
	if text(r["title"]) == "" && entityType != Contact {
		r["title"] = fmt.Sprintf("%s #%d", p.st.typeTitle(entityType), integer(r["id"]))
	}
}

// apply saves what really changed; when nothing did, nothing is saved and no event goes out.
func (p *Portal) apply(entityType int, r, changes Fields, actor *User) error {
	real := Fields{}
	for k, v := range changes {
		if k == "fm" || !reflect.DeepEqual(orEmpty(r[k]), orEmpty(v)) {
			real[k] = v
		}
	}
	if len(real) == 0 {
		return nil
	}
	next := plain(r)
	for k, v := range real {
		next[k] = v
	}
	if err := p.st.place(entityType, next, real); err != nil {
		return err
	}
	if err := p.st.requiredAt(entityType, r, next); err != nil {
		return err
	}
	p.linkContacts(next, real)
	p.mergeFm(next, r["fm"], real["fm"])
	p.save(entityType, r, next, actor)
	return nil
}

// save writes the changed item back with its dates and sends the events.
func (p *Portal) save(entityType int, r, next Fields, actor *User) {
	from, fromCategory := text(r["stageId"]), integer(r["categoryId"])
	now := p.nowText()
	next["updatedTime"], next["updatedBy"] = now, float64(actorID(actor))
	p.dropFiles(entityType, r, next)
	for k := range r {
		delete(r, k)
	}
	for k, v := range next {
		r[k] = v
	}
	p.nameItem(entityType, r)
	id := integer(r["id"])
	if stage := text(r["stageId"]); stage != from {
		if entityType != Deal {
			r["previousStageId"] = from
		}
		r["movedTime"], r["movedBy"] = now, float64(actorID(actor))
		p.moved(entityType, r, from, 2)
	}
	if entityType == Deal && integer(r["categoryId"]) != fromCategory {
		p.emit("ONCRMDEALMOVETOCATEGORY", Fields{"FIELDS": Fields{
			"ID": fmt.Sprint(id), "CATEGORY_ID": fmt.Sprint(integer(r["categoryId"])), "STAGE_ID": text(r["stageId"]),
		}}, actor)
	}
	p.emitItem("UPDATE", entityType, id, actor)
	p.changed()
}

func actorID(u *User) int64 {
	if u == nil {
		return 0
	}
	return u.ID
}

// orEmpty makes an unset value and an empty one the same.
func orEmpty(v any) any {
	if l, ok := v.([]any); v == nil || v == "" || ok && len(l) == 0 {
		return nil
	}
	return v
}

// linkContacts keeps contactId and contactIds in step.
func (p *Portal) linkContacts(r, changes Fields) {
	if all, ok := changes["contactIds"]; ok {
		r["contactId"] = 0.0
		if l := list(all); len(l) > 0 {
			r["contactId"] = l[0]
		}
		return
	}
	if one, ok := changes["contactId"]; ok {
		r["contactIds"] = []any{}
		if integer(one) > 0 {
			r["contactIds"] = []any{one}
		}
	}
}

// mergeFm joins multi-fields: a known id changes or (empty) removes, everything else is added.
func (p *Portal) mergeFm(r Fields, old, written any) {
	if written == nil {
		return
	}
	kept := list(plain(old))
	for _, raw := range list(written) {
		m := plain(fields(raw))
		found := false
		for _, k := range kept {
			if k := fields(k); integer(k["id"]) == integer(m["id"]) && integer(m["id"]) > 0 {
				k["value"], found = m["value"], true
			}
		}
		if !found && strings.TrimSpace(text(m["value"])) != "" {
			m["id"] = float64(p.st.next("fm"))
			kept = append(kept, m)
		}
	}
	out := []any{}
	for _, k := range kept {
		if text(fields(k)["value"]) != "" {
			out = append(out, k)
		}
	}
	r["fm"] = out
}
