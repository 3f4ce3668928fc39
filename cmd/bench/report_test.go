package main

import "testing"

func TestVerdict(t *testing.T) {
	for name, tt := range map[string]struct {
		figure figure
		want   string
	}{
		"below an upper bound":         {figure{value: 1.9, goal: 2}, "<= 2 met"},
		"at an upper bound":            {figure{value: 2, goal: 2}, "<= 2 met"},
		"above an upper bound":         {figure{value: 2.1, goal: 2}, "<= 2 MISSED"},
		"above a lower bound":          {figure{value: 0.7, goal: 0.5, atLeast: true}, ">= 0.5 met"},
		"below a lower bound":          {figure{value: 0.4, goal: 0.5, atLeast: true}, ">= 0.5 MISSED"},
		"a figure only to be compared": {figure{value: 1000}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.figure.verdict(); got != tt.want {
				t.Errorf("verdict = %q, want %q", got, tt.want)
			}
		})
	}
}
