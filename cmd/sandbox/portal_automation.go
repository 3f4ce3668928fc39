package main

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// automationPages serves the settings «Роботы и триггеры» of the stages of deals.
type automationPages struct{ *portalPages }

// portalAutomation is the page of one pipeline.
type portalAutomation struct {
	portalShell
	Pipelines []portalPipeline
	Stages    []automationStage
	Triggers  []automation.Trigger
	Robots    []automationRobot
	Runs      []automationRun
	Empty     bool // the app has registered nothing
}

// automationStage is a stage with what is attached to it.
type automationStage struct {
	portalStage
	Triggers, Robots []automationRule
}

// automationRule is a robot or a trigger attached to a stage.
type automationRule struct {
	ID          int64
	Name, About string
	Blocked     bool // the app does not offer it any more
}

// automationRobot is a robot that can be attached.
type automationRobot struct {
	Code, Name string
	Properties []automationProperty
}

// automationProperty is a setting of a robot: one of the options, if there are any, else a text.
type automationProperty struct {
	Name, Title, Default string
	Options              []automationOption
}

// automationOption is a value to choose.
type automationOption struct{ Value, Title string }

// automationRun is one execution of a robot.
type automationRun struct {
	ID                       int64
	DealURL                  string
	Deal, Robot, State, Time string
	Result                   string
	Waits                    bool
}

// settings shows the automation of a pipeline.
func (s automationPages) settings(w http.ResponseWriter, r *http.Request) {
	page := portalAutomation{portalShell: s.shell(r, "Роботы и триггеры")}
	state, chosen := s.portal.Automation.Snapshot(), pathNumber(r, "category")
	for _, c := range s.portal.Categories(bitrix24test.Deal) {
		page.Pipelines = append(page.Pipelines, portalPipeline{c.Name, fmt.Sprintf("/crm/deal/automation/%d/", c.ID), c.ID == chosen})
	}
	for _, stage := range stageButtons(s.portal.Stages(bitrix24test.Deal, chosen), "") {
		page.Stages = append(page.Stages, stageAutomation(state, stage))
	}
	for _, t := range state.Triggers {
		page.Triggers = append(page.Triggers, *t)
	}
	for _, robot := range state.Robots {
		one := automationRobot{Code: robot.Code, Name: robot.Name}
		for _, name := range php.SortedKeys(robot.Properties) {
			about := php.Map(robot.Properties[name])
			p := automationProperty{Name: name, Title: php.Text(about["Name"]), Default: php.Text(about["Default"])}
			options := php.Map(about["Options"])
			for _, value := range php.SortedKeys(options) {
				p.Options = append(p.Options, automationOption{value, php.Text(options[value])})
			}
			one.Properties = append(one.Properties, p)
		}
		page.Robots = append(page.Robots, one)
	}
	page.Empty = len(page.Robots) == 0 && len(page.Triggers) == 0
	for _, run := range slices.Backward(state.Runs) {
		page.Runs = append(page.Runs, s.run(state, run))
	}
	s.show(w, r, http.StatusOK, portalAutomationPage(page))
}

// stageAutomation returns what is attached to a stage.
func stageAutomation(state automation.State, stage portalStage) automationStage {
	out := automationStage{portalStage: stage}
	names := map[string]string{}
	for _, t := range state.Triggers {
		names["trigger "+t.Code] = t.Name
	}
	for _, r := range state.Robots {
		names["robot "+r.Code] = r.Name
	}
	for _, rule := range state.Rules {
		if rule.StageID != stage.ID {
			continue
		}
		key := "trigger " + rule.Trigger
		if rule.Robot != "" {
			key = "robot " + rule.Robot
		}
		one := automationRule{ID: rule.ID, Name: names[key], Blocked: names[key] == ""}
		if one.Blocked {
			one.Name = rule.Robot + rule.Trigger
		}
		for _, name := range php.SortedKeys(rule.Properties) {
			if v := php.Text(rule.Properties[name]); v != "" {
				one.About += name + ": " + v + " "
			}
		}
		if rule.Robot != "" {
			out.Robots = append(out.Robots, one)
		} else {
			out.Triggers = append(out.Triggers, one)
		}
	}
	return out
}

func (s automationPages) run(state automation.State, run *automation.Run) automationRun {
	out := automationRun{ID: run.ID, Deal: textOf(s.portal.Item(bitrix24test.Deal, run.Deal), "title"), DealURL: fmt.Sprintf("/crm/deal/details/%d/", run.Deal),
		Robot: run.Robot, Time: formatTime(run.Time), Result: run.Log, Waits: run.State == automation.RunWaits}
	for _, r := range state.Robots {
		if r.Code == run.Robot {
			out.Robot = r.Name
		}
	}
	out.State = map[string]string{automation.RunWaits: "ждёт ответа приложения", automation.RunDone: "выполнен", automation.RunStopped: "остановлен: сделка ушла со стадии"}[run.State]
	return out
}

// attach attaches a robot or a trigger to a stage: robot or trigger is its code; the other values are properties.
func (s automationPages) attach(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.back(w, r, err)
		return
	}
	rule := automation.Rule{StageID: r.PostForm.Get("stage"), Robot: r.PostForm.Get("robot"), Trigger: r.PostForm.Get("trigger"), Properties: php.Fields{}}
	for _, robot := range s.portal.Automation.Snapshot().Robots {
		for name := range robot.Properties {
			if robot.Code == rule.Robot && r.PostForm.Has(name) {
				rule.Properties[name] = r.PostForm.Get(name)
			}
		}
	}
	_, err := s.portal.Automation.Attach(rule)
	s.back(w, r, err)
}

// detach removes a rule.
func (s automationPages) detach(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PostFormValue("rule"), 10, 64)
	s.portal.Automation.Detach(id)
	s.back(w, r, nil)
}
