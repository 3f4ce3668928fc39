// Command sandbox runs the program with a fake Bitrix24 and a fake SBIS for manual testing: one process with
// three listeners and its own database. Ctrl-C stops everything and keeps the data.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/caarlos0/env/v11"
)

// settings are the addresses and the data folder of the sandbox. The portal and the app are different sites,
// so the frame is third-party, as in production.
type settings struct {
	App    string `env:"SANDBOX_APP_ADDR" envDefault:"localhost:8080"`
	Portal string `env:"SANDBOX_PORTAL_ADDR" envDefault:"127.0.0.1:8024"`
	SBIS   string `env:"SANDBOX_SBIS_ADDR" envDefault:"127.0.0.1:8025"`
	Data   string `env:"SANDBOX_DATA" envDefault:"data/sandbox"`
	Empty  bool   `env:"SANDBOX_EMPTY"` // the portal before the app is installed
	Log    string `env:"SANDBOX_LOG" envDefault:"warn"`

	Reconcile time.Duration `env:"SANDBOX_RECONCILE_INTERVAL" envDefault:"30s"` // lost events are repaired after seconds instead of minutes

	Database string // address of a database with the current schema; without it the sandbox starts a server in Data
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	cfg, err := env.ParseAs[settings]()
	if err != nil {
		return fmt.Errorf("read the environment: %w", err)
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log)); err != nil {
		return fmt.Errorf("SANDBOX_LOG: %w", err)
	}
	s, err := open(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	if err != nil {
		return err
	}
	return errors.Join(s.serve(ctx), s.close())
}
