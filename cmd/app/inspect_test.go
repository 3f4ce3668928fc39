package app_test

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// maxRows is the length limit of a file; a longer file contains more than one subject.
const maxRows = 600

// inspect returns the violations of the module, one sentence each.
func inspect(top fs.FS) (complaints []string, err error) {
	err = fs.WalkDir(top, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(top, name, &complaints)
		}
		text, err := readable(top, name)
		if err != nil || text == nil {
			return err
		}
		if rows := bytes.Count(text, []byte("\n")); rows > maxRows {
			complaints = append(complaints, fmt.Sprintf("%s has %d lines, more than %d: what is the second thing in it?", name, rows, maxRows))
		}
		if path.Ext(name) == ".sql" && isWithin(name, "migrations") {
			complaints = append(complaints, sqlClock(name, string(text))...)
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		complaints = append(complaints, source{name, file}.complaints()...)
		return nil
	})
	return complaints, err
}

// enter decides about a folder: folders without our code are skipped, unknown ones at the top are complaints.
func enter(top fs.FS, name string, complaints *[]string) error {
	switch base := path.Base(name); {
	case name == ".":
		return nil
	case name == base && !slices.Contains(folders, name) && !strings.HasPrefix(name, "."):
		*complaints = append(*complaints, name+" is not an allowed top-level folder")
		return fs.SkipDir
	case base == "testdata", name == "bin", name == "data", name == "dist", name == "node_modules":
		return fs.SkipDir
	case strings.HasPrefix(base, ".") && name != ".ci":
		return fs.SkipDir
	}
	if _, err := fs.Stat(top, path.Join(name, "go.mod")); err == nil {
		return fs.SkipDir // another module
	}
	return nil
}

// readable returns the text of a hand-written file, nil for others.
func readable(top fs.FS, name string) ([]byte, error) {
	if !slices.Contains([]string{".go", ".templ", ".sql", ".js", ".css"}, path.Ext(name)) ||
		strings.HasSuffix(name, "_templ.go") || name == "migrations/schema.sql" || strings.Contains(name, ".min.") || strings.Contains(path.Base(name), "htmx") {
		return nil, nil
	}
	return fs.ReadFile(top, name)
}
