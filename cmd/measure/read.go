package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Module is the result of Read.
type Module struct {
	Packages   map[string]*Package // by folder
	Migrations Migrations
	Documents  []string // paths of the .md files of the repository
}

// Package is one folder of Go files.
type Package struct {
	Files         int // including tests, without generated files
	Lines         int // without tests and generated files
	TestLines     int
	HasDoc        bool           // it has a comment that begins with "Package name " or "Command name "
	Methods       map[string]int // number of methods by receiver type, without tests
	FunctionLines []int          // length of every function and method, without tests
	Comments      []Comment      // including those of tests
	PackageDoc    string
}

// Comment is one group of comment lines.
type Comment struct {
	Place, Text string
}

// Read measures the module whose go.mod is at the root of top.
func Read(top fs.FS) (*Module, error) {
	m := &Module{Packages: map[string]*Package{}}
	err := fs.WalkDir(top, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(top, name) {
				return fs.SkipDir
			}
			return nil
		}
		switch path.Ext(name) {
		case ".md":
			m.Documents = append(m.Documents, name)
			return nil
		case ".go", ".sql":
		default:
			return nil
		}
		text, err := fs.ReadFile(top, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".go" {
			return m.readGo(name, text)
		}
		if path.Dir(name) == "migrations" && path.Base(name) != "schema.sql" {
			m.Migrations.Read(string(text))
		}
		return nil
	})
	return m, err
}

// skipped reports whether the folder contains no hand-written files of this module.
func skipped(top fs.FS, name string) bool {
	if name == "." {
		return false
	}
	if strings.HasPrefix(path.Base(name), ".") || path.Base(name) == "testdata" ||
		slices.Contains([]string{"bin", "data", "dist", "node_modules"}, name) {
		return true
	}
	_, err := fs.Stat(top, path.Join(name, "go.mod"))
	return err == nil
}

func (m *Module) readGo(name string, text []byte) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if ast.IsGenerated(file) {
		return nil
	}
	p := m.Packages[path.Dir(name)]
	if p == nil {
		p = &Package{Methods: map[string]int{}}
		m.Packages[path.Dir(name)] = p
	}
	p.Files++
	for _, group := range file.Comments {
		p.Comments = append(p.Comments, Comment{set.Position(group.Pos()).String(), group.Text()})
	}
	lines := bytes.Count(text, []byte("\n"))
	if strings.HasSuffix(name, "_test.go") {
		p.TestLines += lines
		return nil
	}
	p.Lines += lines
	if file.Doc != nil {
		doc := file.Doc.Text()
		p.HasDoc = p.HasDoc || strings.HasPrefix(doc, "Package "+file.Name.Name+" ") ||
			file.Name.Name == "main" && strings.HasPrefix(doc, "Command "+path.Base(path.Dir(name))+" ")
		p.PackageDoc += doc
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		p.FunctionLines = append(p.FunctionLines, set.Position(f.End()).Line-set.Position(f.Pos()).Line+1)
		if f.Recv != nil {
			p.Methods[receiver(f.Recv.List[0].Type)]++
		}
	}
	return nil
}

// receiver returns the name of a receiver's type, without pointer and type parameters.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "?"
}
