package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// kept is what the sandbox itself remembers between starts.
type kept struct {
	Keys        string        `json:"keys"`
	SessionKeys string        `json:"sessionKeys"`
	Ahead       time.Duration `json:"ahead"` // how far the business clock was moved
}

// keeper guards the file of what is kept and is the business clock.
type keeper struct {
	path string
	mu   sync.Mutex
	kept kept
}

func openKeeper(dir string) (*keeper, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	k := &keeper{path: filepath.Join(dir, "sandbox.json")}
	text, err := os.ReadFile(k.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k.kept = kept{Keys: "sandbox:" + random(32), SessionKeys: random(64)}
		return k, k.save()
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(text, &k.kept); err != nil {
		return nil, fmt.Errorf("%s: %w", k.path, err)
	}
	return k, nil
}

func random(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return base64.StdEncoding.EncodeToString(raw)
}

func (k *keeper) save() error {
	text, err := json.Marshal(k.kept)
	if err != nil {
		return err
	}
	if err := os.WriteFile(k.path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(k.path+".new", k.path)
}

// now is business time.
func (k *keeper) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return time.Now().Add(k.kept.Ahead)
}

// advance moves business time; it never goes back.
func (k *keeper) advance(d time.Duration) error {
	if d < 0 {
		return errors.New("the clock only goes forward")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept.Ahead += d
	return k.save()
}
