package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"acts24/cmd/crashtest/rules"
)

// Every mutant changes exactly one place of the present sources, so that the check cannot pass because it changes nothing.
func TestMutantsMatchOnce(t *testing.T) {
	if len(mutants) < 10 {
		t.Errorf("only %d mutants", len(mutants))
	}
	for _, m := range mutants {
		if !slices.ContainsFunc(rules.Names(), func(name string) bool { return strings.Contains(name, m.rule) }) || m.kills < 1 {
			t.Errorf("%s names no rule, or has no kills", m.name)
		}
		dir := t.TempDir()
		if _, err := m.writeOverlay(dir, filepath.Join("..", "..")); err != nil {
			t.Error(err)
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, "mutant.go"))
		if err != nil || !strings.Contains(string(body), m.new) {
			t.Errorf("%s is not in its file: %v", m.name, err)
		}
	}
	twice := mutant{name: "twice", file: "go.mod", old: "\n"}
	if _, err := twice.writeOverlay(t.TempDir(), filepath.Join("..", "..")); err == nil {
		t.Error("a text that occurs several times is accepted")
	}
}

// The rules that a report prints as broken are found in its text.
func TestBrokenRulesOfAReport(t *testing.T) {
	s := rules.State{PendingWork: "3 tasks are left", Tasks: []rules.Task{{Portal: 1, Kind: "edo.put", Dead: true}, {Portal: 1, Kind: "crm.item", Dead: true}}}
	var text strings.Builder
	rules.Check(s).Print(&text)
	if got, want := brokenRules(text.String()), []string{"no work was left after the run", "no task is dead"}; !slices.Equal(got, want) {
		t.Errorf("broken rules %q, want %q of\n%s", got, want, &text)
	}
}
