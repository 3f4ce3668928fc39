package sbistest

import "acts24/integrations/fakehttp"

// Save writes the state to path: a new file that takes the place of the old one at once.
func (s *Server) Save(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save(path)
}

func (s *Server) save(path string) error { return fakehttp.SaveFile(path, s.st) }

// Load replaces the state by the one saved at path; no file there leaves it as it is.
func (s *Server) Load(path string) error {
	st := newState()
	if found, err := fakehttp.LoadFile(path, st); !found || err != nil {
		return err
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
