package main

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sources are the files of the project that are no tests, parsed, by the folder of their package.
func sources(t *testing.T) (map[string][]*ast.File, *token.FileSet) {
	t.Helper()
	files := token.NewFileSet()
	packages := map[string][]*ast.File{}
	const root = "../.."
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(name))
		packages[filepath.ToSlash(folder)] = append(packages[filepath.ToSlash(folder)], file)
		return err
	})
	if err != nil || len(packages) < 10 {
		t.Fatalf("%d packages, %v", len(packages), err)
	}
	return packages, files
}

// The code is to be read: every package and every exported name says what it is.
func TestEveryExportedNameIsDocumented(t *testing.T) {
	packages, files := sources(t)
	for folder, parsed := range packages {
		p, err := doc.NewFromFiles(files, parsed, "kneecheck/"+folder)
		if err != nil {
			t.Fatal(err)
		}
		say := func(name, text string) {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s has no comment", folder, name)
			}
		}
		say("the package", p.Doc)
		values, funcs := slices.Concat(p.Consts, p.Vars), p.Funcs
		for _, kind := range p.Types {
			say(kind.Name, kind.Doc)
			values = slices.Concat(values, kind.Consts, kind.Vars)
			funcs = slices.Concat(funcs, kind.Funcs, kind.Methods)
		}
		for _, f := range funcs {
			say(strings.TrimPrefix(f.Recv+"."+f.Name, "."), f.Doc)
		}
		for _, v := range values {
			for _, spec := range v.Decl.Specs {
				s := spec.(*ast.ValueSpec)
				say(strings.Join(v.Names, ", "), v.Doc+s.Doc.Text()+s.Comment.Text())
			}
		}
	}
}

// Imports go one way, ingest, analyze, rules, cmd, and what is below cmd knows neither the clock nor the zone of the machine.
func TestImportsGoOneWay(t *testing.T) {
	layers := []string{"ingest", "analyze", "rules", "cmd"}
	layer := func(path string) int {
		top, _, _ := strings.Cut(path, "/")
		return slices.Index(layers, top)
	}
	packages, files := sources(t)
	for folder, parsed := range packages {
		own := layer(folder)
		if own < 0 {
			t.Errorf("%s belongs to no layer", folder)
		}
		for _, file := range parsed {
			for _, spec := range file.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				if of, ours := strings.CutPrefix(path, "kneecheck/"); ours && layer(of) > own {
					t.Errorf("%v: %s imports %s", files.Position(spec.Pos()), folder, path)
				}
			}
			if own < layer("cmd") {
				ast.Inspect(file, func(n ast.Node) bool {
					if s, ok := n.(*ast.SelectorExpr); ok {
						if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && (s.Sel.Name == "Now" || s.Sel.Name == "Local") {
							t.Errorf("%v: time.%s", files.Position(s.Pos()), s.Sel.Name)
						}
					}
					return true
				})
			}
		}
	}
}
