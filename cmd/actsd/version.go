package main

import (
	"cmp"
	"runtime/debug"
	"strings"
)

// version returns the output of `actsd version`: the version of the module, the commit with its time, and the
// Go version, as the go command recorded them in the binary. The version is the tag of the commit, or a
// pseudo-version without a tag; a build outside a repository has neither version nor commit.
func version(info *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	lines := []string{
		"acts24 " + cmp.Or(info.Main.Version, "(devel)"),
		"commit " + cmp.Or(settings["vcs.revision"], "unknown"),
	}
	if at := settings["vcs.time"]; at != "" {
		lines[1] += " of " + at
	}
	if settings["vcs.modified"] == "true" {
		lines[1] += ", with changes that are not committed"
	}
	return strings.Join(append(lines, info.GoVersion), "\n")
}
