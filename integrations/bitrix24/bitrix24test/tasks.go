package bitrix24test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// The statuses of a task that the fake uses.
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
	f := upperFields(php.Map(c.p["fields"]))
	if len(f) == 0 {
		return nil, contract.Refuse("100", "Could not find value for parameter {fields}")
	}
	if strings.TrimSpace(php.Text(f["TITLE"])) == "" {
		return nil, contract.Refuse("ERROR_CORE", "Не указано название задачи<br>")
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
	if who := f["RESPONSIBLE_ID"]; who != nil && !c.st.isActive(php.Integer(who)) {
		return contract.Refuse("ERROR_CORE", "Пользователь указанный в поле \"Исполнитель\" не найден<br>")
	}
	if s := php.Text(f["DEADLINE"]); s != "" {
		if _, ok := match.Moment(s); !ok {
			return contract.Refuse("ERROR_CORE", "Неверный формат даты крайнего срока<br>")
		}
	}
	for _, b := range php.List(f["UF_CRM_TASK"]) {
		if !crmBinding.MatchString(php.Text(b)) {
			return contract.Refuse("ERROR_CORE", "Элемент CRM %s не найден<br>", php.Text(b))
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
			c.recordIgnoredName(k)
		case slices.Contains(listFields, name):
			items := []any{}
			for _, x := range php.List(v) {
				items = append(items, php.Text(x))
			}
			t[name] = items
		case k == "DEADLINE" || strings.HasSuffix(k, "_PLAN"):
			t[name] = nil
			if at, ok := match.Moment(php.Text(v)); ok {
				t[name] = c.stamp(at)
			}
		default:
			t[name] = strings.TrimSpace(php.Text(v))
		}
	}
}

// emitTask sends the event of a task; FIELDS_BEFORE of a new task and FIELDS_AFTER of a deleted one are undefined.
func (p *messages) emitTask(event string, t Fields, actor *User) {
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

// taskRecord returns a task in the format of the API. UF fields are included only when they are selected.
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
	u := c.st.user(php.Integer(id))
	if u == nil {
		return Fields{}
	}
	return Fields{
		"id": php.Text(id), "name": u.FullName(), "link": fmt.Sprintf("/company/personal/user/%d/", u.ID),
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
		name := php.Text(s)
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

func taskGet(c *call) (any, error) {
	t, err := c.task()
	if err != nil {
		return nil, err
	}
	return Fields{"task": c.taskRecord(t, php.List(c.p["select"]))}, nil
}

func (c *call) task() (Fields, error) {
	if t := c.st.task(php.Integer(c.p["taskId"])); t != nil {
		return t, nil
	}
	return nil, contract.Refuse("1048582", "Задача не найдена или недоступна")
}

// taskFilters are the filter keys of apidocs.bitrix24.ru/api-reference/tasks/tasks-task-list.html; XML_ID is not among them.
var taskFilters = map[string]bool{
	"ID": true, "PARENT_ID": true, "GROUP_ID": true, "CREATED_BY": true, "STATUS_CHANGED_BY": true, "PRIORITY": true, "FORUM_TOPIC_ID": true,
	"RESPONSIBLE_ID": true, "TITLE": true, "TAG": true, "REAL_STATUS": true, "STATUS": true, "MARK": true, "SITE_ID": true, "ADD_IN_REPORT": true,
	"DATE_START": true, "DEADLINE": true, "CREATED_DATE": true, "CLOSED_DATE": true, "CHANGED_DATE": true, "ACCOMPLICE": true, "AUDITOR": true,
	"DEPENDS_ON": true, "ONLY_ROOT_TASKS": true, "STAGE_ID": true, "SPRINT_ID": true, "BACKLOG_ID": true, "UF_CRM_TASK": true,
}

var taskPrefixes = []string{"=", "!", "<", "<=", ">", ">="}

// taskList filters by upper-case names: RESPONSIBLE_ID, !STATUS, UF_CRM_TASK. It silently ignores unknown keys.
func taskList(c *call) (any, error) {
	filter := upperFields(php.Map(c.p["filter"]))
	var rows []Fields
	for _, t := range c.st.Tasks {
		if c.taskFits(t, filter) {
			rows = append(rows, t)
		}
	}
	keys := c.orderKeys()
	for i, k := range keys {
		keys[i].name = camelTask(k.name)
	}
	if len(keys) == 0 {
		keys = []sortKey{{"id", true}}
	}
	sortRows(rows, keys)
	out := []any{}
	for _, t := range c.page(rows) {
		out = append(out, c.taskRecord(t, php.List(c.p["select"])))
	}
	return Fields{"tasks": out}, nil
}

func camelTask(name string) string {
	if camel, ok := taskFields[strings.ToUpper(name)]; ok {
		return camel
	}
	return name
}

func (c *call) taskFits(t, filter Fields) bool {
	for key, want := range filter {
		op, name := match.Split(key)
		if !taskFilters[name] || !slices.Contains(taskPrefixes, op) {
			c.recordIgnoredName("filter." + name)
			continue
		}
		camel := map[string]string{"REAL_STATUS": "status", "ACCOMPLICE": "accomplices", "AUDITOR": "auditors"}[name]
		if camel == "" {
			camel = camelTask(name)
		}
		if !match.Any(op, t[camel], want) {
			return false
		}
	}
	return true
}

func taskComplete(c *call) (any, error) {
	t, err := c.task()
	if err != nil {
		return nil, err
	}
	c.setTaskStatus(t, taskDone, c.user)
	return Fields{"task": c.taskRecord(t, nil)}, nil
}

func (p *messages) setTaskStatus(t Fields, status string, actor *User) {
	if t["status"] == status {
		return
	}
	who, now := strconv.FormatInt(actorID(actor), 10), p.nowText()
	t["status"], t["statusChangedBy"], t["statusChangedDate"] = status, who, now
	t["changedBy"], t["changedDate"], t["closedBy"], t["closedDate"] = who, now, nil, nil
	if status == taskDone {
		t["closedBy"], t["closedDate"] = who, now
	}
	p.emitTask("ONTASKUPDATE", t, actor)
	p.changed()
}

func taskUpdate(c *call) (any, error) {
	t, err := c.task()
	if err != nil {
		return nil, err
	}
	f := upperFields(php.Map(c.p["fields"]))
	if err := c.checkTask(f); err != nil {
		return nil, err
	}
	status := php.Text(f["STATUS"])
	delete(f, "STATUS")
	c.writeTask(t, f)
	t["changedBy"], t["changedDate"] = strconv.FormatInt(c.user.ID, 10), c.nowText()
	if status != "" && status != t["status"] {
		c.setTaskStatus(t, status, c.user)
	} else {
		c.emitTask("ONTASKUPDATE", t, c.user)
	}
	return Fields{"task": c.taskRecord(t, nil)}, nil
}

func taskDelete(c *call) (any, error) {
	t, err := c.task()
	if err != nil {
		return nil, err
	}
	c.removeTask(t, c.user)
	return Fields{"task": true}, nil
}

func (p *messages) removeTask(t Fields, actor *User) {
	p.st.Tasks = slices.DeleteFunc(p.st.Tasks, func(other Fields) bool { return other["id"] == t["id"] })
	p.emitTask("ONTASKDELETE", t, actor)
	p.changed()
}

// Tasks returns all tasks with the bound objects.
func (p *messages) Tasks() []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Fields{}
	for _, t := range p.st.Tasks {
		out = append(out, php.Copy(t))
	}
	return out
}

// AddTask adds a task, as a user does on the portal's pages.
func (p *messages) AddTask(user int64, f Fields) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, by := p.nowText(), strconv.FormatInt(user, 10)
	id := p.st.next("task")
	t := Fields{"id": strconv.FormatInt(id, 10), "status": taskOpen, "createdBy": by, "changedBy": by, "createdDate": now, "changedDate": now}
	for name, v := range f {
		t[name] = v
	}
	p.st.Tasks = append(p.st.Tasks, t)
	p.emitTask("ONTASKADD", t, p.user(user))
	p.changed()
	return id
}

// CompleteTask completes a task or opens it again, as a user does on its page.
func (p *messages) CompleteTask(user, id int64, done bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.st.task(id)
	if t == nil {
		return false
	}
	status := taskOpen
	if done {
		status = taskDone
	}
	p.setTaskStatus(t, status, p.user(user))
	return true
}

// DeleteTask deletes a task, as a user does on its page.
func (p *messages) DeleteTask(user, id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.st.task(id)
	if t == nil {
		return false
	}
	p.removeTask(t, p.user(user))
	return true
}

func (s *state) task(id int64) Fields {
	for _, t := range s.Tasks {
		if php.Integer(t["id"]) == id {
			return t
		}
	}
	return nil
}
