package crm

import (
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/store"
	"acts24/workflow"
)

// registered counts our badges on the portal.
func (b *bench) registered() int { return len(b.Automation.Snapshot().Badges) }

// Badges that were removed are registered by a repair, once each.
func TestBadgesAreRegisteredAgain(t *testing.T) {
	b := newBench(t)
	if got := b.registered(); got != len(automation.Badges) {
		t.Fatalf("registered %d", got)
	}
	b.Automation.Configure(func(s *fake.State) { s.Badges = s.Badges[1:] })
	for range 2 {
		made, err := b.install()
		if a := made.Automation; err != nil || !a.Badges || len(a.Problems) > 0 || b.registered() != len(automation.Badges) {
			t.Errorf("%+v, %v, registered %d", a, err, b.registered())
		}
	}
}

// An answer that was lost leaves one registration.
func TestLostAnswerOfABadge(t *testing.T) {
	b := newBench(t)
	b.Automation.Configure(func(s *fake.State) { s.Badges = nil })
	if err := b.Fault(bitrix24test.Fault{Method: "crm.activity.badge.add", Kind: bitrix24test.Reset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.install(); err == nil {
		t.Fatal("the answer was not lost")
	}
	if _, err := b.install(); err != nil || b.registered() != len(automation.Badges) {
		t.Errorf("%v, registered %d", err, b.registered())
	}
}

// What the portal refuses is named and does not stop the installation.
func TestAutomationRefused(t *testing.T) {
	badges := func(a store.Automation) bool { return a.Badges || !a.Robots || !a.Triggers }
	robots := func(a store.Automation) bool { return a.Robots || a.RobotsDigest != "" || !a.Badges || !a.Triggers }
	triggers := func(a store.Automation) bool { return a.Triggers || !a.Badges || !a.Robots }
	for name, tt := range map[string]struct {
		fault, want string
		wrong       func(store.Automation) bool
	}{
		"no administrator reads badges":    {"crm.activity.badge.list", "без прав администратора: значки на канбане", badges},
		"no administrator writes badges":   {"crm.activity.badge.add", "не зарегистрировал значок «Отказ» (Access denied!). Когда", badges},
		"no administrator reads robots":    {"bizproc.robot.list", "без прав администратора: роботы", robots},
		"no administrator writes robots":   {"bizproc.robot.add", "не зарегистрировал робот «Передать в СБИС» (Access denied!). Когда", robots},
		"no administrator reads triggers":  {"crm.automation.trigger.list", "без прав администратора: триггеры", triggers},
		"no administrator writes triggers": {"crm.automation.trigger.add", "не зарегистрировал триггер «Акт подписан» (Access denied!). Когда", triggers},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Automation.Configure(func(s *fake.State) { s.Forget(); s.Badges = nil })
			if err := b.Fault(bitrix24test.Fault{Method: tt.fault, Kind: bitrix24test.Refuse, Status: 400, Code: "ACCESS_DENIED", Text: "Access denied!"}); err != nil {
				t.Fatal(err)
			}
			made, err := b.install()
			a := made.Automation
			if err != nil || tt.wrong(a) || !a.NoAdmin || !slices.ContainsFunc(a.Problems, func(p string) bool { return strings.Contains(p, tt.want) }) {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// Robots and triggers are registered once, and again when they are missing or were registered otherwise.
func TestRobotsAndTriggersAreRegistered(t *testing.T) {
	b := newBench(t)
	check := func(when string) {
		t.Helper()
		state := b.Automation.Snapshot()
		if len(state.Robots) != len(automation.Robots) || len(state.Triggers) != len(automation.Triggers) {
			t.Fatalf("%s: %d robots, %d triggers", when, len(state.Robots), len(state.Triggers))
		}
		for i, r := range state.Robots {
			if r.Code != automation.Robots[i].Code || r.Handler != "https://acts.example.ru/robots" || !r.Waits || len(r.Returns) != len(automation.Results) || len(r.Properties) != len(automation.Robots[i].Properties) {
				t.Errorf("%s: robot %+v", when, r)
			}
		}
		for i, tr := range state.Triggers {
			if tr.Code != string(automation.Triggers[i]) || tr.Name != automation.Triggers[i].Name() {
				t.Errorf("%s: trigger %+v", when, tr)
			}
		}
	}
	check("after the installation")
	if plan := b.plan(); len(plan) != 0 {
		t.Errorf("nothing is missing: %v", plan)
	}
	b.kept.Automation.V.RobotsDigest = "of an earlier version"
	for when, change := range map[string]func(*fake.State){
		"after an update of the app": (*fake.State).Forget,
		"with other texts": func(s *fake.State) {
			s.Robots[1].Handler, s.Triggers[0].Name = "https://old.example.ru/robots", "Другой"
		},
	} {
		b.Automation.Configure(change)
		if made, err := b.install(); err != nil || !made.Automation.Robots || !made.Automation.Triggers || len(made.Automation.Problems) > 0 {
			t.Errorf("%s: %+v, %v", when, made.Automation, err)
		}
		check(when)
	}
}

// A lost answer leaves one robot.
func TestLostAnswerOfARobot(t *testing.T) {
	b := newBench(t)
	b.Automation.Configure((*fake.State).Forget)
	b.fault(bitrix24test.Fault{Method: "bizproc.robot.add", Kind: bitrix24test.Reset, Count: 1})
	if _, err := b.install(); err == nil {
		t.Fatal("the answer was not lost")
	}
	if _, err := b.install(); err != nil || len(b.Automation.Snapshot().Robots) != len(automation.Robots) {
		t.Errorf("%v, robots %v", err, b.Automation.Snapshot().Robots)
	}
}

// Without the right to business processes there are no robots; the rest works.
func TestWithoutBusinessProcesses(t *testing.T) {
	b := newBench(t)
	b.Automation.Configure((*fake.State).Forget)
	b.Cloud().SetApp(func(a *bitrix24test.App) { a.Scope = strings.ReplaceAll(a.Scope, ",bizproc", "") })
	made, err := b.install()
	if a := made.Automation; err != nil || !a.NoRight || a.Robots || a.NoAdmin || !a.Triggers || !a.Badges || len(a.Problems) > 0 {
		t.Errorf("%+v, %v", a, err)
	}
}

// A badge of another app with our code is left alone.
func TestBadgeCodeIsTaken(t *testing.T) {
	b := newBench(t)
	foreign := fake.Badge{Code: string(automation.BadgeRefused), Title: "Склад", Value: "Нет в наличии", Type: "primary"}
	b.Automation.Configure(func(s *fake.State) { s.Badges = []*fake.Badge{&foreign} })
	made, err := b.install()
	if a := made.Automation; err != nil || a.Badges || len(a.Problems) != 1 || !strings.Contains(a.Problems[0], "занят другим приложением (значок «Нет в наличии»)") {
		t.Errorf("%+v, %v", a, err)
	}
	if got := b.Automation.Snapshot().Badges; len(got) != 1 || *got[0] != foreign {
		t.Errorf("badges %v", got)
	}
}

// One activity carries the badge of a deal, also after a lost answer; it is updated and completed.
func TestBadgeOfADeal(t *testing.T) {
	for name, lost := range map[string]bool{"every answer comes": false, "the answer of the creation is lost": true} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			change := func(badge automation.Badge, activity int64, unclear bool) workflow.Result {
				return b.deliver(workflow.Effect{Unclear: unclear, Badge: &workflow.BadgeChange{Deal: acts.DealID(deal), Activity: activity, Key: "acts24-badge-1",
					Badge: badge, Text: "Акт № 5", Responsible: 1}})[0]
			}
			if lost {
				if err := b.Fault(bitrix24test.Fault{Method: "crm.activity.configurable.add", Kind: bitrix24test.Reset, Count: 1}); err != nil {
					t.Fatal(err)
				}
				if r := change(automation.BadgeUnsigned, 0, false); r.Err == nil {
					t.Fatal("the answer was not lost")
				}
			}
			first := change(automation.BadgeUnsigned, 0, lost)
			if got, ok := b.Automation.BadgeOf(deal); first.Err != nil || first.Activity == 0 || !ok || got.Value != "Акт не подписан" {
				t.Fatalf("%+v, badge %v", first, got)
			}
			if r := change(automation.BadgeRefused, first.Activity, false); r.Err != nil || r.Activity != first.Activity {
				t.Errorf("update: %+v", r)
			}
			if got, _ := b.Automation.BadgeOf(deal); got.Value != "Отказ" {
				t.Errorf("badge %v", got)
			}
			if r := change("", first.Activity, false); r.Err != nil {
				t.Errorf("completion: %+v", r)
			}
			if got, ok := b.Automation.BadgeOf(deal); ok || len(b.Activities()) != 1 {
				t.Errorf("badge %v, %d activities", got, len(b.Activities()))
			}
		})
	}
}

// An activity that a person deleted is reported; a deal without a badge gets no activity.
func TestBadgeWithoutItsActivity(t *testing.T) {
	b := newBench(t)
	deal := acts.DealID(b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"}))
	results := b.deliver(
		workflow.Effect{Badge: &workflow.BadgeChange{Deal: deal, Activity: 999, Key: "k", Badge: automation.BadgeRefused, Text: "т"}},
		workflow.Effect{Badge: &workflow.BadgeChange{Deal: deal, Activity: 999, Key: "k", Text: "т"}},
		workflow.Effect{Badge: &workflow.BadgeChange{Deal: deal, Key: "k", Text: "т"}})
	if !results[0].Gone || results[1].Err != nil || results[2].Err != nil || len(b.Activities()) != 0 {
		t.Errorf("%+v, %d activities", results, len(b.Activities()))
	}
}
