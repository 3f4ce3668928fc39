package main

import (
	"io"
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	built := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Path: "acts24", Version: version}, Settings: settings}
	}
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "c5299d0a"}
	at := debug.BuildSetting{Key: "vcs.time", Value: "2026-11-27T18:50:58Z"}
	for name, tt := range map[string]struct {
		info *debug.BuildInfo
		want string
	}{
		"a release":               {built("v1.0.0", commit, at, debug.BuildSetting{Key: "vcs.modified", Value: "false"}), "acts24 v1.0.0\ncommit c5299d0a of 2026-11-27T18:50:58Z\ngo1.26.0"},
		"a modified working tree": {built("v1.0.0+dirty", commit, at, debug.BuildSetting{Key: "vcs.modified", Value: "true"}), "acts24 v1.0.0+dirty\ncommit c5299d0a of 2026-11-27T18:50:58Z, with changes that are not committed\ngo1.26.0"},
		"outside a repository":    {built(""), "acts24 (devel)\ncommit unknown\ngo1.26.0"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := version(tt.info); got != tt.want {
				t.Errorf("version() = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestVersionNeedsNoSettings runs the command with a setting that every other command refuses.
func TestVersionNeedsNoSettings(t *testing.T) {
	t.Setenv("ACTS_CALL_TIMEOUT", "not a duration")
	if err := run(t.Context(), []string{"version"}, io.Discard); err != nil {
		t.Errorf("actsd version: %v", err)
	}
	if err := run(t.Context(), []string{"serve"}, io.Discard); err == nil {
		t.Error("actsd serve took a setting that is not a duration")
	}
}
