package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"acts24/migrations"
	"acts24/store/localdb"
	"acts24/store/schema"
)

// database starts the sandbox's PostgreSQL in the folder data with the schema of this program, unless the settings name a database, and
// returns its address for the app role. A folder whose database predates the first release, or was built by other texts of the same migrations, is
// renamed, and a new one is created.
func (s *sandbox) database(ctx context.Context, data string) (dsn string, err error) {
	if s.cfg.Database != "" {
		s.stopDatabase = func(context.Context) error { return nil }
		return s.cfg.Database, nil
	}
	dir := filepath.Join(data, "postgres")
	server, existed, err := startDatabase(ctx, dir)
	if err == nil && existed && !sameMigrations(data) {
		err = errors.Join(schema.ErrOldSchema, server.Stop(ctx))
	}
	if errors.Is(err, schema.ErrOldSchema) {
		var aside string
		if aside, err = setAside(data, server.Dir()); err != nil {
			return "", err
		}
		s.log.Warn("the data of an earlier version of the sandbox were renamed", "dir", aside)
		server, _, err = startDatabase(ctx, dir)
	}
	if err != nil {
		return "", err
	}
	if err := keepMigrations(data); err != nil {
		return "", errors.Join(err, server.Stop(ctx))
	}
	s.stopDatabase = server.Stop
	return server.DSN(schema.AppRole, "acts24"), nil
}

// startDatabase returns a server with the current schema, and whether its database existed before. With an error it returns the stopped
// server, or nil.
func startDatabase(ctx context.Context, dir string) (server *localdb.Server, existed bool, err error) {
	server, err = localdb.Start(ctx, localdb.Options{Dir: dir, Durable: true, MaxConnections: 50})
	if err != nil {
		return nil, false, err
	}
	existed = schema.CheckVersion(ctx, server.DSN(schema.AppRole, "acts24")) == nil
	err = schema.Provision(ctx, server.DSN(localdb.Superuser, "postgres"), "acts24")
	if err == nil {
		err = schema.Migrate(ctx, server.DSN(schema.OwnerRole, "acts24"))
	}
	if err != nil {
		return server, existed, errors.Join(err, server.Stop(ctx))
	}
	return server, existed, nil
}

// migrationSums returns the hash of every migration of this program.
func migrationSums() (map[string]string, error) {
	sums := map[string]string{}
	return sums, fs.WalkDir(migrations.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "schema.sql" {
			return err
		}
		text, err := fs.ReadFile(migrations.FS, name)
		sums[name] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	})
}

// migrationsFile keeps in the folder data by which migrations its database was built. Before the first release their texts change.
const migrationsFile = "migrations.json"

func keepMigrations(data string) error {
	sums, err := migrationSums()
	if err != nil {
		return err
	}
	text, err := json.Marshal(sums)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(data, migrationsFile), text, 0o600)
}

// sameMigrations reports whether the database in the folder data was built by the migrations of this program, as far as it has them.
func sameMigrations(data string) bool {
	var built map[string]string
	text, err := os.ReadFile(filepath.Join(data, migrationsFile))
	if err != nil || json.Unmarshal(text, &built) != nil {
		return false
	}
	now, err := migrationSums()
	if err != nil {
		return false
	}
	for name, sum := range built {
		if now[name] != sum {
			return false
		}
	}
	return true
}

// setAside renames the folder data to data.old, and also the folder of the server if that is elsewhere. It returns the new
// name.
func setAside(data, server string) (aside string, err error) {
	aside = data + ".old"
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, os.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s.old%d", data, n)
	}
	if !strings.HasPrefix(server, data+string(filepath.Separator)) {
		if err := os.Rename(server, server+strings.TrimPrefix(aside, data)); err != nil {
			return "", err
		}
	}
	return aside, os.Rename(data, aside)
}

// savedState is the part of the state of the sandbox that survives a restart, besides the fake servers and the database.
type savedState struct {
	Keys        string        `json:"keys"`
	SessionKeys string        `json:"sessionKeys"`
	Ahead       time.Duration `json:"ahead"` // offset of the business clock
}

// stateFile stores the state of the sandbox in a file. Its state includes the offset of the business clock.
type stateFile struct {
	path  string
	mu    sync.Mutex
	state savedState
}

func openStateFile(dir string) (*stateFile, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	k := &stateFile{path: filepath.Join(dir, "sandbox.json")}
	text, err := os.ReadFile(k.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k.state = savedState{Keys: "sandbox:" + random(32), SessionKeys: random(64)}
		return k, k.save()
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(text, &k.state); err != nil {
		return nil, fmt.Errorf("%s: %w", k.path, err)
	}
	return k, nil
}

func random(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return base64.StdEncoding.EncodeToString(raw)
}

func (k *stateFile) save() error {
	text, err := json.Marshal(k.state)
	if err != nil {
		return err
	}
	if err := os.WriteFile(k.path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(k.path+".new", k.path)
}

// now returns business time.
func (k *stateFile) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return time.Now().Add(k.state.Ahead)
}

// advance moves business time forward.
func (k *stateFile) advance(d time.Duration) error {
	if d < 0 {
		return errors.New("the clock only goes forward")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state.Ahead += d
	return k.save()
}
