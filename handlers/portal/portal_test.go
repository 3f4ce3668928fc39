package portal

import (
	"slices"
	"testing"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/people"
)

func TestLandingPath(t *testing.T) {
	for kind, want := range map[string]string{"deal": "/p/7/deals/12", "company": "/p/7/companies/12", "contact": "/p/7/contacts/12", "menu": "/p/7/acts", "act": "/p/7/acts", "link": "/p/7/acts"} {
		if got := landingPath(store.Portal{ID: 7, Key: "7"}, kind, 12); got != want {
			t.Errorf("%s leads to %s; want %s", kind, got, want)
		}
	}
}

// Only paths of a deal's pages contain a deal that must be visible to the visitor.
func TestObjectAt(t *testing.T) {
	for path, want := range map[string]acts.DealID{"/p/7/deals/12": 12, "/p/7/deals/12/acts": 12, "/p/7/deals": 0, "/p/7/acts/12": 0, "/p/7/deals/x": 0, "": 0, "deals/12": 0} {
		if got := objectAt(path); got.Deal != want {
			t.Errorf("%q is about the deal %d; want %d", path, got.Deal, want)
		}
	}
}

func TestInstallView(t *testing.T) {
	visit := web.Visit{Visit: people.Visit{Portal: 7, Key: "7", Admin: true, State: acts.PortalInstalling}}
	plan := store.InstallPlan{Checks: []store.InstallCheck{{Title: "a", OK: true}, {Title: "b"}}, Missing: map[string][]string{"stages": {"Новая", "Подписан"}},
		Stages: []store.MissingStages{{Pipeline: 1, Name: "Продажи", Stages: []string{"А", "Б"}}}}
	m := installView(visit, store.Install{State: store.InstallAsked, Plan: plan})
	if m.Busy || m.Blocked || m.Button != "Установить" || len(m.Steps) != 0 || m.Checks[0].State != "ok" || m.Checks[1].State != "open" || m.MissingStages[0].Stages != "«А», «Б»" {
		t.Errorf("%+v", m)
	}
	plan.Checks = append(plan.Checks, store.InstallCheck{Title: "c", Required: true})
	visit.State = acts.PortalActive
	if m := installView(visit, store.Install{State: store.InstallAsked, Plan: plan}); !m.Blocked || m.Button != "Восстановить" || m.Checks[2].State != "bad" {
		t.Errorf("%+v", m)
	}
}

// The first step that is not done is the one that runs or has failed.
func TestInstallSteps(t *testing.T) {
	steps := []store.InstallStep{{Part: "process", Done: true}, {Part: "stages", Done: true}, {Part: "fields"}, {Part: "events"}}
	steps[1].Made = []string{"Новая", "Подписан"}
	for state, want := range map[store.InstallState][]string{store.InstallRunning: {"done", "done", "now", "waiting"}, store.InstallFailed: {"done", "done", "failed", "waiting"}} {
		var got []string
		list := installSteps(store.Install{State: state, Steps: steps})
		for _, s := range list {
			got = append(got, s.State)
		}
		if !slices.Equal(got, want) || list[1].Text != "создано: 2" || list[0].Text != "уже было" {
			t.Errorf("%s: %q, %+v", state, got, list)
		}
	}
}
