package main

import "testing"

func TestBackfillResult(t *testing.T) {
	p := plan{kills: 3}
	for name, tt := range map[string]struct {
		change func(*backfillResult)
		clean  bool
	}{
		"everything copied":           {func(*backfillResult) {}, true},
		"a lost deal":                 {func(r *backfillResult) { r.lost, r.copies = 1, 8 }, false},
		"a wrong copy":                {func(r *backfillResult) { r.wrong = 1 }, false},
		"a copy of no deal":           {func(r *backfillResult) { r.copies = 10 }, false},
		"a kill is missing":           {func(r *backfillResult) { r.kills = 2 }, false},
		"it began again":              {func(r *backfillResult) { r.calls = maxBackfillCalls + 4 }, false},
		"one more call for each kill": {func(r *backfillResult) { r.calls = maxBackfillCalls + 3 }, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := backfillResult{deals: 9, copies: 9, kills: 3, calls: 40}
			tt.change(&r)
			if got := r.clean(p); got != tt.clean {
				t.Errorf("clean = %v for %s", got, r.describe(p))
			}
		})
	}
}
