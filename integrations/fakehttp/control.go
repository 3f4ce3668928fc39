package fakehttp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
)

// WriteJSON answers a request of the sandbox: indented JSON that is not cached.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	raw, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(raw, '\n'))
}

// WriteJournal answers with the journal as JSON lines.
func WriteJournal(w http.ResponseWriter, journal io.WriterTo) {
	w.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
	_, _ = journal.WriteTo(w)
}

// ChangeFaults reads a request that adds a fault; {"clear":true} removes all of them first.
func ChangeFaults(r *http.Request, add func(Fault) error, clear func()) error {
	var in struct {
		Fault
		Clear bool `json:"clear"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	if in.Clear {
		clear()
	}
	if in.Kind == "" {
		return nil
	}
	return add(in.Fault)
}

// SaveFile writes a state as JSON to path: a new file replaces the old one atomically.
func SaveFile(path string, state any) error {
	raw, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("save the state of a fake: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("save the state of a fake: %w", err)
	}
	if err := os.WriteFile(path+".next", raw, 0o600); err != nil {
		return fmt.Errorf("save the state of a fake: %w", err)
	}
	if err := os.Rename(path+".next", path); err != nil {
		return fmt.Errorf("save the state of a fake: %w", err)
	}
	return nil
}

// LoadFile reads a state that SaveFile wrote into state. It returns false when there is none.
func LoadFile(path string, state any) (bool, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, state)
	}
	if err != nil {
		return false, fmt.Errorf("load the state of a fake from %s: %w", path, err)
	}
	return true, nil
}
