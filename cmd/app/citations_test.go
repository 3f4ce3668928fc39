package app_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var (
	citation = regexp.MustCompile(`(docs/contracts/\w+\.md)((?:(?:,| and) "[^"]+")+)`)
	quoted   = regexp.MustCompile(`"([^"]+)"`)
	heading  = regexp.MustCompile(`(?m)^## \d+\. (.+)$`)
)

// Comments cite sections of docs/contracts by title; when a section is renamed, the citations must be changed too.
func TestCitedSectionsExist(t *testing.T) {
	t.Parallel()
	found, cited, err := brokenCitations(os.DirFS("../.."))
	if err != nil || cited < 100 {
		t.Fatalf("%d citations found: %v", cited, err)
	}
	for _, complaint := range found {
		t.Error(complaint)
	}
}

func TestBrokenCitationsAreFound(t *testing.T) {
	t.Parallel()
	found, cited, err := brokenCitations(fstest.MapFS{
		"docs/contracts/sbis.md": {Data: []byte("# SBIS\n\n## 1. Session\n\n## 2. УПД: file\n")},
		"acts/a.go":              {Data: []byte("// one (docs/contracts/sbis.md, \"Session\" and \"УПД: file\").\n// two (docs/contracts/sbis.md, \"Sessions\").\n")},
		"acts/b.go":              {Data: []byte("// docs/contracts/crm.md, \"Session\"\n")},
	})
	if err != nil || cited != 4 || len(found) != 2 {
		t.Fatalf("%d citations, complaints %q: %v", cited, found, err)
	}
	for i, want := range []string{"acts/a.go cites \"Sessions\"", "acts/b.go cites \"Session\""} {
		if !strings.HasPrefix(found[i], want) {
			t.Errorf("complaint %q; want %s", found[i], want)
		}
	}
}

// brokenCitations returns citations of sections that do not exist, and the number of all citations.
func brokenCitations(fsys fs.FS) (found []string, cited int, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if slices.Contains([]string{"bin", "data", "dist", "node_modules"}, name) || len(name) > 1 && strings.HasPrefix(name, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".templ", ".sql"}, path.Ext(name)) || path.Base(name) == "citations_test.go" {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		for _, m := range citation.FindAllSubmatch(text, -1) {
			document, _ := fs.ReadFile(fsys, string(m[1]))
			var titles []string
			for _, h := range heading.FindAllSubmatch(document, -1) {
				titles = append(titles, string(h[1]))
			}
			for _, q := range quoted.FindAllSubmatch(m[2], -1) {
				if cited++; !slices.Contains(titles, string(q[1])) {
					found = append(found, fmt.Sprintf("%s cites %q, which %s does not have", name, q[1], m[1]))
				}
			}
		}
		return nil
	})
	return found, cited, err
}
