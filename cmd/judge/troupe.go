package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/store"
)

func (s *stage) startReplicas() error {
	cfg := s.world.Config("", s.plan.factor)
	cfg.Sweep = time.Duration(s.plan.factor * float64(5*time.Minute))
	for n := range s.plan.replicas {
		r := &replica{name: fmt.Sprintf("replica-%d", n+1), program: s.program(), nemesis: s.nemesis, over: make(chan struct{})}
		if err := s.prepare(r, cfg); err != nil {
			return err
		}
		s.replicas = append(s.replicas, r)
		go r.run()
	}
	s.front.replicas = s.replicas
	go s.front.serve()
	return nil
}

// prepare gives a replica its own address, its own gate to the database and its own door to the world.
func (s *stage) prepare(r *replica, cfg app.Config) (err error) {
	if r.addr, err = freeAddr(); err != nil {
		return err
	}
	if r.log, err = os.Create(filepath.Join(s.dir, r.name+".log")); err != nil {
		return err
	}
	g, err := openGate(s.server.DSN(store.AppRole, database), s.nemesis, r)
	if err != nil {
		return err
	}
	doorAddr, err := freeAddr()
	if err != nil {
		return err
	}
	proxy := &http.Server{Addr: doorAddr, Handler: door{s.outside, r}, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = proxy.ListenAndServe() }()
	s.Cleanup(func() { _ = proxy.Close() })
	cfg.Addr, cfg.DatabaseURL = r.addr, g.dsn(store.AppRole, database)
	r.env = append(apptest.Environ(cfg), "HTTP_PROXY=http://"+doorAddr, "GOMAXPROCS=2")
	return nil
}

// connect installs the app on every portal, each with an account of its own at SBIS and its own way to sign.
func (s *stage) connect() error {
	for n, p := range s.world.Portals {
		if err := apptest.ConnectTo(accountOf(n), p, s.front.url(), apptest.OurCompany); err != nil {
			return fmt.Errorf("portal %d: %w", n, err)
		}
		if err := s.setSigning(n); err != nil {
			return fmt.Errorf("portal %d: %w", n, err)
		}
	}
	return nil
}

func (s *stage) stopReplicas() {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	for _, r := range s.replicas {
		r.stop(ctx)
	}
}
