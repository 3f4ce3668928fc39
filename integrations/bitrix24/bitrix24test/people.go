package bitrix24test

import (
	"slices"
	"strconv"
	"strings"
)

func profile(c *call) (any, error) {
	return Fields{
		"ID": strconv.FormatInt(c.user.ID, 10), "ADMIN": c.user.Admin, "NAME": c.user.Name,
		"LAST_NAME": c.user.LastName, "PERSONAL_GENDER": "", "TIME_ZONE": c.user.TimeZone,
	}, nil
}

func userCurrent(c *call) (any, error) {
	out := c.userRecord(c.user, c.seesContacts())
	out["LAST_ACTIVITY_DATE"] = c.Portal.cfg.Now().In(c.cfg.Zone).Format("2006-01-02 15:04:05")
	delete(out, "TIMESTAMP_X")
	return out, nil
}

func userAdmin(c *call) (any, error) { return c.user.Admin, nil }

// seesContacts tells user_basic and user from user_brief.
func (c *call) seesContacts() bool {
	scope := strings.Split(c.cloud.App().Scope, ",")
	return slices.Contains(scope, "user") || slices.Contains(scope, "user_basic")
}

// userGet filters by FILTER or by plain parameters, 50 on a page.
func userGet(c *call) (any, error) {
	filter := Fields{}
	for k, v := range c.p {
		if _, known := Contract["user.get"].Params[k]; !known {
			filter[strings.ToUpper(k)] = v
		}
	}
	for k, v := range fields(c.p["FILTER"]) {
		filter[strings.ToUpper(k)] = v
	}
	var rows []Fields
	for _, u := range c.st.Users {
		if r := c.userRecord(u, c.seesContacts()); userFits(r, filter) {
			rows = append(rows, r)
		}
	}
	key := strings.ToUpper(text(c.p["sort"]))
	if key == "" {
		key = "ID"
	}
	sortRows(rows, []sortKey{{key, strings.EqualFold(text(c.p["order"]), "desc")}})
	return c.page(rows), nil
}

func userFits(r, filter Fields) bool {
	for key, want := range filter {
		op, name := splitOp(key)
		have := r[name]
		if name == "ACTIVE" {
			have, want = truth(have), truth(want)
		}
		if !matchesAny(op, have, want) {
			return false
		}
	}
	return true
}

func departmentGet(c *call) (any, error) {
	var rows []Fields
	for _, d := range c.st.Departments {
		r := Fields{"ID": strconv.FormatInt(d.ID, 10), "NAME": d.Name, "SORT": d.Sort}
		if d.Parent > 0 {
			r["PARENT"] = strconv.FormatInt(d.Parent, 10)
		}
		if d.Head > 0 {
			r["UF_HEAD"] = strconv.FormatInt(d.Head, 10)
		}
		if departmentFits(r, c.p) {
			rows = append(rows, r)
		}
	}
	c.p["start"] = c.p["START"]
	return c.page(rows), nil
}

func departmentFits(r, p Fields) bool {
	for _, key := range []string{"ID", "NAME", "SORT", "PARENT", "UF_HEAD"} {
		if want, ok := p[key]; ok && !matchesAny("=", r[key], want) {
			return false
		}
	}
	return true
}

// groupList lists the work groups, none of which is closed: to IS_ADMIN of an administrator all of them, to others their own.
func groupList(c *call) (any, error) {
	rows := []Fields{}
	for _, g := range c.st.Groups {
		if _, own := g.Members[c.user.ID]; g.Hidden && !own && !(c.user.Admin && text(c.p["IS_ADMIN"]) == "Y") {
			continue
		}
		if id := integer(c.p["GROUP_ID"]); id != 0 && id != g.ID {
			continue
		}
		rows = append(rows, Fields{"ID": strconv.FormatInt(g.ID, 10), "NAME": g.Name, "ACTIVE": "Y", "VISIBLE": yesNo(!g.Hidden), "CLOSED": "N",
			"NUMBER_OF_MEMBERS": strconv.Itoa(len(g.Members))})
	}
	sortRows(rows, []sortKey{{"NAME", false}})
	return c.page(rows), nil
}

// groupCreate makes a work group whose owner is who calls.
func groupCreate(c *call) (any, error) {
	name := strings.TrimSpace(text(c.p["NAME"]))
	if name == "" {
		return nil, bad("ERROR_CORE", "Не указано название группы")
	}
	g := &Group{ID: c.numbered("group", 0), Name: name, Hidden: text(c.p["VISIBLE"]) == "N", Members: map[int64]string{c.user.ID: "A"}}
	c.st.Groups = append(c.st.Groups, g)
	c.changed()
	return g.ID, nil
}

func groupUsers(c *call) (any, error) {
	for _, g := range c.st.Groups {
		if g.ID != integer(c.p["ID"]) {
			continue
		}
		var rows []Fields
		for id, role := range g.Members {
			rows = append(rows, Fields{"USER_ID": strconv.FormatInt(id, 10), "ROLE": role})
		}
		sortRows(rows, []sortKey{{"USER_ID", false}})
		return rows, nil
	}
	return nil, bad("ERROR_CORE", "Socialnetwork group not found")
}
