package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// sandbox holds all listeners, servers and the program.
type sandbox struct {
	cfg          settings
	state        *stateFile
	portal       *bitrix24test.Portal
	sbis         *sbistest.Server
	app          *app.App
	stopDatabase func(context.Context) error
	listeners    map[string]net.Listener
	log          *slog.Logger
	fresh        bool // no saved state was found
}

// open opens the listeners, starts the database, opens the fake servers with their saved state, and wires the program.
func open(ctx context.Context, cfg settings, log *slog.Logger) (*sandbox, error) {
	s := &sandbox{cfg: cfg, log: log, listeners: map[string]net.Listener{}}
	for name, addr := range map[string]string{"app": cfg.App, "portal": cfg.Portal, "sbis": cfg.SBIS} {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("%s is taken, is another sandbox running? %w", addr, err)
		}
		s.listeners[name] = l
	}
	data, err := filepath.Abs(cfg.Data)
	if err != nil {
		return nil, err
	}
	dsn, err := s.database(ctx, data) // first, because it may rename the folder
	if err != nil {
		return nil, err
	}
	if err := s.wire(ctx, dsn); err != nil {
		return nil, errors.Join(err, s.stopDatabase(ctx))
	}
	return s, nil
}

// wire opens the saved state, the fake servers and the program.
func (s *sandbox) wire(ctx context.Context, dsn string) (err error) {
	cfg := s.cfg
	if s.state, err = openStateFile(cfg.Data); err != nil {
		return err
	}
	if err := s.openPortal(); err != nil {
		return err
	}
	if err := s.openSBIS(); err != nil {
		return err
	}
	cloud := s.portal.Cloud().App()
	s.app, err = app.New(ctx, app.Config{PublicURL: "http://" + cfg.App, DatabaseURL: dsn,
		ClientID: cloud.ID, ClientSecret: cloud.Secret, AuthURL: "http://" + cfg.Portal, SBISURL: "http://" + cfg.SBIS,
		Keys: s.state.state.Keys, SessionKeys: s.state.state.SessionKeys, AllowPlain: true,
		CallTimeout: 60 * time.Second, Window: 75 * time.Second, Lease: 90 * time.Second, PageTimeout: 10 * time.Second,
		PollFast: 2 * time.Second, PollSlow: 3 * time.Second, PollIdle: 5 * time.Second, Reconcile: s.cfg.Reconcile, PageConnections: 8, JobConnections: 8,
		VisitPages: 50, VisitForms: 20, PortalPages: 400, StatementTimeout: 2 * time.Second}, s.state.now, s.log)
	return err
}

func (s *sandbox) openPortal() error {
	url := "http://" + s.cfg.App
	cloud := bitrix24test.NewCloud(bitrix24test.App{Name: "Акты", URL: url + "/placement/menu", Install: url + "/install"})
	s.portal = cloud.AddPortal(bitrix24test.Config{MemberID: "sandbox0000000000000000000000001", Now: s.state.now, SavePath: filepath.Join(s.cfg.Data, "portal.json"),
		Mailbox: "crm@portal.example", OnClock: func(d time.Duration) error {
			defer s.app.Wake()
			return s.state.advance(d)
		}})
	s.portal.SetURL("http://" + s.cfg.Portal)
	cloud.SetURL("http://" + s.cfg.Portal)
	found, err := s.portal.Load(filepath.Join(s.cfg.Data, "portal.json"))
	if err != nil {
		return err
	}
	if s.fresh = !found; s.fresh {
		seedPortal(s.portal)
	}
	s.portal.SetPages(newPortalPages(s.portal, cloud.App().Code, portalLink{Title: "Кабинет СБИС", URL: "http://" + s.cfg.SBIS + "/"}))
	return nil
}

func (s *sandbox) openSBIS() error {
	path := filepath.Join(s.cfg.Data, "sbis.json")
	server, err := sbistest.New(sbistest.Config{Now: s.state.now, SavePath: path})
	if err != nil {
		return err
	}
	server.SetURL("http://" + s.cfg.SBIS)
	if s.fresh {
		seedSBIS(server)
	}
	server.SetPages(newSBISPages(server))
	s.sbis = server
	return nil
}

// serve serves all three addresses until ctx is cancelled.
func (s *sandbox) serve(ctx context.Context) error {
	fakes := map[string]*http.Server{
		"portal": {Handler: s.portal, ReadHeaderTimeout: 5 * time.Second},
		"sbis":   {Handler: s.sbis, ReadHeaderTimeout: 5 * time.Second},
	}
	failed := make(chan error, 3)
	for name, server := range fakes {
		go func() { failed <- server.Serve(s.listeners[name]) }()
	}
	appCtx, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- s.app.Serve(appCtx, s.listeners["app"]) }()
	if !s.portal.Installed() && !s.cfg.Empty {
		if err := s.connect(); err != nil {
			stop()
			return errors.Join(err, <-done)
		}
	}
	s.announce()
	var err error
	select {
	case err = <-failed:
		stop()
		err = errors.Join(err, <-done)
	case err = <-done:
	}
	for _, server := range fakes {
		_ = server.Close()
	}
	return err
}

func (s *sandbox) announce() {
	portal, first := "/crm/deal/details/1/?tab=acts", "откройте сделку, сформируйте акт и подпишите его в кабинете СБИС."
	if !s.portal.Installed() {
		portal = fmt.Sprintf("/marketplace/install/%s/?as=%d", s.portal.Cloud().App().Code, s.portal.Admin())
		first = "установите приложение как администратор, затем идите по списку «Что ещё нужно»."
	}
	fmt.Printf(`
  Портал Битрикс24   http://%s%s
  Кабинет СБИС       http://%s/
  Приложение         http://%s/

  Начните с первой строки: %s
  Ctrl-C останавливает всё, сделанное сохраняется в %s.

`, s.cfg.Portal, portal, s.cfg.SBIS, s.cfg.App, first, s.cfg.Data)
}

func (s *sandbox) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return errors.Join(s.app.Close(), s.stopDatabase(ctx), s.portal.Close())
}
