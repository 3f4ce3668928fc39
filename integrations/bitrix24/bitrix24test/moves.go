package bitrix24test

import (
	"fmt"
	"slices"
)

// place checks pipeline and stage of a record and fills them where they are missing.
func (s *state) place(entityType int, r, written Fields) error {
	cats := s.categoriesOf(entityType)
	if len(cats) == 0 {
		return nil
	}
	category := integer(r["categoryId"])
	if r["categoryId"] == nil {
		category = s.firstCategory(entityType)
	}
	if !slices.ContainsFunc(cats, func(c *Category) bool { return c.ID == category }) {
		return bad("CRM_FIELD_ERROR_VALUE_NOT_VALID", "Значение поля \"Воронка\" указано неверно")
	}
	stages := s.stagesOf(entityType, category)
	stage := text(r["stageId"])
	_, stageWritten := written["stageId"]
	if _, moved := written["categoryId"]; stage == "" || moved && !stageWritten && !contains(stages, stage) {
		if len(stages) > 0 {
			stage = stages[0].StatusID
		}
	}
	if len(stages) > 0 && !contains(stages, stage) {
		return bad("CRM_FIELD_ERROR_VALUE_NOT_VALID", "Значение поля \"Стадия\" указано неверно")
	}
	r["categoryId"], r["stageId"] = float64(category), stage
	if st := s.stage(entityType, stage); st != nil && entityType == Deal {
		r["stageSemanticId"], r["closed"] = st.semantics(), yesNo(st.Semantics != "")
	}
	return nil
}

func contains(stages []*Stage, id string) bool {
	return slices.ContainsFunc(stages, func(s *Stage) bool { return s.StatusID == id })
}

// Require makes a field mandatory from a stage on: a move there without it is refused.
func (p *Portal) Require(entityType int, stageID, fieldName string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := fmt.Sprintf("%d:%s", entityType, stageID)
	p.st.Required[k] = append(p.st.Required[k], fieldName)
	p.changed()
}

// requiredAt refuses a move to a stage whose mandatory fields are empty.
func (s *state) requiredAt(entityType int, from, to Fields) error {
	stage := text(to["stageId"])
	if stage == text(from["stageId"]) || integer(from["categoryId"]) != integer(to["categoryId"]) {
		return nil
	}
	known := s.fieldsOf(entityType)
	for _, name := range s.Required[fmt.Sprintf("%d:%s", entityType, stage)] {
		if isEmpty(to[name]) || to[name] == nil {
			return bad("CRM_FIELD_ERROR_REQUIRED", "Поле \"%s\" обязательно для заполнения", known[name].title)
		}
	}
	return nil
}

// moved writes the stage history: 1 created, 2 moved at work, 3 finished.
func (p *Portal) moved(entityType int, r Fields, from string, kind int) {
	stage := p.st.stage(entityType, text(r["stageId"]))
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
	entityType := integer(c.p["entityTypeId"])
	filter := fields(c.p["filter"])
	rows := []Fields{}
	for _, h := range c.st.History {
		if integer(h["entityTypeId"]) != entityType || !c.st.maySee(c.user, int(entityType), integer(h["OWNER_ID"])) {
			continue
		}
		r := Fields{}
		for k, v := range h {
			if k != "entityTypeId" && k != "by" {
				r[k] = v
			}
		}
		if c.oldFits(r, filter) {
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

// Step is one entry of an item's stage history.
type Step struct {
	Stage string // name of the stage
	By    int64
	Time  string
}

// Steps lists where an item has been, oldest first.
func (p *Portal) Steps(entityType int, id int64) []Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Step
	for _, h := range p.st.History {
		if integer(h["entityTypeId"]) != int64(entityType) || integer(h["OWNER_ID"]) != id {
			continue
		}
		step := Step{Stage: text(h["STAGE_ID"]), By: integer(h["by"]), Time: text(h["CREATED_TIME"])}
		if s := p.st.stage(entityType, step.Stage); s != nil {
			step.Stage = s.Name
		}
		out = append(out, step)
	}
	return out
}
