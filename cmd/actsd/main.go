// Command actsd is the service: `actsd serve` runs the web server and the workers, `actsd migrate` migrates
// the database, `actsd version` prints the build.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"acts24/cmd/app"
)

const usage = "usage: actsd serve | migrate | version"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "actsd:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s", usage)
	}
	if args[0] == "version" {
		info, ok := debug.ReadBuildInfo()
		if !ok {
			return errors.New("this binary was built without build information")
		}
		fmt.Println(version(info))
		return nil
	}
	cfg, err := app.ReadConfig()
	if err != nil {
		return err
	}
	switch args[0] {
	case "serve":
		return app.Run(ctx, cfg, time.Now, slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	case "migrate":
		return app.Migrate(ctx, cfg)
	}
	return fmt.Errorf("%s", usage)
}
