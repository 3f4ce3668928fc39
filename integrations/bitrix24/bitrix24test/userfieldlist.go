package bitrix24test

import "strconv"

// describe is the field in the words of userfieldconfig; only get and add name the options.
func (u *UserField) describe(withEnum bool) Fields {
	nothing := Fields{"en": nil, "ru": nil}
	out := Fields{
		"id": strconv.FormatInt(u.ID, 10), "entityId": u.EntityID, "fieldName": u.Name, "userTypeId": u.Kind,
		"xmlId": orNil(u.XMLID), "sort": strconv.FormatInt(u.Sort, 10), "multiple": yesNo(u.Multiple),
		"mandatory": yesNo(u.Mandatory), "showFilter": "N", "showInList": "Y", "editInList": "Y", "isSearchable": "N",
		"settings": u.Settings, "languageId": Fields{"en": "en", "ru": "ru"},
		"editFormLabel": Fields{"en": u.Label, "ru": u.Label}, "listColumnLabel": nothing, "listFilterLabel": nothing,
		"errorMessage": nothing, "helpMessage": nothing,
	}
	if withEnum && u.Kind == "enumeration" {
		var options []any
		for _, e := range u.Enum {
			options = append(options, Fields{
				"id": strconv.FormatInt(e.ID, 10), "userFieldId": strconv.FormatInt(u.ID, 10), "value": e.Value,
				"def": yesNo(e.Def), "sort": strconv.FormatInt(e.Sort, 10), "xmlId": e.XMLID,
			})
		}
		out["enum"] = options
	}
	return out
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func userFieldGet(c *call) (any, error) {
	for _, u := range c.st.UserFields {
		if u.ID == integer(c.p["id"]) {
			return Fields{"field": u.describe(true)}, nil
		}
	}
	return nil, bad("", "Пользовательское поле не найдено")
}

func userFieldList(c *call) (any, error) {
	if text(c.p["moduleId"]) != "crm" {
		return nil, bad("", "Access denied")
	}
	filter := fields(c.p["filter"])
	var rows []Fields
	for _, u := range c.st.UserFields {
		r := u.describe(false)
		if fieldFits(r, filter) {
			rows = append(rows, r)
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"id", false}}
	}
	sortRows(rows, keys)
	rows = c.page(rows)
	if !asksLanguage(c.p["select"]) {
		for _, r := range rows {
			for _, name := range []string{"editFormLabel", "listColumnLabel", "listFilterLabel", "errorMessage", "helpMessage", "languageId"} {
				delete(r, name)
			}
		}
	}
	return Fields{"fields": rows}, nil
}

// asksLanguage tells whether the labels were asked for: select holds {"language":"ru"}.
func asksLanguage(selected any) bool { return fields(selected)["language"] != nil }

func fieldFits(r, filter Fields) bool {
	for key, want := range filter {
		op, name := splitOp(key)
		if !matchesAny(op, r[name], want) {
			return false
		}
	}
	return true
}
