package store

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
)

// Settings are the rules of a portal that its administrator sets.
type Settings struct {
	Pipelines    []Pipeline `json:"pipelines"`
	DoneByFormed bool       `json:"done_by_formed,omitempty"` // «Услуга оказана» needs only all formed acts to be signed
	RemarksOpen  bool       `json:"remarks_open,omitempty"`   // a signature with remarks is «есть замечания» until they are settled
	PortalMoves  bool       `json:"portal_moves,omitempty"`   // robots and triggers of the portal move deals, we do not
	WithoutFiles bool       `json:"without_files,omitempty"`  // signatures on paper may be marked without a scan
	Terms        acts.Terms `json:"terms,omitzero"`           // of reminders; zero for the usual ones
	Letters      []int      `json:"letters,omitempty"`        // working days after sending on which the counterparty gets a letter; nil for none

	Basis    BasisRules        `json:"basis,omitzero"` // where deals name the document of their acts
	Question QuestionRules     `json:"question,omitzero"`
	Calendar workday.Overrides `json:"calendar,omitzero"` // differences from the usual working days, set by the portal and the administrator

	Done []string `json:"done,omitempty"` // items of the setup checklist that the administrator has marked as done
}

// StagePolicy is what the administrator decided about the stages of deals.
func (s Settings) StagePolicy() acts.StagePolicy {
	return acts.StagePolicy{DoneByFormed: s.DoneByFormed, RemarksOpen: s.RemarksOpen}
}

// Marked reports whether the administrator has marked an item of the setup checklist as done.
func (s Settings) Marked(item string) bool { return slices.Contains(s.Done, item) }

// BasisRules are the codes of the deal fields that name the document on which acts are founded: one text, or a number and a
// date.
type BasisRules struct {
	Text   string `json:"text,omitempty"`
	Number string `json:"number,omitempty"`
	Date   string `json:"date,omitempty"`
	Name   string `json:"name,omitempty"` // what such a document is called where the deal has its number alone: «Договор»
}

// QuestionRules are the rules of the question to counterparties; zero values are the defaults.
type QuestionRules struct {
	Off      bool   `json:"off,omitempty"`       // the question is sent only when a person clicks
	Once     bool   `json:"once,omitempty"`      // once per company: its last answer counts for new deals
	HandOver bool   `json:"hand_over,omitempty"` // after an answer about EDO a ready draft goes to SBIS by itself
	Days     int    `json:"days,omitempty"`      // days without an answer until the responsible is notified
	Valid    int    `json:"valid,omitempty"`     // days for which a link works
	Subject  string `json:"subject,omitempty"`
	Body     string `json:"body,omitempty"`   // plain text with placeholders
	Native   string `json:"native,omitempty"` // address of a CRM form of the portal that is used instead of ours

	Fields map[string]string `json:"fields,omitempty"` // parts of the answer → fields of deals that a native form fills, by their codes
}

// DefaultQuestionDays and DefaultLinkDays are QuestionRules.Days and Valid of a portal that has set none.
const (
	DefaultQuestionDays = 3
	DefaultLinkDays     = 30
)

// ReminderTerms returns the terms of reminders, the usual ones when the administrator has set none.
func (s Settings) ReminderTerms() acts.Terms {
	if s.Terms == (acts.Terms{}) {
		return acts.DefaultTerms
	}
	if s.Terms.Annulment == 0 { // the terms were saved before this one existed
		s.Terms.Annulment = acts.DefaultTerms.Annulment
	}
	return s.Terms
}

// Pipeline is a deal pipeline with its stages and what they mean for us.
type Pipeline struct {
	ID     int64         `json:"id"`
	Name   string        `json:"name"`
	Stages []DealStage   `json:"stages"`
	Mapped acts.Pipeline `json:"mapped"`
	Await  []string      `json:"await"` // stages whose deals should have acts, nil for the usual ones

	Unmapped []acts.Stage          `json:"unmapped,omitempty"` // our stages that the administrator left unmapped
	Lost     map[acts.Stage]string `json:"lost,omitempty"`     // our stages whose stage in the CRM was deleted, with its last name
}

// InheritMapping takes over the mapping of an older copy of the pipeline. Stages are compared by id, names may change. A mapped stage that
// was deleted is kept in Lost with its last name.
func (p *Pipeline) InheritMapping(old Pipeline) {
	p.Await, p.Unmapped, p.Lost = old.Await, old.Unmapped, old.Lost
	for ours, id := range old.Mapped {
		if slices.ContainsFunc(p.Stages, func(s DealStage) bool { return s.ID == id }) {
			p.Mapped[ours] = id
			continue
		}
		if p.Lost == nil {
			p.Lost = map[acts.Stage]string{}
		}
		p.Lost[ours] = old.StageName(id)
	}
}

// StagesNeedingActs returns the stages whose deals should have acts: those that the administrator chose, else «Подготовка акта» and
// all after it but failures. A pipeline without a mapping has none.
func (p Pipeline) StagesNeedingActs() []string {
	if p.Await != nil {
		return p.Await
	}
	return p.usualStagesNeedingActs()
}

func (p Pipeline) usualStagesNeedingActs() []string {
	var ids []string
	from := p.Mapped[acts.StagePreparing]
	for _, s := range p.Stages {
		if from != "" && (s.ID == from || len(ids) > 0) && s.Semantics != "F" {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// SetStagesNeedingActs sets the stages that the administrator chose; the usual ones are not stored, so that they follow the mapping.
func (p *Pipeline) SetStagesNeedingActs(chosen []string) {
	p.Await = []string{}
	for _, s := range p.Stages {
		if slices.Contains(chosen, s.ID) {
			p.Await = append(p.Await, s.ID)
		}
	}
	if slices.Equal(p.Await, p.usualStagesNeedingActs()) {
		p.Await = nil
	}
}

// StagesNeedingActs returns the stages of all pipelines whose deals should have acts.
func (s Settings) StagesNeedingActs() []string {
	var ids []string
	for _, p := range s.Pipelines {
		ids = append(ids, p.StagesNeedingActs()...)
	}
	return ids
}

// DealStage is a stage of a pipeline as the CRM has it.
type DealStage struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Semantics string `json:"semantics,omitempty"` // S success, F failure, "" on the way
}

// Pipeline finds a pipeline by its id.
func (s Settings) Pipeline(id int64) Pipeline {
	for _, p := range s.Pipelines {
		if p.ID == id {
			return p
		}
	}
	return Pipeline{ID: id}
}

// IsApprovedStage reports whether a stage is the one of its pipeline at which the question is sent.
func (s Settings) IsApprovedStage(stage string) bool {
	for _, p := range s.Pipelines {
		if p.Mapped.StageOf(stage) == acts.StageApproved {
			return true
		}
	}
	return false
}

// StageName is the name of a stage, or its id when it is unknown.
func (p Pipeline) StageName(id string) string {
	for _, s := range p.Stages {
		if s.ID == id {
			return s.Name
		}
	}
	return id
}

// IsFinal reports whether a stage ends the deal.
func (p Pipeline) IsFinal(id string) bool {
	for _, s := range p.Stages {
		if s.ID == id {
			return s.Semantics != ""
		}
	}
	return false
}

// Settings reads the rules of the portal; a portal without any has the defaults.
func (s Portals) Settings(ctx context.Context) (Settings, error) {
	var data pg.JSON[Settings]
	_, err := pg.Find(ctx, s, &data, fragment.Settings, nil)
	return data.V, pg.Wrap("settings", err)
}

const saveSettings = `
	INSERT INTO settings (portal_id, data) VALUES (:portal, :data)
	ON CONFLICT (portal_id) DO UPDATE SET data = EXCLUDED.data`

// SaveSettings replaces the rules of the portal.
func (tx PortalsTx) SaveSettings(ctx context.Context, s Settings) error {
	if _, err := pg.Exec(ctx, tx, saveSettings, pg.Args{"data": pg.AsJSON(s)}); err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	return nil
}
