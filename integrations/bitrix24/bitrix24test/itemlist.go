package bitrix24test

import (
	"slices"
	"strconv"
	"strings"
)

func itemList(c *call) (any, error) {
	entityType := int(integer(c.p["entityTypeId"]))
	if !c.st.knowsType(entityType) {
		return nil, errTypeNotFound()
	}
	known := c.st.fieldsOf(entityType)
	keys, err := c.itemOrder(known)
	if err != nil {
		return nil, err
	}
	filter := fields(c.p["filter"])
	if err := checkFilter(filter, known); err != nil {
		return nil, err
	}
	rows := c.matching(entityType, filter, known, c.walksByID(keys))
	if len(keys) > 0 {
		sortRows(rows, keys)
	}
	rows = c.page(rows)
	items := make([]Fields, 0, len(rows))
	for _, r := range rows {
		item := c.inNames(entityType, c.show(entityType, known, r, c.token))
		items = append(items, selectFields(item, list(c.p["select"])))
	}
	return Fields{"items": items}, nil
}

// walksByID tells a page of a walk by id: nothing is counted, so what comes behind the page need not be looked at.
func (c *call) walksByID(keys []sortKey) bool {
	start, ok := c.p["start"]
	return ok && integer(start) < 0 && len(keys) == 1 && keys[0] == sortKey{name: "id"}
}

// matching lists the records that the user may see and the filter lets through, by id; the first page of them when no more is asked for.
func (c *call) matching(entityType int, filter Fields, known map[string]field, onePage bool) []Fields {
	var rows []Fields
	shelf := c.st.records(entityType)
	from := 0
	if after, ok := filter[">id"]; ok && len(listOrOne(after)) == 1 {
		from, _ = shelf.find(integer(after) + 1)
	}
	for _, r := range shelf.Records[from:] {
		if c.st.maySee(c.user, entityType, integer(r["id"])) && c.itemFits(r, filter, known) {
			rows = append(rows, r)
		}
		if onePage && len(rows) == pageSize {
			break
		}
	}
	return rows
}

// itemOrder checks names and directions of the order.
func (c *call) itemOrder(known map[string]field) ([]sortKey, error) {
	order := fields(c.p["order"])
	keys := c.orderKeys()
	for _, k := range keys {
		if _, ok := known[k.name]; !ok {
			return nil, bad("INVALID_ARG_VALUE", "Invalid order: field '%s' is not allowed in order", k.name)
		}
		if way := strings.ToUpper(text(order[k.name])); way != "ASC" && way != "DESC" {
			return nil, bad("INVALID_ARG_VALUE", "Invalid order: allowed sort directions are `ASC, DESC`. But got '%s' for field '%s'", text(order[k.name]), k.name)
		}
	}
	return keys, nil
}

// checkFilter refuses names that the type does not have and dates that are none.
func checkFilter(filter Fields, known map[string]field) error {
	for key, want := range filter {
		if key == "logic" {
			continue
		}
		if isGroup(key, want) {
			if err := checkFilter(fields(want), known); err != nil {
				return err
			}
			continue
		}
		_, name := splitOp(key)
		f, ok := known[name]
		if !ok {
			return bad("INVALID_ARG_VALUE", "Invalid filter: field '%s' is not allowed in filter", name)
		}
		if f.kind == "datetime" || f.kind == "date" {
			if _, isDate := moment(text(want)); !isDate && !isEmpty(want) {
				return bad("INVALID_ARG_VALUE", "Invalid filter: field '%s' has invalid value", name)
			}
		}
	}
	return nil
}

// isGroup tells nested conditions: a numeric key with an array.
func isGroup(key string, want any) bool {
	_, err := strconv.Atoi(key)
	_, isMap := want.(map[string]any)
	return err == nil && isMap
}

// itemFits joins conditions with AND, or with OR where the group says so.
func (c *call) itemFits(r, filter Fields, known map[string]field) bool {
	either := strings.EqualFold(text(filter["logic"]), "OR")
	conditions := 0
	for key, want := range filter {
		if key == "logic" {
			continue
		}
		conditions++
		if c.conditionFits(r, key, want, known) == either {
			return either
		}
	}
	return !either || conditions == 0
}

func (c *call) conditionFits(r Fields, key string, want any, known map[string]field) bool {
	if isGroup(key, want) {
		return c.itemFits(r, fields(want), known)
	}
	op, name := splitOp(key)
	f := known[name]
	have := r[name]
	if have == nil {
		have = f.empty()
	}
	if f.kind == "boolean" && f.user != nil {
		if s := text(want); s != "0" && s != "1" {
			c.ignore("filter." + name) // Y and N are passed over in silence
			return true
		}
		want = yesNo(truth(want))
	}
	return matchesAny(op, have, want)
}

// selectFields keeps the selected names; fm comes only with the star.
func selectFields(item Fields, names []any) Fields {
	if len(names) == 0 || slices.Contains(names, any("*")) {
		return item
	}
	out := Fields{}
	for _, n := range names {
		if v, ok := item[text(n)]; ok && n != "fm" {
			out[text(n)] = v
		}
	}
	return out
}
