package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
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
		if s.plan.soak > 0 && n == 0 {
			s.nemesis.spared = r
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
	if r.metrics, err = freeAddr(); err != nil {
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
	cfg.Addr, cfg.MetricsAddr, cfg.DatabaseURL = r.addr, r.metrics, dsnOf(databaseAddr, schema.AppRole, database)
	r.env = append(apptest.Environ(cfg), "HTTP_PROXY=http://"+remoteAddr, "GOMAXPROCS=2")
	return nil
}

// connectedAtOnce is the number of portals on which the app is installed at the same time.
const connectedAtOnce = 8

// connect installs the app on every portal.
func (s *harness) connect(ctx context.Context) error {
	errs, slots := make([]error, len(s.world.Portals)), make(chan struct{}, connectedAtOnce)
	var all sync.WaitGroup
	for n := range s.world.Portals {
		all.Go(func() {
			slots <- struct{}{}
			if errs[n] = s.connectPortal(ctx, n); errs[n] != nil {
				errs[n] = fmt.Errorf("portal %d: %w", n, errs[n])
			}
			<-slots
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// connectPortal installs the app on a portal, with an account at SBIS and a way of signing of its own.
func (s *harness) connectPortal(ctx context.Context, n int) error {
	if err := apptest.ConnectTo(accountOf(n), s.world.Portals[n], s.balancer.url(), apptest.OurCompany); err != nil {
		return err
	}
	if err := errors.Join(s.sendReminderLetters(n), s.setSigning(n)); err != nil || !s.automated() {
		return err
	}
	if err := s.automate(ctx, n); err != nil {
		return fmt.Errorf("automation: %w", err)
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
