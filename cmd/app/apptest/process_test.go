package apptest

import (
	"testing"
	"time"
)

func TestParseProcessorTime(t *testing.T) {
	got, err := parseProcessorTime("42 (actsd serve) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 9 0 100 0 0")
	if err != nil || got != 2*time.Second {
		t.Errorf("processor time = %v, %v; want 2s", got, err)
	}
	if _, err := parseProcessorTime("42 (actsd"); err == nil {
		t.Error("a truncated line was read")
	}
}
