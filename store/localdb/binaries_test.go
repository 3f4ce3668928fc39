package localdb

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

func TestNewestFirst(t *testing.T) {
	got := newestFirst([]string{
		"/usr/lib/postgresql/9.6/bin",
		"/usr/lib/postgresql/15/bin",
		"/usr/lib/postgresql/8.4/bin",
		"/usr/lib/postgresql/18/bin",
	})
	want := []string{
		"/usr/lib/postgresql/18/bin",
		"/usr/lib/postgresql/15/bin",
		"/usr/lib/postgresql/9.6/bin",
		"/usr/lib/postgresql/8.4/bin",
	}
	if !slices.Equal(got, want) {
		t.Errorf("newestFirst = %v; want %v", got, want)
	}
}

func TestFind(t *testing.T) {
	who, err := accounts()
	if err != nil {
		t.Fatal(err)
	}
	as := who[0]
	real, err := findInstallation(as, 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		programs map[string]string // in the folder of PG_BIN_DIR
		major    int
		err      error
	}{
		"both programs":           {map[string]string{"initdb": "", "postgres": versionScript("16.2 (Debian 16.2-1)")}, 16, nil},
		"a beta":                  {map[string]string{"initdb": "", "postgres": versionScript("19beta1")}, 19, nil},
		"too old":                 {map[string]string{"initdb": "", "postgres": versionScript("9.6.24")}, 0, ErrNotInstalled},
		"a wrapper alone":         {map[string]string{"initdb": ""}, 0, ErrNotInstalled},
		"a server without initdb": {map[string]string{"postgres": versionScript("16.2")}, 0, ErrNotInstalled},
		"an empty folder":         {nil, 0, ErrNotInstalled},
	} {
		t.Run(name, func(t *testing.T) {
			dir := bin(t, tt.programs)
			t.Setenv("PG_BIN_DIR", dir)
			got, err := findInstallation(as, 0)
			if got.major != tt.major || !errors.Is(err, tt.err) {
				t.Errorf("findInstallation = %v, %v; want version %d, %v", got, err, tt.major, tt.err)
			}
		})
	}
	t.Run("a wrapper on PATH is passed over", func(t *testing.T) {
		t.Setenv("PG_BIN_DIR", "")
		wrapper := bin(t, map[string]string{"initdb": ""})
		t.Setenv("PATH", wrapper)
		if got, _ := findInstallation(as, 0); got.dir == wrapper {
			t.Errorf("findInstallation = %v, where there is no postgres", got)
		}
	})
	t.Run("a link on PATH leads to the real folder", func(t *testing.T) {
		t.Setenv("PG_BIN_DIR", "")
		links := bin(t, nil)
		if err := os.Symlink(filepath.Join(real.dir, "initdb"), filepath.Join(links, "initdb")); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", links)
		if got, err := findInstallation(as, 0); err != nil || got != real {
			t.Errorf("findInstallation = %v, %v; want %v", got, err, real)
		}
	})
}

func TestReaches(t *testing.T) {
	dir := filepath.Dir(folder(t))
	stranger := account{uid: 4_000_000, gid: 4_000_000, unprivileged: true}
	if !stranger.canReach(dir) {
		t.Errorf("an account cannot enter %s, which is open to all", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if stranger.canReach(dir) || stranger.canReach(filepath.Join(dir, "absent")) {
		t.Errorf("an account enters %s, which is closed", dir)
	}
}

func TestPrepareRefusesWhatIsNotOurs(t *testing.T) {
	top := filepath.Dir(folder(t))
	for name, make := range map[string]func(dir string) error{
		"a link":               func(dir string) error { return os.Symlink("/etc", dir) },
		"a file":               func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
		"a folder of somebody": func(dir string) error { return errors.Join(os.Mkdir(dir, 0o700), os.Chown(dir, 4_000_000, -1)) },
	} {
		dir := filepath.Join(top, name)
		if err := make(dir); errors.Is(err, os.ErrPermission) {
			continue // only root gives folders away
		} else if err != nil {
			t.Fatal(err)
		}
		if _, err := prepare(dir); err == nil {
			t.Errorf("%s was taken for PostgreSQL", name)
		}
	}
}

func TestDropStaleLocks(t *testing.T) {
	h := home{dir: t.TempDir()}
	if err := os.Mkdir(h.path(clusterDir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.pidFile(), []byte(strconv.Itoa(os.Getpid())+"\n/somewhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.dropStaleLocks()
	if got := h.pid(); got != 0 {
		t.Errorf("the pid file still names %d, which is this test", got)
	}
}

func TestDSNSurvivesOddFolders(t *testing.T) {
	h := home{dir: `/tmp/it's a \folder`}
	want := `host='/tmp/it\'s a \\folder' port='5432' user='u' dbname='d' sslmode='disable'`
	if got := h.dsn("u", "d"); got != want {
		t.Errorf("dsn = %s; want %s", got, want)
	}
}

// versionScript returns the script of a postgres that only prints its version.
func versionScript(version string) string { return "echo 'postgres (PostgreSQL) " + version + "'" }

// bin creates a folder of shell scripts.
func bin(t *testing.T, programs map[string]string) string {
	t.Helper()
	dir := folder(t)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, body := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
