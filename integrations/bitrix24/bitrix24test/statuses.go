package bitrix24test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func sortBySort(stages []*Stage) {
	slices.SortStableFunc(stages, func(a, b *Stage) int { return int(a.Sort - b.Sort) })
}

// record is the stage in the words of crm.status.list: strings throughout.
func (s *Stage) record() Fields {
	var category any
	if s.Category > 0 {
		category = strconv.FormatInt(s.Category, 10)
	}
	meaning := map[string]string{"S": "success", "F": "failure"}[s.Semantics]
	if meaning == "" {
		meaning = "process"
	}
	return Fields{
		"ID": strconv.FormatInt(s.ID, 10), "ENTITY_ID": s.EntityID, "STATUS_ID": s.StatusID, "NAME": s.Name,
		"NAME_INIT": s.NameInit, "SORT": strconv.FormatInt(s.Sort, 10), "SYSTEM": yesNo(s.System), "CATEGORY_ID": category,
		"COLOR": s.Color, "SEMANTICS": orNil(s.Semantics), "EXTRA": Fields{"SEMANTICS": meaning, "COLOR": s.Color},
	}
}

func statusList(c *call) (any, error) {
	filter := fields(c.p["filter"])
	rows := []Fields{}
	for _, s := range c.st.Stages {
		if r := s.record(); c.oldFits(r, filter) {
			rows = append(rows, r)
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"SORT", false}, {"ID", false}}
	}
	sortRows(rows, keys)
	total := len(rows)
	c.total = &total
	return rows, nil
}

// statusEntityTypes lists the directories, among them one per pipeline.
func statusEntityTypes(c *call) (any, error) {
	out := []Fields{{"ID": "SOURCE", "NAME": "Источники"}, {"ID": "DEAL_TYPE", "NAME": "Тип сделки"}}
	for _, cat := range c.st.Categories {
		out = append(out, c.st.entityTypeRow(cat))
	}
	return out, nil
}

func (s *state) entityTypeRow(cat *Category) Fields {
	prefix := s.stagePrefix(cat.EntityTypeID, cat.ID)
	r := Fields{
		"ID": s.stageEntity(cat.EntityTypeID, cat.ID), "ENTITY_TYPE_ID": cat.EntityTypeID, "CATEGORY_ID": cat.ID,
		"FIELD_ATTRIBUTE_SCOPE": "", "SEMANTIC_INFO": Fields{},
	}
	if cat.ID > 0 {
		r["PREFIX"] = strings.TrimSuffix(prefix, ":")
		r["FIELD_ATTRIBUTE_SCOPE"] = fmt.Sprintf("category_%d", cat.ID)
	}
	if cat.EntityTypeID == Deal {
		r["NAME"] = "Стадии сделки " + cat.Name
		r["SEMANTIC_INFO"] = Fields{
			"START_FIELD": prefix + "NEW", "FINAL_SUCCESS_FIELD": prefix + "WON",
			"FINAL_UNSUCCESS_FIELD": prefix + "LOSE", "FINAL_SORT": 0,
		}
		if cat.ID > 0 {
			r["PARENT_ID"], r["CATEGORY_ID"] = "DEAL_STAGE", strconv.FormatInt(cat.ID, 10)
		}
		return r
	}
	r["NAME"] = fmt.Sprintf("%s (%s)", s.typeTitle(cat.EntityTypeID), cat.Name)
	r["IS_ENABLED"], r["CATEGORY_NAME"], r["CATEGORY_SORT"], r["IS_DEFAULT_CATEGORY"] = true, cat.Name, cat.Sort, cat.Default
	return r
}

var statusCode = regexp.MustCompile(`^[A-Za-z0-9_-]{1,22}$`)

func statusAdd(c *call) (any, error) {
	f := fields(c.p["fields"])
	cat := c.st.categoryOf(text(f["ENTITY_ID"]))
	code, name := text(f["STATUS_ID"]), strings.TrimSpace(text(f["NAME"]))
	switch {
	case cat == nil:
		return nil, bad("", "Указан неверный тип справочника.")
	case name == "":
		return nil, bad("", "Не заполнено поле \"Название\"")
	case !statusCode.MatchString(code) || cat.EntityTypeID == Deal && len(c.st.stagePrefix(Deal, cat.ID))+len(code) > 22:
		return nil, bad("", "Указан неверный идентификатор статуса.")
	}
	stage := Stage{
		StatusID: code, Name: name, Sort: max(integer(f["SORT"]), 10), Color: text(f["COLOR"]),
		Semantics: strings.Trim(text(f["SEMANTICS"]), " P"),
	}
	if err := c.st.fitsPipeline(cat, stage); err != nil {
		return nil, err
	}
	c.recordIgnored("crm.status.add", f)
	return c.st.addStage(cat.EntityTypeID, cat.ID, stage).ID, nil
}

// categoryOf finds the pipeline of an ENTITY_ID.
func (s *state) categoryOf(entityID string) *Category {
	for _, cat := range s.Categories {
		if s.stageEntity(cat.EntityTypeID, cat.ID) == entityID {
			return cat
		}
	}
	return nil
}

// fitsPipeline keeps ids unique and the order process < success < failure.
func (s *state) fitsPipeline(cat *Category, stage Stage) error {
	full := s.stagePrefix(cat.EntityTypeID, cat.ID) + stage.StatusID
	rank := map[string]int{"": 0, "S": 1, "F": 2}
	for _, other := range s.stagesOf(cat.EntityTypeID, cat.ID) {
		if other.StatusID == full {
			return bad("ERROR_CORE", "Указанный идентификатор статуса, уже существует.")
		}
		if stage.Semantics == "S" && other.Semantics == "S" {
			return bad("", "В воронке может быть только одна успешная стадия.")
		}
		a, b := rank[stage.Semantics], rank[other.Semantics]
		if a < b && stage.Sort >= other.Sort || a > b && stage.Sort <= other.Sort {
			return bad("", "Неверная сортировка стадии.")
		}
	}
	return nil
}

// statusUpdate changes name, sort and colour; the code and the group stay.
func statusUpdate(c *call) (any, error) {
	f := fields(c.p["fields"])
	for _, s := range c.st.Stages {
		if s.ID != integer(c.p["id"]) {
			continue
		}
		if name := strings.TrimSpace(text(f["NAME"])); name != "" {
			s.Name = name
		}
		if f["SORT"] != nil {
			s.Sort = integer(f["SORT"])
		}
		if f["COLOR"] != nil {
			s.Color = text(f["COLOR"])
		}
		c.recordIgnored("crm.status.update", f)
		return true, nil
	}
	return nil, bad("", "Status is not found.")
}

// statusDelete removes a stage that is neither of the system nor in use.
func statusDelete(c *call) (any, error) {
	for i, s := range c.st.Stages {
		if s.ID != integer(c.p["id"]) {
			continue
		}
		if s.System || c.st.stageInUse(s) {
			return nil, bad("ERROR_CORE", "CRM System Status can be deleted only if parameter FORCED is specified and equal to \"Y\".")
		}
		c.st.Stages = slices.Delete(c.st.Stages, i, i+1)
		return true, nil
	}
	return nil, bad("", "Status is not found.")
}

func (s *state) stageInUse(stage *Stage) bool {
	for entityType, shelf := range s.Items {
		if s.stageEntity(entityType, stage.Category) != stage.EntityID {
			continue
		}
		for _, r := range shelf.Records {
			if r["stageId"] == stage.StatusID {
				return true
			}
		}
	}
	return false
}
