package automation

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Call is a call of a method: its parameters and whose token it carries.
type Call struct {
	Params php.Fields
	User   int64
	Admin  bool
}

// Methods are the methods of this package. The portal's lock is held while they run.
var Methods = map[string]func(*Engine, Call) (any, error){
	"bizproc.robot.add": (*Engine).robotAdd, "bizproc.robot.update": (*Engine).robotUpdate, "bizproc.robot.delete": (*Engine).robotDelete,
	"bizproc.robot.list": (*Engine).robotList, "bizproc.event.send": (*Engine).eventSend,
	"crm.automation.trigger.add": (*Engine).triggerAdd, "crm.automation.trigger.list": (*Engine).triggerList,
	"crm.automation.trigger.delete": (*Engine).triggerDelete, "crm.automation.trigger.execute": (*Engine).triggerExecute,
	"crm.activity.badge.add": (*Engine).badgeAdd, "crm.activity.badge.list": (*Engine).badgeList, "crm.activity.badge.delete": (*Engine).badgeDelete,
	"crm.activity.configurable.add": (*Engine).cardAdd, "crm.activity.configurable.update": (*Engine).cardUpdate,
	"crm.activity.configurable.get": (*Engine).cardGet,
}

var (
	robotCode    = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)
	propertyName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]*$`)
	triggerCode  = regexp.MustCompile(`^[a-z0-9._-]+$`)
)

func invalid(text string, args ...any) error {
	return contract.Refuse("ERROR_ACTIVITY_VALIDATION_FAILURE", text, args...)
}

func (c Call) robotCode() (string, error) {
	code := php.Text(c.Params["CODE"])
	switch {
	case !c.Admin:
		return "", contract.Refuse("ACCESS_DENIED", "Access denied!")
	case code == "":
		return "", invalid("Empty activity code!")
	case !robotCode.MatchString(code):
		return "", invalid("Wrong activity code!")
	}
	return code, nil
}

func (e *Engine) robotAdd(c Call) (any, error) {
	code, err := c.robotCode()
	if err != nil {
		return nil, err
	}
	if php.Text(c.Params["HANDLER"]) == "" {
		return nil, contract.Refuse("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
	}
	if localText(c.Params["NAME"]) == "" {
		return nil, invalid("Empty activity NAME!")
	}
	s, robot := e.state(), &Robot{Code: code, Waits: true, Properties: php.Fields{}, Returns: php.Fields{}}
	if err := e.setRobot(robot, c.Params); err != nil {
		return nil, err
	}
	if s.robot(code) != nil {
		return nil, contract.Refuse("ERROR_ACTIVITY_ALREADY_INSTALLED", "Activity or Robot already installed!")
	}
	s.Robots = append(s.Robots, robot)
	return true, nil
}

// setRobot writes the given fields of a robot after checking all of them.
func (e *Engine) setRobot(robot *Robot, f php.Fields) error {
	next := *robot
	if v, given := f["HANDLER"]; given {
		next.Handler = php.Text(v)
		u, err := url.Parse(next.Handler)
		switch {
		case err != nil || u.Host == "":
			return contract.Refuse("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
		case u.Scheme != "http" && u.Scheme != "https":
			return contract.Refuse("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported handler protocol")
		case e.host.OwnHost() != "" && u.Host != e.host.OwnHost():
			return contract.Refuse("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
		}
	}
	if v, given := f["NAME"]; given {
		next.Name = localText(v)
	}
	if v, given := f["AUTH_USER_ID"]; given {
		next.User = php.Integer(v)
	}
	if v, given := f["USE_SUBSCRIPTION"]; given {
		next.Waits = php.Text(v) != "N"
	}
	for name, into := range map[string]*php.Fields{"PROPERTIES": &next.Properties, "RETURN_PROPERTIES": &next.Returns} {
		v, given := f[name]
		if !given {
			continue
		}
		*into = php.Map(v)
		for key, about := range *into {
			if !propertyName.MatchString(key) {
				return invalid("Wrong property key (%s)!", key)
			}
			if localText(php.Map(about)["Name"]) == "" {
				return invalid("Empty property NAME (%s)!", key)
			}
		}
	}
	if v, given := f["DOCUMENT_TYPE"]; given && len(php.List(v)) != 3 {
		return invalid("Wrong activity DOCUMENT_TYPE!")
	}
	*robot = next
	return nil
}

// localText returns a text, or the Russian one of texts by language.
func localText(v any) string {
	if m := php.Map(v); len(m) > 0 {
		return strings.TrimSpace(php.Text(m["ru"]))
	}
	return strings.TrimSpace(php.Text(v))
}

func (e *Engine) robotUpdate(c Call) (any, error) {
	code, err := c.robotCode()
	if err != nil {
		return nil, err
	}
	robot := e.state().robot(code)
	if robot == nil {
		return nil, contract.Refuse("ERROR_ACTIVITY_NOT_FOUND", "Activity or Robot not found!")
	}
	f := php.Map(c.Params["FIELDS"])
	if len(f) == 0 {
		return nil, invalid("No fields to update")
	}
	return true, e.setRobot(robot, f)
}

func (e *Engine) robotDelete(c Call) (any, error) {
	code, err := c.robotCode()
	if err != nil {
		return nil, err
	}
	s := e.state()
	if s.robot(code) == nil {
		return nil, contract.Refuse("ERROR_ACTIVITY_NOT_FOUND", "Activity or Robot not found!")
	}
	s.Robots = slices.DeleteFunc(s.Robots, func(r *Robot) bool { return r.Code == code })
	return true, nil
}

// robotList returns only the codes.
func (e *Engine) robotList(c Call) (any, error) {
	if !c.Admin {
		return nil, contract.Refuse("ACCESS_DENIED", "Access denied!")
	}
	out := []any{}
	for _, r := range e.state().Robots {
		out = append(out, r.Code)
	}
	return out, nil
}

func (c Call) triggerCode() (string, error) {
	code := php.Text(c.Params["CODE"])
	switch {
	case !c.Admin:
		return "", errTriggerAdmin()
	case code == "":
		return "", contract.Refuse("", "Empty trigger code!")
	case !triggerCode.MatchString(code):
		return "", contract.Refuse("", "Wrong trigger code!")
	}
	return code, nil
}

func errTriggerAdmin() error {
	return contract.Refuse("ACCESS_DENIED", "Access denied! Admin permissions required")
}

// triggerAdd adds a trigger, or renames it.
func (e *Engine) triggerAdd(c Call) (any, error) {
	code, err := c.triggerCode()
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(php.Text(c.Params["NAME"]))
	if name == "" {
		return nil, contract.Refuse("", "Empty trigger name!")
	}
	s := e.state()
	if t := s.trigger(code); t != nil {
		t.Name = name
		return true, nil
	}
	s.Triggers = append(s.Triggers, &Trigger{Code: code, Name: name})
	return true, nil
}

func (e *Engine) triggerList(c Call) (any, error) {
	if !c.Admin {
		return nil, errTriggerAdmin()
	}
	out := []any{}
	for _, t := range e.state().Triggers {
		out = append(out, php.Fields{"NAME": t.Name, "CODE": t.Code})
	}
	return out, nil
}

func (e *Engine) triggerDelete(c Call) (any, error) {
	code, err := c.triggerCode()
	if err != nil {
		return nil, err
	}
	s := e.state()
	if s.trigger(code) == nil {
		return nil, contract.Refuse("", "Trigger not found")
	}
	s.Triggers = slices.DeleteFunc(s.Triggers, func(t *Trigger) bool { return t.Code == code })
	return true, nil
}

// triggerExecute moves a deal to the first stage to which the trigger is attached and which is later than its own. It answers true also when
// nothing moves and when the deal does not exist: the answer does not confirm a move.
func (e *Engine) triggerExecute(c Call) (any, error) {
	code, err := c.triggerCode()
	if err != nil {
		return nil, err
	}
	s := e.state()
	entityType, id := int(php.Integer(c.Params["OWNER_TYPE_ID"])), php.Integer(c.Params["OWNER_ID"])
	switch {
	case s.trigger(code) == nil:
		return nil, contract.Refuse("", "Trigger with code %s is not registered.", code)
	case entityType < 1:
		return nil, contract.Refuse("", "Incorrect parameter OWNER_TYPE_ID.")
	case id < 1:
		return nil, contract.Refuse("", "Incorrect parameter OWNER_ID.")
	}
	from := e.host.StageOf(entityType, id)
	for _, r := range s.Rules {
		if entityType == deals && from != "" && r.Trigger == code && e.host.IsForward(from, r.StageID) {
			_ = e.host.Move(entityType, id, r.StageID) // the answer does not show whether it moved
			break
		}
	}
	return true, nil
}

var badgeTypes = []string{"success", "failure", "warning", "primary", "secondary"}

func (e *Engine) badgeAdd(c Call) (any, error) {
	b := Badge{Code: php.Text(c.Params["code"]), Title: localText(c.Params["title"]), Value: localText(c.Params["value"]), Type: php.Text(c.Params["type"])}
	s := e.state()
	switch {
	case !c.Admin:
		return nil, contract.Refuse("ACCESS_DENIED", "Доступ запрещён.")
	case b.Code == "" || b.Title == "" || b.Value == "" || !slices.Contains(badgeTypes, b.Type):
		return nil, contract.Refuse("REQUIRED_ARG_MISSING", "Required argument missing")
	case s.badge(b.Code) != nil: // the code of this error is not documented
		return nil, contract.Refuse("", "Badge already exists")
	}
	s.Badges = append(s.Badges, &b)
	return php.Fields{"badge": b.record()}, nil
}

func (b *Badge) record() php.Fields {
	return php.Fields{"code": b.Code, "title": b.Title, "value": b.Value, "type": b.Type}
}

func (e *Engine) badgeList(Call) (any, error) {
	out := []any{}
	for _, b := range e.state().Badges {
		out = append(out, b.record())
	}
	return php.Fields{"badges": out}, nil
}

func (e *Engine) badgeDelete(c Call) (any, error) {
	s, code := e.state(), php.Text(c.Params["code"])
	switch {
	case !c.Admin:
		return nil, contract.Refuse("ACCESS_DENIED", "Доступ запрещён.")
	case s.badge(code) == nil:
		return nil, contract.Refuse("NOT_FOUND", "Not found.")
	}
	s.Badges = slices.DeleteFunc(s.Badges, func(b *Badge) bool { return b.Code == code })
	return true, nil
}
