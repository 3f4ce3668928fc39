package localdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestMain allows a test to run this binary as a program that uses a server and is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("LOCALDB_TEST_PROGRAM"); dir != "" {
		if _, err := Start(context.Background(), Options{Dir: dir, Durable: true}); err != nil {
			panic(err)
		}
		os.Stdout.WriteString("started\n")
		select {}
	}
	os.Exit(m.Run())
}

func TestDataSurviveStopAndStart(t *testing.T) {
	o := Options{Dir: folder(t), Durable: true, MaxConnections: 33}
	s := start(t, o)
	change(t, s, `CREATE TABLE kept AS SELECT 42 AS n`)
	stop(t, s)
	s = start(t, o)
	defer stop(t, s)
	if got := ask(t, s, `SELECT n FROM kept`); got != "42" {
		t.Errorf("after a restart kept = %s; want 42", got)
	}
	if got := ask(t, s, `SHOW max_connections`); got != "33" {
		t.Errorf("max_connections = %s; want 33", got)
	}
	if got := ask(t, s, `SELECT lower('ПРИВЕТ Ё')`); got != "привет ё" {
		t.Errorf("lower = %s: the locale does not support Cyrillic", got)
	}
}

func TestRestartKeepsWhatWasCommitted(t *testing.T) {
	s := start(t, Options{Dir: folder(t), Durable: true, MaxConnections: 33})
	defer stop(t, s)
	change(t, s, `CREATE TABLE kept AS SELECT 42 AS n`)
	for range 2 {
		before := s.home.pid()
		if err := s.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if after := s.home.pid(); after == before || !s.Answers(t.Context()) {
			t.Errorf("process %d after process %d; want another one that answers", after, before)
		}
		if got := ask(t, s, `SELECT n FROM kept`); got != "42" {
			t.Errorf("after a crash kept = %s; want 42", got)
		}
	}
	if got := ask(t, s, `SHOW max_connections`); got != "33" {
		t.Errorf("max_connections = %s after a restart; want 33", got)
	}
}

func TestLastUserStops(t *testing.T) {
	o := Options{Dir: folder(t)}
	servers := make([]*Server, 6)
	var together sync.WaitGroup
	for i := range servers {
		together.Go(func() {
			var err error
			if servers[i], err = Start(t.Context(), o); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if t.Failed() {
		return
	}
	launched := 0
	for _, s := range servers {
		if s.ended != nil {
			launched++
		}
	}
	if launched != 1 {
		t.Errorf("%d of %d parallel starts launched a server; want 1", launched, len(servers))
	}
	last := servers[len(servers)-1]
	for _, s := range servers[:len(servers)-1] {
		leave(t, s)
	}
	ask(t, last, `SELECT 1`)
	stop(t, last)
}

func TestAttachAfterTheProgramIsKilled(t *testing.T) {
	dir := folder(t)
	program := runProgram(t, dir)
	_ = program.Process.Kill()
	_ = program.Wait()

	s := start(t, Options{Dir: dir, Durable: true})
	if s.ended != nil {
		t.Error("a second server was launched beside the orphan")
	}
	stop(t, s)
}

func TestRestartAfterTheServerIsKilled(t *testing.T) {
	o := Options{Dir: folder(t), Durable: true}
	s := start(t, o)
	change(t, s, `CREATE TABLE kept AS SELECT 42 AS n`)
	if err := syscall.Kill(s.home.pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	again := start(t, o)
	leave(t, s) // the dead one
	if got := ask(t, again, `SELECT n FROM kept`); got != "42" {
		t.Errorf("after kill -9 kept = %s; want 42", got)
	}
	stop(t, again)
}

func TestRestartBesideAZombie(t *testing.T) {
	dir := folder(t)
	program := runProgram(t, dir)
	_ = program.Process.Signal(syscall.SIGSTOP) // it will not reap its server
	h, err := prepare(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(h.pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: dir, Durable: true})
	ask(t, s, `SELECT 1`)
	_ = program.Process.Kill()
	_ = program.Wait()
	stop(t, s)
}

func TestForeignVersionIsLeftAlone(t *testing.T) {
	o := Options{Dir: folder(t)}
	s := start(t, o)
	stop(t, s)
	version := s.home.path(clusterDir + "/PG_VERSION")
	if err := os.WriteFile(version, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "belong to PostgreSQL 9") {
		t.Errorf("Start = %v; want the version that is missing", err)
	}
	if _, err := os.Stat(s.home.path(clusterDir + "/global/pg_control")); err != nil {
		t.Errorf("the data are gone: %v", err)
	}
}

func TestBrokenInitdbIsForgotten(t *testing.T) {
	h, err := prepare(folder(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(h.path(clusterDir+".new/base"), 0o700); err != nil {
		t.Fatal(err)
	}
	stop(t, start(t, Options{Dir: h.dir}))
}

func TestRootFindsAFolderThatTheAccountReaches(t *testing.T) {
	closed := filepath.Dir(folder(t))
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	o := Options{Dir: filepath.Join(closed, "pg")}
	s := start(t, o)
	if os.Geteuid() == 0 {
		t.Cleanup(func() { os.RemoveAll(s.Dir()) })
	}
	if fell := strings.HasPrefix(s.Dir(), fallback); fell != (os.Geteuid() == 0) {
		t.Errorf("the server of user %d lives in %s", os.Geteuid(), s.Dir())
	}
	again := start(t, o)
	if again.Dir() != s.Dir() || again.ended != nil {
		t.Errorf("the second start went to %s instead of %s", again.Dir(), s.Dir())
	}
	leave(t, again)
	stop(t, s)
}

func TestLongPathIsRefused(t *testing.T) {
	_, err := Start(t.Context(), Options{Dir: filepath.Join(folder(t), strings.Repeat("long", 30))})
	if err == nil || !strings.Contains(err.Error(), "shorter folder") {
		t.Errorf("Start = %v; want an error about the length", err)
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{Dir: folder(t)}); !errors.Is(err, context.Canceled) {
		t.Errorf("Start = %v; want context.Canceled", err)
	}
}

func TestTempLeavesNothing(t *testing.T) {
	s, err := Temp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask(t, s, `SELECT 1`)
	stop(t, s)
	if _, err := os.Stat(s.Dir()); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", s.Dir(), err)
	}
}

func TestShared(t *testing.T) {
	a, err := Shared(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := Shared(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b.ended != nil || a.Dir() != b.Dir() {
		t.Errorf("the second use launched a server in %s beside that in %s", b.Dir(), a.Dir())
	}
	ask(t, b, `SELECT 1`)
}
