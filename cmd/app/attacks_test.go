package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"acts24/acts/roles"
)

var (
	attackRow  = regexp.MustCompile(`(?m)^\| ([0-9–, ]+) \| [^|]+ \| (.+) \|$`)
	attackTest = regexp.MustCompile("`([a-z0-9/]+)\\.(Test\\w+)`")
)

// threats are the numbers of the list of threats, without 64, the dependencies, which are no test of ours.
var threats = []int{1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 23, 24, 26, 27, 29, 31, 32, 33, 35, 36, 37, 39, 41, 42, 43, 45, 47, 48, 49,
	51, 52, 53, 54, 55, 56, 57, 59, 61, 63, 65}

// Every threat has a row, and every row of the table of attacks in docs/security.md names tests that exist, so that make attacks
// runs them all.
func TestAttackTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Attacks\n")
	table, _, _ = strings.Cut(table, "\n## ")
	rows := attackRow.FindAllStringSubmatch(table, -1)
	found := map[int]bool{}
	for _, row := range rows {
		for _, part := range strings.Split(row[1], ", ") {
			first, last, ok := strings.Cut(part, "–")
			if !ok {
				last = first
			}
			from, err1 := strconv.Atoi(first)
			to, err2 := strconv.Atoi(last)
			if err1 != nil || err2 != nil {
				t.Errorf("row %s has no numbers", row[1])
			}
			for n := from; n <= to; n++ {
				found[n] = true
			}
		}
	}
	for _, n := range threats {
		if !found[n] {
			t.Errorf("threat %d has no row", n)
		}
	}
	checkTests(t, rows)
}

// asvs lists the requirements of OWASP ASVS 5.0, level 2, that apply to the service, of the chapters V3, V4, V8, V13 and V14.
var asvs = strings.Fields(`3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.2 3.5.3 3.5.4 3.5.5 3.7.1 3.7.2
	4.1.1 4.1.2 4.1.3 4.2.1 8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1
	13.1.1 13.2.1 13.2.2 13.2.3 13.2.4 13.2.5 13.3.1 13.3.2 13.4.1 13.4.2 13.4.3 13.4.4 13.4.5
	14.1.1 14.1.2 14.2.1 14.2.2 14.2.3 14.2.4 14.3.1 14.3.2 14.3.3`)

// documents maps the requirements that call for a document to the section of docs/security.md that is this document.
var documents = map[string]string{"8.1.1": "Rights", "8.1.2": "Rights", "13.1.1": "Outgoing connections", "14.1.1": "Protection levels", "14.1.2": "Protection levels"}

// Every requirement has a row in docs/security.md that names tests that exist; one that calls for a document links to its section.
func TestASVSTable(t *testing.T) {
	t.Parallel()
	text := readFile(t, "../../docs/security.md")
	_, table, ok := strings.Cut(text, "\n## ASVS 5.0\n")
	rows := regexp.MustCompile(`(?m)^\| ([0-9., ]+) \| ([^|]+) \| (.+) \|$`).FindAllStringSubmatch(table, -1)
	found := map[string]int{}
	for i, row := range rows {
		for _, id := range strings.Split(row[1], ", ") {
			found[id]++
			section := documents[id]
			if link := "documented in [" + section + "](#" + strings.ReplaceAll(strings.ToLower(section), " ", "-") + ")"; section != "" && !strings.HasPrefix(row[2], link) {
				t.Errorf("%s calls for a document, but its row does not begin with %q", id, link)
			}
		}
		rows[i] = []string{row[0], row[1], row[3]}
	}
	for _, link := range regexp.MustCompile(`\[([^\]]+)\]\(#([a-z-]+)\)`).FindAllStringSubmatch(text, -1) {
		if strings.ReplaceAll(strings.ToLower(link[1]), " ", "-") != link[2] || !strings.Contains(text, "\n## "+link[1]+"\n") {
			t.Errorf("%s links to no section", link[0])
		}
	}
	for _, id := range asvs {
		if found[id] != 1 {
			t.Errorf("%s is in %d rows", id, found[id])
		}
	}
	if !ok || len(found) != len(asvs) {
		t.Errorf("%d requirements, want %d", len(found), len(asvs))
	}
	checkTests(t, rows)
}

// The table of rights has every role with the rights that the program gives it.
func TestRightsAreDocumented(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(readFile(t, "../../docs/security.md"), "\n## Rights\n")
	section, _, _ = strings.Cut(section, "\n## ")
	may := map[bool]string{true: "yes", false: "no"}
	for _, role := range roles.Roles {
		row := "\n| «" + role.Label() + "» | " + may[role.May(roles.RightView)] + " | " + may[role.May(roles.RightWork)] + " | " + may[role.May(roles.RightAdminister)] + " | "
		if !strings.Contains(section, row) {
			t.Errorf("there is no row %q", row)
		}
	}
	if rows := strings.Count(section, "\n| «"); rows != len(roles.Roles) {
		t.Errorf("%d rows for %d roles", rows, len(roles.Roles))
	}
}

// The level «secret» lists every sealed column, every hash and every secret of the units, and nothing else.
func TestProtectionLevels(t *testing.T) {
	t.Parallel()
	row := regexp.MustCompile(`(?m)^\| secret \| sealed: (.+)\. Only as SHA-256: (.+)\. In files of the operator: (.+) \| AES-256-GCM`).FindStringSubmatch(readFile(t, "../../docs/security.md"))
	if row == nil {
		t.Fatal("there is no level «secret»")
	}
	quoted := func(text string) (names []string) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(text, -1) {
			names = append(names, name[1])
		}
		slices.Sort(names)
		return names
	}
	same := func(what string, documented, real []string) {
		t.Helper()
		slices.Sort(real)
		if real = slices.Compact(real); !slices.Equal(documented, real) {
			t.Errorf("%s: documented %q, in use %q", what, documented, real)
		}
	}
	schema := readFile(t, "../../migrations/schema.sql")
	_, function, _ := strings.Cut(schema, "CREATE FUNCTION public.sealed_keys()")
	function, _, _ = strings.Cut(function, "$$;")
	var sealed, hashes, files []string
	for _, column := range regexp.MustCompile(`SELECT (\w+)(?: AS value)? FROM (\w+)`).FindAllStringSubmatch(function, -1) {
		sealed = append(sealed, column[2]+"."+column[1])
	}
	same("sealed", quoted(row[1]), sealed)
	for _, table := range regexp.MustCompile(`(?s)CREATE TABLE public\.(\w+) \((.*?)\n\);`).FindAllStringSubmatch(schema, -1) {
		for _, column := range regexp.MustCompile(`(?m)^    (\w*hash) bytea`).FindAllStringSubmatch(table[2], -1) {
			hashes = append(hashes, table[1]+"."+column[1])
		}
	}
	same("hashes", quoted(row[2]), hashes)
	for _, unit := range []string{"acts24.service", "acts24-migrate.service"} {
		for _, file := range regexp.MustCompile(`(?m)^LoadCredential=([\w-]+):`).FindAllStringSubmatch(readFile(t, "../../deploy/"+unit), -1) {
			files = append(files, file[1])
		}
	}
	same("files", quoted(row[3]), files)
}

// inert are the tables without data of people or documents.
var inert = strings.Fields(`account_checks act_names backfills breakers budgets bulk_queue bulk_rows deal_badges digest_days feeds goose_db_version incidents
	install_queue install_steps logins method_pauses monthly_runs number_counters origin portals reconciliations reminders removals robot_deadlines
	settings structures trigger_runs`)

// Every table of the schema is in the inventory of docs/security.md, or holds no data of people.
func TestInventoryOfData(t *testing.T) {
	t.Parallel()
	_, inventory, _ := strings.Cut(readFile(t, "../../docs/security.md"), "\n## Personal data\n")
	inventory, _, _ = strings.Cut(inventory, "\n## ")
	tables := regexp.MustCompile(`(?m)^CREATE TABLE public\.(\w+)`).FindAllStringSubmatch(readFile(t, "../../migrations/schema.sql"), -1)
	if len(tables) < 40 {
		t.Errorf("%d tables", len(tables))
	}
	for _, table := range tables {
		listed := strings.Contains(inventory, "`"+table[1]+"`")
		if listed == slices.Contains(inert, table[1]) {
			t.Errorf("the table %s has to be either in the inventory or among those without data of people", table[1])
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkTests checks that the last column of rows lists tests that exist.
func checkTests(t *testing.T, rows [][]string) {
	t.Helper()
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
