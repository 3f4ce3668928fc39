package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/cmd/crashtest/wire"
	"acts24/store/schema"
)

// startReplicas starts the replicas and the load balancer in front of them.
func (h *harness) startReplicas() error {
	cfg := h.world.Config("", h.plan.factor)
	cfg.Reconcile = time.Duration(h.plan.factor * float64(reconcileInterval))
	for n := range h.plan.replicas {
		r := &replica{name: fmt.Sprintf("replica-%d", n+1), program: h.program(), nemesis: h.nemesis, recordKill: h.proxy.Writes.RecordKill, done: make(chan struct{})}
		if err := h.setUpReplica(r, cfg); err != nil {
			return err
		}
		if h.plan.soak > 0 && n == 0 {
			h.nemesis.spared = r
		}
		h.replicas = append(h.replicas, r)
		go r.run()
	}
	h.balancer.replicas = h.replicas
	h.Cleanup(func() { _ = h.balancer.listener.Close() })
	go h.balancer.serve()
	return nil
}

// setUpReplica gives a replica its own address, its own database proxy and its own HTTP proxy.
func (h *harness) setUpReplica(r *replica, cfg app.Config) (err error) {
	if r.addr, err = freeAddr(); err != nil {
		return err
	}
	if r.metrics, err = freeAddr(); err != nil {
		return err
	}
	if r.log, err = os.Create(filepath.Join(h.dir, r.name+".log")); err != nil {
		return err
	}
	h.Cleanup(func() { _ = r.log.Close() })
	dbProxy, err := wire.StartDBProxy(h.server.DSN(schema.AppRole, database), h.nemesis, r)
	if err != nil {
		return err
	}
	h.Cleanup(func() { _ = dbProxy.Close() })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the calls of %s: %w", r.name, err)
	}
	remote := &http.Server{Handler: h.proxy.Handler(r), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = remote.Serve(listener) }() // it ends with an error when it is closed
	h.Cleanup(func() { _ = remote.Close() })
	databaseAddr, err := h.addLink(r.name+" and the database", dbProxy.Addr())
	if err != nil {
		return err
	}
	remoteAddr, err := h.addLink(r.name+" and the remote systems", listener.Addr().String())
	if err != nil {
		return err
	}
	cfg.Addr, cfg.MetricsAddr, cfg.DatabaseURL = r.addr, r.metrics, wire.DSN(databaseAddr, schema.AppRole, database)
	r.env = append(apptest.Environ(cfg), "HTTP_PROXY=http://"+remoteAddr, "GOMAXPROCS=2")
	return nil
}

// maxParallelInstalls is the number of portals on which the app is installed at the same time.
const maxParallelInstalls = 8

// installApps installs the app on every portal.
func (h *harness) installApps(ctx context.Context) error {
	errs, slots := make([]error, len(h.world.Portals)), make(chan struct{}, maxParallelInstalls)
	var all sync.WaitGroup
	for n := range h.world.Portals {
		all.Go(func() {
			slots <- struct{}{}
			if errs[n] = h.installApp(ctx, n); errs[n] != nil {
				errs[n] = fmt.Errorf("portal %d: %w", n, errs[n])
			}
			<-slots
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// installApp installs the app on a portal, with an account at SBIS and a way of signing of its own.
func (h *harness) installApp(ctx context.Context, portal int) error {
	if err := apptest.ConnectTo(accountOf(portal), h.world.Portals[portal], h.balancer.url(), apptest.OurCompany); err != nil {
		return err
	}
	if err := errors.Join(h.enableReminderLetters(ctx, portal), h.setSigning(portal)); err != nil || !h.usesAutomation() {
		return err
	}
	if err := h.attachAutomation(ctx, portal); err != nil {
		return fmt.Errorf("attach robots and triggers: %w", err)
	}
	return nil
}

// letterDays are the working days after the sending of an act on which its counterparty gets a letter, as a JSON array.
const letterDays = `[5, 10]`

// enableReminderLetters makes every second portal send letters about acts that are not signed.
func (h *harness) enableReminderLetters(ctx context.Context, portal int) error {
	if portal%2 == 1 {
		return nil
	}
	_, err := h.db.ExecContext(ctx, `UPDATE settings SET data = jsonb_set(data, '{letters}', CAST($1 AS jsonb))
		WHERE portal_id = (SELECT id FROM portals WHERE member_id = $2)`, letterDays, h.world.Portals[portal].MemberID())
	return err
}

// stopTimeout is how long the replicas may take to stop, all together.
const stopTimeout = 25 * time.Second

// stopReplicas stops the replicas one after the other.
func (h *harness) stopReplicas() {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	for _, r := range h.replicas {
		r.stop(ctx)
	}
}
