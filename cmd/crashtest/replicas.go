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
	"acts24/store/schema"
)

func (s *harness) startReplicas() error {
	cfg := s.world.Config("", s.plan.factor)
	cfg.Reconcile = time.Duration(s.plan.factor * float64(5*time.Minute))
	for n := range s.plan.replicas {
		r := &replica{name: fmt.Sprintf("replica-%d", n+1), program: s.program(), nemesis: s.nemesis, over: make(chan struct{})}
		if err := s.prepare(r, cfg); err != nil {
			return err
		}
		s.replicas = append(s.replicas, r)
		go r.run()
	}
	s.balancer.replicas = s.replicas
	go s.balancer.serve()
	return nil
}

// prepare gives a replica its own address, its own database proxy and its own HTTP proxy.
func (s *harness) prepare(r *replica, cfg app.Config) (err error) {
	if r.addr, err = freeAddr(); err != nil {
		return err
	}
	if r.log, err = os.Create(filepath.Join(s.dir, r.name+".log")); err != nil {
		return err
	}
	g, err := startDBProxy(s.server.DSN(schema.AppRole, database), s.nemesis, r)
	if err != nil {
		return err
	}
	proxyAddr, err := freeAddr()
	if err != nil {
		return err
	}
	proxy := &http.Server{Addr: proxyAddr, Handler: replicaProxy{s.proxy, r}, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = proxy.ListenAndServe() }()
	s.Cleanup(func() { _ = proxy.Close() })
	databaseAddr, err := s.through(r.name+" and the database", g.listener.Addr().String())
	if err != nil {
		return err
	}
	remoteAddr, err := s.through(r.name+" and the remote systems", proxyAddr)
	if err != nil {
		return err
	}
	cfg.Addr, cfg.DatabaseURL = r.addr, dsnOf(databaseAddr, schema.AppRole, database)
	r.env = append(apptest.Environ(cfg), "HTTP_PROXY=http://"+remoteAddr, "GOMAXPROCS=2")
	return nil
}

// connect installs the app on every portal, each with its own account at SBIS and its own way of signing.
func (s *harness) connect(ctx context.Context) error {
	for n, p := range s.world.Portals {
		if err := apptest.ConnectTo(accountOf(n), p, s.balancer.url(), apptest.OurCompany); err != nil {
			return fmt.Errorf("portal %d: %w", n, err)
		}
		if err := s.sendReminderLetters(n); err != nil {
			return err
		}
		if err := s.setSigning(n); err != nil {
			return fmt.Errorf("portal %d: %w", n, err)
		}
		if !s.automated() {
			continue
		}
		if err := s.automate(ctx, n); err != nil {
			return fmt.Errorf("automation of portal %d: %w", n, err)
		}
	}
	return nil
}

func (s *harness) stopReplicas() {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	for _, r := range s.replicas {
		r.stop(ctx)
	}
}
