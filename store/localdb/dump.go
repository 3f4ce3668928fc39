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
	out, err := runClient(ctx, "pg_dump", "--schema-only", "--no-owner", "--exclude-table="+skip, "--dbname="+dsn)
	if err != nil {
		return "", fmt.Errorf("dump the schema: %w", err)
	}
	text := sessionLine.ReplaceAllString(string(out), "")
	return strings.TrimSpace(emptyLines.ReplaceAllString(text, "\n\n")) + "\n", nil
}

// Dump writes a backup of a database to a file, as docs/operate.md describes it.
func Dump(ctx context.Context, dsn, file string) error {
	_, err := runClient(ctx, "pg_dump", "--format=custom", "--file="+file, "--dbname="+dsn)
	return err
}

// Restore reads a backup into an empty database.
func Restore(ctx context.Context, dsn, file string) error {
	_, err := runClient(ctx, "pg_restore", "--no-comments", "--exit-on-error", "--dbname="+dsn, file)
	return err
}

// runClient runs a program of the PostgreSQL client and returns what it prints.
func runClient(ctx context.Context, name string, args ...string) ([]byte, error) {
	for _, dir := range candidates() {
		program, err := exec.LookPath(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, program, args...).Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(exit.Stderr)))
		}
		return out, err
	}
	return nil, fmt.Errorf("no %s: %w", name, ErrNotInstalled)
}
