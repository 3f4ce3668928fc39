package bitrix24test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Category is a pipeline.
type Category struct {
	ID           int64  `json:"id"`
	EntityTypeID int    `json:"entityTypeId"`
	Name         string `json:"name"`
	Sort         int    `json:"sort"`
	Default      bool   `json:"default"`
}

// Stage is a column of a pipeline. StatusID carries the prefix: C9:NEW, DT1030_12:NEW.
type Stage struct {
	ID        int64  `json:"id"`
	EntityID  string `json:"entityId"`
	StatusID  string `json:"statusId"`
	Name      string `json:"name"`
	NameInit  string `json:"nameInit"`
	Sort      int64  `json:"sort"`
	System    bool   `json:"system"`
	Category  int64  `json:"category"`
	Color     string `json:"color"`
	Semantics string `json:"semantics"` // S success, F failure, empty in progress
}

// AddCategory adds a pipeline without stages.
func (p *Portal) AddCategory(c Category) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.ID > 0 {
		p.st.reserve("category", c.ID)
	} else if !c.Default {
		c.ID = p.st.next("category")
	}
	p.st.Categories = append(p.st.Categories, &c)
	p.changed()
	return c.ID
}

// AddStage adds a stage to a pipeline; StatusID is without the prefix.
func (p *Portal) AddStage(entityType int, category int64, s Stage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.addStage(entityType, category, s)
	p.changed()
}

func (s *state) addStage(entityType int, category int64, stage Stage) *Stage {
	stage.ID = s.next("status")
	stage.EntityID = s.stageEntity(entityType, category)
	stage.StatusID = s.stagePrefix(entityType, category) + stage.StatusID
	stage.Category = category
	if stage.Color == "" {
		stage.Color = "#2FC6F6"
	}
	s.Stages = append(s.Stages, &stage)
	return &stage
}

// stageEntity returns the ENTITY_ID of a pipeline's stages.
func (s *state) stageEntity(entityType int, category int64) string {
	switch {
	case entityType == Deal && category == 0:
		return "DEAL_STAGE"
	case entityType == Deal:
		return fmt.Sprintf("DEAL_STAGE_%d", category)
	}
	return fmt.Sprintf("DYNAMIC_%d_STAGE_%d", entityType, category)
}

func (s *state) stagePrefix(entityType int, category int64) string {
	switch {
	case entityType == Deal && category == 0:
		return ""
	case entityType == Deal:
		return fmt.Sprintf("C%d:", category)
	}
	return fmt.Sprintf("DT%d_%d:", entityType, category)
}

// categoriesOf lists the pipelines of an entity type.
func (s *state) categoriesOf(entityType int) []*Category {
	var out []*Category
	for _, c := range s.Categories {
		if c.EntityTypeID == entityType {
			out = append(out, c)
		}
	}
	return out
}

func (s *state) firstCategory(entityType int) int64 {
	for _, c := range s.categoriesOf(entityType) {
		if c.Default {
			return c.ID
		}
	}
	return 0
}

// stagesOf lists the stages of a pipeline by their sort.
func (s *state) stagesOf(entityType int, category int64) []*Stage {
	entity := s.stageEntity(entityType, category)
	var out []*Stage
	for _, st := range s.Stages {
		if st.EntityID == entity {
			out = append(out, st)
		}
	}
	sortBySort(out)
	return out
}

// stage finds a stage of an entity type by its full id.
func (s *state) stage(entityType int, id string) *Stage {
	for _, st := range s.Stages {
		if st.StatusID == id && s.stageEntity(entityType, st.Category) == st.EntityID {
			return st
		}
	}
	return nil
}

func (s *Stage) semantics() string {
	if s.Semantics == "" {
		return "P"
	}
	return s.Semantics
}

// addFirstPipeline adds the pipeline of a new type with the five default stages.
func (c *call) addFirstPipeline(t *Type) {
	id := c.st.next("category")
	c.st.Categories = append(c.st.Categories, &Category{ID: id, EntityTypeID: t.EntityTypeID, Name: "Общее", Sort: 500, Default: true})
	if !php.Truth(t.Flags["isStagesEnabled"]) {
		return
	}
	for i, name := range []string{"NEW Начало", "PREPARATION Подготовка", "CLIENT Согласование", "SUCCESS Успех", "FAIL Провал"} {
		code, title, _ := strings.Cut(name, " ")
		stage := Stage{StatusID: code, Name: title, NameInit: title, Sort: int64(i+1) * 10, System: i == 0 || i > 2}
		stage.Semantics = map[string]string{"SUCCESS": "S", "FAIL": "F"}[code]
		stage.Color = map[string]string{"SUCCESS": "#7BD500", "FAIL": "#FF5752"}[code]
		c.st.addStage(t.EntityTypeID, id, stage)
	}
}

func categoryList(c *call) (any, error) {
	entityType := int(php.Integer(c.p["entityTypeId"]))
	if !c.st.hasType(entityType) {
		return nil, contract.ErrTypeNotFound()
	}
	rows := []Fields{}
	for _, cat := range c.st.categoriesOf(entityType) {
		r := Fields{"id": cat.ID, "name": cat.Name, "sort": cat.Sort, "entityTypeId": entityType, "isDefault": php.YesNo(cat.Default)}
		if !cat.Default {
			r["originId"], r["originatorId"] = "", ""
		}
		rows = append(rows, r)
	}
	sortRows(rows, []sortKey{{"sort", false}, {"id", false}})
	total := len(rows)
	c.total = &total
	return Fields{"categories": rows}, nil
}

func sortBySort(stages []*Stage) {
	slices.SortStableFunc(stages, func(a, b *Stage) int { return int(a.Sort - b.Sort) })
}

// record returns the stage in the format of crm.status.list, with all values as strings.
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
		"NAME_INIT": s.NameInit, "SORT": strconv.FormatInt(s.Sort, 10), "SYSTEM": php.YesNo(s.System), "CATEGORY_ID": category,
		"COLOR": s.Color, "SEMANTICS": orNil(s.Semantics), "EXTRA": Fields{"SEMANTICS": meaning, "COLOR": s.Color},
	}
}

func statusList(c *call) (any, error) {
	filter := php.Map(c.p["filter"])
	rows := []Fields{}
	for _, s := range c.st.Stages {
		if r := s.record(); c.upperCaseFits(r, filter) {
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
	f := php.Map(c.p["fields"])
	cat := c.st.categoryOf(php.Text(f["ENTITY_ID"]))
	code, name := php.Text(f["STATUS_ID"]), strings.TrimSpace(php.Text(f["NAME"]))
	switch {
	case cat == nil:
		return nil, contract.Refuse("", "Указан неверный тип справочника.")
	case name == "":
		return nil, contract.Refuse("", "Не заполнено поле \"Название\"")
	case !statusCode.MatchString(code) || cat.EntityTypeID == Deal && len(c.st.stagePrefix(Deal, cat.ID))+len(code) > 22:
		return nil, contract.Refuse("", "Указан неверный идентификатор статуса.")
	}
	stage := Stage{
		StatusID: code, Name: name, Sort: max(php.Integer(f["SORT"]), 10), Color: php.Text(f["COLOR"]),
		Semantics: strings.Trim(php.Text(f["SEMANTICS"]), " P"),
	}
	if err := c.st.checkStage(cat, stage); err != nil {
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

// checkStage refuses duplicate ids and a violation of the order in progress < success < failure.
func (s *state) checkStage(cat *Category, stage Stage) error {
	full := s.stagePrefix(cat.EntityTypeID, cat.ID) + stage.StatusID
	rank := map[string]int{"": 0, "S": 1, "F": 2}
	for _, other := range s.stagesOf(cat.EntityTypeID, cat.ID) {
		if other.StatusID == full {
			return contract.Refuse("ERROR_CORE", "Указанный идентификатор статуса, уже существует.")
		}
		if stage.Semantics == "S" && other.Semantics == "S" {
			return contract.Refuse("", "В воронке может быть только одна успешная стадия.")
		}
		a, b := rank[stage.Semantics], rank[other.Semantics]
		if a < b && stage.Sort >= other.Sort || a > b && stage.Sort <= other.Sort {
			return contract.Refuse("", "Неверная сортировка стадии.")
		}
	}
	return nil
}

// statusUpdate changes name, sort and colour; the code and the group stay.
func statusUpdate(c *call) (any, error) {
	f := php.Map(c.p["fields"])
	for _, s := range c.st.Stages {
		if s.ID != php.Integer(c.p["id"]) {
			continue
		}
		if name := strings.TrimSpace(php.Text(f["NAME"])); name != "" {
			s.Name = name
		}
		if f["SORT"] != nil {
			s.Sort = php.Integer(f["SORT"])
		}
		if f["COLOR"] != nil {
			s.Color = php.Text(f["COLOR"])
		}
		c.recordIgnored("crm.status.update", f)
		return true, nil
	}
	return nil, contract.Refuse("", "Status is not found.")
}

// statusDelete deletes a stage that is neither a system stage nor in use.
func statusDelete(c *call) (any, error) {
	for i, s := range c.st.Stages {
		if s.ID != php.Integer(c.p["id"]) {
			continue
		}
		if s.System || c.st.stageInUse(s) {
			return nil, contract.Refuse("ERROR_CORE", "CRM System Status can be deleted only if parameter FORCED is specified and equal to \"Y\".")
		}
		c.st.Stages = slices.Delete(c.st.Stages, i, i+1)
		return true, nil
	}
	return nil, contract.Refuse("", "Status is not found.")
}

func (s *state) stageInUse(stage *Stage) bool {
	for entityType, table := range s.Items {
		if s.stageEntity(entityType, stage.Category) != stage.EntityID {
			continue
		}
		for _, r := range table.Records {
			if r["stageId"] == stage.StatusID {
				return true
			}
		}
	}
	return false
}

// DropStage deletes a stage and reports whether it existed. statusID includes the prefix of the pipeline.
func (p *Portal) DropStage(entityType int, statusID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before, deleted := len(p.st.Stages), p.st.stage(entityType, statusID)
	p.st.Stages = slices.DeleteFunc(p.st.Stages, func(s *Stage) bool { return s == deleted })
	p.changed()
	return len(p.st.Stages) < before
}

// RenameStage changes the name of a stage.
func (p *Portal) RenameStage(entityType int, statusID, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.st.stage(entityType, statusID); s != nil {
		s.Name = name
		p.changed()
	}
}
