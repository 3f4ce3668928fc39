package localdb

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

const (
	clusterDir    = "pgdata"   // what initdb makes, in the home
	port          = "5432"     // only names the socket, nothing listens on TCP
	fallback      = "/var/lib" // where root keeps a server whose account cannot reach the wanted folder
	maxSocketPath = 100        // bytes of a socket's path that every system accepts
)

// home is the folder of one server, prepared for the account that runs it.
type home struct {
	dir string
	as  account
}

// prepare makes the folder of a server, or finds one that the server's account can reach.
func prepare(dir string) (home, error) {
	who, err := accounts()
	if err != nil {
		return home{}, err
	}
	as := who[0]
	if dir, err = filepath.Abs(dir); err != nil {
		return home{}, fmt.Errorf("find the folder of PostgreSQL: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return home{}, fmt.Errorf("make the folder of PostgreSQL: %w", err)
	}
	if !as.canReach(filepath.Dir(dir)) {
		dir = filepath.Join(fallback, fmt.Sprintf("acts24-%x", sha256.Sum256([]byte(dir)))[:19])
	}
	if socket := filepath.Join(dir, ".s.PGSQL."+port); len(socket) > maxSocketPath {
		return home{}, fmt.Errorf("the socket path %s is longer than %d bytes: choose a shorter folder", socket, maxSocketPath)
	}
	h := home{dir: dir, as: as}
	for _, a := range who {
		if owner(h.path(clusterDir)) == int(a.uid) {
			h.as = a // the owner of the cluster, even if a better account exists now
		}
	}
	return h, h.setOwner(who)
}

// setOwner makes the server's account the only owner of the folder.
func (h home) setOwner(who []account) error {
	err := os.Mkdir(h.dir, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder of PostgreSQL: %w", err)
	}
	uid := owner(h.dir)
	if uid != int(h.as.uid) {
		ours := uid == os.Geteuid() || slices.ContainsFunc(who, func(a account) bool { return uid == int(a.uid) })
		if !ours || !vacant(h.dir) {
			return fmt.Errorf("%s is not a folder that belongs to user %d alone: choose another one for PostgreSQL", h.dir, h.as.uid)
		}
		if err := os.Chown(h.dir, int(h.as.uid), int(h.as.gid)); err != nil {
			return fmt.Errorf("hand the folder to PostgreSQL: %w", err)
		}
	}
	return os.Chmod(h.dir, 0o700)
}

// owner returns the user that owns a folder, -1 when it is no folder. A link is none: in a public temporary folder it
// may be an attack.
func owner(dir string) int {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() {
		return -1
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

// vacant reports whether the folder is empty except for the remains of a failed start.
func vacant(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && !slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return !slices.Contains([]string{"lock", "users", "beat"}, e.Name())
	})
}

// path is a file of the home.
func (h home) path(name string) string { return filepath.Join(h.dir, name) }

// dsn names every value, so that PG* variables of the environment change nothing.
func (h home) dsn(user, database string) string {
	return fmt.Sprintf("host='%s' port='%s' user='%s' dbname='%s' sslmode='disable'",
		quote(h.dir), port, quote(user), quote(database))
}

// quote escapes a value for a connection string.
func quote(v string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(v) }
