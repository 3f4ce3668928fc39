package app_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const module = "acts24/"

// site is the package whose helpers start the whole program for a test.
const site = "cmd/app/apptest"

// siteRooms are the packages whose external tests may start the program. Each package with such tests is
// linked with the whole program, so they are few.
var siteRooms = []string{"handlers", "workflow", "integrations/crm"}

// source is one Go file of the module.
type source struct {
	name string // path from the root
	file *ast.File
}

func (s source) dir() string { return path.Dir(s.name) }

// isTestCode reports whether the file may use what only tests may use.
func (s source) isTestCode() bool {
	return strings.HasSuffix(s.name, "_test.go") || isFake(s.dir()) || isWithin(s.dir(), "cmd")
}

// startsSite reports whether the file is an external test that may start the program.
func (s source) startsSite() bool {
	return strings.HasSuffix(s.name, "_test.go") && strings.HasSuffix(s.file.Name.Name, "_test") && slices.Contains(siteRooms, roomOf(s.dir()))
}

// imports reports whether the file imports a package of ours.
func (s source) imports(ours string) bool {
	return slices.ContainsFunc(s.file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == strconv.Quote(module+ours) })
}

// isFake reports whether the folder is, or is part of, a fake server or a helper of tests.
func isFake(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool {
		return strings.HasSuffix(part, "test") || part == "fakehttp"
	})
}

// complaints returns the violations of one Go file.
func (s source) complaints() []string {
	room := roomOf(s.dir())
	if first, _, _ := strings.Cut(s.name, "/"); slices.Contains([]string{"docs", "deploy", ".ci"}, first) {
		return []string{s.name + " is in a folder that holds no Go"}
	}
	if room == "" {
		return []string{s.name + " belongs to no room"}
	}
	var found []string
	for _, spec := range s.file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the compiler reports it
		}
		var why string
		if ours, ok := strings.CutPrefix(imported, module); ok {
			why = s.arrow(room, ours)
		} else {
			why = s.homeless(imported)
		}
		if why != "" {
			found = append(found, s.name+": "+why)
		}
	}
	return append(found, s.words(room)...)
}

// roomOf returns the package of rooms that contains a folder; a package of tests belongs to it too.
func roomOf(dir string) string {
	for room := range rooms {
		if isWithin(dir, room) || dir == room+"test" {
			return room
		}
	}
	return ""
}

// isWithin reports whether name is the folder or inside it.
func isWithin(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// arrow returns the violation of an import of our packages, or "".
func (s source) arrow(room, ours string) string {
	pretender := isFake(ours)
	switch {
	case ours == site && room != "cmd" && !s.startsSite():
		return "only external tests of packages that may start the program import " + ours
	case s.startsSite() && s.imports(site):
		return ""
	case pretender && s.isTestCode():
		return ""
	case pretender:
		return "only tests and cmd import " + ours
	case isWithin(s.dir(), "store/localdb"):
		return "store/localdb may not import " + ours
	case ours == "store/localdb" && room != "cmd" && !s.isTestCode():
		return room + " may not import store/localdb, which launches a server"
	case isWithin(ours, "handlers") && room == "handlers" && s.dir() != "handlers" && !isWithin(ours, s.dir()) && ours != "handlers/web" && ours != "handlers/limits" && ours != "handlers/tables":
		return s.dir() + " may not import " + ours
	case !s.isTestCode() && importsSibling(s.dir(), ours):
		return "a package below workflow may not import " + ours + ": what it needs of it is a task or an interface"
	case isWithin(ours, room) || slices.ContainsFunc(rooms[room], func(r string) bool { return isWithin(ours, r) }):
		return ""
	}
	return room + " may not import " + ours
}

// importsSibling reports whether a package below workflow imports another one. Only usecases may, to connect them.
func importsSibling(dir, ours string) bool {
	return isWithin(dir, "workflow") && dir != "workflow/usecases" && isWithin(ours, "workflow") && ours != "workflow" && ours != dir
}

// homeless returns the violation of a third-party import outside its home, or "". Tests and cmd may start programs.
func (s source) homeless(imported string) string {
	for party, home := range homes {
		if isWithin(imported, party) && !isWithin(s.name, home) && !(party == "os/exec" && s.isTestCode()) {
			return party + " belongs to " + home
		}
	}
	return ""
}

var ownClock = regexp.MustCompile(`(?i)\bnow\s*\(\s*\)|\b(current_date|current_time|current_timestamp|localtime|localtimestamp)\b`)

// sqlClock returns a statement that reads business time from the database.
func sqlClock(name, text string) []string {
	if word := ownClock.FindString(text); word != "" {
		return []string{fmt.Sprintf("%s: %s in SQL of the store: pass :now, or clock_timestamp() for machine time", name, word)}
	}
	return nil
}

// dialing are the names of net/http that connect without the check of outgoing connections.
var dialing = []string{"DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm", "Transport"}

// words returns names and statements that are not allowed in the package.
func (s source) words(room string) (found []string) {
	if s.isTestCode() {
		return nil
	}
	clock, web, network := s.importedAs("time"), s.importedAs("net/http"), s.importedAs("net")
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if room == "handlers" && n.Name == "InTx" {
				found = append(found, s.name+" names InTx: a change goes through workflow")
			}
		case *ast.SelectorExpr:
			of, ok := n.X.(*ast.Ident)
			if ok && of.Name == clock && slices.Contains([]string{"Now", "Since", "Until"}, n.Sel.Name) {
				found = append(found, fmt.Sprintf("%s reads the clock with time.%s: take now as an argument", s.name, n.Sel.Name))
			}
			if ok && (of.Name == web && slices.Contains(dialing, n.Sel.Name) || of.Name == network && strings.HasPrefix(n.Sel.Name, "Dial")) {
				found = append(found, fmt.Sprintf("%s connects with %s: take the client of cmd/app/outgoing.go, which refuses inner addresses", s.name, n.Sel.Name))
			}
		case *ast.CompositeLit:
			if kind, ok := n.Type.(*ast.SelectorExpr); ok && kind.Sel.Name == "Client" {
				if of, ok := kind.X.(*ast.Ident); ok && of.Name == web {
					found = append(found, s.name+" makes a client of its own: take the one of cmd/app/outgoing.go, which refuses inner addresses")
				}
			}
		case *ast.BasicLit:
			if room == "store" && n.Kind == token.STRING {
				found = append(found, sqlClock(s.name, n.Value)...)
			}
		}
		return true
	})
	return found
}

// importedAs returns the name under which the file imports a package of the standard library, or "".
func (s source) importedAs(pkg string) string {
	for _, spec := range s.file.Imports {
		if spec.Path.Value == strconv.Quote(pkg) {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path.Base(pkg)
		}
	}
	return ""
}
