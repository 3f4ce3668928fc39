package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	PartNames   InstallPart = "names" // names of our objects in the CRM
	// PartAutomation is the badges, robots and triggers of deals. The portal may refuse it; the rest works without it.
	PartAutomation InstallPart = "automation"
)

// InstallParts are the parts in their order.
var InstallParts = []InstallPart{PartProcess, PartStages, PartFields, PartDeals, PartPlaces, PartEvents, PartAutomation, PartNames}

// Planned is what the installer found on a portal and what is missing there, described for people.
type Planned struct {
	Installed
	Missing map[InstallPart][]string
	Scope   []string // rights of the app, none when the portal did not return them
	Named   bool     // the names of our objects in the CRM are known
}

// Complete reports that an installation would create nothing.
func (p Planned) Complete() bool {
	for _, made := range p.Missing {
		if len(made) > 0 {
			return false
		}
	}
	return p.Named
}

// Installed is what the installer created or found on a portal.
type Installed struct {
	Portal    store.Portal
	Pipelines []store.Pipeline // unmapped
	Companies []store.OwnCompany
	Calendar  workday.Overrides        // working days of the portal
	Made      map[InstallPart][]string // in words

	Automation store.Automation // what of it works
}

// maxListed is the largest number of objects of a part that are listed one by one in the message about a repair.
const maxListed = 3

// Restored describes briefly what was created.
func (in Installed) Restored() (words []string) {
	many := map[InstallPart]string{PartStages: "стадии актов", PartFields: "поля", PartPlaces: "вкладки и меню", PartEvents: "подписки на события", PartAutomation: "значки, роботы и триггеры"}
	for _, part := range InstallParts {
		if made := in.Made[part]; len(made) > maxListed && many[part] != "" {
			words = append(words, fmt.Sprintf("%s (%d)", many[part], len(made)))
		} else {
			words = append(words, made...)
		}
	}
	return words
}

// InstallOptions is what an installation creates besides our own objects, and its progress callback.
type InstallOptions struct {
	// Stages decides which stages are added to the pipelines that were found.
	Stages func(found []store.Pipeline) []StageDraft
	// Report is called when a part is complete, with what had to be created; an error ends the installation.
	Report func(ctx context.Context, part InstallPart, made []string) error
}

// StageDraft lists our stages that are missing in a pipeline of deals, and its stages mapped to the others.
type StageDraft struct {
	Pipeline int64
	Missing  []acts.Stage
	Mapped   acts.Pipeline
}

// RecordAutomationProblem records for the state page that the CRM refused a part of our automation. The next repair registers it again.
func RecordAutomationProblem(ctx context.Context, tx store.Tx, what string, cause error) error {
	p, err := tx.Portals().Get(ctx)
	if err != nil {
		return err
	}
	a, text := p.Automation.V, what+". "+strings.TrimSuffix(acts.Message(cause), ".")+". Когда администратор откроет приложение, попытка повторится."
	a.NoAdmin = a.NoAdmin || errors.Is(cause, acts.Forbidden)
	if slices.Contains(a.Problems, text) {
		return nil
	}
	a.Problems = append(a.Problems, text)
	return tx.Portals().SaveAutomation(ctx, a)
}
