package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// stages shows which stages of deals stand for ours, and what will move when.
func (s *Server) stages(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderStages(w, r, v, http.StatusOK, nil, nil)
}

// renderStages draws the mapping as it is kept, or as it was typed.
func (s *Server) renderStages(w http.ResponseWriter, r *http.Request, v Visit, status int, typed []workflow.PipelineForm, tried error) error {
	kept, err := s.db.Scope(v.Portal).Settings(r.Context())
	if err != nil {
		return err
	}
	m := views.Stages{SettingsFrame: settingsFrame(r, v, "/stages", tried), DoneByFormed: kept.DoneByFormed, WithoutFiles: kept.WithoutFiles}
	for _, p := range kept.Pipelines {
		for _, f := range typed {
			if f.ID == p.ID {
				p = typedPipeline(p, f)
			}
		}
		m.Pipelines = append(m.Pipelines, pipelineView(p, kept.DoneByFormed))
	}
	return render(w, r, status, views.StagesPage(m))
}

func typedPipeline(p store.Pipeline, f workflow.PipelineForm) store.Pipeline {
	p.Mapped = acts.Pipeline{}
	for _, stage := range acts.MappedStages {
		p.Mapped[stage] = f.Mapped[stage.Key()]
	}
	if f.Await != nil {
		p.SetAwaiting(f.Await)
	}
	return p
}

func pipelineView(p store.Pipeline, doneByFormed bool) views.Pipeline {
	m := views.Pipeline{ID: id(p.ID), Name: p.Name}
	awaiting, order := p.Awaiting(), make([]string, len(p.Stages))
	for i, s := range p.Stages {
		order[i] = s.ID
		m.Await = append(m.Await, views.Option{Value: s.ID, Label: s.Name, Chosen: slices.Contains(awaiting, s.ID)})
	}
	doubts := map[acts.Stage]string{}
	for _, d := range p.Mapped.Doubts(order, p.Final) {
		doubts[d.Stage] = d.Text
	}
	for _, stage := range acts.MappedStages {
		choice := views.StageChoice{Field: fmt.Sprintf("stage-%d-%s", p.ID, stage.Key()), Label: stage.Name(), Doubt: doubts[stage],
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
	m.Rules = stageRules(p, doneByFormed)
	return m
}

// stageRules say in words what will move when.
func stageRules(p store.Pipeline, doneByFormed bool) (list []views.StageRule) {
	for _, rule := range acts.StageRules(doneByFormed) {
		line := views.StageRule{When: rule.When, Then: "не делаем ничего: стадия «" + rule.Stage.Name() + "» не выбрана", Off: true}
		if at := p.Mapped[rule.Stage]; at != "" {
			line.Stage, line.Off = p.StageName(at), false
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

func (s *Server) savePipelines(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	forms := readPipelines(r.PostForm)
	err := s.service.SavePipelines(r.Context(), v, forms, workflow.Rules{
		DoneByFormed: r.PostForm.Get("done-by-formed") != "", WithoutFiles: r.PostForm.Get("without-files") != ""})
	return settled(w, r, v, "/stages?done=saved", err, func(status int) error { return s.renderStages(w, r, v, status, forms, err) })
}

// refreshStages reads the pipelines from the portal anew.
func (s *Server) refreshStages(w http.ResponseWriter, r *http.Request, v Visit) error {
	err := s.service.RefreshPipelines(r.Context(), v)
	return settled(w, r, v, "/stages?done=refreshed", err, func(status int) error { return s.renderStages(w, r, v, status, nil, err) })
}

// createStages adds the missing stages to a pipeline, with the administrator's agreement.
func (s *Server) createStages(w http.ResponseWriter, r *http.Request, v Visit) error {
	pipeline, err := pathID[int64](r, "pipeline")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	err = s.service.CreateStages(r.Context(), v, pipeline, r.PostForm.Get("agree") != "")
	return settled(w, r, v, "/stages?done=created", err, func(status int) error { return s.renderStages(w, r, v, status, nil, err) })
}

func readPipelines(form url.Values) (list []workflow.PipelineForm) {
	byID := map[int64]*workflow.PipelineForm{}
	of := func(pipe int64) *workflow.PipelineForm {
		if byID[pipe] == nil {
			byID[pipe] = &workflow.PipelineForm{ID: pipe, Mapped: map[string]string{}}
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
