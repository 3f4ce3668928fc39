package bitrix24test

import "strings"

func serverTime(c *call) (any, error) { return c.nowText(), nil }

func scopeList(c *call) (any, error) { return strings.Split(c.cloud.App().Scope, ","), nil }

func methodGet(c *call) (any, error) {
	_, m, known := find(text(c.p["name"]))
	granted := strings.Split(c.cloud.App().Scope, ",")
	available := known && (m.Scope == "" || (&work{portal: c.Portal, user: &User{Admin: true}}).mayCall(m) == nil)
	return Fields{"isExisting": known, "isAvailable": available && len(granted) > 0}, nil
}

var features = map[string]string{"rest_offline_extended": "Y", "rest_auth_connector": "N"}

func featureGet(c *call) (any, error) {
	code := text(c.p["CODE"])
	if code == "" {
		return nil, bad("CODE_EMPTY", "CODE can't be empty")
	}
	value := features[code]
	if value == "" {
		value = "N"
	}
	return Fields{"value": value}, nil
}

func defaultCalendar() Fields {
	return Fields{
		"work_time_start": "9", "work_time_end": "18", "week_holidays": []any{"SA", "SU"}, "week_start": "MO",
		"year_holidays": "1.01,2.01,3.01,4.01,5.01,6.01,7.01,8.01,23.02,8.03,1.05,9.05,12.06,4.11", "year_workdays": "",
		"user_name_template": "#NAME# #LAST_NAME#", "sync_by_push": false, "user_show_login": true,
		"path_to_user": "/company/personal/user/#user_id#/", "path_to_user_calendar": "/company/personal/user/#user_id#/calendar/",
		"path_to_group": "/workgroups/group/#group_id#/", "path_to_group_calendar": "/workgroups/group/#group_id#/calendar/",
		"path_to_vr": "", "path_to_rm": "", "rm_iblock_type": "", "rm_iblock_id": "", "dep_manager_sub": true,
		"denied_superpose_types": []any{}, "pathes_for_sites": "", "forum_id": "8", "rm_for_sites": true,
		"path_to_type_company_calendar": "", "path_to_type_location": "", "path_to_type_open_event": "",
	}
}

func calendarSettings(c *call) (any, error) { return plain(c.st.Calendar), nil }

// SetCalendar changes single settings of the portal's calendar, year_workdays for one.
func (p *Portal) SetCalendar(change Fields) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, v := range change {
		p.st.Calendar[k] = v
	}
	p.changed()
}
