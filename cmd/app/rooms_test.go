package app_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// rooms maps a package with its subpackages to the packages of ours that it may import in addition to itself.
var rooms = map[string][]string{
	"acts":                  {},
	"migrations":            {},
	"static":                {},
	"store":                 {"acts", "migrations"},
	"workflow":              {"acts", "store"},
	"integrations/bitrix24": {},
	"integrations/sbis":     {},
	"integrations/fakehttp": {},
	"integrations/outbound": {},
	"integrations/crm":      {"acts", "store", "workflow", "integrations/bitrix24", "integrations/sbis"},
	"integrations/edo":      {"acts", "store", "workflow", "integrations/bitrix24", "integrations/sbis"},
	"views":                 {"static"},
	"handlers":              {"acts", "store", "workflow", "views", "static"},
	"jobs":                  {"acts", "store", "workflow"},
	"cmd":                   {"acts", "store", "workflow", "integrations", "views", "handlers", "jobs", "migrations", "static"},
}

// homes maps third-party packages to the only package or file that may import them.
var homes = map[string]string{
	"codeberg.org/go-pdf/fpdf":        "acts/printform",
	"github.com/jmoiron/sqlx":         "store",
	"github.com/lib/pq":               "store",
	"github.com/pressly/goose":        "store",
	"github.com/go-co-op/gocron":      "jobs",
	"github.com/gorilla/sessions":     "handlers/web/visit.go",
	"github.com/gorilla/securecookie": "handlers/web/visit.go",
	"github.com/xuri/excelize":        "handlers/tables",
	"golang.org/x/time":               "handlers/limits",
	"github.com/prometheus":           "cmd/app/metrics.go",
	"os/exec":                         "store/localdb",
}

// folders are the allowed top-level folders, besides hidden ones and build results.
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
		"a rule imports the store":                    {"acts/a.go", imports("acts24/store"), "acts may not import store"},
		"a page bypasses workflow":                    {"views/v.go", imports("acts24/acts"), "views may not import acts"},
		"one client imports another":                  {"integrations/sbis/s.go", imports("acts24/integrations/bitrix24"), "integrations/sbis may not import"},
		"an import of a test":                         {"acts/a_test.go", imports("acts24/jobs"), "acts may not import jobs"},
		"production code starts the program":          {"handlers/h.go", imports("acts24/cmd/app/apptest"), "only external tests"},
		"a test of the package itself starts it":      {"workflow/w_test.go", imports("acts24/cmd/app/apptest"), "only external tests"},
		"a test of rules starts the program":          {"acts/a_test.go", external("acts24/cmd/app/apptest"), "only external tests"},
		"an external test without the program":        {"handlers/h_test.go", external("acts24/integrations/sbis"), "handlers may not import integrations/sbis"},
		"a handler imports the program":               {"handlers/h.go", imports("acts24/cmd/app"), "handlers may not import cmd/app"},
		"the launcher imports our packages":           {"store/localdb/l.go", imports("acts24/store"), "store/localdb may not import store"},
		"a page starts a database":                    {"handlers/h.go", imports("acts24/store/localdb"), "may not import store/localdb"},
		"production code imports a part of the fakes": {"integrations/sbis/s.go", imports("acts24/integrations/fakehttp"), "only tests and cmd import"},
		"production code imports a fake":              {"integrations/sbis/s.go", imports("acts24/integrations/sbis/sbistest"), "only tests and cmd import"},
		"a use case imports another":                  {"workflow/edo/e.go", imports("acts24/workflow/crm"), "a package below workflow may not import"},
		"an unknown package":                          {"integrations/telegram/t.go", imports(), "belongs to no room"},
		"a third-party package outside its home":      {"handlers/h.go", imports("github.com/lib/pq/pqerror"), "github.com/lib/pq belongs to store"},
		"sessions outside visit.go":                   {"handlers/h.go", imports("github.com/gorilla/sessions"), "belongs to handlers/web/visit.go"},
		"a page imports another group":                {"handlers/deal/d.go", imports("acts24/handlers/act"), "handlers/deal may not import handlers/act"},
		"a handler starts a program":                  {"handlers/h.go", imports("os/exec"), "os/exec belongs to store/localdb"},
		"Go among the documents":                      {"docs/d.go", imports(), "holds no Go"},
		"Go at the top":                               {"main.go", imports(), "belongs to no room"},
		"a new folder at the top":                     {"utils/readme.md", "words", "utils is not an allowed top-level folder"},
		"a handler opens a transaction":               {"handlers/h.go", "package h\nvar _ = db.InTx", "names InTx"},
		"business code reads the wall clock":          {"workflow/w.go", "package w\nimport \"time\"\nvar _ = time.Now()", "reads the clock"},
		"the wall clock under another name":           {"jobs/j.go", "package j\nimport when \"time\"\nvar _ = when.Since(x)", "reads the clock"},
		"a client without the check of addresses":     {"integrations/sbis/s.go", "package s\nimport \"net/http\"\nvar c = &http.Client{}", "a client of its own"},
		"a call with the default client":              {"handlers/h.go", "package h\nimport \"net/http\"\nvar _, _ = http.Get(u)", "connects with Get"},
		"a connection past the check":                 {"jobs/j.go", "package j\nimport \"net\"\nvar _, _ = net.Dial(a, b)", "connects with Dial"},
		"SQL reads its own clock":                     {"store/s.go", "package s\nconst q = `SELECT now()`", "SQL of the store"},
		"SQL reads its own day":                       {"store/s.go", "package s\nconst q = `WHERE due < CURRENT_DATE`", "SQL of the store"},
		"a migration reads the clock":                 {"migrations/00001_a.sql", "at timestamptz DEFAULT now()", "SQL of the store"},
		"a file that is too long":                     {"acts/a.go", imports() + strings.Repeat("// more\n", 600), "lines, more than 600"},
		"a script that is too long":                   {"static/a.js", strings.Repeat("more()\n", 601), "lines, more than 600"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, tt.file, tt.text, tt.complaint) })
	}
}

func TestRoomsLetPass(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, text string }{
		"a client that was passed":       {"integrations/sbis/s.go", "package s\nimport \"net/http\"\ntype Config struct{ HTTP *http.Client }"},
		"the wiring":                     {"cmd/app/run.go", imports("acts24/handlers", "acts24/integrations/crm", "acts24/store/localdb")},
		"a subpackage":                   {"acts/workday/w.go", imports("acts24/acts")},
		"a use case":                     {"workflow/edo/e.go", imports("acts24/workflow", "acts24/store")},
		"all use cases":                  {"workflow/usecases/u.go", imports("acts24/workflow/edo", "acts24/workflow/crm")},
		"tests with a fake":              {"integrations/crm/c_test.go", imports("acts24/integrations/bitrix24/bitrix24test", "acts24/store/storetest")},
		"a test that starts a site":      {"workflow/edo/e_test.go", external("acts24/cmd/app/apptest", "acts24/cmd/app", "acts24/workflow/crm")},
		"a test of pages":                {"handlers/h_test.go", external("acts24/cmd/app/apptest", "acts24/handlers/act", "acts24/integrations/sbis/sbistest")},
		"a test of the adapter":          {"integrations/crm/c_test.go", external("acts24/cmd/app/apptest", "acts24/integrations/bitrix24/bitrix24test")},
		"a fake":                         {"integrations/sbis/sbistest/s.go", imports("acts24/integrations/sbis") + "import \"time\"\nvar _ = time.Now()"},
		"a part of a fake":               {"integrations/sbis/sbistest/xml/x.go", imports("acts24/integrations/fakehttp")},
		"a fake that imports another":    {"integrations/sbistest/s.go", imports("acts24/integrations/sbis")},
		"a database for tests":           {"store/storetest/s.go", imports("acts24/store", "acts24/store/localdb", "acts24/migrations")},
		"a page with the shared package": {"handlers/deal/d.go", imports("acts24/handlers/web", "acts24/handlers/tables")},
		"a test that starts a program":   {"handlers/h_test.go", imports("os/exec")},
		"machine time":                   {"store/s.go", "package s\nconst q = `SELECT clock_timestamp()`"},
		"a test's wall clock":            {"jobs/j_test.go", "package j\nimport \"time\"\nvar _ = time.Now()"},
		"a generated file":               {"views/v_templ.go", imports() + strings.Repeat("// more\n", 700)},
		"a vendored script":              {"static/htmx.min.js", strings.Repeat("more()\n", 700)},
		"another module":                 {"tools/t.go", imports("os/exec")},
		"a build result":                 {"bin/x.go", "not Go at all"},
		"a file of an editor":            {".editor/settings.json", "{}"},
		"the session of a visit":         {"handlers/web/visit.go", imports("github.com/gorilla/sessions")},
		"a similar name":                 {"handlers/h.go", imports("github.com/lib/pqx")},
	} {
		t.Run(name, func(t *testing.T) { expect(t, tt.file, tt.text, "") })
	}
}

// imports returns the text of a Go file with these imports.
func imports(paths ...string) string {
	text := "package p\n"
	for _, path := range paths {
		text += "import _ \"" + path + "\"\n"
	}
	return text
}

// external returns the text of an external test with these imports.
func external(paths ...string) string {
	return strings.Replace(imports(paths...), "package p", "package p_test", 1)
}

// expect inspects a module of one file: one complaint that contains words, or none when words is empty.
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
