package app_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// rooms say what of ours a room may import beside itself. A room is a folder and what is below it.
var rooms = map[string][]string{
	"acts":                  {},
	"migrations":            {},
	"static":                {},
	"store":                 {"acts", "migrations"},
	"workflow":              {"acts", "store"},
	"integrations/bitrix24": {},
	"integrations/sbis":     {},
	"integrations/crm":      {"acts", "store", "workflow", "integrations/bitrix24", "integrations/sbis"},
	"integrations/edo":      {"acts", "store", "workflow", "integrations/bitrix24", "integrations/sbis"},
	"views":                 {"static"},
	"handlers":              {"acts", "store", "workflow", "views", "static"},
	"jobs":                  {"acts", "store", "workflow"},
	"cmd":                   {"acts", "store", "workflow", "integrations", "views", "handlers", "jobs", "migrations", "static"},
}

// homes name the one room or file that may import a third party's package.
var homes = map[string]string{
	"codeberg.org/go-pdf/fpdf":        "acts/printform",
	"github.com/jmoiron/sqlx":         "store",
	"github.com/lib/pq":               "store",
	"github.com/pressly/goose":        "store",
	"github.com/go-co-op/gocron":      "jobs",
	"github.com/gorilla/sessions":     "handlers/visit.go",
	"github.com/gorilla/securecookie": "handlers/visit.go",
	"github.com/xuri/excelize":        "handlers/tables",
	"golang.org/x/time":               "handlers/limits.go",
	"os/exec":                         "store/localdb",
}

// folders are all that may stand at the top, beside what is hidden or made by a build.
var folders = strings.Fields(`acts store workflow integrations views handlers jobs cmd migrations static
	docs deploy tools .ci bin data dist node_modules`)

func TestRooms(t *testing.T) {
	t.Parallel()
	found, err := inspect(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range found {
		t.Error(complaint)
	}
}

func TestRoomsAreGuarded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, text, complaint string }{
		"a rule reads the store":         {"acts/a.go", imports("acts24/store"), "acts may not import store"},
		"a page writes around workflow":  {"views/v.go", imports("acts24/acts"), "views may not import acts"},
		"one wire client knows another":  {"integrations/sbis/s.go", imports("acts24/integrations/bitrix24"), "integrations/sbis may not import"},
		"a test draws an arrow":          {"acts/a_test.go", imports("acts24/jobs"), "acts may not import jobs"},
		"the launcher knows us":          {"store/localdb/l.go", imports("acts24/store"), "store/localdb may not import store"},
		"a page launches a database":     {"handlers/h.go", imports("acts24/store/localdb"), "may not import store/localdb"},
		"code uses a pretend server":     {"integrations/sbis/s.go", imports("acts24/integrations/sbis/sbistest"), "only tests and cmd import"},
		"an unknown room":                {"integrations/telegram/t.go", imports(), "belongs to no room"},
		"a third party far from home":    {"handlers/h.go", imports("github.com/lib/pq/pqerror"), "github.com/lib/pq belongs to store"},
		"a session beside visit.go":      {"handlers/h.go", imports("github.com/gorilla/sessions"), "belongs to handlers/visit.go"},
		"a program started by a handler": {"handlers/h.go", imports("os/exec"), "os/exec belongs to store/localdb"},
		"Go among the documents":         {"docs/d.go", imports(), "holds no Go"},
		"Go at the top":                  {"main.go", imports(), "belongs to no room"},
		"a new folder at the top":        {"utils/readme.md", "words", "utils is none of the folders"},
		"a handler opens a transaction":  {"handlers/h.go", "package h\nvar _ = db.InTx", "names InTx"},
		"business reads the wall clock":  {"workflow/w.go", "package w\nimport \"time\"\nvar _ = time.Now()", "reads the clock"},
		"and under another name":         {"jobs/j.go", "package j\nimport when \"time\"\nvar _ = when.Since(x)", "reads the clock"},
		"SQL reads its own clock":        {"store/s.go", "package s\nconst q = `SELECT now()`", "SQL of the store"},
		"SQL reads its own day":          {"store/s.go", "package s\nconst q = `WHERE due < CURRENT_DATE`", "SQL of the store"},
		"a migration does":               {"migrations/00001_a.sql", "at timestamptz DEFAULT now()", "SQL of the store"},
		"a file with a second thing":     {"acts/a.go", imports() + strings.Repeat("// more\n", 400), "lines, more than 400"},
		"a script with a second thing":   {"static/a.js", strings.Repeat("more()\n", 401), "lines, more than 400"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, tt.file, tt.text, tt.complaint) })
	}
}

func TestRoomsLetPass(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, text string }{
		"the wiring":              {"cmd/app/run.go", imports("acts24/handlers", "acts24/integrations/crm", "acts24/store/localdb")},
		"a part of a room":        {"acts/workday/w.go", imports("acts24/acts")},
		"tests with a pretender":  {"integrations/crm/c_test.go", imports("acts24/integrations/bitrix24/bitrix24test", "acts24/store/storetest")},
		"a pretender":             {"integrations/sbis/sbistest/s.go", imports("acts24/integrations/sbis") + "import \"time\"\nvar _ = time.Now()"},
		"a pretender beside":      {"integrations/sbistest/s.go", imports("acts24/integrations/sbis")},
		"a database for tests":    {"store/storetest/s.go", imports("acts24/store", "acts24/store/localdb", "acts24/migrations")},
		"a test with a program":   {"handlers/h_test.go", imports("os/exec")},
		"machine time":            {"store/s.go", "package s\nconst q = `SELECT clock_timestamp()`"},
		"a test's wall clock":     {"jobs/j_test.go", "package j\nimport \"time\"\nvar _ = time.Now()"},
		"a generated file":        {"views/v_templ.go", imports() + strings.Repeat("// more\n", 500)},
		"a vendored script":       {"static/htmx.min.js", strings.Repeat("more()\n", 500)},
		"another module":          {"tools/t.go", imports("os/exec")},
		"what a build leaves":     {"bin/x.go", "not Go at all"},
		"what an editor leaves":   {".editor/settings.json", "{}"},
		"the session of a visit":  {"handlers/visit.go", imports("github.com/gorilla/sessions")},
		"a name that looks alike": {"handlers/h.go", imports("github.com/lib/pqx")},
	} {
		t.Run(name, func(t *testing.T) { expect(t, tt.file, tt.text, "") })
	}
}

// imports is a Go file with nothing but these imports.
func imports(paths ...string) string {
	text := "package p\n"
	for _, path := range paths {
		text += "import _ \"" + path + "\"\n"
	}
	return text
}

// expect inspects a module of one file: one complaint with these words, or none when they are empty.
func expect(t *testing.T, file, text, words string) {
	t.Helper()
	found, err := inspect(fstest.MapFS{
		"go.mod":       {Data: []byte("module acts24\n")},
		"tools/go.mod": {Data: []byte("module acts24/tools\n")},
		file:           {Data: []byte(text)},
	})
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case words == "" && len(found) > 0:
		t.Errorf("complaints about %s: %v", file, found)
	case words != "" && (len(found) != 1 || !strings.Contains(found[0], words)):
		t.Errorf("complaints about %s: %v; want one with %q", file, found, words)
	}
}
