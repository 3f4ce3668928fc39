package bitrix24test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// itemKey identifies an item across types: "2:15".
func itemKey(entityType int, id int64) string { return fmt.Sprintf("%d:%d", entityType, id) }

// Hide removes the right of a user to read an item.
func (p *Portal) Hide(user int64, entityType int, id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Hidden[itemKey(entityType, id)] = append(p.st.Hidden[itemKey(entityType, id)], user)
	p.changed()
}

// maySee reports whether the user may read the item.
func (s *state) maySee(u *User, entityType int, id int64) bool {
	return u == nil || u.Admin || !slices.Contains(s.Hidden[itemKey(entityType, id)], u.ID)
}

// visible returns an item with all existing fields; values of fields that do not exist yet are hidden.
func (p *Portal) visible(entityType int, r Fields, token string) Fields {
	return p.show(entityType, p.st.fieldsOf(entityType), r, token)
}

func (p *Portal) show(entityType int, known map[string]field, r Fields, token string) Fields {
	out := Fields{"entityTypeId": entityType}
	for name, f := range known {
		v, ok := r[name]
		if !ok || v == nil {
			v = f.empty()
		}
		if f.kind == "file" {
			v = p.fileLinks(entityType, php.Integer(r["id"]), f, v, token)
		}
		out[name] = v
	}
	if entityType == Company || entityType == Contact {
		addAliases(out)
	}
	return out
}

// addAliases adds the fields with single e-mail addresses and phones beside fm.
func addAliases(out Fields) {
	for _, alias := range []string{"phoneMobile", "phoneWork", "phoneMailing", "emailHome", "emailWork", "emailMailing", "email", "phone"} {
		out[alias] = ""
	}
	for _, raw := range php.List(out["fm"]) {
		m := php.Map(raw)
		kind, value := strings.ToLower(php.Text(m["typeId"])), php.Text(m["value"])
		for _, alias := range []string{kind, kind + titleCase(php.Text(m["valueType"]))} {
			if out[alias] == "" {
				out[alias] = value
			}
		}
	}
	out["hasPhone"], out["hasEmail"] = php.YesNo(out["phone"] != ""), php.YesNo(out["email"] != "")
}

func titleCase(s string) string {
	if s == "" {
		return ""
	}
	return s[:1] + strings.ToLower(s[1:])
}

func itemGet(c *call) (any, error) {
	entityType, id := int(php.Integer(c.p["entityTypeId"])), php.Integer(c.p["id"])
	r, err := c.readable(entityType, id)
	if err != nil {
		return nil, err
	}
	return Fields{"item": c.inNames(entityType, c.visible(entityType, r, c.token))}, nil
}

// readable returns an item that the user may read.
func (c *call) readable(entityType int, id int64) (Fields, error) {
	if !c.st.hasType(entityType) {
		return nil, contract.ErrTypeNotFound()
	}
	r := c.st.records(entityType).get(id)
	if r == nil {
		return nil, contract.ErrItemNotFound()
	}
	if !c.st.maySee(c.user, entityType, id) {
		return nil, contract.ErrItemDenied()
	}
	return r, nil
}

// inNames returns user fields under their upper-case names when useOriginalUfNames is set.
func (c *call) inNames(entityType int, item Fields) Fields {
	if !php.Truth(c.p["useOriginalUfNames"]) {
		return item
	}
	for name, f := range c.st.fieldsOf(entityType) {
		if v, ok := item[name]; ok && f.user != nil {
			delete(item, name)
			item[f.user.Name] = v
		}
	}
	return item
}

func itemDelete(c *call) (any, error) {
	entityType, id := int(php.Integer(c.p["entityTypeId"])), php.Integer(c.p["id"])
	if _, err := c.readable(entityType, id); err != nil {
		return nil, err
	}
	c.removeItem(entityType, id, c.user)
	return []any{}, nil
}

func (p *Portal) removeItem(entityType int, id int64, actor *User) {
	p.copyToBin(entityType, id)
	p.st.records(entityType).remove(id)
	delete(p.st.Rows, rowsKey(ownerCode(entityType), id))
	p.emitItem("DELETE", entityType, id, actor)
	p.changed()
}

// Item copies one item as crm.item.get shows it; nil when there is none.
func (p *Portal) Item(entityType int, id int64) Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.st.records(entityType).get(id)
	if r == nil {
		return nil
	}
	return php.Copy(p.visible(entityType, r, ""))
}

// Items copies all items of a type.
func (p *Portal) Items(entityType int) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Fields{}
	known := p.st.fieldsOf(entityType)
	for _, r := range p.st.records(entityType).Records {
		out = append(out, php.Copy(p.show(entityType, known, r, "")))
	}
	return out
}

// MaySee reports whether the user may read the item.
func (p *Portal) MaySee(user int64, entityType int, id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.maySee(p.user(user), entityType, id)
}

func itemList(c *call) (any, error) {
	entityType := int(php.Integer(c.p["entityTypeId"]))
	if !c.st.hasType(entityType) {
		return nil, contract.ErrTypeNotFound()
	}
	known := c.st.fieldsOf(entityType)
	keys, err := c.itemOrder(known)
	if err != nil {
		return nil, err
	}
	filter := php.Map(c.p["filter"])
	if err := checkFilter(filter, known); err != nil {
		return nil, err
	}
	rows := c.matching(entityType, filter, known, c.isWalkByID(keys))
	if len(keys) > 0 {
		sortRows(rows, keys)
	}
	rows = c.page(rows)
	items := make([]Fields, 0, len(rows))
	for _, r := range rows {
		item := c.inNames(entityType, c.show(entityType, known, r, c.token))
		items = append(items, selectFields(item, php.List(c.p["select"])))
	}
	return Fields{"items": items}, nil
}

// isWalkByID reports whether a list is read by id without counting, so that only one page must be matched.
func (c *call) isWalkByID(keys []sortKey) bool {
	start, ok := c.p["start"]
	return ok && php.Integer(start) < 0 && len(keys) == 1 && keys[0] == sortKey{name: "id"}
}

// matching returns the records that the user may read and the filter selects, by id; only the first page when onePage is set.
func (c *call) matching(entityType int, filter Fields, known map[string]field, onePage bool) []Fields {
	var rows []Fields
	all := c.st.records(entityType)
	from := 0
	if after, ok := filter[">id"]; ok && len(php.ListOrOne(after)) == 1 {
		from, _ = all.find(php.Integer(after) + 1)
	}
	for _, r := range all.Records[from:] {
		if c.st.maySee(c.user, entityType, php.Integer(r["id"])) && c.itemFits(r, filter, known) {
			rows = append(rows, r)
		}
		if onePage && len(rows) == pageSize {
			break
		}
	}
	return rows
}

// itemOrder returns the keys of the order, or refuses an unknown name or direction.
func (c *call) itemOrder(known map[string]field) ([]sortKey, error) {
	order := php.Map(c.p["order"])
	keys := c.orderKeys()
	for _, k := range keys {
		if _, ok := known[k.name]; !ok {
			return nil, contract.Refuse("INVALID_ARG_VALUE", "Invalid order: field '%s' is not allowed in order", k.name)
		}
		if way := strings.ToUpper(php.Text(order[k.name])); way != "ASC" && way != "DESC" {
			return nil, contract.Refuse("INVALID_ARG_VALUE", "Invalid order: allowed sort directions are `ASC, DESC`. But got '%s' for field '%s'", php.Text(order[k.name]), k.name)
		}
	}
	return keys, nil
}

// checkFilter refuses unknown field names and invalid dates.
func checkFilter(filter Fields, known map[string]field) error {
	for key, want := range filter {
		if key == "logic" {
			continue
		}
		if isGroup(key, want) {
			if err := checkFilter(php.Map(want), known); err != nil {
				return err
			}
			continue
		}
		_, name := match.Split(key)
		f, ok := known[name]
		if !ok {
			return contract.Refuse("INVALID_ARG_VALUE", "Invalid filter: field '%s' is not allowed in filter", name)
		}
		if f.kind == "datetime" || f.kind == "date" {
			if _, isDate := match.Moment(php.Text(want)); !isDate && !match.IsEmpty(want) {
				return contract.Refuse("INVALID_ARG_VALUE", "Invalid filter: field '%s' has invalid value", name)
			}
		}
	}
	return nil
}

// isGroup reports whether a condition is a group: a numeric key with an array.
func isGroup(key string, want any) bool {
	_, err := strconv.Atoi(key)
	_, isMap := want.(map[string]any)
	return err == nil && isMap
}

// itemFits joins conditions with AND, or with OR in a group with that logic.
func (c *call) itemFits(r, filter Fields, known map[string]field) bool {
	either := strings.EqualFold(php.Text(filter["logic"]), "OR")
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
		return c.itemFits(r, php.Map(want), known)
	}
	op, name := match.Split(key)
	f := known[name]
	have := r[name]
	if have == nil {
		have = f.empty()
	}
	if f.kind == "boolean" && f.user != nil {
		if s := php.Text(want); s != "0" && s != "1" {
			c.recordIgnoredName("filter." + name) // Y and N are silently ignored
			return true
		}
		want = php.YesNo(php.Truth(want))
	}
	return match.Any(op, have, want)
}

// selectFields keeps the selected names; fm is included only with *.
func selectFields(item Fields, names []any) Fields {
	if len(names) == 0 || slices.Contains(names, any("*")) {
		return item
	}
	out := Fields{}
	for _, n := range names {
		if v, ok := item[php.Text(n)]; ok && n != "fm" {
			out[php.Text(n)] = v
		}
	}
	return out
}
