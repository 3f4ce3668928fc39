package bitrix24

// Trigger is a trigger that the application has registered (docs/contracts/bitrix24.md, "Triggers").
type Trigger struct {
	Code Text `json:"CODE"`
	Name Text `json:"NAME"`
}

// AddTrigger registers a trigger, or renames it.
func AddTrigger(code, name string) Command {
	return Command{Method: "crm.automation.trigger.add", Params: Params{"CODE": code, "NAME": name}}
}

// ListTriggers reads our triggers; the answer is a List of Trigger.
func ListTriggers() Command { return Command{Method: "crm.automation.trigger.list"} }

// ExecuteTrigger reports an event to the automation of an object. The answer does not show whether its stage changed.
func ExecuteTrigger(code string, t EntityType, id ID) Command {
	return Command{Method: "crm.automation.trigger.execute", Params: Params{"CODE": code, "OWNER_TYPE_ID": int(t), "OWNER_ID": int64(id)}}
}

// StageMove is an entry of the stage history of an object.
type StageMove struct {
	ID      ID   `json:"ID"`
	StageID Text `json:"STAGE_ID"`
}

// StageMovesResult is a page of the stage history.
type StageMovesResult struct {
	Items List[StageMove] `json:"items"`
}

// ListStageMoves reads the latest entries of the stage history of an object, the newest first.
func ListStageMoves(t EntityType, id ID) Command {
	return Command{Method: "crm.stagehistory.list", Params: Params{"entityTypeId": int(t), "filter": Params{"OWNER_ID": int64(id)},
		"order": Params{"ID": "DESC"}, "select": []string{"ID", "STAGE_ID"}}}
}

// Badge is a mark on the cards of the kanban, of any application (docs/contracts/bitrix24.md, "Badges and configurable activities").
type Badge struct {
	Code  Text `json:"code"`
	Title Text `json:"title"`
	Value Text `json:"value"`
	Type  Text `json:"type"`
}

// BadgesResult is the answer of ListBadges.
type BadgesResult struct {
	Badges List[Badge] `json:"badges"`
}

// ListBadges reads the badges of all applications.
func ListBadges() Command { return Command{Method: "crm.activity.badge.list"} }

// AddBadge registers a badge; a taken code is refused.
func AddBadge(b Badge) Command {
	return Command{Method: "crm.activity.badge.add", Params: Params{"code": string(b.Code), "title": string(b.Title), "value": string(b.Value), "type": string(b.Type)}}
}

// CardDraft is a configurable activity on the card of an object. Originator and Origin are our key.
type CardDraft struct {
	OwnerType          EntityType
	OwnerID            ID
	Title, Text, Badge string
	Responsible        ID
	Completed          bool
	Originator, Origin string
}

func (d CardDraft) params() Params {
	done := "N"
	if d.Completed {
		done = "Y"
	}
	fields := Params{"completed": done, "badgeCode": d.Badge, "originatorId": d.Originator, "originId": d.Origin}
	if d.Responsible != 0 {
		fields["responsibleId"] = int64(d.Responsible)
	}
	text := Params{"type": "text", "properties": Params{"value": d.Text}}
	return Params{"fields": fields, "layout": Params{"icon": Params{"code": "document"}, "header": Params{"title": d.Title},
		"body": Params{"logo": Params{"code": "document"}, "blocks": Params{"text": text}}}}
}

// CardResult is the answer of AddCard and UpdateCard.
type CardResult struct {
	Activity struct {
		ID ID `json:"id"`
	} `json:"activity"`
}

// AddCard adds a configurable activity. Nothing prevents a second one: after an unclear result search with ListCards.
func AddCard(d CardDraft) Command {
	p := d.params()
	p["ownerTypeId"], p["ownerId"] = int(d.OwnerType), int64(d.OwnerID)
	return Command{Method: "crm.activity.configurable.add", Params: p}
}

// UpdateCard replaces a configurable activity; for a deleted one IsNotFound is true.
func UpdateCard(id ID, d CardDraft) Command {
	p := d.params()
	p["id"] = int64(id)
	return Command{Method: "crm.activity.configurable.update", Params: p}
}

// ListCards reads the configurable activities of an object; the answer is a List of Activity.
func ListCards(t EntityType, id ID) Command {
	return ListActivities(Params{"OWNER_TYPE_ID": int(t), "OWNER_ID": int64(id), "PROVIDER_ID": "CONFIGURABLE_REST_APP"})
}
