package app

import (
	"context"
	"errors"

	"acts24/store/schema"
)

// Migrate applies the migrations of this binary as the owner of the database.
func Migrate(ctx context.Context, cfg Config) error {
	if cfg.MigrateURL == "" {
		return errors.New("ACTS_MIGRATE_URL is not set: the address of PostgreSQL for the role acts_owner")
	}
	return schema.Migrate(ctx, cfg.MigrateURL)
}
