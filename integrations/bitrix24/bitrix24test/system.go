package bitrix24test

import (
	"cmp"
	"maps"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

func serverTime(c *call) (any, error) { return c.nowText(), nil }

func scopeList(c *call) (any, error) { return strings.Split(c.cloud.App().Scope, ","), nil }

func methodGet(c *call) (any, error) {
	_, m, known := contract.Find(php.Text(c.p["name"]))
	available := known && (m.Scope == "" || (&work{portal: c.Portal, user: &User{Admin: true}}).checkRights(m) == nil)
	return Fields{"isExisting": known, "isAvailable": available}, nil
}

var features = map[string]string{"rest_offline_extended": "Y", "rest_auth_connector": "N"}

func featureGet(c *call) (any, error) {
	code := php.Text(c.p["CODE"])
	if code == "" {
		return nil, contract.Refuse("CODE_EMPTY", "CODE can't be empty")
	}
	return Fields{"value": cmp.Or(features[code], "N")}, nil
}

func calendarSettings(c *call) (any, error) { return php.Copy(c.st.Calendar), nil }

// SetCalendar changes single settings of the portal's calendar, such as year_workdays.
func (p *Portal) SetCalendar(change Fields) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.Copy(p.st.Calendar, change)
	p.changed()
}

// methods implements every method of the contract table. The portal's lock is held.
var methods = map[string]func(*call) (any, error){
	"profile": profile, "user.current": userCurrent, "user.get": userGet, "user.admin": userAdmin,
	"department.get": departmentGet, "sonet_group.get": groupList, "sonet_group.create": groupCreate, "sonet_group.user.get": groupUsers,

	"scope": scopeList, "server.time": serverTime, "app.info": appInfo, "method.get": methodGet,
	"feature.get": featureGet, "calendar.settings.get": calendarSettings,

	"crm.item.get": itemGet, "crm.item.list": itemList, "crm.item.add": itemAdd, "crm.item.update": itemUpdate,
	"crm.item.delete": itemDelete, "crm.item.fields": itemFields,
	"crm.item.productrow.list": rowList, "crm.item.productrow.set": rowSet,

	"crm.category.list": categoryList, "crm.status.list": statusList, "crm.status.add": statusAdd,
	"crm.status.update": statusUpdate, "crm.status.delete": statusDelete,
	"crm.status.entity.types": statusEntityTypes, "crm.stagehistory.list": stageHistory,

	"crm.type.list": typeList, "crm.type.add": typeAdd, "crm.type.getByEntityTypeId": typeByEntity,
	"userfieldconfig.list": userFieldList, "userfieldconfig.add": userFieldAdd, "userfieldconfig.get": userFieldGet,

	"crm.requisite.list": requisiteList, "crm.requisite.preset.list": presetList,
	"crm.requisite.bankdetail.list": bankDetailList, "crm.address.list": addressList,
	"crm.requisite.link.get": linkGet, "crm.requisite.link.list": linkList, "crm.requisite.link.register": linkRegister,

	"placement.bind": placementBind, "placement.get": placementGet, "placement.list": placementList,
	"placement.unbind": placementUnbind,
	"event.bind":       eventBind, "event.get": eventGet, "event.unbind": eventUnbind, "events": eventList,

	"im.notify.system.add": notifySystem, "im.notify.personal.add": notifyPersonal,
	"crm.timeline.comment.add": commentAdd, "crm.timeline.comment.list": commentList,
	"crm.timeline.logmessage.add": logAdd, "crm.timeline.logmessage.list": logList,
	"crm.activity.add": activityAdd, "crm.activity.list": activityList, "crm.activity.delete": activityDelete,
	"tasks.task.add": taskAdd, "tasks.task.list": taskList, "tasks.task.get": taskGet,
	"tasks.task.complete": taskComplete, "tasks.task.update": taskUpdate, "tasks.task.delete": taskDelete,
}
