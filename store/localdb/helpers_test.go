package localdb

import (
	"bufio"
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// folder is a place for a server that its account can reach, unlike t.TempDir under root.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(scratch(), "localdb-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "pg")
}

// runProgram starts this binary as a program with a server in the folder.
func runProgram(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), "LOCALDB_TEST_PROGRAM="+dir)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the program printed %q: %v", line, err)
	}
	return program
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// leave ends one use of a server that has others.
func leave(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

// stop ends the last use, hence the server.
func stop(t *testing.T, s *Server) {
	t.Helper()
	leave(t, s)
	if s.home.probe(context.Background()) != stopped {
		t.Errorf("the server in %s still answers after its last user has left", s.Dir())
	}
}

// ask returns the single value of a query.
func ask(t *testing.T, s *Server, query string) (value string) {
	t.Helper()
	db, err := sql.Open("postgres", s.DSN(Superuser, Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// change runs a statement that returns nothing.
func change(t *testing.T, s *Server, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", s.DSN(Superuser, Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
