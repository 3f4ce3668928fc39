package bitrix24test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The statuses of a task that matter here.
const (
	taskOpen = "2"
	taskDone = "5"
)

var taskFields = map[string]string{
	"TITLE": "title", "DESCRIPTION": "description", "DEADLINE": "deadline", "CREATED_BY": "createdBy", "PRIORITY": "priority",
	"RESPONSIBLE_ID": "responsibleId", "GROUP_ID": "groupId", "XML_ID": "xmlId", "AUDITORS": "auditors", "STATUS": "status",
	"ACCOMPLICES": "accomplices", "UF_CRM_TASK": "ufCrmTask", "UF_TASK_WEBDAV_FILES": "ufTaskWebdavFiles",
	"PARENT_ID": "parentId", "START_DATE_PLAN": "startDatePlan", "END_DATE_PLAN": "endDatePlan", "ID": "id",
	"CREATED_DATE": "createdDate", "CHANGED_DATE": "changedDate", "CLOSED_DATE": "closedDate", "CLOSED_BY": "closedBy",
	"ALLOW_CHANGE_DEADLINE": "allowChangeDeadline", "TASK_CONTROL": "taskControl", "MARK": "mark", "GUID": "guid",
	"CHANGED_BY": "changedBy", "STATUS_CHANGED_BY": "statusChangedBy", "STATUS_CHANGED_DATE": "statusChangedDate",
}

var listFields = []string{"auditors", "accomplices", "ufCrmTask", "ufTaskWebdavFiles"}

var crmBinding = regexp.MustCompile(`^(D|CO|C|L|T[0-9a-f]+)_[0-9]+$`)

func taskAdd(c *call) (any, error) {
	f := upperFields(fields(c.p["fields"]))
	if len(f) == 0 {
		return nil, bad("100", "Could not find value for parameter {fields}")
	}
	if strings.TrimSpace(text(f["TITLE"])) == "" {
		return nil, bad("ERROR_CORE", "Не указано название задачи<br>")
	}
	if err := c.checkTask(f); err != nil {
		return nil, err
	}
	now := c.nowText()
	t := Fields{
		"id": strconv.FormatInt(c.st.next("task"), 10), "description": "", "priority": "1", "status": taskOpen, "groupId": "0",
		"createdBy": strconv.FormatInt(c.user.ID, 10), "createdDate": now, "changedDate": now, "statusChangedDate": now,
		"activityDate": now, "changedBy": strconv.FormatInt(c.user.ID, 10), "guid": "{" + secret(16) + "}",
	}
	c.writeTask(t, f)
	c.st.Tasks = append(c.st.Tasks, t)
	c.emitTask("ONTASKADD", t, c.user)
	return Fields{"task": c.taskRecord(t, nil)}, nil
}

func upperFields(in Fields) Fields {
	out := Fields{}
	for k, v := range in {
		out[strings.ToUpper(k)] = v
	}
	return out
}

func (c *call) checkTask(f Fields) error {
	if who := f["RESPONSIBLE_ID"]; who != nil && !c.st.works(integer(who)) {
		return bad("ERROR_CORE", "Пользователь указанный в поле \"Исполнитель\" не найден<br>")
	}
	if s := text(f["DEADLINE"]); s != "" {
		if _, ok := moment(s); !ok {
			return bad("ERROR_CORE", "Неверный формат даты крайнего срока<br>")
		}
	}
	for _, b := range list(f["UF_CRM_TASK"]) {
		if !crmBinding.MatchString(text(b)) {
			return bad("ERROR_CORE", "Элемент CRM %s не найден<br>", text(b))
		}
	}
	return nil
}

// writeTask stores known fields as strings, lists as lists of strings.
func (c *call) writeTask(t, f Fields) {
	for k, v := range f {
		name, known := taskFields[k]
		switch {
		case !known || k == "ID":
			c.ignore(k)
		case slices.Contains(listFields, name):
			items := []any{}
			for _, x := range list(v) {
				items = append(items, text(x))
			}
			t[name] = items
		case k == "DEADLINE" || strings.HasSuffix(k, "_PLAN"):
			t[name] = nil
			if at, ok := moment(text(v)); ok {
				t[name] = c.stamp(at)
			}
		default:
			t[name] = strings.TrimSpace(text(v))
		}
	}
}

// emitTask tells of a task; what was not there before or is no more afterwards reads undefined.
func (p *Portal) emitTask(event string, t Fields, actor *User) {
	data := Fields{
		"FIELDS_BEFORE": Fields{"ID": t["id"]}, "FIELDS_AFTER": Fields{"ID": t["id"]},
		"IS_ACCESSIBLE_BEFORE": "undefined", "IS_ACCESSIBLE_AFTER": "undefined",
	}
	switch event {
	case "ONTASKADD":
		data["FIELDS_BEFORE"], data["IS_ACCESSIBLE_BEFORE"] = "undefined", "N"
	case "ONTASKDELETE":
		data["FIELDS_AFTER"], data["IS_ACCESSIBLE_AFTER"] = "undefined", "N"
	}
	p.emit(event, data, actor)
}

// taskRecord prints a task. UF fields come only when they are selected.
func (c *call) taskRecord(t Fields, selected []any) Fields {
	out := Fields{
		"parentId": nil, "mark": nil, "multitask": "N", "notViewed": "N", "replicate": "N", "stageId": "0", "xmlId": nil,
		"statusChangedBy": nil, "closedBy": nil, "closedDate": nil, "dateStart": nil, "deadline": nil, "startDatePlan": nil,
		"endDatePlan": nil, "allowChangeDeadline": "N", "allowTimeTracking": "N", "taskControl": "N", "siteId": "s1",
		"favorite": "N", "durationType": "days", "descriptionInBbcode": "Y", "auditors": []any{}, "accomplices": []any{},
		"checklist": []any{}, "group": []any{}, "subStatus": t["status"],
	}
	for k, v := range t {
		out[k] = v
	}
	out["creator"] = c.taskPerson(t["createdBy"])
	out["responsible"] = c.taskPerson(t["responsibleId"])
	out["action"] = Fields{"complete": t["status"] != taskDone, "edit": true, "remove": true, "renew": t["status"] == taskDone}
	return pickTask(out, selected)
}

func (c *call) taskPerson(id any) Fields {
	u := c.st.hasUser(integer(id))
	if u == nil {
		return Fields{}
	}
	return Fields{
		"id": text(id), "name": u.FullName(), "link": fmt.Sprintf("/company/personal/user/%d/", u.ID),
		"icon": "/bitrix/images/tasks/default_avatar.png", "workPosition": u.Position,
	}
}

func pickTask(t Fields, selected []any) Fields {
	out := Fields{}
	all := len(selected) == 0 || slices.Contains(selected, any("*"))
	for k, v := range t {
		if all && !strings.HasPrefix(k, "uf") {
			out[k] = v
		}
	}
	for _, s := range selected {
		name := text(s)
		if camel, ok := taskFields[strings.ToUpper(name)]; ok {
			name = camel
		}
		if name == "UF_*" {
			out["ufCrmTask"], out["ufTaskWebdavFiles"] = t["ufCrmTask"], t["ufTaskWebdavFiles"]
		} else if v, ok := t[name]; ok {
			out[name] = v
		} else if name == "ufCrmTask" {
			out[name] = []any{}
		}
	}
	out["id"] = t["id"]
	return out
}
