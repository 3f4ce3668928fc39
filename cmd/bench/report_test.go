package main

import (
	"strings"
	"testing"
)

func TestVerdict(t *testing.T) {
	for name, tt := range map[string]struct {
		line line
		want string
	}{
		"below an upper bound":         {line{value: 1.9, goal: 2}, "met"},
		"at an upper bound":            {line{value: 2, goal: 2}, "met"},
		"above an upper bound":         {line{value: 2.1, goal: 2}, "MISSED"},
		"above a lower bound":          {line{value: 0.7, goal: 0.5, atLeast: true}, "met"},
		"below a lower bound":          {line{value: 0.4, goal: 0.5, atLeast: true}, "MISSED"},
		"a figure only to be compared": {line{value: 1000}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := tt.line.bound(); got != tt.want {
				t.Errorf("verdict = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReport(t *testing.T) {
	var r report
	r.add(line{what: "page, p50", value: 2.5, unit: "x anchor", goal: 2, note: "3 ms"})
	r.add(line{what: "page, rate", value: 0.8, unit: "x anchor", goal: 0.5, atLeast: true})
	r.add(line{what: "anchor", value: 1, unit: "ms"})
	var out strings.Builder
	r.print(&out)
	for _, want := range []string{"2.50 x anchor", "<= 2", "MISSED", "3 ms", ">= 0.5", "met", "1 of 2 goals missed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
