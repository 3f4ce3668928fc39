package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// cited matches a file of the repository named in a document, with declarations after a colon.
var cited = regexp.MustCompile("`([\\w./-]+/[\\w.-]+\\.(?:go|templ|sql|css|json|md))(?::([\\w,]+))?`")

// linked matches a link of a document to another file.
var linked = regexp.MustCompile(`\]\(([^):#]+)(?:#[^)]*)?\)`)

// TestDocumentsCiteWhatExists checks that files and declarations named in the guides exist.
func TestDocumentsCiteWhatExists(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		"README.md", "docs/architecture.md", "docs/CONTRIBUTING.md", "docs/CHANGELOG.md", "docs/security.md", "docs/guarantees.md",
		"docs/manager.ru.md", "docs/accountant.ru.md", "docs/admin.ru.md",
	} {
		text, err := os.ReadFile(filepath.Join("../..", document))
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range linked.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join("../..", path.Dir(document), link[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", document, link[1])
			}
		}
		for _, c := range cited.FindAllStringSubmatch(string(text), -1) {
			body, err := os.ReadFile(filepath.Join("../..", c[1]))
			if err != nil {
				t.Errorf("%s cites %s, which is not there", document, c[1])
				continue
			}
			for name := range strings.SplitSeq(c[2], ",") {
				if name != "" && !declares(t, c[1], body, name) {
					t.Errorf("%s cites %s of %s, which does not declare it", document, name, c[1])
				}
			}
		}
	}
}

// declares reports whether a Go file declares name at top level, or whether another file contains it as a word.
func declares(t *testing.T, file string, body []byte, name string) bool {
	t.Helper()
	if path.Ext(file) != ".go" {
		return regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).Match(body)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, body, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(parsed.Decls, func(d ast.Decl) bool {
		switch d := d.(type) {
		case *ast.FuncDecl:
			return d.Name.Name == name
		case *ast.GenDecl:
			return slices.ContainsFunc(d.Specs, func(s ast.Spec) bool {
				switch s := s.(type) {
				case *ast.TypeSpec:
					return s.Name.Name == name
				case *ast.ValueSpec:
					return slices.ContainsFunc(s.Names, func(i *ast.Ident) bool { return i.Name == name })
				}
				return false
			})
		}
		return false
	})
}
