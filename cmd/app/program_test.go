package app

import (
	"runtime/debug"
	"testing"
)

func TestProgramName(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"v1.2.3":                               "acts24/1.2.3",
		"v1.2.3+dirty":                         "acts24/1.2.3",
		"v1.2.4-0.20261130064212-abcdefabcdef": "acts24/1.2.4",
		"(devel)":                              "acts24",
		"":                                     "acts24",
	} {
		if got := programName(&debug.BuildInfo{Main: debug.Module{Version: version}}, true); got != want {
			t.Errorf("%q: %s, want %s", version, got, want)
		}
	}
	if got := programName(nil, false); got != "acts24" {
		t.Errorf("without build information: %s", got)
	}
}
