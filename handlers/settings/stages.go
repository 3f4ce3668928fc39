package settings

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow/setup"
)

// stages handles GET /p/{portal}/settings/stages: the mapping of deal stages and its consequences.
func (h *Handler) stages(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderStages(w, r, v, http.StatusOK, nil, nil)
}

// renderStages renders the mapping as stored or as typed.
func (h *Handler) renderStages(w http.ResponseWriter, r *http.Request, v web.Visit, status int, typed []setup.PipelineForm, tried error) error {
	kept, err := h.DB.Scope(v.Portal).Portals().Settings(r.Context())
	if err != nil {
		return err
	}
	p, err := h.DB.Scope(v.Portal).Portals().Get(r.Context())
	if err != nil {
		return err
	}
	m := views.Stages{SettingsFrame: settingsFrame(r, v, "/stages", tried), DoneByFormed: kept.DoneByFormed, RemarksOpen: kept.RemarksOpen, WithoutFiles: kept.WithoutFiles,
		PortalMoves: kept.PortalMoves, StatePage: web.Base(v) + "/state"}
	addAutomation(&m, p.Automation.V)
	for _, p := range kept.Pipelines {
		for _, f := range typed {
			if f.ID == p.ID {
				p = typedPipeline(p, f)
			}
		}
		m.Pipelines = append(m.Pipelines, pipelineView(p, kept))
	}
	return web.Render(w, r, status, views.StagesPage(m))
}

func typedPipeline(p store.Pipeline, f setup.PipelineForm) store.Pipeline {
	p.Mapped = acts.Pipeline{}
	for _, stage := range acts.MappedStages {
		p.Mapped[stage] = f.Mapped[stage.Key()]
	}
	if f.Await != nil {
		p.SetStagesNeedingActs(f.Await)
	}
	return p
}

// addAutomation adds the robots and triggers that the app offers to the portal.
func addAutomation(m *views.Stages, a store.Automation) {
	chip := func(registered bool) views.Chip {
		if registered {
			return views.Chip{Text: "есть в портале", Tone: "success"}
		}
		return views.Chip{Text: "нет в портале", Tone: "attention"}
	}
	m.NoRight = a.NoRight
	for _, r := range automation.Robots {
		m.Robots = append(m.Robots, views.AutomationRow{Name: r.Name, About: r.About, Chip: chip(a.Robots)})
	}
	for _, t := range automation.Triggers {
		m.Triggers = append(m.Triggers, views.AutomationRow{Name: t.Name(), About: t.When(), Chip: chip(a.Triggers)})
	}
}

func pipelineView(p store.Pipeline, kept store.Settings) views.Pipeline {
	m := views.Pipeline{ID: web.ID(p.ID), Name: p.Name}
	awaiting, order := p.StagesNeedingActs(), make([]string, len(p.Stages))
	for i, s := range p.Stages {
		order[i] = s.ID
		m.Await = append(m.Await, views.Option{Value: s.ID, Label: s.Name, Chosen: slices.Contains(awaiting, s.ID)})
	}
	doubts := map[acts.Stage]string{}
	for _, d := range p.Mapped.Doubts(order, p.IsFinal) {
		doubts[d.Stage] = d.Text
	}
	for _, stage := range acts.MappedStages {
		choice := views.StageChoice{Field: fmt.Sprintf("stage-%d-%s", p.ID, stage.Key()), Label: stage.Name(), Warning: doubts[stage],
			Options: []views.Option{{Value: "", Label: "Не ставить"}}}
		for _, s := range p.Stages {
			choice.Options = append(choice.Options, views.Option{Value: s.ID, Label: s.Name, Chosen: p.Mapped[stage] == s.ID})
		}
		if lost := p.Lost[stage]; lost != "" {
			choice.Lost = "Стадия «" + lost + "» удалена в Битрикс24. Выберите другую."
		}
		if p.Mapped[stage] == "" {
			m.Missing = append(m.Missing, stage.Name())
		}
		m.Stages = append(m.Stages, choice)
	}
	m.Rules = stageRules(p, kept)
	return m
}

// stageRules describes which event moves a deal to which stage.
func stageRules(p store.Pipeline, kept store.Settings) (list []views.StageRule) {
	for _, rule := range acts.StageRules(kept.StagePolicy()) {
		if rule.Then == "" && kept.PortalMoves {
			list = append(list, views.StageRule{When: rule.When, Then: "не двигаем: стадии двигают роботы и триггеры портала", Inactive: true})
			continue
		}
		line := views.StageRule{When: rule.When, Then: "не делаем ничего: стадия «" + rule.Stage.Name() + "» не выбрана", Inactive: true}
		if at := p.Mapped[rule.Stage]; at != "" {
			line.Stage, line.Inactive = p.StageName(at), false
			if line.Then = rule.Then; rule.Then == "" {
				line.Then = "сделка перейдёт в «" + line.Stage + "»"
			} else {
				line.When = "Стадия «" + line.Stage + "». " + rule.When
			}
		}
		list = append(list, line)
	}
	return list
}

// savePipelines handles POST /p/{portal}/settings/stages: stores the mapping of stages.
func (h *Handler) savePipelines(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	forms := readPipelines(r.PostForm)
	err := h.Service.Setup.SavePipelines(r.Context(), v, forms, setup.Rules{
		PortalMoves: r.PostForm.Get("moves") == "portal", DoneByFormed: r.PostForm.Get("done-by-formed") != "", RemarksOpen: r.PostForm.Get("remarks-open") != "", WithoutFiles: r.PostForm.Get("without-files") != ""})
	return redirectOrRetry(w, r, v, "/stages?done=saved", err, func(status int) error { return h.renderStages(w, r, v, status, forms, err) })
}

// refreshStages handles POST /p/{portal}/settings/stages/refresh: reads the pipelines from the portal.
func (h *Handler) refreshStages(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	err := h.Service.Setup.RefreshPipelines(r.Context(), v)
	return redirectOrRetry(w, r, v, "/stages?done=refreshed", err, func(status int) error { return h.renderStages(w, r, v, status, nil, err) })
}

// createStages handles POST /p/{portal}/settings/stages/{pipeline}/create: creates the missing stages of a pipeline after the administrator
// has agreed.
func (h *Handler) createStages(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	pipeline, err := web.PathID[int64](r, "pipeline")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	err = h.Service.Setup.CreateStages(r.Context(), v, pipeline, r.PostForm.Get("agree") != "")
	return redirectOrRetry(w, r, v, "/stages?done=created", err, func(status int) error { return h.renderStages(w, r, v, status, nil, err) })
}

func readPipelines(form url.Values) (list []setup.PipelineForm) {
	byID := map[int64]*setup.PipelineForm{}
	of := func(pipe int64) *setup.PipelineForm {
		if byID[pipe] == nil {
			byID[pipe] = &setup.PipelineForm{ID: pipe, Mapped: map[string]string{}}
		}
		return byID[pipe]
	}
	for name, values := range form {
		var pipe int64
		var key string
		if n, _ := fmt.Sscanf(name, "stage-%d-%s", &pipe, &key); n == 2 {
			of(pipe).Mapped[key] = values[0]
		} else if n, _ := fmt.Sscanf(name, "await-%d", &pipe); n == 1 {
			of(pipe).Await = values
		}
	}
	for _, f := range byID {
		list = append(list, *f)
	}
	return list
}
