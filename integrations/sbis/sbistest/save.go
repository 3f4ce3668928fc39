package sbistest

import "acts24/integrations/fakehttp"

// Save writes the state to path: a new file replaces the old one atomically.
func (s *Server) Save(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save(path)
}

func (s *Server) save(path string) error { return fakehttp.SaveFile(path, s.st) }

// Load replaces the state by the one saved at path; without a file the state is not changed.
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

// changed records a change and saves the state if a path is set; the caller holds the lock. A change that cannot be saved must not be
// answered, so an error is fatal.
func (s *Server) changed() {
	s.st.Version++
	if s.cfg.SavePath == "" {
		return
	}
	if err := s.save(s.cfg.SavePath); err != nil {
		panic(err)
	}
}
