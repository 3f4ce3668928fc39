package bitrix24test

import (
	"fmt"
	"strings"
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
	Semantics string `json:"semantics"` // S success, F failure, empty while at work
}

// AddCategory adds a pipeline without stages.
func (p *Portal) AddCategory(c Category) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.ID > 0 {
		p.st.took("category", c.ID)
	} else if !c.Default {
		c.ID = p.st.next("category")
	}
	p.st.Categories = append(p.st.Categories, &c)
	p.changed()
	return c.ID
}

// AddStage adds a stage to a pipeline; StatusID is given without its prefix.
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

// stageEntity is the ENTITY_ID of a pipeline's stages.
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

// firstPipeline gives a new type its pipeline and the usual five stages.
func (c *call) firstPipeline(t *Type) {
	id := c.st.next("category")
	c.st.Categories = append(c.st.Categories, &Category{ID: id, EntityTypeID: t.EntityTypeID, Name: "Общее", Sort: 500, Default: true})
	if !truth(t.Flags["isStagesEnabled"]) {
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
	entityType := int(integer(c.p["entityTypeId"]))
	if !c.st.knowsType(entityType) {
		return nil, errTypeNotFound()
	}
	rows := []Fields{}
	for _, cat := range c.st.categoriesOf(entityType) {
		r := Fields{"id": cat.ID, "name": cat.Name, "sort": cat.Sort, "entityTypeId": entityType, "isDefault": yesNo(cat.Default)}
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
