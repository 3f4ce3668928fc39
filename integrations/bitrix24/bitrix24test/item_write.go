package bitrix24test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/bitrix24/bitrix24test/prices"
)

func itemAdd(c *call) (any, error) {
	entityType := int(php.Integer(c.p["entityTypeId"]))
	if !c.st.hasType(entityType) {
		return nil, contract.ErrTypeNotFound()
	}
	changes, err := c.changes(entityType, php.Map(c.p["fields"]), nil)
	if err != nil {
		return nil, err
	}
	r, err := c.create(entityType, changes, c.user)
	if err != nil {
		return nil, err
	}
	c.emitItem("ADD", entityType, php.Integer(r["id"]), c.user)
	defer c.Automation.Moved(entityType, php.Integer(r["id"]), "")
	return Fields{"item": c.inNames(entityType, c.visible(entityType, r, c.token))}, nil
}

func itemUpdate(c *call) (any, error) {
	entityType, id := int(php.Integer(c.p["entityTypeId"])), php.Integer(c.p["id"])
	r, err := c.readable(entityType, id)
	if err != nil {
		return nil, err
	}
	changes, err := c.changes(entityType, php.Map(c.p["fields"]), r)
	if err != nil {
		return nil, err
	}
	defer c.Automation.Moved(entityType, id, php.Text(r["stageId"]))
	if err := c.apply(entityType, r, changes, c.user); err != nil {
		return nil, err
	}
	return Fields{"item": c.inNames(entityType, c.visible(entityType, r, c.token))}, nil
}

// changes normalises the written fields of a record. Unknown and read-only names are ignored and recorded in the trace.
func (c *call) changes(entityType int, in, record Fields) (Fields, error) {
	known := c.st.fieldsOf(entityType)
	byUpper := map[string]field{}
	for _, f := range known {
		byUpper[f.upperName()] = f
	}
	out := Fields{}
	for name, v := range in {
		f, ok := known[name]
		if !ok && php.Truth(c.p["useOriginalUfNames"]) {
			f, ok = byUpper[name]
		}
		if !ok || f.readOnly {
			c.recordIgnoredName(name)
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

// create creates an item with defaults. The caller sends the event.
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
	p.recordStage(entityType, r, "", 1)
	p.changed()
	return r, nil
}

// nameItem sets the default title of an item without one.
func (p *Portal) nameItem(entityType int, r Fields) {
	if php.Text(r["title"]) == "" && entityType != Contact {
		r["title"] = fmt.Sprintf("%s #%d", p.st.typeTitle(entityType), php.Integer(r["id"]))
	}
}

// apply saves the changed fields; without changes nothing is saved and no event is sent.
func (p *Portal) apply(entityType int, r, changes Fields, actor *User) error {
	real := Fields{}
	for k, v := range changes {
		if k == "fm" || !reflect.DeepEqual(nilIfEmpty(r[k]), nilIfEmpty(v)) {
			real[k] = v
		}
	}
	if len(real) == 0 {
		return nil
	}
	next := php.Copy(r)
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
	if rows := p.st.Rows[rowsKey(ownerCode(entityType), php.Integer(r["id"]))]; real["isManualOpportunity"] != nil && len(rows) > 0 {
		prices.WriteTotals(next, rows)
	}
	p.save(entityType, r, next, actor)
	return nil
}

// save stores the changed item with its dates and sends the events.
func (p *Portal) save(entityType int, r, next Fields, actor *User) {
	from, fromCategory := php.Text(r["stageId"]), php.Integer(r["categoryId"])
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
	id := php.Integer(r["id"])
	if stage := php.Text(r["stageId"]); stage != from {
		if entityType != Deal {
			r["previousStageId"] = from
		}
		r["movedTime"], r["movedBy"] = now, float64(actorID(actor))
		p.recordStage(entityType, r, from, 2)
	}
	if entityType == Deal && php.Integer(r["categoryId"]) != fromCategory {
		p.emit("ONCRMDEALMOVETOCATEGORY", Fields{"FIELDS": Fields{
			"ID": fmt.Sprint(id), "CATEGORY_ID": fmt.Sprint(php.Integer(r["categoryId"])), "STAGE_ID": php.Text(r["stageId"]),
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

// nilIfEmpty returns nil for an empty value, so that it equals an unset one.
func nilIfEmpty(v any) any {
	if l, ok := v.([]any); v == nil || v == "" || ok && len(l) == 0 {
		return nil
	}
	return v
}

// linkContacts keeps contactId and contactIds consistent.
func (p *Portal) linkContacts(r, changes Fields) {
	if all, ok := changes["contactIds"]; ok {
		r["contactId"] = 0.0
		if l := php.List(all); len(l) > 0 {
			r["contactId"] = l[0]
		}
		return
	}
	if one, ok := changes["contactId"]; ok {
		r["contactIds"] = []any{}
		if php.Integer(one) > 0 {
			r["contactIds"] = []any{one}
		}
	}
}

// mergeFm joins multi-fields: a known id changes or (empty) removes, everything else is added.
func (p *Portal) mergeFm(r Fields, old, written any) {
	if written == nil {
		return
	}
	kept := php.List(php.Copy(old))
	for _, raw := range php.List(written) {
		m := php.Copy(php.Map(raw))
		found := false
		for _, k := range kept {
			if k := php.Map(k); php.Integer(k["id"]) == php.Integer(m["id"]) && php.Integer(m["id"]) > 0 {
				k["value"], found = m["value"], true
			}
		}
		if !found && strings.TrimSpace(php.Text(m["value"])) != "" {
			m["id"] = float64(p.st.next("fm"))
			kept = append(kept, m)
		}
	}
	out := []any{}
	for _, k := range kept {
		if php.Text(php.Map(k)["value"]) != "" {
			out = append(out, k)
		}
	}
	r["fm"] = out
}

// place checks pipeline and stage of a record and sets missing ones.
func (s *state) place(entityType int, r, written Fields) error {
	cats := s.categoriesOf(entityType)
	if len(cats) == 0 {
		return nil
	}
	category := php.Integer(r["categoryId"])
	if r["categoryId"] == nil {
		category = s.firstCategory(entityType)
	}
	if !slices.ContainsFunc(cats, func(c *Category) bool { return c.ID == category }) {
		return contract.Refuse("CRM_FIELD_ERROR_VALUE_NOT_VALID", "Значение поля \"Воронка\" указано неверно")
	}
	stages := s.stagesOf(entityType, category)
	stage := php.Text(r["stageId"])
	_, stageWritten := written["stageId"]
	if _, moved := written["categoryId"]; stage == "" || moved && !stageWritten && !contains(stages, stage) {
		if len(stages) > 0 {
			stage = stages[0].StatusID
		}
	}
	if len(stages) > 0 && !contains(stages, stage) {
		return contract.Refuse("CRM_FIELD_ERROR_VALUE_NOT_VALID", "Значение поля \"Стадия\" указано неверно")
	}
	r["categoryId"], r["stageId"] = float64(category), stage
	if st := s.stage(entityType, stage); st != nil && entityType == Deal {
		r["stageSemanticId"], r["closed"] = st.semantics(), php.YesNo(st.Semantics != "")
	}
	return nil
}

func contains(stages []*Stage, id string) bool {
	return slices.ContainsFunc(stages, func(s *Stage) bool { return s.StatusID == id })
}

// Require makes a field mandatory at a stage: a move there without it is refused.
func (p *Portal) Require(entityType int, stageID, fieldName string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := fmt.Sprintf("%d:%s", entityType, stageID)
	p.st.Required[k] = append(p.st.Required[k], fieldName)
	p.changed()
}

// requiredAt refuses a move to a stage whose mandatory fields are empty.
func (s *state) requiredAt(entityType int, from, to Fields) error {
	stage := php.Text(to["stageId"])
	if stage == php.Text(from["stageId"]) || php.Integer(from["categoryId"]) != php.Integer(to["categoryId"]) {
		return nil
	}
	known := s.fieldsOf(entityType)
	for _, name := range s.Required[fmt.Sprintf("%d:%s", entityType, stage)] {
		if match.IsEmpty(to[name]) || to[name] == nil {
			return contract.Refuse("CRM_FIELD_ERROR_REQUIRED", "Поле \"%s\" обязательно для заполнения", known[name].title)
		}
	}
	return nil
}

// recordStage adds an entry to the stage history: 1 created, 2 moved, 3 finished.
func (p *Portal) recordStage(entityType int, r Fields, from string, kind int) {
	stage := p.st.stage(entityType, php.Text(r["stageId"]))
	if stage == nil || stage.StatusID == from {
		return
	}
	if kind == 2 && stage.Semantics != "" {
		kind = 3
	}
	p.st.History = append(p.st.History, Fields{
		"ID": float64(p.st.next("history")), "TYPE_ID": float64(kind), "OWNER_ID": r["id"], "CREATED_TIME": p.nowText(),
		"CATEGORY_ID": r["categoryId"], "STAGE_SEMANTIC_ID": stage.semantics(), "STAGE_ID": stage.StatusID,
		"entityTypeId": float64(entityType), "by": r["movedBy"],
	})
}

func stageHistory(c *call) (any, error) {
	entityType := php.Integer(c.p["entityTypeId"])
	filter := php.Map(c.p["filter"])
	rows := []Fields{}
	for _, h := range c.st.History {
		if php.Integer(h["entityTypeId"]) != entityType || !c.st.maySee(c.user, int(entityType), php.Integer(h["OWNER_ID"])) {
			continue
		}
		r := Fields{}
		for k, v := range h {
			if k != "entityTypeId" && k != "by" {
				r[k] = v
			}
		}
		if c.upperCaseFits(r, filter) {
			rows = append(rows, r)
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"ID", false}}
	}
	sortRows(rows, keys)
	rows = c.page(rows)
	for i, r := range rows {
		rows[i] = pick(r, c.p["select"])
	}
	return Fields{"items": rows}, nil
}

// StageStep is one entry of an item's stage history.
type StageStep struct {
	Stage string // name of the stage
	By    int64
	Time  string
}

// StageHistory returns the stages of an item, oldest first.
func (p *Portal) StageHistory(entityType int, id int64) []StageStep {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []StageStep
	for _, h := range p.st.History {
		if php.Integer(h["entityTypeId"]) != int64(entityType) || php.Integer(h["OWNER_ID"]) != id {
			continue
		}
		step := StageStep{Stage: php.Text(h["STAGE_ID"]), By: php.Integer(h["by"]), Time: php.Text(h["CREATED_TIME"])}
		if s := p.st.stage(entityType, step.Stage); s != nil {
			step.Stage = s.Name
		}
		out = append(out, step)
	}
	return out
}
