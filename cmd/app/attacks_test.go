package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	attackRow  = regexp.MustCompile(`(?m)^\| ([0-9–, ]+) \| [^|]+ \| (.+) \|$`)
	attackTest = regexp.MustCompile("`([a-z0-9/]+)\\.(Test\\w+)`")
)

// Every row of the table of attacks in docs/security.md names tests that exist, so that make attacks runs them all.
func TestAttackTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := attackRow.FindAllStringSubmatch(string(text), -1)
	if len(rows) < 35 {
		t.Errorf("%d rows", len(rows))
	}
	declared := map[string]string{} // the tests of a folder
	for _, row := range rows {
		tests := attackTest.FindAllStringSubmatch(row[2], -1)
		if len(tests) == 0 || len(tests) != strings.Count(row[2], "`")/2 {
			t.Errorf("row %s: not a list of tests: %s", row[1], row[2])
		}
		for _, one := range tests {
			if _, read := declared[one[1]]; !read {
				declared[one[1]] = testsOf(t, one[1])
			}
			if !strings.Contains(declared[one[1]], "func "+one[2]+"(t *testing.T)") {
				t.Errorf("row %s: %s has no %s", row[1], one[1], one[2])
			}
		}
	}
}

// testsOf returns the texts of the tests in a folder.
func testsOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
