package main

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The targets. The core of workflow and the fakes may be larger than other packages: a fake implements
// everything that its vendor documents.
const (
	maxPackageLines = 5000
	maxCoreLines    = 6000
	maxFakeLines    = 7000
	maxMethods      = 80
	maxFakeMethods  = 120
	maxFiles        = 60
	maxP90          = 30
	minTestRatio    = 0.5
	maxMigrations   = 8
)

// foldersWithTests lists the folders that must have tests beside their code, including their subfolders.
var foldersWithTests = []string{"workflow", "handlers", "integrations/crm"}

// Figure is one row of the table.
type Figure struct {
	Name, Target string
	Met          bool
	Now          string
}

// Figures returns the rows of the table.
func (m *Module) Figures() []Figure {
	figures := []Figure{m.largePackages(), m.methods(), m.crowdedFolders(), m.functions()}
	for _, dir := range foldersWithTests {
		figures = append(figures, m.testRatio(dir))
	}
	return append(figures, m.schema(), m.foreignReferences(), m.undocumented())
}

// isFake reports whether the folder is, or is part of, a fake server or a helper of tests.
func isFake(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool {
		return strings.HasSuffix(part, "test") || part == "fakehttp"
	})
}

func (m *Module) largePackages() Figure {
	var found []string
	met := true
	for _, dir := range m.byLines() {
		p := m.Packages[dir]
		if p.Lines <= maxPackageLines {
			continue
		}
		found = append(found, fmt.Sprintf("%s %d", dir, p.Lines))
		switch {
		case isFake(dir):
			met = met && p.Lines <= maxFakeLines
		case dir == "workflow":
			met = met && p.Lines <= maxCoreLines
		default:
			met = false
		}
	}
	return Figure{
		Name:   fmt.Sprintf("packages above %d lines without tests", maxPackageLines),
		Target: fmt.Sprintf("workflow ≤ %d, fakes ≤ %d, others none", maxCoreLines, maxFakeLines),
		Met:    met, Now: countAndJoin(found),
	}
}

func (m *Module) methods() Figure {
	type owner struct {
		dir, name string
		methods   int
	}
	var owners []owner
	met := true
	for dir, p := range m.Packages {
		limit := maxMethods
		if isFake(dir) {
			limit = maxFakeMethods
		}
		for name, n := range p.Methods {
			owners = append(owners, owner{path.Base(dir), name, n})
			met = met && n <= limit
		}
	}
	slices.SortFunc(owners, func(a, b owner) int {
		return cmp.Or(cmp.Compare(b.methods, a.methods), cmp.Compare(a.dir, b.dir), cmp.Compare(a.name, b.name))
	})
	var top []string
	for _, o := range owners[:min(5, len(owners))] {
		top = append(top, fmt.Sprintf("%s.%s %d", o.dir, o.name, o.methods))
	}
	return Figure{"methods on one receiver, the largest five", fmt.Sprintf("≤ %d, fakes ≤ %d", maxMethods, maxFakeMethods), met, countAndJoin(top)}
}

func (m *Module) crowdedFolders() Figure {
	var found []string
	for _, dir := range slices.Sorted(maps.Keys(m.Packages)) {
		if n := m.Packages[dir].Files; n > maxFiles {
			found = append(found, fmt.Sprintf("%s %d", dir, n))
		}
	}
	return Figure{fmt.Sprintf("folders with more than %d Go files", maxFiles), "0", len(found) == 0, countAndJoin(found)}
}

func (m *Module) functions() Figure {
	var lengths []int
	for _, p := range m.Packages {
		lengths = append(lengths, p.FunctionLines...)
	}
	slices.Sort(lengths)
	p90 := percentile(lengths, 90)
	return Figure{
		"lines of a function, median / p90 / p99", fmt.Sprintf("p90 ≤ %d", maxP90), p90 <= maxP90,
		fmt.Sprintf("%d / %d / %d", percentile(lengths, 50), p90, percentile(lengths, 99)),
	}
}

func (m *Module) testRatio(dir string) Figure {
	var code, tests int
	for name, p := range m.Packages {
		if name != dir && !strings.HasPrefix(name, dir+"/") || isFake(name) {
			continue
		}
		code += p.Lines
		tests += p.TestLines
	}
	ratio := float64(tests) / float64(max(code, 1))
	return Figure{
		"test lines beside the code of " + dir, fmt.Sprintf("≥ %.1f per line", minTestRatio), ratio >= minTestRatio,
		fmt.Sprintf("%.2f (%d of %d)", ratio, tests, code),
	}
}

func (m *Module) schema() Figure {
	s := &m.Migrations
	return Figure{
		"migrations", fmt.Sprintf("≤ %d files", maxMigrations), s.Files <= maxMigrations,
		fmt.Sprintf("%d files, %d tables, %d triggers, %d functions", s.Files, s.Count("TABLE"), s.Count("TRIGGER"), s.Count("FUNCTION")),
	}
}

var (
	documentName    = regexp.MustCompile(`[\w./-]*\w\.md\b`)
	numberedSection = regexp.MustCompile(`\b[Ss]ections? \d`)
)

// foreignReferences counts comments that cite a document outside the repository, or a numbered section
// without naming a document in the comment or the package comment.
func (m *Module) foreignReferences() Figure {
	n := 0
	first := "none"
	for _, dir := range slices.Sorted(maps.Keys(m.Packages)) {
		p := m.Packages[dir]
		for _, c := range p.Comments {
			if !m.citesForeign(c.Text, p.PackageDoc) {
				continue
			}
			if n == 0 {
				first = c.Place
			}
			n++
		}
	}
	now := "none"
	if n > 0 {
		now = fmt.Sprintf("%d, the first at %s", n, first)
	}
	return Figure{"comments that cite documents outside the repository", "0", n == 0, now}
}

func (m *Module) citesForeign(comment, packageDoc string) bool {
	if strings.Contains(comment, "../shared") {
		return true
	}
	cited := documentName.FindAllString(comment, -1)
	for _, name := range cited {
		if !m.hasDocument(name) {
			return true
		}
	}
	return numberedSection.MatchString(comment) && len(cited) == 0 && !slices.ContainsFunc(documentName.FindAllString(packageDoc, -1), m.hasDocument)
}

// hasDocument reports whether the name, with or without leading folders, is a document of the repository.
func (m *Module) hasDocument(name string) bool {
	return slices.ContainsFunc(m.Documents, func(d string) bool { return d == name || strings.HasSuffix(d, "/"+name) })
}

func (m *Module) undocumented() Figure {
	var found []string
	for _, dir := range slices.Sorted(maps.Keys(m.Packages)) {
		if p := m.Packages[dir]; p.Lines > 0 && !p.HasDoc {
			found = append(found, dir)
		}
	}
	return Figure{"packages without a package comment", "0", len(found) == 0, countAndJoin(found)}
}

// byLines returns the folders, largest package first.
func (m *Module) byLines() []string {
	return slices.SortedFunc(maps.Keys(m.Packages), func(a, b string) int {
		return cmp.Or(cmp.Compare(m.Packages[b].Lines, m.Packages[a].Lines), cmp.Compare(a, b))
	})
}

// percentile returns the smallest of the sorted elements such that at least p percent of them are not larger.
func percentile(sorted []int, p int) int {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*p+99)/100-1]
}

func countAndJoin(found []string) string {
	if len(found) == 0 {
		return "none"
	}
	return fmt.Sprintf("%d: %s", len(found), strings.Join(found, ", "))
}
