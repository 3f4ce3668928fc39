package bitrix24test

import (
	"encoding/json"
	"net/http"
	"slices"
)

// DropHandlers takes away all subscriptions to events, as an update of the app does.
func (p *Portal) DropHandlers() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Handlers = nil
	p.changed()
}

// DropPlacements takes the app away from a spot.
func (p *Portal) DropPlacements(code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Placements = slices.DeleteFunc(p.st.Placements, func(pl *Placement) bool { return pl.Code == code })
	p.changed()
}

// DropStage deletes a stage as a person does; StatusID carries its prefix. It tells whether there was one.
func (p *Portal) DropStage(entityType int, statusID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before, gone := len(p.st.Stages), p.st.stage(entityType, statusID)
	p.st.Stages = slices.DeleteFunc(p.st.Stages, func(s *Stage) bool { return s == gone })
	p.changed()
	return len(p.st.Stages) < before
}

// RenameStage calls a stage otherwise.
func (p *Portal) RenameStage(entityType int, statusID, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.st.stage(entityType, statusID); s != nil {
		s.Name = name
		p.changed()
	}
}

// DropUserField deletes a field as a person does. It tells whether there was one.
func (p *Portal) DropUserField(entity, name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.st.UserFields)
	p.st.UserFields = slices.DeleteFunc(p.st.UserFields, func(f *UserField) bool { return f.EntityID == entity && f.Name == name })
	p.changed()
	return len(p.st.UserFields) < before
}

// UserFields lists the fields that were added to a kind of objects.
func (p *Portal) UserFields(entity string) []UserField {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []UserField
	for _, f := range p.st.UserFields {
		if f.EntityID == entity {
			out = append(out, *f)
		}
	}
	return out
}

// postLose loses what the app has made: {"handlers":true,"place":"LEFT_MENU","type":1038,"stage":"DT1038_1:ACTS_ANNULLED","entity":"CRM_DEAL","field":"UF_CRM_ACTS_EXCHANGE"}.
func (p *Portal) postLose(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Handlers             bool
		Place, Entity, Field string
		Type                 int
		Stage                string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeProblem(w, err)
		return
	}
	if in.Handlers {
		p.DropHandlers()
	}
	if in.Place != "" {
		p.DropPlacements(in.Place)
	}
	if in.Stage != "" {
		p.DropStage(in.Type, in.Stage)
	}
	if in.Field != "" {
		p.DropUserField(in.Entity, in.Field)
	}
	writeAny(w, Fields{"ok": true})
}
