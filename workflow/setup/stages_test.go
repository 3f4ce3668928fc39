package setup

import (
	"slices"
	"testing"

	"acts24/acts"
	"acts24/store"
)

func pipeline(stages ...store.DealStage) store.Pipeline { return store.Pipeline{ID: 3, Stages: stages} }

func TestMergePipelines(t *testing.T) {
	sent := store.DealStage{ID: "C3:5", Name: acts.StageSent.Name()}
	other := store.DealStage{ID: "C3:6", Name: "Документы у клиента"}
	for name, tt := range map[string]struct {
		kept, found store.Pipeline
		sent, lost  string
	}{
		"a stage with our name":             {store.Pipeline{ID: 3}, pipeline(sent, other), "C3:5", ""},
		"what an administrator mapped":      {store.Pipeline{ID: 3, Mapped: acts.Pipeline{acts.StageSent: "C3:6"}}, pipeline(sent, other), "C3:6", ""},
		"what an administrator left empty":  {store.Pipeline{ID: 3, Unmapped: []acts.Stage{acts.StageSent}}, pipeline(sent, other), "", ""},
		"a mapped stage that was deleted":   {store.Pipeline{ID: 3, Stages: []store.DealStage{other}, Mapped: acts.Pipeline{acts.StageSent: "C3:6"}}, pipeline(), "", "Документы у клиента"},
		"one that was deleted and replaced": {store.Pipeline{ID: 3, Stages: []store.DealStage{other}, Mapped: acts.Pipeline{acts.StageSent: "C3:6"}}, pipeline(sent), "C3:5", ""},
		"the mapping of another pipeline":   {store.Pipeline{ID: 4, Mapped: acts.Pipeline{acts.StageSent: "C3:6"}}, pipeline(other), "", ""},
	} {
		got := mergePipelines([]store.Pipeline{tt.kept}, []store.Pipeline{tt.found})[0]
		if got.Mapped[acts.StageSent] != tt.sent || got.Lost[acts.StageSent] != tt.lost {
			t.Errorf("%s: mapped to %q, lost %q; want %q, %q", name, got.Mapped[acts.StageSent], got.Lost[acts.StageSent], tt.sent, tt.lost)
		}
	}
}

func TestMissingStages(t *testing.T) {
	p := pipeline()
	p.Mapped = acts.Pipeline{acts.StageSent: "C3:5"}
	p.Unmapped = []acts.Stage{acts.StageRemarks}
	got := missingStages([]store.Pipeline{p})
	if len(got) != 1 || slices.Contains(got[0].Missing, acts.StageSent) || slices.Contains(got[0].Missing, acts.StageRemarks) ||
		len(got[0].Missing) != len(acts.MappedStages)-2 {
		t.Errorf("missing are %+v", got)
	}
	for _, s := range acts.MappedStages {
		p.Mapped[s] = "x"
	}
	if got := missingStages([]store.Pipeline{p}); got != nil {
		t.Errorf("a complete pipeline misses %+v", got)
	}
}
