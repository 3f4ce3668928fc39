package schema

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/lib/pq"
)

// The two roles of the program.
const (
	OwnerRole = "acts_owner" // owns the database and migrates it
	AppRole   = "acts_app"   // reads and writes rows
)

// provisionLock is the advisory lock under which a server is provisioned.
const provisionLock = 0x61637473 // "acts"

// Provision creates those of the two roles, the database and its extension that are missing. It needs a superuser;
// several may do it at once. The roles get no password: give them one where the server does not trust local users.
func Provision(ctx context.Context, superuserDSN, database string) error {
	server, err := sql.Open("postgres", superuserDSN)
	if err != nil {
		return fmt.Errorf("provision: %w", err)
	}
	defer server.Close()
	conn, err := server.Conn(ctx)
	if err != nil {
		return fmt.Errorf("provision: %w", err)
	}
	defer conn.Close() // and with it the lock
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, provisionLock); err != nil {
		return fmt.Errorf("provision: wait for the lock: %w", err)
	}
	for _, part := range []struct{ name, absent, create string }{
		{OwnerRole, noRole, `CREATE ROLE ` + OwnerRole + ` LOGIN`},
		{AppRole, noRole, `CREATE ROLE ` + AppRole + ` LOGIN`},
		{database, noDatabase, `CREATE DATABASE ` + pq.QuoteIdentifier(database) + ` OWNER ` + OwnerRole + ` TEMPLATE template0 ENCODING 'UTF8'`},
	} {
		var absent bool
		if err := conn.QueryRowContext(ctx, part.absent, part.name).Scan(&absent); err != nil {
			return fmt.Errorf("provision %s: %w", part.name, err)
		}
		if !absent {
			continue
		}
		if _, err := conn.ExecContext(ctx, part.create); err != nil {
			return fmt.Errorf("provision %s: %w", part.name, err)
		}
	}
	return addExtensions(ctx, superuserDSN, database)
}

const (
	noRole     = `SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`
	noDatabase = `SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
)

// addExtensions adds the extensions, which live in the database.
func addExtensions(ctx context.Context, superuserDSN, database string) error {
	dsn, err := DSN(superuserDSN, "", database)
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("provision %s: %w", database, err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `CREATE EXTENSION IF NOT EXISTS pg_trgm`); err != nil {
		return fmt.Errorf("provision %s: %w", database, err)
	}
	return nil
}

// DSN returns dsn with another database and another user, or with the same user when user is empty.
func DSN(dsn, user, database string) (string, error) {
	if !strings.Contains(dsn, "://") {
		if user != "" {
			dsn += " user='" + user + "'"
		}
		return dsn + " dbname='" + database + "'", nil // the last value of a name counts
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("the database address cannot be read") // its text may hold a password
	}
	if user != "" {
		u.User = url.User(user)
	}
	u.Path = "/" + database
	q := u.Query()
	q.Del("user")
	q.Del("dbname")
	u.RawQuery = q.Encode()
	return u.String(), nil
}
