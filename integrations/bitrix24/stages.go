package bitrix24

import (
	"context"
	"strconv"
)

// Category is a pipeline; the general pipeline of deals has the id 0 (docs/contracts/bitrix24.md, "Pipelines and stages").
type Category struct {
	ID           ID   `json:"id"`
	Name         Text `json:"name"`
	Sort         ID   `json:"sort"`
	EntityTypeID ID   `json:"entityTypeId"`
	IsDefault    Bool `json:"isDefault"`
}

// CategoriesResult is the answer of crm.category.list.
type CategoriesResult struct {
	Categories List[Category] `json:"categories"`
}

// Status is an entry of a CRM dictionary, for us a stage of a pipeline (docs/contracts/bitrix24.md, "Pipelines and stages").
type Status struct {
	ID         ID   `json:"ID"`
	EntityID   Text `json:"ENTITY_ID"`
	StatusID   Text `json:"STATUS_ID"` // with the prefix of its pipeline: C9:NEW
	Name       Text `json:"NAME"`
	Sort       ID   `json:"SORT"`
	System     Bool `json:"SYSTEM"`
	CategoryID ID   `json:"CATEGORY_ID"`
	Color      Text `json:"COLOR"`
	Semantics  Text `json:"SEMANTICS"` // S success, F failure, "" in progress
}

// StatusDraft is a stage to add. StatusID is without the prefix, which the portal adds.
type StatusDraft struct {
	EntityID, StatusID, Name, Color, Semantics string
	Sort                                       int
}

// StageEntity returns the id of the dictionary of the stages of a pipeline: DEAL_STAGE_9, DYNAMIC_1030_STAGE_7.
func StageEntity(t EntityType, category ID) string {
	switch {
	case t == DealType && category == 0:
		return "DEAL_STAGE"
	case t == DealType:
		return "DEAL_STAGE_" + category.String()
	}
	return "DYNAMIC_" + strconv.Itoa(int(t)) + "_STAGE_" + category.String()
}

// ListCategories reads the pipelines of an object type; the answer is a CategoriesResult.
func ListCategories(t EntityType) Command {
	return Command{Method: "crm.category.list", Params: Params{"entityTypeId": int(t)}}
}

// ListStatuses reads a dictionary in its order; the answer is a List of Status.
func ListStatuses(entity string) Command {
	return Command{Method: "crm.status.list", Params: Params{
		"filter": Params{"ENTITY_ID": entity}, "order": Params{"SORT": "ASC"},
	}}
}

// AddStatus adds a stage; it needs CRM administrator rights, and the answer is its ID. Most errors have no code.
func AddStatus(s StatusDraft) Command {
	fields := Params{"ENTITY_ID": s.EntityID, "STATUS_ID": s.StatusID, "NAME": s.Name}
	setText(fields, "COLOR", s.Color)
	setText(fields, "SEMANTICS", s.Semantics)
	if s.Sort > 0 {
		fields["SORT"] = s.Sort
	}
	return Command{Method: "crm.status.add", Params: Params{"fields": fields}}
}

// UpdateStatus changes the name, colour or place of a stage; it needs CRM administrator rights, and the answer is true.
func UpdateStatus(id ID, s StatusDraft) Command {
	fields := Params{}
	setText(fields, "NAME", s.Name)
	setText(fields, "COLOR", s.Color)
	if s.Sort > 0 {
		fields["SORT"] = s.Sort
	}
	return Command{Method: "crm.status.update", Params: Params{"id": int64(id), "fields": fields}}
}

// Statuses reads a dictionary, such as that of StageEntity.
func (c *Client) Statuses(ctx context.Context, entity string) ([]Status, error) {
	return fetch[List[Status]](ctx, c, ListStatuses(entity))
}

// setText sets a parameter unless the text is empty.
func setText(p Params, name, text string) {
	if text != "" {
		p[name] = text
	}
}
