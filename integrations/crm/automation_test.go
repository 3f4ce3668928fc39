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
	for name, tt := range map[string]struct{ fault, want string }{
		"no administrator reads":  {"crm.activity.badge.list", "без прав администратора: значки на канбане"},
		"no administrator writes": {"crm.activity.badge.add", "не зарегистрировал значок «Отказ» (Access denied!). Когда"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Automation.Configure(func(s *fake.State) { s.Badges = nil })
			if err := b.Fault(bitrix24test.Fault{Method: tt.fault, Kind: bitrix24test.Refuse, Status: 400, Code: "ACCESS_DENIED", Text: "Access denied!"}); err != nil {
				t.Fatal(err)
			}
			made, err := b.install()
			a := made.Automation
			if err != nil || a.Badges || !a.NoAdmin || !slices.ContainsFunc(a.Problems, func(p string) bool { return strings.Contains(p, tt.want) }) {
				t.Errorf("%+v, %v", a, err)
			}
		})
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
