package crm

import (
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/workflow"
)

// badgeCount returns how many badges are registered on the portal.
func (portal *testPortal) badgeCount() int { return len(portal.Automation.Snapshot().Badges) }

// Badges that were removed are registered by a repair, once each.
func TestBadgesAreRegisteredAgain(t *testing.T) {
	portal := newTestPortal(t)
	if got := portal.badgeCount(); got != len(automation.Badges) {
		t.Fatalf("%d badges are registered by the installation, want %d", got, len(automation.Badges))
	}
	portal.Automation.Configure(func(s *fake.State) { s.Badges = s.Badges[1:] })
	for range 2 {
		made, err := portal.install()
		if a := made.Automation; err != nil || !a.Badges || len(a.Problems) > 0 || portal.badgeCount() != len(automation.Badges) {
			t.Errorf("a repair returned %+v, %v and left %d badges, want all %d without problems", a, err, portal.badgeCount(), len(automation.Badges))
		}
	}
}

// When the answer to a registration is lost, a repair registers the missing badges and none twice.
func TestLostAnswerOfABadge(t *testing.T) {
	portal := newTestPortal(t)
	portal.Automation.Configure(func(s *fake.State) { s.Badges = nil })
	portal.injectFault(bitrix24test.Fault{Method: "crm.activity.badge.add", Kind: bitrix24test.FaultReset, Count: 1})
	if _, err := portal.install(); err == nil {
		t.Fatal("an installation whose answer is lost succeeds")
	}
	if _, err := portal.install(); err != nil || portal.badgeCount() != len(automation.Badges) {
		t.Errorf("the repair returned %v and left %d badges, want %d", err, portal.badgeCount(), len(automation.Badges))
	}
}

// What the portal refuses is named and does not stop the installation.
func TestRefusedPartOfAutomationIsNamed(t *testing.T) {
	type parts struct{ badges, robots, triggers bool }
	for name, tt := range map[string]struct {
		method, problem string
		want            parts
	}{
		"no administrator reads badges":    {"crm.activity.badge.list", "без прав администратора: значки на канбане", parts{robots: true, triggers: true}},
		"no administrator writes badges":   {"crm.activity.badge.add", "не зарегистрировал значок «Отказ» (Access denied!). Когда", parts{robots: true, triggers: true}},
		"no administrator reads robots":    {"bizproc.robot.list", "без прав администратора: роботы", parts{badges: true, triggers: true}},
		"no administrator writes robots":   {"bizproc.robot.add", "не зарегистрировал робот «Передать в СБИС» (Access denied!). Когда", parts{badges: true, triggers: true}},
		"no administrator reads triggers":  {"crm.automation.trigger.list", "без прав администратора: триггеры", parts{badges: true, robots: true}},
		"no administrator writes triggers": {"crm.automation.trigger.add", "не зарегистрировал триггер «Акт подписан» (Access denied!). Когда", parts{badges: true, robots: true}},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			portal.Automation.Configure(func(s *fake.State) { s.Forget(); s.Badges = nil })
			portal.injectFault(bitrix24test.Fault{Method: tt.method, Kind: bitrix24test.FaultRefuse, Status: 400, Code: "ACCESS_DENIED", Text: "Access denied!"})
			made, err := portal.install()
			a := made.Automation
			got := parts{a.Badges, a.Robots && a.RobotsDigest != "", a.Triggers}
			if err != nil || got != tt.want || !a.NoAdmin || !slices.ContainsFunc(a.Problems, func(p string) bool { return strings.Contains(p, tt.problem) }) {
				t.Errorf("the installation returned %+v, %v; want %+v and the problem %q", a, err, tt.want, tt.problem)
			}
		})
	}
}

// Robots and triggers are registered once, and again when they are missing or were registered otherwise.
func TestRobotsAndTriggersAreRegistered(t *testing.T) {
	portal := newTestPortal(t)
	check := func(when string) {
		t.Helper()
		state := portal.Automation.Snapshot()
		if len(state.Robots) != len(automation.Robots) || len(state.Triggers) != len(automation.Triggers) {
			t.Fatalf("%s: %d robots, %d triggers; want %d and %d", when, len(state.Robots), len(state.Triggers), len(automation.Robots), len(automation.Triggers))
		}
		for i, r := range state.Robots {
			if r.Code != automation.Robots[i].Code || r.Handler != "https://acts.example.ru/robots" || !r.Waits || len(r.Returns) != len(automation.Results) || len(r.Properties) != len(automation.Robots[i].Properties) {
				t.Errorf("%s: robot %d is %+v, want %+v at our address", when, i, r, automation.Robots[i])
			}
		}
		for i, tr := range state.Triggers {
			if tr.Code != string(automation.Triggers[i]) || tr.Name != automation.Triggers[i].Name() {
				t.Errorf("%s: trigger %d is %+v, want %s «%s»", when, i, tr, automation.Triggers[i], automation.Triggers[i].Name())
			}
		}
	}
	check("after the installation")
	if plan := portal.plan(); len(plan) != 0 {
		t.Errorf("the plan of a complete portal is %v, want none", plan)
	}
	portal.record.Automation.V.RobotsDigest = "of an earlier version"
	for when, change := range map[string]func(*fake.State){
		"after an update of the app": (*fake.State).Forget,
		"with other texts": func(s *fake.State) {
			s.Robots[1].Handler, s.Triggers[0].Name = "https://old.example.ru/robots", "Другой"
		},
	} {
		portal.Automation.Configure(change)
		if made, err := portal.install(); err != nil || !made.Automation.Robots || !made.Automation.Triggers || len(made.Automation.Problems) > 0 {
			t.Errorf("%s: the repair returned %+v, %v; want robots and triggers without problems", when, made.Automation, err)
		}
		check(when)
	}
}

// When the answer to a registration is lost, a repair registers the missing robots and none twice.
func TestLostAnswerOfARobot(t *testing.T) {
	portal := newTestPortal(t)
	portal.Automation.Configure((*fake.State).Forget)
	portal.injectFault(bitrix24test.Fault{Method: "bizproc.robot.add", Kind: bitrix24test.FaultReset, Count: 1})
	if _, err := portal.install(); err == nil {
		t.Fatal("an installation whose answer is lost succeeds")
	}
	if _, err := portal.install(); err != nil || len(portal.Automation.Snapshot().Robots) != len(automation.Robots) {
		t.Errorf("the repair returned %v and left the robots %v, want %d", err, portal.Automation.Snapshot().Robots, len(automation.Robots))
	}
}

// Without the right to business processes there are no robots; the rest works.
func TestWithoutBusinessProcesses(t *testing.T) {
	portal := newTestPortal(t)
	portal.Automation.Configure((*fake.State).Forget)
	portal.Cloud().SetApp(func(a *bitrix24test.App) { a.Scope = strings.ReplaceAll(a.Scope, ",bizproc", "") })
	made, err := portal.install()
	if a := made.Automation; err != nil || !a.NoRight || a.Robots || a.NoAdmin || !a.Triggers || !a.Badges || len(a.Problems) > 0 {
		t.Errorf("the installation returned %+v, %v; want everything but robots, and that the right is missing", a, err)
	}
}

// A badge of another app with our code is left alone.
func TestBadgeCodeIsTaken(t *testing.T) {
	portal := newTestPortal(t)
	foreign := fake.Badge{Code: string(automation.BadgeRefused), Title: "Склад", Value: "Нет в наличии", Type: "primary"}
	portal.Automation.Configure(func(s *fake.State) { s.Badges = []*fake.Badge{&foreign} })
	made, err := portal.install()
	if a := made.Automation; err != nil || a.Badges || len(a.Problems) != 1 || !strings.Contains(a.Problems[0], "занят другим приложением (значок «Нет в наличии»)") {
		t.Errorf("the installation returned %+v, %v; want one problem that names the badge of the other app", a, err)
	}
	if got := portal.Automation.Snapshot().Badges; len(got) != 1 || *got[0] != foreign {
		t.Errorf("the portal has the badges %v, want only that of the other app", got)
	}
}

// One activity carries the badge of a deal, also after a lost answer; it is updated and completed.
func TestBadgeOfADealIsOneActivity(t *testing.T) {
	for name, answerLost := range map[string]bool{"every answer comes": false, "the answer to the creation is lost": true} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			deliverBadge := func(badge automation.Badge, activity int64, unclear bool) workflow.Result {
				return portal.deliver(workflow.Effect{Unclear: unclear, Badge: &workflow.BadgeChange{Deal: acts.DealID(deal), Activity: activity, Key: "acts24-badge-1",
					Badge: badge, Text: "Акт № 5", Responsible: 1}})[0]
			}
			if answerLost {
				portal.injectFault(bitrix24test.Fault{Method: "crm.activity.configurable.add", Kind: bitrix24test.FaultReset, Count: 1})
				if r := deliverBadge(automation.BadgeUnsigned, 0, false); r.Err == nil {
					t.Fatal("a creation whose answer is lost succeeds")
				}
			}
			first := deliverBadge(automation.BadgeUnsigned, 0, answerLost)
			if got, ok := portal.Automation.BadgeOf(deal); first.Err != nil || first.Activity == 0 || !ok || got.Value != "Акт не подписан" {
				t.Fatalf("the creation returned %+v, the deal has the badge %v; want an activity with «Акт не подписан»", first, got)
			}
			if r := deliverBadge(automation.BadgeRefused, first.Activity, false); r.Err != nil || r.Activity != first.Activity {
				t.Errorf("the update returned %+v, want activity %d again", r, first.Activity)
			}
			if got, _ := portal.Automation.BadgeOf(deal); got.Value != "Отказ" {
				t.Errorf("after the update the deal has the badge %v, want «Отказ»", got)
			}
			if r := deliverBadge("", first.Activity, false); r.Err != nil {
				t.Errorf("the completion returned %+v, want no error", r)
			}
			if got, ok := portal.Automation.BadgeOf(deal); ok || len(portal.Activities()) != 1 {
				t.Errorf("after the completion the deal has the badge %v and the portal %d activities, want no badge and one activity", got, len(portal.Activities()))
			}
		})
	}
}

// An activity that a person deleted is reported; a deal without a badge gets no activity.
func TestBadgeWithoutItsActivity(t *testing.T) {
	portal := newTestPortal(t)
	deal := acts.DealID(portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"}))
	results := portal.deliver(
		workflow.Effect{Badge: &workflow.BadgeChange{Deal: deal, Activity: 999, Key: "k", Badge: automation.BadgeRefused, Text: "т"}},
		workflow.Effect{Badge: &workflow.BadgeChange{Deal: deal, Activity: 999, Key: "k", Text: "т"}},
		workflow.Effect{Badge: &workflow.BadgeChange{Deal: deal, Key: "k", Text: "т"}})
	if !results[0].Gone || results[1].Err != nil || results[2].Err != nil || len(portal.Activities()) != 0 {
		t.Errorf("results %+v and %d activities; want the first gone, the others without an effect", results, len(portal.Activities()))
	}
}
