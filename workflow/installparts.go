package workflow

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/store"
)

// InstallPart is a part of an installation.
type InstallPart string

// The parts of an installation.
const (
	PartProcess InstallPart = "process" // the smart process «Акты»
	PartStages  InstallPart = "stages"  // its stages
	PartFields  InstallPart = "fields"
	PartDeals   InstallPart = "deals" // stages of pipelines of deals
	PartPlaces  InstallPart = "places"
	PartEvents  InstallPart = "events"
	PartNames   InstallPart = "names" // what the CRM calls our things
)

// InstallParts are the parts in their order.
var InstallParts = []InstallPart{PartProcess, PartStages, PartFields, PartDeals, PartPlaces, PartEvents, PartNames}

// Planned is what the installer found on a portal, and what is missing there, in words.
type Planned struct {
	Installed
	Missing map[InstallPart][]string
	Named   bool // what the CRM calls our things is known
}

// Complete tells that an installation would make nothing.
func (p Planned) Complete() bool {
	for _, made := range p.Missing {
		if len(made) > 0 {
			return false
		}
	}
	return p.Named
}

// Installed is what the installer made or found on a portal.
type Installed struct {
	Portal    store.Portal
	Pipelines []store.Pipeline // unmapped
	Companies []store.OwnCompany
	Calendar  workday.Overrides        // what the portal says of working days
	Made      map[InstallPart][]string // in words
}

// few is how many things of a part are named one by one to those who only want to know that they are there again.
const few = 3

// restored says briefly what was made.
func (in Installed) restored() (words []string) {
	many := map[InstallPart]string{PartStages: "стадии актов", PartFields: "поля", PartPlaces: "вкладки и меню", PartEvents: "подписки на события"}
	for _, part := range InstallParts {
		if made := in.Made[part]; len(made) > few && many[part] != "" {
			words = append(words, fmt.Sprintf("%s (%d)", many[part], len(made)))
		} else {
			words = append(words, made...)
		}
	}
	return words
}

// InstallWish is what an installation makes beside our own things, and whom it tells how far it is.
type InstallWish struct {
	// Stages decides which stages are added to the pipelines that were found.
	Stages func(found []store.Pipeline) []StageDraft
	// Report is told that a part is there, with what had to be made; an error ends the installation.
	Report func(ctx context.Context, part InstallPart, made []string) error
}

// StageDraft is what a pipeline of deals lacks of our stages, and which of its stages stand for the others.
type StageDraft struct {
	Pipeline int64
	Missing  []acts.Stage
	Mapped   acts.Pipeline
}

// lacking are the stages that pipelines lack, but for those that the administrator wants none for.
func lacking(pipelines []store.Pipeline) (drafts []StageDraft) {
	for _, p := range pipelines {
		d := StageDraft{Pipeline: p.ID, Mapped: p.Mapped}
		for _, stage := range acts.MappedStages {
			if p.Mapped[stage] == "" && !slices.Contains(p.Unmapped, stage) {
				d.Missing = append(d.Missing, stage)
			}
		}
		if len(d.Missing) > 0 {
			drafts = append(drafts, d)
		}
	}
	return drafts
}
