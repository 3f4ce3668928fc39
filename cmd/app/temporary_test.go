package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSweepTemporary(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, age := range map[string]time.Duration{"acts24-left": 2 * time.Hour, "acts24-export-left": 2 * time.Hour, "acts24-used": time.Minute, "others": 2 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "acts24-folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := sweepTemporary(dir, now); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"acts24-left": false, "acts24-export-left": false, "acts24-used": true, "others": true, "acts24-folder": true} {
		if _, err := os.Lstat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: exists %v; want %v", name, err == nil, want)
		}
	}
}
