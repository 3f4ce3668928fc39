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

// stages shows which stages of deals stand for ours.
func (s *Server) stages(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderStages(w, r, v, http.StatusOK, nil)
}

func (s *Server) renderStages(w http.ResponseWriter, r *http.Request, v Visit, status int, tried error) error {
	kept, err := s.db.Scope(v.Portal).Settings(r.Context())
	if err != nil {
		return err
	}
	m := views.Stages{SettingsFrame: settingsFrame(r, v, "/stages", tried), DoneByFormed: kept.DoneByFormed, WithoutFiles: kept.WithoutFiles}
	for _, p := range kept.Pipelines {
		m.Pipelines = append(m.Pipelines, pipelineView(p))
	}
	return render(w, r, status, views.StagesPage(m))
}

func pipelineView(p store.Pipeline) views.Pipeline {
	m := views.Pipeline{ID: id(p.ID), Name: p.Name}
	awaiting := p.Awaiting()
	for _, s := range p.Stages {
		m.Await = append(m.Await, views.Option{Value: s.ID, Label: s.Name, Chosen: slices.Contains(awaiting, s.ID)})
	}
	for _, stage := range acts.MappedStages {
		choice := views.StageChoice{Field: fmt.Sprintf("stage-%d-%s", p.ID, stage.Key()), Label: stage.Name(),
			Options: []views.Option{{Value: "", Label: "Не ставить"}}}
		for _, s := range p.Stages {
			choice.Options = append(choice.Options, views.Option{Value: s.ID, Label: s.Name, Chosen: p.Mapped[stage] == s.ID})
		}
		m.Stages = append(m.Stages, choice)
	}
	return m
}

func (s *Server) savePipelines(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	err := s.service.SavePipelines(r.Context(), v, readPipelines(r.PostForm), workflow.Rules{
		DoneByFormed: r.PostForm.Get("done-by-formed") != "", WithoutFiles: r.PostForm.Get("without-files") != ""})
	return settled(w, r, v, "/stages?done=saved", err, func(status int) error { return s.renderStages(w, r, v, status, err) })
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
