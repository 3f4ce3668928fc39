package automation

import (
	"slices"
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// cardFields are the fields of a configurable activity.
var cardFields = []string{"typeId", "completed", "deadline", "pingOffsets", "isIncomingChannel", "responsibleId", "badgeCode", "originatorId", "originId"}

func (e *Engine) cardAdd(c Call) (any, error) {
	entityType, owner := int(php.Integer(c.Params["ownerTypeId"])), php.Integer(c.Params["ownerId"])
	switch {
	case e.host.StageOf(entityType, owner) == "":
		return nil, contract.Refuse("NOT_FOUND", "Not found.")
	case !e.host.MaySee(c.User, entityType, owner):
		return nil, contract.Refuse("ACCESS_DENIED", "Доступ запрещён.")
	}
	id := e.host.NextActivity()
	a := php.Fields{
		"ID": strconv.FormatInt(id, 10), "OWNER_TYPE_ID": strconv.Itoa(entityType), "OWNER_ID": strconv.FormatInt(owner, 10),
		"TYPE_ID": "6", "PROVIDER_ID": "CONFIGURABLE_REST_APP", "PROVIDER_TYPE_ID": "CONFIGURABLE", "DIRECTION": "0", "COMPLETED": "N", "STATUS": "1",
		"PRIORITY": "2", "DESCRIPTION": "", "DESCRIPTION_TYPE": "1", "CREATED": e.host.NowText(), "AUTHOR_ID": strconv.FormatInt(c.User, 10),
		"RESPONSIBLE_ID": strconv.FormatInt(c.User, 10), "ORIGIN_ID": nil, "ORIGINATOR_ID": nil, "SETTINGS": php.Fields{}, "COMMUNICATIONS": []any{}, "FILES": []any{},
	}
	card := &Card{}
	if err := e.setCard(a, card, c.Params); err != nil {
		return nil, err
	}
	all, s := e.host.Activities(), e.state()
	*all = append(*all, a)
	if s.Cards == nil {
		s.Cards = map[int64]*Card{}
	}
	s.Cards[id] = card
	return php.Fields{"activity": php.Fields{"id": id}}, nil
}

func (e *Engine) cardUpdate(c Call) (any, error) {
	a, card := e.card(php.Integer(c.Params["id"]))
	if card == nil {
		return nil, contract.Refuse("NOT_FOUND", "Not found.")
	}
	if err := e.setCard(a, card, c.Params); err != nil {
		return nil, err
	}
	return php.Fields{"activity": php.Fields{"id": php.Integer(a["ID"])}}, nil
}

func (e *Engine) cardGet(c Call) (any, error) {
	a, card := e.card(php.Integer(c.Params["id"]))
	if card == nil {
		return nil, contract.Refuse("NOT_FOUND", "Not found.")
	}
	return php.Fields{"activity": php.Fields{
		"id": php.Integer(a["ID"]), "ownerTypeId": php.Integer(a["OWNER_TYPE_ID"]), "ownerId": php.Integer(a["OWNER_ID"]),
		"fields": php.Fields{"typeId": "CONFIGURABLE", "completed": php.Truth(a["COMPLETED"]), "responsibleId": php.Integer(a["RESPONSIBLE_ID"]),
			"badgeCode": card.Badge, "originatorId": a["ORIGINATOR_ID"], "originId": a["ORIGIN_ID"]},
		"layout": php.Copy(card.Layout),
	}}, nil
}

// card finds a configurable activity that still exists.
func (e *Engine) card(id int64) (php.Fields, *Card) {
	for _, a := range *e.host.Activities() {
		if php.Integer(a["ID"]) == id {
			return a, e.state().Cards[id]
		}
	}
	return nil, nil
}

// setCard checks and writes the given fields and the layout.
func (e *Engine) setCard(a php.Fields, card *Card, p php.Fields) error {
	f, layout := php.Map(p["fields"]), php.Map(p["layout"])
	if err := checkLayout(layout); err != nil {
		return err
	}
	for name := range f {
		if !slices.Contains(cardFields, name) {
			return contract.Refuse("WRONG_FIELD_VALUE", "Wrong field value: %s", name)
		}
	}
	badge, given := f["badgeCode"]
	if code := php.Text(badge); given && code != "" && e.state().badge(code) == nil {
		return contract.Refuse("WRONG_FIELD_VALUE", "Wrong field value: badgeCode")
	}
	if t, given := f["typeId"]; given && php.Text(t) != "CONFIGURABLE" {
		return contract.Refuse("WRONG_FIELD_VALUE", "Wrong field value: typeId")
	}
	if given {
		card.Badge = php.Text(badge)
	}
	if v, given := f["completed"]; given {
		a["COMPLETED"] = php.YesNo(php.Truth(v))
	}
	for name, upper := range map[string]string{"responsibleId": "RESPONSIBLE_ID", "originId": "ORIGIN_ID", "originatorId": "ORIGINATOR_ID", "deadline": "DEADLINE"} {
		if v, given := f[name]; given {
			a[upper] = php.Text(v)
		}
	}
	card.Layout = php.Copy(layout)
	a["SUBJECT"] = localText(php.Map(layout["header"])["title"])
	a["LAST_UPDATED"] = e.host.NowText()
	return nil
}

// checkLayout refuses a layout without its required parts, and one with unknown parts.
func checkLayout(layout php.Fields) error {
	if len(layout) == 0 {
		return contract.Refuse("ERROR_EMPTY_LAYOUT", "Layout must not be empty")
	}
	for name := range layout {
		if !slices.Contains([]string{"icon", "header", "body", "footer"}, name) {
			return contract.Refuse("FIELD_IS_REDUNDANT", "Field %s is redundant", name)
		}
	}
	header, body := php.Map(layout["header"]), php.Map(layout["body"])
	if php.Text(php.Map(layout["icon"])["code"]) == "" || localText(header["title"]) == "" || php.Text(php.Map(body["logo"])["code"]) == "" {
		return contract.Refuse("FIELD_IS_REQUIRED", "Field is required")
	}
	if buttons := php.Map(php.Map(layout["footer"])["buttons"]); len(buttons) > 2 {
		return contract.Refuse("TOO_MANY_ITEMS", "Too many items")
	}
	return nil
}
