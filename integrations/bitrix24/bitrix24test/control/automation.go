package control

import (
	"net/http"

	"acts24/integrations/bitrix24/bitrix24test/automation"
)

// automationRoutes are the requests that set the automation of the stages.
func (c controls) automationRoutes() map[string]func(*http.Request) (any, error) {
	return map[string]func(*http.Request) (any, error){
		"POST /_sandbox/automation/rules":            c.postRule,
		"DELETE /_sandbox/automation/rules/{id}":     c.deleteRule,
		"POST /_sandbox/automation/runs/{id}/repeat": c.repeatRun,
		"POST /_sandbox/automation/badges":           c.postBadge,
	}
}

// postRule attaches a robot or a trigger to a stage: {"stageId":"EXECUTING","robot":"acts24_form","properties":{"send":"Y"}}.
func (c controls) postRule(r *http.Request) (any, error) {
	var in struct {
		StageID    string `json:"stageId"`
		Robot      string `json:"robot"`
		Trigger    string `json:"trigger"`
		Properties fields `json:"properties"`
	}
	if err := decodeStrict(r, &in); err != nil {
		return nil, err
	}
	id, err := c.portal.Automation.Attach(automation.Rule{StageID: in.StageID, Robot: in.Robot, Trigger: in.Trigger, Properties: in.Properties})
	return fields{"id": id}, err
}

// deleteRule detaches a robot or a trigger.
func (c controls) deleteRule(r *http.Request) (any, error) {
	if !c.portal.Automation.Detach(pathID(r)) {
		return nil, errNotFound
	}
	return ok, nil
}

// repeatRun sends the call of a robot again.
func (c controls) repeatRun(r *http.Request) (any, error) {
	if !c.portal.Automation.Repeat(pathID(r)) {
		return nil, errNotFound
	}
	return ok, nil
}

// postBadge registers a badge of another app: {"code":"acts24-refused","title":"Чужой","value":"Чужой","type":"primary"}.
func (c controls) postBadge(r *http.Request) (any, error) {
	var in automation.Badge
	if err := decodeStrict(r, &in); err != nil {
		return nil, err
	}
	c.portal.Automation.AddBadge(in)
	return ok, nil
}
