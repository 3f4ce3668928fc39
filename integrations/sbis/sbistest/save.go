package sbistest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Save writes the state to path: a new file that takes the place of the old one at once.
func (s *Server) Save(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save(path)
}

func (s *Server) save(path string) error {
	raw, err := json.Marshal(s.st)
	if err != nil {
		return fmt.Errorf("save pretend SBIS: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("save pretend SBIS: %w", err)
	}
	next := path + ".next"
	if err := os.WriteFile(next, raw, 0o600); err != nil {
		return fmt.Errorf("save pretend SBIS: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("save pretend SBIS: %w", err)
	}
	return nil
}

// Load replaces the state by the one saved at path; no file there leaves it as it is.
func (s *Server) Load(path string) error {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load pretend SBIS: %w", err)
	}
	st := newState()
	if err := json.Unmarshal(raw, st); err != nil {
		return fmt.Errorf("load pretend SBIS from %s: %w", path, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st = st
	s.reindex()
	return nil
}

// changed marks a change and keeps it, when a path is set; the caller holds the lock. What
// cannot be kept must not be answered for, so a failure is fatal.
func (s *Server) changed() {
	s.st.Version++
	if s.cfg.SavePath == "" {
		return
	}
	if err := s.save(s.cfg.SavePath); err != nil {
		panic(err)
	}
}
