package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every mutant changes exactly one place of the present sources, so that the check cannot pass because it changes nothing.
func TestMutantsMatchOnce(t *testing.T) {
	if len(mutants) < 10 {
		t.Errorf("%d mutants", len(mutants))
	}
	for _, m := range mutants {
		if !slices.ContainsFunc(rules, func(r rule) bool { return strings.Contains(r.name, m.rule) }) || m.kills < 1 {
			t.Errorf("%s breaks no rule, or kills nobody", m.name)
		}
		dir := t.TempDir()
		if _, err := m.overlay(dir, filepath.Join("..", "..")); err != nil {
			t.Error(err)
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, "mutant.go"))
		if err != nil || !strings.Contains(string(body), m.new) {
			t.Errorf("%s is not in its file: %v", m.name, err)
		}
	}
	twice := mutant{name: "twice", file: "go.mod", old: "\n"}
	if _, err := twice.overlay(t.TempDir(), filepath.Join("..", "..")); err == nil {
		t.Error("a text that occurs several times is accepted")
	}
}
