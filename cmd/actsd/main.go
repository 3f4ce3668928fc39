// Command actsd is the service and the tool of its operator:
//
//	actsd serve      runs the web server and the workers
//	actsd migrate    migrates the database
//	actsd check      examines the configuration, the database and the remote systems
//	actsd reseal     seals stored secrets under the newest key
//	actsd reconcile  compares a restored database with the CRM and SBIS, and releases it
//	actsd tenants    lists the portals with the state of their background work, and writes the archive of one
//	actsd subject    exports or erases the data of a person or counterparty
//	actsd version    prints the build
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"acts24/cmd/app"
)

const usage = "usage: actsd serve | migrate | check | reseal | reconcile | tenants | subject | version"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "actsd:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || len(args) > 1 && !slices.Contains([]string{"subject", "reconcile", "tenants"}, args[0]) {
		return errors.New(usage)
	}
	if args[0] == "version" {
		info, ok := debug.ReadBuildInfo()
		if !ok {
			return errors.New("this binary was built without build information")
		}
		fmt.Fprintln(out, version(info))
		return nil
	}
	cfg, err := app.ReadConfig()
	if err != nil {
		return err
	}
	switch args[0] {
	case "serve":
		if err := app.CheckRoot(cfg); err != nil {
			return err
		}
		return app.Run(ctx, cfg, time.Now, slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: cfg.LogLevel})))
	case "migrate":
		return app.Migrate(ctx, cfg)
	case "check":
		return app.Check(ctx, cfg, out)
	case "reseal":
		return app.Reseal(ctx, cfg, out)
	case "reconcile":
		return app.Reconcile(ctx, cfg, args[1:], time.Now, out)
	case "tenants":
		return app.TenantsCommand(ctx, cfg, args[1:], out)
	case "subject":
		return app.Subject(ctx, cfg, args[1:], time.Now(), out)
	}
	return errors.New(usage)
}
