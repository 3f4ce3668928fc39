package localdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// locales to try: the second for systems without the first. Both treat Cyrillic characters as letters, which plain C
// does not.
var locales = []string{"C.UTF-8", "en_US.UTF-8"}

// binaries finds the installation that fits the cluster: any for a new one, else that of its version.
func (h home) binaries() (installation, error) {
	text, err := os.ReadFile(h.path(filepath.Join(clusterDir, "PG_VERSION")))
	if errors.Is(err, fs.ErrNotExist) {
		return findInstallation(h.as, 0)
	}
	if err != nil {
		return installation{}, fmt.Errorf("read the version of the cluster: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return installation{}, fmt.Errorf("read the version of the cluster: %w", err)
	}
	found, err := findInstallation(h.as, major)
	if err != nil {
		return installation{}, fmt.Errorf("the data in %s belong to PostgreSQL %d, which is not found here: "+
			"install that version, set PG_BIN_DIR to it, or move the folder away", h.dir, major)
	}
	return found, nil
}

// initdb makes the cluster when there is none. It is built aside and renamed, so that a broken
// attempt is never taken for data.
func (h home) initdb(ctx context.Context, bin installation, durable bool) error {
	if _, err := os.Stat(h.path(clusterDir)); err == nil {
		return nil
	}
	draft := h.path(clusterDir + ".new")
	var out []byte
	var err error
	for _, locale := range locales {
		if err := os.RemoveAll(draft); err != nil {
			return fmt.Errorf("clear the draft of a cluster: %w", err)
		}
		args := []string{"--pgdata=" + draft, "--username=" + Superuser, "--auth=trust",
			"--encoding=UTF8", "--locale=" + locale, "--no-instructions"}
		if !durable {
			args = append(args, "--no-sync")
		}
		cmd := exec.CommandContext(ctx, filepath.Join(bin.dir, "initdb"), args...)
		h.configure(cmd)
		if out, err = cmd.CombinedOutput(); err == nil {
			return os.Rename(draft, h.path(clusterDir))
		}
	}
	return fmt.Errorf("initdb in %s: %w: %s", h.dir, err, lastLines(out, 3))
}

// configure sets the account, folder and environment of a PostgreSQL command.
func (h home) configure(cmd *exec.Cmd) {
	cmd.Dir = "/" // the account may have no access to our folder
	cmd.SysProcAttr = h.as.sysProcAttr()
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") && !strings.HasPrefix(v, "LC_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C") // diagnose parses its messages
}

// lastLines cuts an output down to what goes into an error.
func lastLines(out []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "; ")
}
