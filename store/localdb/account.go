package localdb

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user that runs PostgreSQL: the current one, or an unprivileged one for root, which PostgreSQL refuses.
type account struct {
	uid, gid     uint32
	unprivileged bool
}

// accounts lists the users that may run the server, the best first: the current user, or postgres and nobody when
// that is root.
func accounts() ([]account, error) {
	if os.Geteuid() != 0 {
		return []account{{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}}, nil
	}
	var found []account
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if errU == nil && errG == nil {
			found = append(found, account{uid: uint32(uid), gid: uint32(gid), unprivileged: true})
		}
	}
	if len(found) == 0 {
		return nil, errors.New("PostgreSQL does not run as root and there is no user postgres or nobody: run as another user")
	}
	return found, nil
}

// sysProcAttr makes a command run under the account and in a process group of its own, so that Ctrl-C reaches this program first.
func (a account) sysProcAttr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a.unprivileged {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// canReach reports whether the account may enter the folder and all above it.
func (a account) canReach(dir string) bool {
	if !a.unprivileged {
		return true
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || !a.canEnter(info) {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

// canEnter reports whether the account has the permission to search a folder.
func (a account) canEnter(info os.FileInfo) bool {
	stat := info.Sys().(*syscall.Stat_t)
	switch {
	case stat.Uid == a.uid:
		return info.Mode()&0o100 != 0
	case stat.Gid == a.gid:
		return info.Mode()&0o010 != 0
	}
	return info.Mode()&0o001 != 0
}
