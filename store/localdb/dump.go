package localdb

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// sessionLine matches what pg_dump writes around the objects: comments, settings of the session and the key of \restrict.
var sessionLine = regexp.MustCompile(`(?m)^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict.*)\n`)

var emptyLines = regexp.MustCompile(`\n{2,}`)

// DumpSchema returns the schema of a database as pg_dump writes it, without comments, owners and settings of the session.
// Tables that match the pattern skip are left out.
func DumpSchema(ctx context.Context, dsn, skip string) (string, error) {
	for _, dir := range candidates() {
		program, err := exec.LookPath(filepath.Join(dir, "pg_dump"))
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, program, "--schema-only", "--no-owner", "--exclude-table="+skip, "--dbname="+dsn).Output()
		if err != nil {
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
			}
			return "", fmt.Errorf("dump the schema: %w", err)
		}
		text := sessionLine.ReplaceAllString(string(out), "")
		return strings.TrimSpace(emptyLines.ReplaceAllString(text, "\n\n")) + "\n", nil
	}
	return "", fmt.Errorf("dump the schema: no pg_dump: %w", ErrNotInstalled)
}
