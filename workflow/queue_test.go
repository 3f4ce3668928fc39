package workflow

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"acts24/store"
	"acts24/store/queue"
)

func TestKindsAreRegisteredOnce(t *testing.T) {
	q := newQueue(nil, nil, DefaultTiming, nil, func() {}, slog.New(slog.DiscardHandler))
	q.Single("a", nil)
	q.Batch("b", nil)
	q.Reading("c", Reading{})
	if got := q.Kinds(); !slices.Equal(got, []string{"b", "a", "c"}) {
		t.Errorf("the kinds are %v", got)
	}
	for name, register := range map[string]func(){
		"the same way": func() { q.Single("a", nil) },
		"another way":  func() { q.Batch("a", nil) },
		"as a reading": func() { q.Reading("b", Reading{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a kind was registered twice", name)
				}
			}()
			register()
		}()
	}
}

// A task of an unregistered kind is put back, not lost.
func TestATaskOfAnUnknownKindIsRefused(t *testing.T) {
	q := newQueue(nil, nil, DefaultTiming, nil, func() {}, slog.New(slog.DiscardHandler))
	if _, err := q.prepare(context.Background(), store.Scope{}, store.Portal{}, queue.Task{Kind: "crm.unknown"}); err == nil {
		t.Error("a task of an unknown kind was prepared")
	}
}
