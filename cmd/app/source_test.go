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

// source is one Go file of the module.
type source struct {
	name string // with its path from the top
	file *ast.File
}

func (s source) dir() string { return path.Dir(s.name) }

// testing reports whether the file may use what only tests may.
func (s source) testing() bool {
	return strings.HasSuffix(s.name, "_test.go") || strings.HasSuffix(s.dir(), "test") || within(s.dir(), "cmd")
}

// complaints about one Go file.
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
			continue // the compiler tells
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

// roomOf finds the room of a folder; the test package of a room is part of it.
func roomOf(dir string) string {
	for room := range rooms {
		if within(dir, room) || dir == room+"test" {
			return room
		}
	}
	return ""
}

// within reports whether name is the folder or something in it.
func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// arrow tells what is wrong with an import of ours.
func (s source) arrow(room, ours string) string {
	pretender := strings.HasSuffix(ours, "test")
	switch {
	case pretender && s.testing():
		return ""
	case pretender:
		return "only tests and cmd import " + ours
	case within(s.dir(), "store/localdb"):
		return "store/localdb may not import " + ours
	case ours == "store/localdb" && room != "cmd" && !s.testing():
		return room + " may not import store/localdb, which launches a server"
	case within(ours, room) || slices.ContainsFunc(rooms[room], func(r string) bool { return within(ours, r) }):
		return ""
	}
	return room + " may not import " + ours
}

// homeless tells when a third party is used outside its home. Tests and cmd may start programs.
func (s source) homeless(imported string) string {
	for party, home := range homes {
		if within(imported, party) && !within(s.name, home) && !(party == "os/exec" && s.testing()) {
			return party + " belongs to " + home
		}
	}
	return ""
}

var ownClock = regexp.MustCompile(`(?i)\bnow\s*\(\s*\)|\b(current_date|current_time|current_timestamp|localtime|localtimestamp)\b`)

// sqlClock finds a statement that asks the database for the business time.
func sqlClock(name, text string) []string {
	if word := ownClock.FindString(text); word != "" {
		return []string{fmt.Sprintf("%s: %s in SQL of the store: pass :now, or clock_timestamp() for machine time", name, word)}
	}
	return nil
}

// words looks for names and statements that have no place in the room.
func (s source) words(room string) (found []string) {
	if s.testing() {
		return nil
	}
	clock := s.importedAs("time")
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
		case *ast.BasicLit:
			if room == "store" && n.Kind == token.STRING {
				found = append(found, sqlClock(s.name, n.Value)...)
			}
		}
		return true
	})
	return found
}

// importedAs is the name under which the file knows a package of the standard library, "" if not at all.
func (s source) importedAs(pkg string) string {
	for _, spec := range s.file.Imports {
		if spec.Path.Value == strconv.Quote(pkg) {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return pkg
		}
	}
	return ""
}
