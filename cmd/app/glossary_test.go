package app_test

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// Texts of the program use no variant that docs/glossary.md rules out.
func TestGlossary(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../../docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	var never []string
	for line := range strings.Lines(string(table)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 3 || strings.HasPrefix(cells[0], " say") {
			continue
		}
		for _, variant := range strings.Split(cells[2], ";") {
			if variant = strings.TrimSpace(variant); variant != "" {
				never = append(never, variant)
			}
		}
	}
	if len(never) < 20 {
		t.Fatalf("only %d variants read from the glossary", len(never))
	}
	program := os.DirFS("../..")
	read := 0
	for _, folder := range []string{"acts", "handlers", "integrations", "jobs", "static", "store", "views", "workflow"} {
		err := fs.WalkDir(program, folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !slices.Contains([]string{".go", ".templ", ".js"}, path.Ext(name)) || strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(program, name)
			read++
			for _, variant := range never {
				if strings.Contains(string(text), variant) {
					t.Errorf("%s contains %q, see docs/glossary.md", name, variant)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 300 {
		t.Errorf("only %d files read", read)
	}
}
