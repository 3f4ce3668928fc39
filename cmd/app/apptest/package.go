package apptest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// NextMigration is what the next release adds to the schema in tests. Nothing is released yet, so the previous release is the present source.
const NextMigration = `-- +goose Up
SET LOCAL lock_timeout = '3s';
ALTER TABLE acts ADD COLUMN next_release text NOT NULL DEFAULT '';
CREATE TABLE next_release (portal_id bigint NOT NULL REFERENCES portals (id), id bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (portal_id, id));
`

// RunInRoot runs a command in the root of the project, two folders above that of the test, and returns what it prints.
func RunInRoot(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "COMPRESSION=none") // compressing takes longer than the rest of a test
	printed, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, printed)
	}
	return string(printed)
}

// BuildPackage builds the Debian package of a version, whose program has one more migration unless that is "", and returns its path.
func BuildPackage(t *testing.T, version, migration string) string {
	t.Helper()
	dir := t.TempDir()
	build := []string{"build", "-o", filepath.Join(dir, "actsd")}
	if migration != "" {
		added, err := filepath.Abs("../../migrations/00999_next.sql")
		if err != nil {
			t.Fatal(err)
		}
		overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{added: filepath.Join(dir, "next.sql")}})
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{"next.sql": []byte(migration), "overlay.json": overlay} {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		build = append(build, "-overlay", filepath.Join(dir, "overlay.json"))
	}
	RunInRoot(t, "go", append(build, "./cmd/actsd")...)
	RunInRoot(t, "deploy/deb.sh", version, dir, filepath.Join(dir, "actsd"))
	packages, err := filepath.Glob(filepath.Join(dir, "*.deb"))
	if err != nil || len(packages) != 1 || !strings.HasPrefix(filepath.Base(packages[0]), "acts24_"+version+"_") {
		t.Fatalf("packages %q, %v", packages, err)
	}
	return packages[0]
}
