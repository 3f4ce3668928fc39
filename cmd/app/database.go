package app

import (
	"context"
	"errors"
	"strings"

	"acts24/store"
	"acts24/store/localdb"
)

const embedded = "embedded:"

// database is the address for the app role; "embedded:/path" starts a server of our own first.
func (a *App) database(ctx context.Context) (string, error) {
	dir, ok := strings.CutPrefix(a.cfg.DatabaseURL, embedded)
	if !ok {
		return a.cfg.DatabaseURL, nil
	}
	server, err := localdb.Start(ctx, localdb.Options{Dir: dir, Durable: true, MaxConnections: 50})
	if err != nil {
		return "", err
	}
	a.closeDB = server.Stop
	if err := store.Provision(ctx, server.DSN(localdb.Superuser, "postgres"), "acts24"); err != nil {
		return "", errors.Join(err, a.Close())
	}
	if err := store.Migrate(ctx, server.DSN(store.OwnerRole, "acts24")); err != nil {
		return "", errors.Join(err, a.Close())
	}
	return server.DSN(store.AppRole, "acts24"), nil
}

// Migrate brings the schema of the owner's database up to this binary.
func Migrate(ctx context.Context, cfg Config) error {
	if cfg.MigrateURL == "" {
		return errors.New("ACTS_MIGRATE_URL is not set: the address of PostgreSQL for the role acts_owner")
	}
	return store.Migrate(ctx, cfg.MigrateURL)
}
