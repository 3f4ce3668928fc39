package app

import (
	"runtime/debug"
	"strings"
)

// programName returns the name and version that calls to SBIS and the files of acts carry, such as acts24/1.0.0. The version is
// that of the main module in the build information, which `actsd version` prints too, without the suffix of a build between two
// releases: the file format allows 40 characters. A build without a version is acts24.
func programName(info *debug.BuildInfo, ok bool) string {
	if !ok || !strings.HasPrefix(info.Main.Version, "v") {
		return "acts24"
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(info.Main.Version, "v"), "+")
	version, _, _ = strings.Cut(version, "-")
	return "acts24/" + version
}
