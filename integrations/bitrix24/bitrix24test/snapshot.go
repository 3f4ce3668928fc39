package bitrix24test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// snapshot is a portal on disk, with the tokens it gave out and the address of the app.
type snapshot struct {
	Member string `json:"member"`
	State  *state `json:"state"`
	Books  books  `json:"books"`
}

// Save writes the state to a file, by way of a temporary one.
func (p *Portal) Save(path string) error {
	raw, err := p.encode()
	if err != nil {
		return fmt.Errorf("save portal: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("save portal: %w", err)
	}
	if err := os.WriteFile(path+".tmp", raw, 0o600); err != nil {
		return fmt.Errorf("save portal: %w", err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("save portal: %w", err)
	}
	return nil
}

func (p *Portal) encode() ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return json.Marshal(snapshot{Member: p.cfg.MemberID, State: p.st, Books: p.cloud.books})
}

// Load reads a state written by Save. It tells false when there is none yet.
func (p *Portal) Load(path string) (bool, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("load portal: %w", err)
	}
	in := snapshot{State: newState(), Books: newBooks()}
	if err := json.Unmarshal(raw, &in); err != nil {
		return false, fmt.Errorf("load portal: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.st, p.cfg.MemberID = in.State, in.Member
	for token, g := range in.Books.Access {
		p.cloud.books.Access[token] = g
	}
	for token, g := range in.Books.Refresh {
		p.cloud.books.Refresh[token] = g
	}
	return true, nil
}

const saveDelay = 300 * time.Millisecond

// saver writes the state a moment after a change, many changes at once.
type saver struct {
	portal *Portal
	bell   chan struct{}
	done   chan struct{}
	ended  chan struct{}
	once   sync.Once
}

func newSaver(p *Portal) *saver {
	s := &saver{portal: p, bell: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan struct{})}
	if p.cfg.SavePath == "" {
		close(s.ended)
		return s
	}
	go s.run()
	return s
}

func (s *saver) wake() {
	if s == nil {
		return
	}
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

func (s *saver) run() {
	defer close(s.ended)
	for {
		select {
		case <-s.done:
			return
		case <-s.bell:
		}
		select {
		case <-s.done:
			return
		case <-time.After(saveDelay):
		}
		_ = s.portal.Save(s.portal.cfg.SavePath) // the next change tries again
	}
}

// close ends the writing with one last snapshot.
func (s *saver) close() error {
	s.once.Do(func() { close(s.done) })
	<-s.ended
	if s.portal.cfg.SavePath == "" {
		return nil
	}
	return s.portal.Save(s.portal.cfg.SavePath)
}
