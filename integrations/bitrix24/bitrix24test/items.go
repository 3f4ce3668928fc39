package bitrix24test

import (
	"fmt"
	"slices"
	"strings"
)

// key names an item across types: "2:15".
func key(entityType int, id int64) string { return fmt.Sprintf("%d:%d", entityType, id) }

// Hide takes the right to see an item from a user.
func (p *Portal) Hide(user int64, entityType int, id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Hidden[key(entityType, id)] = append(p.st.Hidden[key(entityType, id)], user)
	p.changed()
}

// maySee tells whether the user may read the item.
func (s *state) maySee(u *User, entityType int, id int64) bool {
	return u == nil || u.Admin || !slices.Contains(s.Hidden[key(entityType, id)], u.ID)
}

// visible prints an item with all fields that exist now; values of fields that do not exist yet stay hidden.
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
			v = p.fileLinks(entityType, integer(r["id"]), f, v, token)
		}
		out[name] = v
	}
	if entityType == Company || entityType == Contact {
		addAliases(out)
	}
	return out
}

// addAliases adds the short forms of e-mail and phone that stand beside fm.
func addAliases(out Fields) {
	for _, alias := range []string{"phoneMobile", "phoneWork", "phoneMailing", "emailHome", "emailWork", "emailMailing", "email", "phone"} {
		out[alias] = ""
	}
	for _, raw := range list(out["fm"]) {
		m := fields(raw)
		kind, value := strings.ToLower(text(m["typeId"])), text(m["value"])
		for _, alias := range []string{kind, kind + titleCase(text(m["valueType"]))} {
			if out[alias] == "" {
				out[alias] = value
			}
		}
	}
	out["hasPhone"], out["hasEmail"] = yesNo(out["phone"] != ""), yesNo(out["email"] != "")
}

func titleCase(s string) string {
	if s == "" {
		return ""
	}
	return s[:1] + strings.ToLower(s[1:])
}

func itemGet(c *call) (any, error) {
	entityType, id := int(integer(c.p["entityTypeId"])), integer(c.p["id"])
	r, err := c.readable(entityType, id)
	if err != nil {
		return nil, err
	}
	return Fields{"item": c.inNames(entityType, c.visible(entityType, r, c.token))}, nil
}

// readable finds an item that the user may see.
func (c *call) readable(entityType int, id int64) (Fields, error) {
	if !c.st.knowsType(entityType) {
		return nil, errTypeNotFound()
	}
	r := c.st.records(entityType).get(id)
	if r == nil {
		return nil, errItemNotFound()
	}
	if !c.st.maySee(c.user, entityType, id) {
		return nil, errItemDenied()
	}
	return r, nil
}

// inNames gives user fields their old names when useOriginalUfNames asks for them.
func (c *call) inNames(entityType int, item Fields) Fields {
	if !truth(c.p["useOriginalUfNames"]) {
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
	entityType, id := int(integer(c.p["entityTypeId"])), integer(c.p["id"])
	if _, err := c.readable(entityType, id); err != nil {
		return nil, err
	}
	c.removeItem(entityType, id, c.user)
	return []any{}, nil
}

func (p *Portal) removeItem(entityType int, id int64, actor *User) {
	p.throwAway(entityType, id)
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
	return plain(p.visible(entityType, r, ""))
}

// Items copies all items of a type.
func (p *Portal) Items(entityType int) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Fields{}
	known := p.st.fieldsOf(entityType)
	for _, r := range p.st.records(entityType).Records {
		out = append(out, plain(p.show(entityType, known, r, "")))
	}
	return out
}

// MaySee tells whether the user may read the item.
func (p *Portal) MaySee(user int64, entityType int, id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.maySee(p.user(user), entityType, id)
}
