package bitrix24test

import (
	"slices"
	"strconv"
	"strings"
)

func taskGet(c *call) (any, error) {
	t, err := c.task()
	if err != nil {
		return nil, err
	}
	return Fields{"task": c.taskRecord(t, list(c.p["select"]))}, nil
}

func (c *call) task() (Fields, error) {
	if t := c.st.task(integer(c.p["taskId"])); t != nil {
		return t, nil
	}
	return nil, bad("1048582", "Задача не найдена или недоступна")
}

// taskList filters in the old spelling: RESPONSIBLE_ID, !STATUS, UF_CRM_TASK, XML_ID.
func taskList(c *call) (any, error) {
	filter := upperFields(fields(c.p["filter"]))
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
		keys = []sortKey{{"id", false}}
	}
	sortRows(rows, keys)
	out := []any{}
	for _, t := range c.page(rows) {
		out = append(out, c.taskRecord(t, list(c.p["select"])))
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
		op, name := splitOp(key)
		if name == "REAL_STATUS" {
			name = "STATUS"
		}
		camel, known := taskFields[name]
		if !known {
			c.ignore("filter." + name)
			continue
		}
		if !matchesAny(op, t[camel], want) {
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

func (p *Portal) setTaskStatus(t Fields, status string, actor *User) {
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
	f := upperFields(fields(c.p["fields"]))
	if err := c.checkTask(f); err != nil {
		return nil, err
	}
	status := text(f["STATUS"])
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

func (p *Portal) removeTask(t Fields, actor *User) {
	p.st.Tasks = slices.DeleteFunc(p.st.Tasks, func(other Fields) bool { return other["id"] == t["id"] })
	p.emitTask("ONTASKDELETE", t, actor)
	p.changed()
}
